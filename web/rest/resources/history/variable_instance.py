"""The variables of instances, running and ended, as they were last."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import false, select
from sqlalchemy.orm import Session

from engine.storage.tables import ProcessInstance
from web.permissions import visible_cases
from web.rest.listing import Asked, Filter
from web.rest.resources.variable_instance import NAME_FILTERS, chosen
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
    return [
        HistoricVariableInstanceDto(
            **shown.model_dump(),
            id=f"{row.ProcessInstance.id}:{name}",
            name=name,
            process_definition_key=row.ProcessInstance.process_key,
            process_definition_id=row.ProcessInstance.process_definition_id,
            process_instance_id=row.ProcessInstance.id,
            execution_id=row.ProcessInstance.id,
            activity_instance_id=row.ProcessInstance.id,
            state="CREATED",
            create_time=row.ProcessInstance.started_at,
            root_process_instance_id=row.ProcessInstance.root_id,
        )
        for row in rows
        for name, shown in chosen(session, row.ProcessInstance, asked)
    ]


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
        Filter("taskIdIn", TextList, lambda _: false()),
        Filter("caseInstanceId", str, lambda _: false()),
        Filter("tenantIdIn", TextList, lambda _: false()),
        Filter("withoutTenantId", Flag),
        Filter("includeDeleted", Flag),
        *NAME_FILTERS,
    ),
    sorts={"instanceId": "process_instance_id", "variableName": "name"},
    order=(_I.started_at, _I.id),
).declare()
