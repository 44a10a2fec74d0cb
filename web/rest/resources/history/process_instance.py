"""Instances of processes, running and ended."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, aliased

from engine.storage.tables import ElementInstance, Event, Incident, Job, ProcessDefinition, ProcessInstance
from web.auth.person import Person
from web.current import database, person
from web.permissions import visible_cases
from web.rest.absent import NO_VALUE, TENANTS, nothing
from web.rest.errors import Refused
from web.rest.incident_types import INCIDENT_TYPE
from web.rest.listing import Asked, Condition, Filter, Listing
from web.rest.operation import operation
from web.rest.resources.history.durations import milliseconds
from web.rest.resources.process_instance.shape import WITHOUT_STATE
from web.rest.types import Dto, Flag, Instant, TextList
from web.rest.variable_conditions import IGNORE_CASE, VariableConditions, on_variables

_I, _D = ProcessInstance, ProcessDefinition
_RETRYING = (Job.state.in_(("ready", "leased")), Job.error.is_not(None), Job.retries > 0)
_STATES = {
    "active": "ACTIVE",
    "suspended": "SUSPENDED",
    "completed": "COMPLETED",
    "cancelled": "EXTERNALLY_TERMINATED",
    "failed": "INTERNALLY_TERMINATED",
}


class HistoricProcessInstanceDto(Dto):
    """One execution of a process."""

    id: str
    business_key: str | None = None
    process_definition_id: str
    process_definition_key: str
    process_definition_name: str | None = None
    process_definition_version: int
    start_time: Instant
    end_time: Instant | None = None
    removal_time: Instant | None = None
    duration_in_millis: int | None = None
    start_user_id: str | None = None
    start_activity_id: str | None = None
    delete_reason: str | None = None
    root_process_instance_id: str
    super_process_instance_id: str | None = None
    super_case_instance_id: str | None = None
    case_instance_id: str | None = None
    tenant_id: str | None = None
    state: str
    restarted_process_instance_id: str | None = None


def _ran(elements: Sequence[str], *conditions: Any) -> Condition:
    return exists(
        select(ElementInstance.id).where(ElementInstance.instance_id == _I.id, ElementInstance.element_id.in_(elements), *conditions)
    )


def _entered(condition: Condition) -> Condition:
    return exists(select(ElementInstance.id).where(ElementInstance.instance_id == _I.id, condition))


def _with_incident(*conditions: Condition) -> Condition:
    return _I.id.in_(select(Incident.instance_id).outerjoin(Job, Job.id == Incident.job_id).where(*conditions))


def _worked(condition: Condition) -> Condition:
    return _I.id.in_(select(Event.instance_id).where(Event.type.in_(("JobSucceeded", "TimerFired")), condition))


def _called(called_id: str) -> Condition:
    called = aliased(_I)
    return _I.id == select(called.parent_id).where(called.id == called_id).scalar_subquery()


FILTERS = (
    Filter("processInstanceId", str, lambda value: _I.id == value),
    Filter("processInstanceIds", TextList, _I.id.in_),
    Filter("processInstanceIdNotIn", TextList, _I.id.not_in),
    Filter("processDefinitionId", str, lambda value: _I.process_definition_id == value),
    Filter("processDefinitionKey", str, lambda value: _I.process_key == value),
    Filter("processDefinitionKeyIn", TextList, _I.process_key.in_),
    Filter("processDefinitionKeyNotIn", TextList, _I.process_key.not_in),
    Filter("processDefinitionName", str, lambda value: _D.name == value),
    Filter("processDefinitionNameLike", str, _D.name.like),
    Filter("processInstanceBusinessKey", str, lambda value: _I.business_key == value),
    Filter("processInstanceBusinessKeyIn", TextList, _I.business_key.in_),
    Filter("processInstanceBusinessKeyLike", str, _I.business_key.like),
    Filter("rootProcessInstanceId", str, lambda value: _I.root_id == value),
    Filter("rootProcessInstances", Flag, lambda _: _I.parent_id.is_(None)),
    Filter("superProcessInstanceId", str, lambda value: _I.parent_id == value),
    Filter("subProcessInstanceId", str, _called),
    Filter("finished", Flag, lambda _: _I.ended_at.is_not(None)),
    Filter("unfinished", Flag, lambda _: _I.ended_at.is_(None)),
    Filter("startedBy", str, lambda value: _I.started_by == value),
    Filter("startedBefore", Instant, lambda value: _I.started_at <= value),
    Filter("startedAfter", Instant, lambda value: _I.started_at >= value),
    Filter("finishedBefore", Instant, lambda value: _I.ended_at <= value),
    Filter("finishedAfter", Instant, lambda value: _I.ended_at >= value),
    Filter("executedActivityBefore", Instant, lambda value: _entered(ElementInstance.entered_at <= value)),
    Filter("executedActivityAfter", Instant, lambda value: _entered(ElementInstance.entered_at >= value)),
    Filter("executedActivityIdIn", TextList, lambda value: _ran(value, ElementInstance.left_at.is_not(None))),
    Filter("activeActivityIdIn", TextList, lambda value: _ran(value, ElementInstance.state == "active")),
    Filter("withIncidents", Flag, lambda _: _with_incident()),
    Filter("withRootIncidents", Flag, lambda _: _with_incident()),
    Filter("incidentStatus", str, lambda value: _with_incident(Incident.state == value)),
    Filter("incidentMessage", str, lambda value: _with_incident(Incident.message == value)),
    Filter("incidentMessageLike", str, lambda value: _with_incident(Incident.message.like(value))),
    Filter("active", Flag, lambda _: _I.state == "active"),
    Filter("suspended", Flag, lambda _: _I.state == "suspended"),
    Filter("completed", Flag, lambda _: _I.state == "completed"),
    Filter("externallyTerminated", Flag, lambda _: _I.state == "cancelled"),
    Filter("internallyTerminated", Flag, lambda _: _I.state == "failed"),
    Filter("activityIdIn", TextList, _ran),
    Filter("executedJobBefore", Instant, lambda value: _worked(Event.happened_at <= value)),
    Filter("executedJobAfter", Instant, lambda value: _worked(Event.happened_at >= value)),
    Filter("withJobsRetrying", Flag, lambda _: _I.id.in_(select(Job.instance_id).where(*_RETRYING))),
    Filter("incidentIdIn", TextList, lambda value: _with_incident(Incident.id.in_(value))),
    Filter("incidentType", str, lambda value: _with_incident(value == INCIDENT_TYPE)),
    Filter("variables", VariableConditions),
    *IGNORE_CASE,
    *TENANTS,
    *nothing("caseInstanceId", "superCaseInstanceId", "subCaseInstanceId"),
)


def _select(me: Person) -> Select[Any]:
    query: Select[Any] = _rows().where(visible_cases(me))
    return query


def _rows() -> Any:
    return select(_I, _D.name, _D.version).options(WITHOUT_STATE).join(_D, _D.id == _I.process_definition_id)


def _show(session: Session, rows: Sequence[Any], _asked: Asked) -> list[HistoricProcessInstanceDto]:
    ids = [row.ProcessInstance.id for row in rows]
    started_at = _first_elements(session, ids)
    told = _told(session, ids)
    return [
        HistoricProcessInstanceDto(
            id=found.id,
            business_key=found.business_key,
            process_definition_id=found.process_definition_id,
            process_definition_key=found.process_key,
            process_definition_name=name,
            process_definition_version=version,
            start_time=found.started_at,
            end_time=found.ended_at,
            duration_in_millis=milliseconds(found.started_at, found.ended_at),
            start_user_id=found.started_by,
            start_activity_id=started_at.get(found.id),
            delete_reason=told.get((found.id, "InstanceCancelRequested"), {}).get("reason"),
            root_process_instance_id=found.root_id,
            super_process_instance_id=found.parent_id,
            state=_STATES[found.state],
            restarted_process_instance_id=told.get((found.id, "InstanceStarted"), {}).get("restarted_from"),
        )
        for found, name, version in rows
    ]


def _first_elements(session: Session, ids: Sequence[str]) -> dict[str, str]:
    query = (
        select(ElementInstance.instance_id, ElementInstance.element_id)
        .where(ElementInstance.instance_id.in_(ids), ElementInstance.element_type == "startEvent", ElementInstance.parent_id.is_(None))
        .order_by(ElementInstance.entered_at.desc(), ElementInstance.id.desc())
    )
    return dict(session.execute(query).all())


def _told(session: Session, ids: Sequence[str]) -> dict[tuple[str, str], dict[str, Any]]:
    kinds = ("InstanceStarted", "InstanceCancelRequested")
    query = select(Event.instance_id, Event.type, Event.data).where(Event.instance_id.in_(ids), Event.type.in_(kinds))
    return {(row.instance_id, row.type): row.data for row in session.execute(query)}


INSTANCES = Listing(
    path="/history/process-instance",
    tag="history-process-instance",
    item=HistoricProcessInstanceDto,
    about="process instances, running and ended,",
    select=_select,
    show=_show,
    filters=FILTERS,
    sorts={
        "instanceId": _I.id,
        "definitionId": _I.process_definition_id,
        "definitionKey": _I.process_key,
        "definitionName": _D.name,
        "definitionVersion": _D.version,
        "businessKey": _I.business_key,
        "startTime": _I.started_at,
        "endTime": _I.ended_at,
        "duration": _I.ended_at - _I.started_at,
        "tenantId": NO_VALUE,
    },
    order=(_I.started_at, _I.id),
    also=(on_variables("variables", _I.id),),
    or_queries=True,
)
INSTANCES.declare()


@operation("GET", "/history/process-instance/{instance_id}", tag="history-process-instance")
def get(instance_id: str) -> HistoricProcessInstanceDto:
    """One process instance, running or ended."""
    with database().session() as session:
        row = session.execute(_rows().where(_I.id == instance_id, visible_cases(person()))).one_or_none()
        if row is None:
            raise Refused(
                404,
                "InvalidRequestException",
                f"没有流程实例 {instance_id}。",
                f"Historic process instance with id {instance_id} does not exist",
            )
        return _show(session, [row], {})[0]
