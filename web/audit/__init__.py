"""查找: auditors find cases by what they are about and by what happened in them, keep searches, draw samples, and compare runs."""

from web.audit import compare_routes, kept_routes  # noqa: F401 -- they add their routes to the blueprint
from web.audit.routes import blueprint

__all__ = ["blueprint"]
