"""操作: what process owners and administrators do to running and finished cases, each with a preview in words before it is done."""

import web.operations.migrations  # noqa: F401 -- it adds its routes to the blueprint
from web.operations.routes import blueprint

__all__ = ["blueprint"]
