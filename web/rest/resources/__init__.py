"""One module per resource; importing it declares its operations."""

from web.rest.resources import description, engine_info, external_task, process_definition, process_instance, task

__all__ = ["description", "engine_info", "external_task", "process_definition", "process_instance", "task"]
