"""The measures, by subject; importing this package registers them all."""

from handlers.reports.kpis import (
    billing,
    calls,
    complaints,
    deadlines,
    faults,
    feedback,
    improvement,
    maintenance,
    orders,
    parts,
    projects,
    staff,
    stock,
    visits,
)

__all__ = [
    "billing",
    "calls",
    "complaints",
    "deadlines",
    "faults",
    "feedback",
    "improvement",
    "maintenance",
    "orders",
    "parts",
    "projects",
    "staff",
    "stock",
    "visits",
]
