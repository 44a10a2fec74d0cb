"""The variables of many instances or tasks at once: to choose and to sort rows by them."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from engine.errors import InvalidInput
from engine.runtime.state import task_variables_of, variables_of
from engine.storage.tables import ProcessInstance, UserTask
from web.rest.sorting import Computed
from web.rest.types import read_instant

#: Reads the variables of those whose ids a statement selects: (id, variables by name) of each.
Held = Callable[[Session, Select[Any]], Iterator[tuple[str, Mapping[str, Any]]]]
_AT_A_TIME = 200


def of_instances(session: Session, among: Select[Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The variables of process instances."""
    states = select(ProcessInstance.id, ProcessInstance.runtime_state).where(ProcessInstance.id.in_(among))
    for row in session.execute(states).yield_per(_AT_A_TIME):
        yield row.id, variables_of(row.runtime_state)


def of_tasks(session: Session, among: Select[Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The variables that are user tasks' own; an ended task has none any more."""
    states = select(UserTask.id, ProcessInstance.runtime_state).join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
    for row in session.execute(states.where(UserTask.id.in_(among))).yield_per(_AT_A_TIME):
        yield row.id, task_variables_of(row.runtime_state, row.id).local


def by_variable(holder: Any, held: Held = of_instances) -> Computed:
    """Sorting by the variable that `parameters` names: `{"variable": "city", "type": "String"}`; a value of another type counts as none.

    Args:
        holder: column that says whose variables are a row's.
        held: reads them.
    """

    def values(session: Session, query: Select[Any], parameters: Mapping[str, Any]) -> dict[str, Any]:
        name, read = _asked(parameters)
        found = {key: read(variables.get(name)) for key, variables in held(session, query.with_only_columns(holder))}
        return {key: value for key, value in found.items() if value is not None}

    return Computed(holder, values, takes_parameters=True)


def _asked(parameters: Mapping[str, Any]) -> tuple[str, Callable[[Any], Any]]:
    name, kind = parameters.get("variable"), str(parameters.get("type")).lower()
    if not isinstance(name, str) or kind not in _COMPARABLE:
        raise InvalidInput(
            "按变量排序要给出 parameters：variable（名称）和 type（String、Boolean、Integer、Double、Date 等）。",
            "Sorting by a variable needs parameters: 'variable', its name, and 'type', one of String, Boolean, Short, Integer, Long, "
            "Double, Number, Date",
        )
    return name, _COMPARABLE[kind]


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _instant(value: Any) -> datetime | None:
    try:
        return read_instant(value)
    except ValueError:
        return None


_COMPARABLE: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("short", "integer", "long", "double", "number"), _number),
    "string": lambda value: value if isinstance(value, str) else None,
    "boolean": lambda value: value if isinstance(value, bool) else None,
    "date": _instant,
}
