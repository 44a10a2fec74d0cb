"""Process definitions: finding them, reading them, starting them."""

from web.rest.resources.process_definition import query, reading, restart, starting, statistics

__all__ = ["query", "reading", "restart", "starting", "statistics"]
