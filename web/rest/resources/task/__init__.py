"""User tasks: finding them, having them, completing them, and what belongs to them."""

from web.rest.resources.task import commands, query

__all__ = ["commands", "query"]
