"""A task in the hands of a worker: who may still report on it."""

from typing import Any

from sqlalchemy import select

from engine.errors import Conflict, NotFound
from engine.runtime.step import OpenInstance, Step
from engine.storage.tables import Job

JOBS = Job.__table__


class LockedByAnother(Conflict):
    """The worker's lock ran out and another one holds the task, or it never had one."""

    code = "OPS-411"


def open_task(step: Step, job_id: str) -> tuple[Any, OpenInstance]:
    """Lock the case of a task, then the task itself, and load the instance.

    Raises:
        NotFound: there is no such task, or it is done.
        Conflict: the case is suspended or has ended.
    """
    known = step.session.execute(
        select(JOBS.c.instance_id, JOBS.c.root_id).where(JOBS.c.id == job_id, JOBS.c.kind == "handler")
    ).one_or_none()
    if known is None:
        raise _gone(job_id)
    instance = step.open(known.instance_id, known.root_id)
    job = step.session.execute(
        select(JOBS).where(JOBS.c.id == job_id, JOBS.c.state.in_(("ready", "leased", "failed"))).with_for_update()
    ).one_or_none()
    if job is None:
        raise _gone(job_id)
    step.require_active(instance)
    return job, instance


def open_held_task(step: Step, job_id: str, worker: str, deed: str) -> tuple[Any, OpenInstance]:
    """Like `open_task`, for what only the holder of the lock may do.

    Args:
        step: the command.
        job_id: the task.
        worker: who wants to do it.
        deed: what, as an English participle, for the error.

    Raises:
        LockedByAnother: the worker does not hold the task.
        NotFound, Conflict: see `open_task`.
    """
    job, instance = open_task(step, job_id)
    if job.state != "leased" or job.leased_by != worker:
        raise LockedByAnother(
            f"外部任务 {job_id} 由“{job.leased_by}”锁定，“{worker}”不能处理。",
            f"External Task {job_id} cannot be {deed} by worker '{worker}'. It is locked by worker '{job.leased_by}'.",
            id=job_id,
            worker=job.leased_by,
        )
    return job, instance


def _gone(job_id: str) -> NotFound:
    return NotFound(f"没有外部任务 {job_id}，或者它已经完成。", f"External task with id {job_id} does not exist", id=job_id)
