"""回放: a case played again on its own diagram, with the data of that moment and the reasons of everything; and whether it comes out the same."""

import web.replay.verifications  # noqa: F401 -- it adds its routes to the blueprint
from web.replay.routes import blueprint

__all__ = ["blueprint"]
