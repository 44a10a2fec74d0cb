"""待办: what waits for the person, as a list that keeps itself fresh."""

from web.inbox.routes import blueprint

__all__ = ["blueprint"]
