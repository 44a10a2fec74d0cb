"""Jobs: timers that wait, and steps that run in the background. Service tasks are external tasks, as in Camunda."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from engine.errors import Conflict, NotFound
from engine.runtime import jobs, timers
from engine.storage.tables import Job, ProcessInstance, Timer
from web.auth.person import Person
from web.current import database, engine, now, person
from web.permissions import require_may_steer, visible_cases
from web.rest.absent import NO_VALUE, TENANTS
from web.rest.answers import Answer
from web.rest.instant_conditions import InstantConditions, between
from web.rest.listing import Asked, Filter, Listing
from web.rest.operation import operation
from web.rest.types import Dto, Flag, Instant, Integer32, Natural, TextList

_I = ProcessInstance
_UNTOUCHED_RETRIES = 3


def _both() -> Any:
    """Timers and jobs as rows of the same columns."""
    timer = select(
        Timer.id, literal("timer").label("kind"), Timer.instance_id, Timer.element_id, Timer.due_at, literal(_UNTOUCHED_RETRIES).label("retries"),
        literal(0).label("priority"), Timer.suspended, Timer.created_at, null().label("error"), Timer.state,
    ).where(Timer.state == "waiting")  # fmt: skip
    job = select(
        Job.id, Job.kind, Job.instance_id, Job.element_id, Job.available_at, Job.retries, Job.priority, Job.suspended, Job.created_at,
        Job.error, Job.state,
    ).where(Job.kind != "handler", Job.instance_id.is_not(None), Job.state.in_(("ready", "leased", "failed")))  # fmt: skip
    return union_all(timer, job).subquery("job")


_J = _both().c
_JOB_DEFINITION = _I.process_definition_id + ":" + _J.element_id


class JobDto(Dto):
    """A timer that waits, or a step that runs in the background."""

    id: str
    job_definition_id: str
    process_instance_id: str
    process_definition_id: str
    process_definition_key: str
    execution_id: str
    exception_message: str | None = None
    failed_activity_id: str | None = None
    retries: int
    due_date: Instant | None = None
    suspended: bool
    priority: int
    tenant_id: str | None = None
    create_time: Instant
    batch_id: str | None = None


class RetriesDto(Dto):
    """How many attempts are left."""

    retries: Natural


def _select(me: Person) -> Select[Any]:
    query: Any = select(_J.id, *[_J[name] for name in _COLUMNS], _I.process_definition_id, _I.process_key)
    found: Select[Any] = query.join(_I, _I.id == _J.instance_id).where(visible_cases(me))
    return found


_COLUMNS = ("kind", "instance_id", "element_id", "due_at", "retries", "priority", "suspended", "created_at", "error", "state")


def _show(_session: Session, rows: Sequence[Any], _asked: Asked) -> list[JobDto]:
    return [
        JobDto(
            id=row.id,
            job_definition_id=f"{row.process_definition_id}:{row.element_id}",
            process_instance_id=row.instance_id,
            process_definition_id=row.process_definition_id,
            process_definition_key=row.process_key,
            execution_id=row.instance_id,
            exception_message=row.error,
            failed_activity_id=row.element_id if row.error is not None else None,
            retries=row.retries,
            due_date=row.due_at,
            suspended=row.suspended,
            priority=row.priority,
            create_time=row.created_at,
        )
        for row in rows
    ]


def _executable() -> ColumnElement[bool]:
    condition: ColumnElement[bool] = (_J.retries > 0) & or_(_J.due_at.is_(None), _J.due_at <= now())
    return condition


Listing(
    path="/job",
    tag="job",
    item=JobDto,
    about="timers and background steps that wait",
    select=_select,
    show=_show,
    filters=(
        Filter("jobId", str, lambda value: _J.id == value),
        Filter("jobIds", TextList, _J.id.in_),
        Filter("processInstanceId", str, lambda value: _J.instance_id == value),
        Filter("processInstanceIds", TextList, _J.instance_id.in_),
        Filter("executionId", str, lambda value: _J.instance_id == value),
        Filter("processDefinitionId", str, lambda value: _I.process_definition_id == value),
        Filter("processDefinitionKey", str, lambda value: _I.process_key == value),
        Filter("activityId", str, lambda value: _J.element_id == value),
        Filter("failedActivityId", str, lambda value: (_J.element_id == value) & _J.error.is_not(None)),
        Filter("withRetriesLeft", Flag, lambda _: _J.retries > 0),
        Filter("noRetriesLeft", Flag, lambda _: _J.retries == 0),
        Filter("executable", Flag, lambda _: _executable()),
        Filter("timers", Flag, lambda _: _J.kind == "timer"),
        Filter("messages", Flag, lambda _: _J.kind != "timer"),
        Filter("withException", Flag, lambda _: _J.error.is_not(None)),
        Filter("exceptionMessage", str, lambda value: _J.error == value),
        Filter("active", Flag, lambda _: _J.suspended.is_(False)),
        Filter("suspended", Flag, lambda _: _J.suspended.is_(True)),
        Filter("priorityHigherThanOrEquals", Integer32, lambda value: _J.priority >= value),
        Filter("priorityLowerThanOrEquals", Integer32, lambda value: _J.priority <= value),
        Filter("acquired", Flag, lambda _: _J.state == "leased"),
        Filter("jobDefinitionId", str, lambda value: value == _JOB_DEFINITION),
        Filter("dueDates", InstantConditions, lambda value: between(_J.due_at, value)),
        Filter("createTimes", InstantConditions, lambda value: between(_J.created_at, value)),
        *TENANTS,
        Filter("includeJobsWithoutTenantId", Flag),
    ),
    sorts={
        "jobId": _J.id,
        "executionId": _J.instance_id,
        "processInstanceId": _J.instance_id,
        "processDefinitionId": _I.process_definition_id,
        "processDefinitionKey": _I.process_key,
        "jobPriority": _J.priority,
        "jobRetries": _J.retries,
        "jobDueDate": _J.due_at,
        "tenantId": NO_VALUE,
    },
    order=(_J.created_at, _J.id),
).declare()


@operation("GET", "/job/{job_id}", tag="job")
def get(job_id: str) -> JobDto:
    """One job."""
    return _found(job_id)[0]


@operation("GET", "/job/{job_id}/stacktrace", tag="job", media_type="text/plain")
def stacktrace(job_id: str) -> Answer:
    """What lies behind the last failure."""
    _found(job_id)
    with database().session() as session:
        job = session.get(Job, job_id)
    return Answer((job.error_detail or job.error or "") if job is not None else "", content_type="text/plain; charset=utf-8")


@operation("PUT", "/job/{job_id}/retries", tag="job", scope="operate")
def set_retries(job_id: str, body: RetriesDto) -> None:
    """Give a failed job new attempts."""
    _, kind, state = _found(job_id)
    require_may_steer(person())
    if kind == "timer" or state != "failed":
        raise Conflict("这个作业没有失败。", f"Job '{job_id}' has not failed; it needs no new attempts.", id=job_id)
    jobs.retry(engine(), job_id, person().id, max(body.retries, 1))


@operation("POST", "/job/{job_id}/execute", tag="job", scope="operate", refuses=(500,))
def execute(job_id: str) -> None:
    """Let a timer fire now, or give a failed job another chance at once."""
    _, kind, state = _found(job_id)
    require_may_steer(person())
    if kind == "timer":
        timers.fire_now(engine(), job_id, person().id)
    elif state == "failed":
        jobs.retry(engine(), job_id, person().id)


def _found(job_id: str) -> tuple[JobDto, str, str]:
    with database().session() as session:
        rows = session.execute(_select(person()).where(_J.id == job_id)).all()
        if not rows:
            raise NotFound(f"没有作业 {job_id}。", f"Job with id {job_id} does not exist", id=job_id)
        return _show(session, rows, {})[0], rows[0].kind, rows[0].state
