"""发起: what the person may start, each with its form."""

from web.start.routes import blueprint

__all__ = ["blueprint"]
