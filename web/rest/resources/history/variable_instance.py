"""The variables of instances, running and ended, as they were last."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import InvalidInput
from engine.storage.tables import ProcessInstance
from web.current import database
from web.permissions import visible_cases
from web.rest.absent import TENANTS, nothing
from web.rest.listing import Asked, Filter
from web.rest.operation import operation
from web.rest.resources.variable_instance import NAME_FILTERS, chosen, fields, find_variable
from web.rest.types import Flag, Instant, TextList
from web.rest.unfolding import Unfolding
from web.rest.values import VariableValue

_I = ProcessInstance


class HistoricVariableInstanceDto(VariableValue):
    """A variable of an instance, as it was last."""

    id: str
    name: str
    process_definition_key: str
    process_definition_id: str
    process_instance_id: str
    execution_id: str
    activity_instance_id: str
    case_definition_key: str | None = None
    case_definition_id: str | None = None
    case_instance_id: str | None = None
    case_execution_id: str | None = None
    task_id: str | None = None
    error_message: str | None = None
    tenant_id: str | None = None
    state: str
    create_time: Instant
    removal_time: Instant | None = None
    root_process_instance_id: str


def _show(session: Session, rows: Sequence[Any], asked: Asked) -> list[HistoricVariableInstanceDto]:
    if asked.get("variableValue") is not None and asked.get("variableName") is None:
        raise InvalidInput("variableValue 要和 variableName 一起给。", "variableValue needs variableName")
    return [_shown(row.ProcessInstance, *variable) for row in rows for variable in chosen(session, row.ProcessInstance, asked)]


def _shown(instance: ProcessInstance, name: str, value: VariableValue) -> HistoricVariableInstanceDto:
    return HistoricVariableInstanceDto(
        **fields(instance, name, value),
        process_definition_key=instance.process_key,
        state="CREATED",
        create_time=instance.started_at,
        root_process_instance_id=instance.root_id,
    )


Unfolding(
    path="/history/variable-instance",
    tag="history-variable-instance",
    item=HistoricVariableInstanceDto,
    about="variables of instances, running and ended,",
    select=lambda me: select(_I).where(visible_cases(me)),
    show=_show,
    filters=(
        Filter("processInstanceId", str, lambda value: _I.id == value),
        Filter("processInstanceIdIn", TextList, _I.id.in_),
        Filter("processDefinitionId", str, lambda value: _I.process_definition_id == value),
        Filter("processDefinitionKey", str, lambda value: _I.process_key == value),
        Filter("executionIdIn", TextList, _I.id.in_),
        Filter("activityInstanceIdIn", TextList, _I.id.in_),
        Filter("variableTypeIn", TextList),
        Filter("variableValue", Any),
        Filter("includeDeleted", Flag),
        *NAME_FILTERS,
        *nothing("taskIdIn", "caseActivityIdIn", "caseExecutionIdIn", kind=TextList),
        *nothing("caseInstanceId"),
        *TENANTS,
    ),
    sorts={"instanceId": "process_instance_id", "variableName": "name", "tenantId": "tenant_id"},
    order=(_I.started_at, _I.id),
).declare()


@operation("GET", "/history/variable-instance/{variable_id}", tag="history-variable-instance")
def get(variable_id: str) -> HistoricVariableInstanceDto:
    """One variable of an instance, running or ended, as it was last."""
    with database().session() as session:
        found, name = find_variable(session, variable_id)
        return _shown(found, *next(chosen(session, found, {"variableName": name})))
