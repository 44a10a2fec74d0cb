"""回放: a case played again on its own diagram, with the data of that moment and the reasons of everything."""

from web.replay.routes import blueprint

__all__ = ["blueprint"]
