"""What happened: from the rows that are never deleted and the events that are never changed."""

from web.rest.resources.history import (
    activity_instance,
    detail,
    incident,
    process_instance,
    statistics,
    task,
    user_operation,
    variable_instance,
)

__all__ = ["activity_instance", "detail", "incident", "process_instance", "statistics", "task", "user_operation", "variable_instance"]
