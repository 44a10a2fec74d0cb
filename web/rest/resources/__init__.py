"""One module per resource; importing it declares its operations."""

from web.rest.resources import (
    deployment,
    description,
    engine_info,
    external_task,
    message,
    process_definition,
    process_instance,
    task,
)

__all__ = [
    "deployment",
    "description",
    "engine_info",
    "external_task",
    "message",
    "process_definition",
    "process_instance",
    "task",
]
