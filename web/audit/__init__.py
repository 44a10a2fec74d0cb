"""查找: auditors find cases by what they are about and by what happened in them, keep searches, and draw samples."""

import web.audit.kept_routes  # noqa: F401 -- it adds its routes to the blueprint
from web.audit.routes import blueprint

__all__ = ["blueprint"]
