"""案例: every running and finished case, where it stands, and its history in words."""

import web.cases.commands  # noqa: F401 -- it adds its routes to the blueprint
from web.cases.routes import blueprint

__all__ = ["blueprint"]
