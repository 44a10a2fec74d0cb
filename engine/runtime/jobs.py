"""Jobs: run, finish or fail. Effect, state and the next job commit together.

A lease that ran out counts as a failed attempt, so that a job that kills its worker ends as an incident.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from engine.errors import Conflict, DatabaseUnavailable, NotFound, OpsbookError, StepBudgetExceeded
from engine.feel.durations import DaysTime, parse_duration
from engine.ids import new_id
from engine.runtime import delivery, publishing
from engine.runtime.catalog import DefinitionSuspended
from engine.runtime.claims import Lease, claim, still
from engine.runtime.engine import Engine
from engine.runtime.failures import in_words
from engine.runtime.handlers import BpmnError
from engine.runtime.hindsight import batches as hindsights
from engine.runtime.replaying import batches as verifications
from engine.runtime.running import call_external, call_transactional
from engine.runtime.step import CaseSuspended, OpenInstance, Step
from engine.storage.tables import Incident, Job

JOBS = Job.__table__
INCIDENTS = Incident.__table__

#: Waits before the 2nd, 3rd … attempt when the element has no failedJobRetryTimeCycle.
BACK_OFF = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=10))
#: How long a job waits after an outage of the database, which is nobody's failed attempt.
OUTAGE_WAIT = timedelta(seconds=5)
_RETRY_CYCLE = re.compile(r"R(\d+)/(P\S+)")


_PUBLISHING = {"publish": publishing.go_live_on_date, "begin_migrations": publishing.begin_migrations}
_NO_LEASE: dict[str, Any] = {"leased_by": None, "leased_until": None}


def run_next(engine: Engine, worker: str) -> bool:
    """Claim and run one due job; False when there is none."""
    lease = claim(engine, worker)
    if lease is None:
        return False
    run(engine, lease)
    return True


def run(engine: Engine, lease: Lease) -> None:
    """Do a leased job; a failure is counted, retried later, and becomes an incident at the end."""
    with engine.database.session() as session:
        job = session.execute(select(JOBS).where(JOBS.c.id == lease.job_id)).one()
    lost = WorkerLost("处理这件工作的进程中途消失了。", "The process that worked on this was lost on the way.")
    if lease.inherited and _fail(engine, lease, job, lost):
        return
    try:
        outcome = _BEFORE[job.kind](engine, job) if job.kind in _BEFORE else None  # outside the case's lock
        with engine.step(job.actor, runaway_incident=False) as step:
            _lock(step, job)
            _fence(step.session, lease)
            _do(engine, step, job, outcome)
            step.session.execute(
                update(JOBS).where(JOBS.c.id == job.id).values(_NO_LEASE | {"state": "done", "error": None, "error_detail": None})
            )
            resolve_incidents(step, job)
    except LeaseLost:
        return
    except (CaseSuspended, DefinitionSuspended):
        _put_back(engine, lease, suspended=True)
    except DatabaseUnavailable:
        _put_back(engine, lease, wait=OUTAGE_WAIT)
        raise
    except Exception as error:  # noqa: BLE001 -- whatever a handler raises becomes a failed attempt with its text
        _fail(engine, lease, job, error)


def give_up(engine: Engine, lease: Lease, error: OpsbookError) -> None:
    """Count an attempt as failed whose worker cannot say so itself."""
    with engine.database.session() as session:
        job = session.execute(select(JOBS).where(JOBS.c.id == lease.job_id)).one()
    _fail(engine, lease, job, error)


class WorkerLost(OpsbookError):
    """The lease of a job ran out: its worker died, hung, or could not reach the database."""

    code = "OPS-512"


class LeaseLost(Conflict):
    """Another worker took the job over, or nobody needs it any more."""

    code = "OPS-410"


def _lock(step: Step, job: Any) -> None:
    """Lock the case before the job: every step takes them in this order, so that none waits for the other."""
    if job.instance_id is not None:
        step.open(job.instance_id, job.root_id)


def _put_back(engine: Engine, lease: Lease, *, suspended: bool = False, wait: timedelta = timedelta()) -> None:
    """The case was suspended or the database was away while the job ran: it is done again (an external handler knows its idempotency key)."""
    values = _NO_LEASE | {"state": "ready", "suspended": suspended, "available_at": engine.clock.now() + wait}
    with engine.database.transaction() as session:
        session.execute(update(JOBS).where(*still(lease)).values(values))


#: What is worked out before a job's step begins, by its kind.
_BEFORE: dict[str, Callable[[Engine, Any], Any]] = {
    "handler": call_external,
    "verify": verifications.find_for,
    "hindsight": hindsights.find_for,
}
#: What writes down what was worked out, for jobs that only look.
_FOUND: dict[str, Callable[[Step, Any, Any], None]] = {"verify": verifications.write_down, "hindsight": hindsights.write_down}


def _do(engine: Engine, step: Step, job: Any, outcome: Any) -> None:
    if job.kind == "handler":
        _finish_handler(engine, step, job, outcome)
    elif job.kind in _FOUND:
        _FOUND[job.kind](step, job, outcome)
    elif job.kind == "continue":
        instance = step.open_active(job.instance_id, job.root_id)
        token = instance.execution.tasks[job.element_instance_id]
        token.task_spec.release(token)
        step.run()  # before the job counts as done: what fails at its element is a failure of the job
    elif job.kind in _PUBLISHING:
        _PUBLISHING[job.kind](engine, step, job.input)
    else:
        delivery.DELIVERIES[job.kind](step, job)


def _finish_handler(engine: Engine, step: Step, job: Any, outcome: "dict[str, Any] | BpmnError | None") -> None:
    instance = step.open_active(job.instance_id, job.root_id)
    execution = instance.execution
    token = execution.tasks[job.element_instance_id]
    result = outcome if outcome is not None else call_transactional(engine, step, job)
    if isinstance(result, BpmnError):
        throw_from(step, instance, token, result)
        return
    execution.effects.record("JobSucceeded", job.element_id, job.id, topic=job.topic, attempt=job.attempt, result=result)
    token.task_spec.finish(token, result)


def throw_from(step: Step, instance: OpenInstance, token: Any, error: BpmnError) -> None:
    """Hand a handler's business error to the diagram, or to one that called it.

    Raises:
        UncaughtBpmnError: no diagram catches it.
    """
    token.internal_data.pop("job", None)
    if not step.throw_error(instance, token, error.code, error.message, error.variables):
        element = token.task_spec.element
        raise UncaughtBpmnError(
            f"“{element.label}”报告业务错误 {error.code}（{error.message}），图上没有捕获它的错误边界事件。",
            f"“{element.label}” reported the business error {error.code} ({error.message_en}) and no error boundary event catches it.",
            element_id=element.id,
            error_code=error.code,
        )


class UncaughtBpmnError(OpsbookError):
    """A handler's business error has no catcher in the diagram; retrying cannot help."""

    code = "OPS-511"


def _fence(session: Session, lease: Lease) -> None:
    if session.execute(select(JOBS.c.id).where(*still(lease)).with_for_update()).one_or_none() is None:
        raise LeaseLost("租约已失效。", "The lease was lost.", job_id=lease.job_id)


def resolve_incidents(step: Step, job: Any) -> None:
    """The job's work is done at last, and with it what a person was asked for."""
    open_ids = (
        step.session.scalars(select(INCIDENTS.c.id).where(INCIDENTS.c.job_id == job.id, INCIDENTS.c.state == "open")).all()
        if job.attempt > 1 or job.error is not None
        else []
    )
    if open_ids:
        step.session.execute(
            update(INCIDENTS)
            .where(INCIDENTS.c.id.in_(open_ids))
            .values(state="resolved", resolved_at=step.surroundings.now, resolved_by=job.actor)
        )
        if job.instance_id in step.instances:
            step.instances[job.instance_id].execution.effects.record("IncidentResolved", job.element_id, job.id)


def _fail(engine: Engine, lease: Lease, failed: Any, error: Exception) -> bool:
    """Count an attempt that failed; False if the holder of the lease may begin the next one at once."""
    zh, en, detail = in_words(error)
    with engine.step() as step:
        _lock(step, failed)
        job = step.session.execute(select(JOBS).where(*still(lease)).with_for_update()).one_or_none()
        if job is None:
            return True
        retries, wait = _next_attempt(job, error)
        values: dict[str, Any] = {"retries": retries, "error": en[:8_000], "error_detail": detail}
        goes_on = isinstance(error, WorkerLost) and retries > 0  # it has waited for the end of the lost one's lease already
        if retries <= 0:
            values |= _NO_LEASE | {"state": "failed"}
            open_incident(step, job, zh, en, detail)
        elif not goes_on:
            values |= _NO_LEASE | {"state": "ready", "available_at": step.surroundings.now + wait}
            step.makes_work = True
        step.session.execute(update(JOBS).where(JOBS.c.id == job.id).values(values))
        if job.instance_id is not None:
            effects = step.open(job.instance_id, job.root_id).execution.effects
            effects.record("JobFailed", job.element_id, job.id, topic=job.topic, attempt=job.attempt, error=en[:2_000], retries=retries)
            if retries == 0:
                effects.record("IncidentOpened", job.element_id, job.id, zh=zh[:2_000], en=en[:2_000])
    return not goes_on


def _next_attempt(job: Any, error: Exception) -> tuple[int, timedelta]:
    """(attempts left, wait before the next); what fails the same way every time is not worth a retry."""
    if isinstance(error, UncaughtBpmnError | StepBudgetExceeded):
        return 0, timedelta()
    cycle = _RETRY_CYCLE.fullmatch(job.retry_cycle or "")
    left = int(cycle[1]) - 1 if cycle and job.error is None else job.retries - 1
    if cycle is None:
        return left, BACK_OFF[min(job.attempt, len(BACK_OFF)) - 1]
    duration = parse_duration(cycle[2])
    return left, timedelta(microseconds=duration.nanos / 1000) if isinstance(duration, DaysTime) else BACK_OFF[0]


def open_incident(step: Step, job: Any, zh: str, en: str, detail: str) -> None:
    """Ask for a person: the job is out of attempts. A job has at most one open incident."""
    known = step.session.scalars(select(INCIDENTS.c.id).where(INCIDENTS.c.job_id == job.id, INCIDENTS.c.state == "open")).one_or_none()
    values = {"message": zh[:2_000], "message_en": en[:2_000], "detail": detail}
    if known is not None:
        step.session.execute(update(INCIDENTS).where(INCIDENTS.c.id == known).values(values))
        return
    row = {
        "id": new_id(),
        "kind": "job",
        "instance_id": job.instance_id,
        "root_id": job.root_id,
        "job_id": job.id,
        "element_id": job.element_id,
    }
    step.session.execute(insert(INCIDENTS), row | values | {"state": "open", "opened_at": step.surroundings.now})


def retry(engine: Engine, job_id: str, actor: str | None, attempts: int = 1) -> None:
    """Give a failed job another chance, at once.

    Raises:
        NotFound, Conflict: no such job, or it has not failed.
    """
    with engine.database.session() as session:
        known = session.execute(select(JOBS.c.instance_id, JOBS.c.root_id).where(JOBS.c.id == job_id)).one_or_none()
    with engine.step(actor) as step:
        if known is not None:
            _lock(step, known)
        job = step.session.execute(select(JOBS).where(JOBS.c.id == job_id).with_for_update()).one_or_none()
        if job is None:
            raise NotFound(f"没有作业 {job_id}。", f"There is no job {job_id}.", id=job_id)
        if job.state != "failed":
            raise Conflict(
                "这个作业没有失败，不需要重试。", "This job has not failed; there is nothing to retry.", id=job_id, state=job.state
            )
        step.session.execute(
            update(JOBS).where(JOBS.c.id == job_id).values(state="ready", retries=attempts, available_at=step.surroundings.now, actor=actor)
        )
        if job.instance_id is not None:
            step.open(job.instance_id, job.root_id).execution.effects.record("JobRetried", job.element_id, job.id)
        step.makes_work = True


def next_due_at(session: Session) -> datetime | None:
    """When the next waiting job is due, for the executor's sleep."""
    return session.scalars(
        select(JOBS.c.available_at).where(JOBS.c.state == "ready", JOBS.c.suspended.is_(False)).order_by(JOBS.c.available_at).limit(1)
    ).one_or_none()
