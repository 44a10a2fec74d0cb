"""Locks, attempts and priorities of external tasks."""

from datetime import timedelta

from sqlalchemy import update

from engine.runtime import jobs
from engine.runtime.engine import Engine
from engine.runtime.external_tasks.held import JOBS, LockedByAnother, open_held_task, open_task
from engine.runtime.step import Step


def extend_lock(engine: Engine, job_id: str, worker: str, duration: timedelta) -> None:
    """The worker needs more time, counted from now.

    Raises:
        NotFound, LockedByAnother, Conflict: the worker does not hold the task any more, or the case is suspended.
    """
    with engine.step() as step:
        job, _ = open_held_task(step, job_id, worker, "extended")
        _update(step, job.id, leased_until=step.surroundings.now + duration)


def lock(engine: Engine, job_id: str, worker: str, duration: timedelta) -> None:
    """Take one certain task that nobody holds.

    Raises:
        LockedByAnother: somebody else holds it.
        NotFound, Conflict: there is no such task, or the case is suspended.
    """
    with engine.step() as step:
        job, _ = open_task(step, job_id)
        now = step.surroundings.now
        if job.state == "leased" and job.leased_by != worker and job.leased_until >= now:
            raise LockedByAnother(
                f"外部任务 {job_id} 已由“{job.leased_by}”锁定。",
                f"External Task {job_id} cannot be locked by worker '{worker}'. It is locked by worker '{job.leased_by}'.",
                id=job_id,
                worker=job.leased_by,
            )
        attempt = job.attempt if job.leased_by == worker else job.attempt + 1
        _update(step, job.id, state="leased", leased_by=worker, leased_until=now + duration, attempt=attempt)


def unlock(engine: Engine, job_id: str) -> None:
    """Give a task back, whoever holds it.

    Raises:
        NotFound, Conflict: there is no such task, or the case is suspended.
    """
    with engine.step() as step:
        job, _ = open_task(step, job_id)
        if job.state == "leased":
            _update(step, job.id, state="ready", leased_by=None, leased_until=None, available_at=step.surroundings.now)
            step.makes_work = True


def set_retries(engine: Engine, job_id: str, retries: int, actor: str | None = None) -> None:
    """Say how many attempts are left. A failed task can be fetched again; its incident stays open until the work is done.

    None left (0): an incident.

    Raises:
        NotFound, Conflict: there is no such task, or the case is suspended.
    """
    with engine.step(actor) as step:
        job, instance = open_task(step, job_id)
        if retries == 0 and job.state != "failed":
            zh, en = "重试次数被设为 0。", "The number of attempts was set to 0."
            _update(step, job.id, state="failed", retries=0, leased_by=None, leased_until=None, error=job.error or en)
            jobs.open_incident(step, job, zh, en, job.error_detail or en)
            instance.execution.effects.record("IncidentOpened", job.element_id, job.id, zh=zh, en=en)
        elif retries > 0 and job.state == "failed":
            _update(step, job.id, state="ready", retries=retries, available_at=step.surroundings.now)
            instance.execution.effects.record("JobRetried", job.element_id, job.id)
            step.makes_work = True
        else:
            _update(step, job.id, retries=retries)


def set_priority(engine: Engine, job_id: str, priority: int) -> None:
    """The higher it is, the sooner a worker that asks for priorities gets the task.

    Raises:
        NotFound, Conflict: there is no such task, or the case is suspended.
    """
    with engine.step() as step:
        job, _ = open_task(step, job_id)
        _update(step, job.id, priority=priority)


def _update(step: Step, job_id: str, **values: object) -> None:
    step.session.execute(update(JOBS).where(JOBS.c.id == job_id).values(**values))
