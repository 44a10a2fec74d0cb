"""指标: the manuals' indicators as counted from what happened, and the monthly report."""

from web.kpis import report_routes
from web.kpis.routes import blueprint

__all__ = ["blueprint", "report_routes"]
