"""External tasks: programs outside fetch them, wait for them, and report what came of them."""

from web.rest.resources.external_task import commands, fetch, query, waiting_room

__all__ = ["commands", "fetch", "query", "waiting_room"]
