"""External tasks that wait or are being worked on: all for administrators and auditors, those of its topics for a worker's token."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, and_, false, not_, or_, select
from sqlalchemy.orm import Session

from engine.storage.tables import Job, ProcessDefinition, ProcessInstance
from web.auth.person import Person
from web.current import database, engine, now, person
from web.permissions import visible_cases
from web.rest import caller
from web.rest.absent import NO_VALUE, nothing
from web.rest.answers import Answer
from web.rest.errors import Refused
from web.rest.listing import Asked, Filter, Listing
from web.rest.operation import operation
from web.rest.resources.external_task.shape import ExternalTaskDto, show_task
from web.rest.types import Flag, Instant, Integer32, TextList
from web.rest.variable_conditions import IGNORE_CASE, VariableConditions, on_variables


def _visible(me: Person) -> Select[Any]:
    used = caller.token()
    mine = Job.topic.in_(used.topics) if used is not None and used.topics else false()
    query = (
        select(Job, ProcessInstance, ProcessDefinition)
        .join(ProcessInstance, ProcessInstance.id == Job.instance_id)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.process_definition_id)
        .where(
            Job.kind == "handler",
            Job.state.in_(("ready", "leased", "failed")),
            Job.topic.not_in(engine().embedded_topics),
            or_(mine, visible_cases(me)),
        )
    )
    return cast("Select[Any]", query)


def _is_locked() -> ColumnElement[bool]:
    return and_(Job.state == "leased", Job.leased_until >= now())


FILTERS = (
    Filter("externalTaskId", str, lambda value: Job.id == value),
    Filter("externalTaskIdIn", TextList, Job.id.in_),
    Filter("topicName", str, lambda value: Job.topic == value),
    Filter("workerId", str, lambda value: Job.leased_by == value),
    Filter("locked", Flag, lambda _: _is_locked()),
    Filter("notLocked", Flag, lambda _: not_(_is_locked())),
    Filter("withRetriesLeft", Flag, lambda _: Job.retries > 0),
    Filter("noRetriesLeft", Flag, lambda _: Job.retries == 0),
    Filter("lockExpirationAfter", Instant, lambda value: Job.leased_until > value),
    Filter("lockExpirationBefore", Instant, lambda value: Job.leased_until < value),
    Filter("activityId", str, lambda value: Job.element_id == value),
    Filter("activityIdIn", TextList, Job.element_id.in_),
    Filter("executionId", str, lambda value: Job.instance_id == value),
    Filter("processInstanceId", str, lambda value: Job.instance_id == value),
    Filter("processInstanceIdIn", TextList, Job.instance_id.in_),
    Filter("processDefinitionId", str, lambda value: ProcessInstance.process_definition_id == value),
    Filter("processDefinitionKey", str, lambda value: ProcessInstance.process_key == value),
    Filter("processDefinitionKeyIn", TextList, ProcessInstance.process_key.in_),
    Filter("processDefinitionName", str, lambda value: ProcessDefinition.name == value),
    Filter("processDefinitionNameLike", str, ProcessDefinition.name.like),
    Filter("processVariables", VariableConditions),
    *IGNORE_CASE,
    *nothing("tenantIdIn", kind=TextList),
    Filter("active", Flag, lambda _: Job.suspended.is_(False)),
    Filter("suspended", Flag, lambda _: Job.suspended.is_(True)),
    Filter("priorityHigherThanOrEquals", Integer32, lambda value: Job.priority >= value),
    Filter("priorityLowerThanOrEquals", Integer32, lambda value: Job.priority <= value),
)


def _show(_session: Session, rows: Sequence[Any], _asked: Asked) -> list[ExternalTaskDto]:
    return [show_task(*row) for row in rows]


Listing(
    path="/external-task",
    tag="external-task",
    item=ExternalTaskDto,
    about="external tasks",
    select=_visible,
    show=_show,
    filters=FILTERS,
    sorts={
        "id": Job.id,
        "lockExpirationTime": Job.leased_until,
        "processInstanceId": Job.instance_id,
        "processDefinitionId": ProcessInstance.process_definition_id,
        "processDefinitionKey": ProcessInstance.process_key,
        "taskPriority": Job.priority,
        "createTime": Job.created_at,
        "tenantId": NO_VALUE,
    },
    order=(Job.created_at, Job.id),
    also=(on_variables("processVariables", Job.instance_id),),
).declare()


@operation("GET", "/external-task/topic-names", tag="external-task")
def topic_names(
    with_locked_tasks: Flag | None = None, with_unlocked_tasks: Flag | None = None, with_retries_left: Flag | None = None
) -> list[str]:
    """The topics that there are tasks of."""
    query = _visible(person())
    if with_locked_tasks:
        query = query.where(_is_locked())
    if with_unlocked_tasks:
        query = query.where(not_(_is_locked()))
    if with_retries_left:
        query = query.where(Job.retries > 0)
    with database().session() as session:
        return list(session.scalars(query.with_only_columns(Job.topic).distinct().order_by(Job.topic)))


@operation("GET", "/external-task/{task_id}", tag="external-task")
def get(task_id: str) -> ExternalTaskDto:
    """One external task."""
    return show_task(*_row(task_id))


@operation("GET", "/external-task/{task_id}/errorDetails", tag="external-task", media_type="text/plain")
def error_details(task_id: str) -> Answer | None:
    """What the last failure said in detail; nothing when there was none."""
    detail = _row(task_id)[0].error_detail
    return Answer(detail, content_type="text/plain; charset=utf-8") if detail else None


def _row(task_id: str) -> Any:
    with database().session() as session:
        row = session.execute(_visible(person()).where(Job.id == task_id)).one_or_none()
    if row is None:
        raise Refused(404, "RestException", f"没有外部任务 {task_id}。", f"External task with id {task_id} does not exist")
    return row
