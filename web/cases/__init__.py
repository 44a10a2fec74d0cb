"""案例: every running and finished case, where it stands, and its history in words."""

from web.cases import commands  # noqa: F401 — it adds its routes to the blueprint
from web.cases.routes import blueprint

__all__ = ["blueprint"]
