"""The manuals: their clauses, where the procedures keep to them, and the parameters."""

import web.manuals.parameter_routes
import web.manuals.process_routes  # noqa: F401 -- they add their routes to the blueprint
from web.manuals.routes import blueprint

__all__ = ["blueprint"]
