"""One module per resource; importing it declares its operations."""

from web.rest.resources import description, engine_info, task

__all__ = ["description", "engine_info", "task"]
