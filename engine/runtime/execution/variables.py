"""Variables live in scopes: the process, sub-processes, rounds of a multi-instance, and elements with mappings.

Reading looks outward from the element; writing goes to the nearest scope that has the name, else to the process (as in Camunda 7).
Values are JSON values and are never changed in place.
"""

from typing import Any

from SpiffWorkflow.task import Task

Variables = dict[str, Any]

_MISSING = object()


def visible(task: Task) -> Variables:
    """All variables an element sees, inner ones first."""
    scopes: list[Variables] = []
    current: Task | None = task
    while current is not None:
        if current.data:
            scopes.append(current.data)
        current = current.parent
    merged: Variables = {}
    for scope in reversed(scopes):
        merged.update(scope)
    return merged


def assign(task: Task, values: Variables, *, local: bool = False) -> list[tuple[str, Any, Any, Task]]:
    """Write variables from an element outward, or into it alone; returns (name, before, after, scope) of each that changed."""
    changes = []
    for name, value in values.items():
        holder = task
        while not local and holder.parent is not None and name not in holder.data:
            holder = holder.parent
        before = holder.data.get(name, _MISSING)
        if before is _MISSING or before != value or type(before) is not type(value):
            holder.data[name] = value
            changes.append((name, None if before is _MISSING else before, value, holder))
    return changes
