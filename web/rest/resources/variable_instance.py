"""The variables of running instances."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from engine.runtime.state import variables_of
from engine.storage.tables import ProcessInstance
from web.current import database, person
from web.permissions import visible_cases
from web.rest import files
from web.rest.absent import nothing
from web.rest.errors import Refused
from web.rest.listing import Asked, Filter
from web.rest.operation import operation
from web.rest.types import Flag, TextList
from web.rest.unfolding import Unfolding
from web.rest.values import VariableValue
from web.rest.variable_conditions import IGNORE_CASE, VariableConditions, holds

_I = ProcessInstance


class VariableInstanceDto(VariableValue):
    """A variable of an instance."""

    id: str
    name: str
    process_definition_id: str
    process_instance_id: str
    execution_id: str
    case_instance_id: str | None = None
    case_execution_id: str | None = None
    task_id: str | None = None
    batch_id: str | None = None
    activity_instance_id: str
    error_message: str | None = None
    tenant_id: str | None = None


#: What chooses among the variables of an instance.
NAME_FILTERS = (
    Filter("variableName", str),
    Filter("variableNameIn", TextList),
    Filter("variableNameLike", str),
    Filter("variableValues", VariableConditions),
    *IGNORE_CASE,
    Filter("deserializeValues", Flag),
)


def chosen(session: Session, instance: ProcessInstance, asked: Asked) -> Iterator[tuple[str, VariableValue]]:
    """The variables of an instance that fulfil the conditions, by name."""
    values = {name: value for name, value in sorted(variables_of(instance.runtime_state).items()) if _fits(name, value, asked)}
    types = {kind.lower() for kind in asked.get("variableTypeIn") or ()}
    yield from (
        (name, shown) for name, shown in files.show(session, instance.root_id, values).items() if not types or shown.type.lower() in types
    )


def _fits(name: str, value: Any, asked: Asked) -> bool:
    fold = bool(asked.get("variableNamesIgnoreCase"))
    conditions = asked.get("variableValues") or ()
    return all(
        (
            asked.get("variableName") is None or _folded(asked["variableName"], fold) == _folded(name, fold),
            asked.get("variableNameIn") is None or name in asked["variableNameIn"],
            asked.get("variableNameLike") is None or holds(name, "like", asked["variableNameLike"]),
            asked.get("variableValue") is None or holds(value, "eq", asked["variableValue"]),
            not conditions or any(item.name == name and holds(value, item.operator, item.value) for item in conditions),
        )
    )


def _folded(text: str, fold: bool) -> str:
    return text.casefold() if fold else text


def find_variable(session: Session, variable_id: str, *conditions: ColumnElement[bool]) -> tuple[ProcessInstance, str]:
    """The instance and the name of a variable by its id, `instance:name`, if the caller may see it.

    Raises:
        Refused: 404, there is none.
    """
    instance_id, _, name = variable_id.partition(":")
    found = session.scalar(select(_I).where(_I.id == instance_id, visible_cases(person()), *conditions))
    if found is None or name not in variables_of(found.runtime_state):
        raise Refused(
            404, "InvalidRequestException", f"没有变量 {variable_id}。", f"Variable instance with Id '{variable_id}' does not exist."
        )
    return found, name


def _show(session: Session, rows: Sequence[Any], asked: Asked) -> list[VariableInstanceDto]:
    return [
        VariableInstanceDto(**fields(row.ProcessInstance, *variable))
        for row in rows
        for variable in chosen(session, row.ProcessInstance, asked)
    ]


def fields(instance: ProcessInstance, name: str, value: VariableValue) -> dict[str, Any]:
    """What every form of a variable says."""
    return value.model_dump() | {
        "id": f"{instance.id}:{name}",
        "name": name,
        "process_definition_id": instance.process_definition_id,
        "process_instance_id": instance.id,
        "execution_id": instance.id,
        "activity_instance_id": instance.id,
    }


Unfolding(
    path="/variable-instance",
    tag="variable-instance",
    item=VariableInstanceDto,
    about="variables of running instances",
    select=lambda me: select(_I).where(_I.ended_at.is_(None), visible_cases(me)),
    show=_show,
    filters=(
        Filter("processInstanceIdIn", TextList, _I.id.in_),
        Filter("executionIdIn", TextList, _I.id.in_),
        Filter("activityInstanceIdIn", TextList, _I.id.in_),
        Filter("variableScopeIdIn", TextList, _I.id.in_),
        *nothing("taskIdIn", "batchIdIn", "caseInstanceIdIn", "caseExecutionIdIn", "tenantIdIn", kind=TextList),
        *NAME_FILTERS,
    ),
    sorts={"variableName": "name", "variableType": "type", "activityInstanceId": "activity_instance_id", "tenantId": "tenant_id"},
    order=(_I.started_at, _I.id),
).declare()


@operation("GET", "/variable-instance/{variable_id}", tag="variable-instance")
def get(variable_id: str) -> VariableInstanceDto:
    """One variable of a running instance."""
    with database().session() as session:
        found, name = find_variable(session, variable_id, _I.ended_at.is_(None))
        return VariableInstanceDto(**fields(found, *next(chosen(session, found, {"variableName": name}))))
