"""Process definitions: finding them, reading them, starting them."""

from web.rest.resources.process_definition import query, reading, starting, statistics

__all__ = ["query", "reading", "starting", "statistics"]
