"""The measures, by subject; importing this package registers them all."""

from handlers.reports.kpis import billing, calls, deadlines, feedback, maintenance, orders, parts, projects, stock, visits

__all__ = ["billing", "calls", "deadlines", "feedback", "maintenance", "orders", "parts", "projects", "stock", "visits"]
