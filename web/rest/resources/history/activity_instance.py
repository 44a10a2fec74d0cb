"""Runs of elements."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from engine.storage.tables import ElementInstance, ProcessInstance, UserTask
from web.auth.person import Person
from web.current import database, person
from web.definitions import definition
from web.permissions import visible_cases
from web.rest.absent import NO_VALUE, TENANTS
from web.rest.activity_types import activity_type
from web.rest.drawn import Drawn
from web.rest.errors import Refused
from web.rest.listing import Asked, Filter, Listing
from web.rest.operation import operation
from web.rest.resources.history.durations import milliseconds
from web.rest.resources.process_instance.shape import WITHOUT_STATE
from web.rest.types import Dto, Flag, Instant, TextList

_E, _I = ElementInstance, ProcessInstance
_NAME = Drawn(_I.process_definition_id, _E.element_id, lambda element: element.name)
_ENDS_SCOPE = and_(_E.element_type == "endEvent", _E.state == "completed", _I.end_element_id == _E.element_id, _I.ended_at == _E.left_at)


class HistoricActivityInstanceDto(Dto):
    """One run of one element."""

    id: str
    parent_activity_instance_id: str
    activity_id: str
    activity_name: str | None = None
    activity_type: str
    process_definition_key: str
    process_definition_id: str
    process_instance_id: str
    execution_id: str
    task_id: str | None = None
    called_process_instance_id: str | None = None
    called_case_instance_id: str | None = None
    assignee: str | None = None
    start_time: Instant
    end_time: Instant | None = None
    duration_in_millis: int | None = None
    canceled: bool
    complete_scope: bool
    tenant_id: str | None = None
    removal_time: Instant | None = None
    root_process_instance_id: str


FILTERS = (
    Filter("activityInstanceId", str, lambda value: _E.id == value),
    Filter("processInstanceId", str, lambda value: _E.instance_id == value),
    Filter("processInstanceIdIn", TextList, _E.instance_id.in_),
    Filter("processDefinitionId", str, lambda value: _I.process_definition_id == value),
    Filter("executionId", str, lambda value: _E.instance_id == value),
    Filter("activityId", str, lambda value: _E.element_id == value),
    Filter("activityIdIn", TextList, _E.element_id.in_),
    Filter("activityType", str, lambda value: _E.element_type == _drawn_type(value)),
    Filter("taskAssignee", str, lambda value: UserTask.assignee == value),
    Filter("startedBefore", Instant, lambda value: _E.entered_at <= value),
    Filter("startedAfter", Instant, lambda value: _E.entered_at >= value),
    Filter("finishedBefore", Instant, lambda value: _E.left_at <= value),
    Filter("finishedAfter", Instant, lambda value: _E.left_at >= value),
    Filter("finished", Flag, lambda _: _E.left_at.is_not(None)),
    Filter("unfinished", Flag, lambda _: _E.left_at.is_(None)),
    Filter("canceled", Flag, lambda _: _E.state == "cancelled"),
    Filter("completeScope", Flag, lambda _: _ENDS_SCOPE),
    Filter("activityName", str),
    Filter("activityNameLike", str),
    *TENANTS,
)


def _drawn_type(asked: str) -> str:
    """Events are kept by their place in the diagram, not by what they wait for."""
    for ending, drawn in (("EndEvent", "endEvent"), ("StartEvent", "startEvent")):
        if asked.endswith(ending):
            return drawn
    if asked.startswith("boundary"):
        return "boundaryEvent"
    if asked.startswith("intermediate") and not asked.endswith("Event"):
        return "intermediateThrowEvent" if "Throw" in asked else "intermediateCatchEvent"
    return asked


def _select(me: Person) -> Select[Any]:
    query: Select[Any] = _rows().where(visible_cases(me))
    return query


def _rows() -> Any:
    return (
        select(_E, _I, UserTask.assignee, _ENDS_SCOPE.label("ends_scope"))
        .options(WITHOUT_STATE)
        .join(_I, _I.id == _E.instance_id)
        .outerjoin(UserTask, UserTask.id == _E.id)
    )


def _show(session: Session, rows: Sequence[Any], _asked: Asked) -> list[HistoricActivityInstanceDto]:
    callers = [run.id for run, *_ in rows if run.element_type == "callActivity"]
    query = select(_I.parent_element_instance_id, _I.id).where(_I.parent_element_instance_id.in_(callers))
    called = dict(session.execute(query).all()) if callers else {}
    return [_shown(session, run, instance, assignee, called.get(run.id), bool(ends_scope)) for run, instance, assignee, ends_scope in rows]


def _shown(
    session: Session, run: ElementInstance, instance: ProcessInstance, assignee: str | None, called: str | None, ends_scope: bool
) -> HistoricActivityInstanceDto:
    element = definition(session, instance.process_definition_id).element(run.element_id)
    return HistoricActivityInstanceDto(
        id=run.id,
        parent_activity_instance_id=run.parent_id or run.instance_id,
        activity_id=run.element_id,
        activity_name=element.name or None if element else None,
        activity_type=activity_type(run.element_type, element),
        process_definition_key=instance.process_key,
        process_definition_id=instance.process_definition_id,
        process_instance_id=run.instance_id,
        execution_id=run.instance_id,
        task_id=run.id if run.element_type == "userTask" else None,
        called_process_instance_id=called,
        assignee=assignee,
        start_time=run.entered_at,
        end_time=run.left_at,
        duration_in_millis=milliseconds(run.entered_at, run.left_at),
        canceled=run.state == "cancelled",
        complete_scope=ends_scope,
        root_process_instance_id=instance.root_id,
    )


Listing(
    path="/history/activity-instance",
    tag="history-activity-instance",
    item=HistoricActivityInstanceDto,
    about="runs of elements",
    select=_select,
    show=_show,
    filters=FILTERS,
    sorts={
        "activityInstanceId": _E.id,
        "instanceId": _E.instance_id,
        "executionId": _E.instance_id,
        "activityId": _E.element_id,
        "activityName": _NAME.sort,
        "activityType": _E.element_type,
        "startTime": _E.entered_at,
        "endTime": _E.left_at,
        "duration": _E.left_at - _E.entered_at,
        "definitionId": _I.process_definition_id,
        "occurrence": _E.entered_at,
        "tenantId": NO_VALUE,
    },
    order=(_E.entered_at, _E.id),
    also=(_NAME.equal_or_like("activityName", "activityNameLike"),),
).declare()


@operation("GET", "/history/activity-instance/{run_id}", tag="history-activity-instance")
def get(run_id: str) -> HistoricActivityInstanceDto:
    """One run of one element."""
    with database().session() as session:
        rows = session.execute(_rows().where(_E.id == run_id, visible_cases(person()))).all()
        if not rows:
            raise Refused(
                404, "InvalidRequestException", f"没有元素运行 {run_id}。", f"Historic activity instance with id '{run_id}' does not exist"
            )
        return _show(session, rows, {})[0]
