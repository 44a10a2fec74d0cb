"""User tasks as `application/hal+json`, for clients that ask for it; everything else is plain JSON only."""

from typing import Any

from flask import request

MEDIA_TYPE = "application/hal+json"
#: Operations that have the form.
_FORMED = frozenset(("task.list", "task.get"))
_LINKS = {
    "assignee": ("assignee", "/user/{}"),
    "execution": ("executionId", "/execution/{}"),
    "identityLink": ("id", "/task/{}/identity-links"),
    "processDefinition": ("processDefinitionId", "/process-definition/{}"),
    "processInstance": ("processInstanceId", "/process-instance/{}"),
    "self": ("id", "/task/{}"),
}


def wanted(operation_id: str) -> bool:
    """Whether the caller prefers this form and the operation has it."""
    if operation_id not in _FORMED:
        return False
    return request.accept_mimetypes.best_match(("application/json", MEDIA_TYPE)) == MEDIA_TYPE


def formed(found: Any) -> dict[str, Any]:
    """A task, or a list of tasks, with links; nothing is embedded."""
    if isinstance(found, list):
        tasks = [formed(task) for task in found]
        return {"_links": {"self": {"href": "/task"}}, "_embedded": {"task": tasks}, "count": len(tasks)}
    links = {name: {"href": path.format(found[key])} for name, (key, path) in _LINKS.items() if found.get(key) is not None}
    return {"_links": links, "_embedded": None, **found}
