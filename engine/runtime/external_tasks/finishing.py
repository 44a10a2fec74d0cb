"""What a worker reports of a task that it holds: done, failed, or a business error."""

from datetime import timedelta
from typing import Any

from sqlalchemy import update

from engine.runtime.engine import Engine
from engine.runtime.external_tasks.held import JOBS, open_held_task
from engine.runtime.handlers import BpmnError
from engine.runtime.jobs import UncaughtBpmnError, open_incident, resolve_incidents, throw_from
from engine.runtime.step import Step

_DONE = {"state": "done", "leased_by": None, "leased_until": None, "error": None, "error_detail": None}


def complete(
    engine: Engine, job_id: str, worker: str, variables: dict[str, Any], local_variables: dict[str, Any], actor: str | None = None
) -> None:
    """The task is done; the case goes on in the same transaction.

    Args:
        engine: whose task.
        job_id: the task.
        worker: who holds it.
        variables: written to the nearest scope that has the name, else to the process.
        local_variables: seen by the element's output parameters only.
        actor: on whose account the worker acts.

    Raises:
        NotFound, LockedByAnother, Conflict: the worker does not hold the task any more, or the case is suspended.
    """
    with engine.step(actor) as step:
        job, instance = open_held_task(step, job_id, worker, "completed")
        execution = instance.execution
        token = execution.tasks[job.element_instance_id]
        result = {**variables, **local_variables}
        told = {"topic": job.topic, "attempt": job.attempt, "worker": worker, "result": result, "local": sorted(local_variables)}
        execution.effects.record("JobSucceeded", job.element_id, job.id, **told)
        if token.task_spec.element.outputs:
            execution.assign(token.parent, variables, token)
            token.task_spec.finish(token, result)
        else:
            token.task_spec.finish(token, variables)
        _close(step, job)


def throw_bpmn_error(
    engine: Engine, job_id: str, worker: str, code: str, message: str, variables: dict[str, Any], actor: str | None = None
) -> None:
    """The task ends with a business error, which a boundary event or an event sub-process catches.

    Nobody catches it: the task fails at once with an incident, so that nothing is lost (Camunda 7 ends the path without a word).

    Raises:
        NotFound, LockedByAnother, Conflict: the worker does not hold the task any more, or the case is suspended.
    """
    try:
        with engine.step(actor) as step:
            job, instance = open_held_task(step, job_id, worker, "terminated with a BPMN error")
            throw_from(step, instance, instance.execution.tasks[job.element_instance_id], BpmnError(code, message, variables))
            _close(step, job)
    except UncaughtBpmnError as error:
        fail(engine, job_id, worker, error.en, error.en, retries=0, wait=timedelta(), actor=actor, message_zh=error.zh)


def fail(
    engine: Engine,
    job_id: str,
    worker: str,
    message: str,
    detail: str,
    *,
    retries: int,
    wait: timedelta,
    actor: str | None = None,
    message_zh: str | None = None,
) -> None:
    """The attempt failed; the worker says how many are left and when the next may begin. None left: an incident.

    Raises:
        NotFound, LockedByAnother, Conflict: the worker does not hold the task any more, or the case is suspended.
    """
    with engine.step(actor) as step:
        job, instance = open_held_task(step, job_id, worker, "failed")
        values = {"retries": retries, "error": message[:8_000], "error_detail": detail, "leased_by": None, "leased_until": None}
        effects = instance.execution.effects
        effects.record(
            "JobFailed", job.element_id, job.id, topic=job.topic, attempt=job.attempt, worker=worker, error=message[:2_000], retries=retries
        )
        if retries > 0:
            values |= {"state": "ready", "available_at": step.surroundings.now + wait}
            step.makes_work = True
        else:
            values |= {"state": "failed"}
            open_incident(step, job, message_zh or message, message, detail or message)
            effects.record("IncidentOpened", job.element_id, job.id, zh=(message_zh or message)[:2_000], en=message[:2_000])
        step.session.execute(update(JOBS).where(JOBS.c.id == job.id).values(values))


def _close(step: Step, job: Any) -> None:
    step.session.execute(update(JOBS).where(JOBS.c.id == job.id).values(_DONE))
    resolve_incidents(step, job)
