"""Service tasks whose handlers wait: somebody answers for them, or lets them work."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select

from engine.errors import InvalidInput
from engine.runtime import claims, external_tasks, jobs
from engine.runtime.catalog import Catalog
from engine.runtime.engine import Engine
from engine.runtime.handlers import BpmnError
from engine.runtime.running import call_transactional
from engine.scenarios.model import Answer
from engine.storage.tables import Job, ProcessInstance

_WORKER = "answers"
#: Long enough for an answer that is given in the same breath.
_HELD_FOR = timedelta(minutes=5)


def with_handlers_waiting(engine: Engine) -> Engine:
    """The same engine, whose handlers do nothing by themselves."""
    topics = ",".join(handler.topic for handler in engine.handlers)
    return replace(engine, settings=replace(engine.settings, external_topics=topics))


def with_handlers_working(engine: Engine) -> Engine:
    """The same engine, whose handlers all work."""
    return replace(engine, settings=replace(engine.settings, external_topics=""))


def waiting_jobs(engine: Engine) -> Sequence[Job]:
    """The handlers' jobs that are not done, the oldest first; failed ones, too, since another answer may come."""
    query = select(Job).where(Job.kind == "handler", Job.state.in_(("ready", "failed")), Job.suspended.is_(False))
    with engine.database.session() as session:
        return session.scalars(query.order_by(Job.created_at, Job.id)).all()


def answer(engine: Engine, job: Job, step: Answer, values: dict[str, Any] | None) -> None:
    """Answer for a handler.

    Args:
        engine: whose job it is.
        job: which waits.
        step: what the answer is.
        values: the result, if that is the answer.

    Raises:
        InvalidInput: the handler never gives such a result.
        NotFound, Conflict: the job waits no more.
    """
    if values is not None:
        values = _checked(engine, job, values)
    external_tasks.lock(engine, job.id, _WORKER, _HELD_FOR)
    if step.error is not None:
        external_tasks.throw_bpmn_error(engine, job.id, _WORKER, step.error, step.error, {})
    elif step.failure is not None:
        external_tasks.fail(engine, job.id, _WORKER, step.failure, step.failure, retries=0, wait=timedelta())
    elif values is not None:
        local = _has_outputs(engine, job)
        external_tasks.complete(engine, job.id, _WORKER, {} if local else values, values if local else {})
    else:
        _let_work(engine, job)


def _let_work(engine: Engine, job: Job) -> None:
    external_tasks.unlock(engine, job.id)  # may be done at once, whatever it waited for
    working = with_handlers_working(engine)
    lease = claims.claim(working, _WORKER, job.id)
    if lease is not None:
        jobs.run(working, lease)


def foreseen(engine: Engine, job: Job) -> dict[str, Any] | BpmnError | Exception | None:
    """What the handler would answer now: a result, a business error, or how it would fail; None when it cannot be asked without doing it."""
    handler = engine.handlers.get(job.topic or "")
    if handler is None or handler.kind == "external":
        return None
    try:
        with engine.step(job.actor, rehearsed=True) as step:
            return call_transactional(engine, step, job)
    except Exception as error:  # noqa: BLE001 -- whatever a handler raises is what is asked for
        return error


def _checked(engine: Engine, job: Job, values: dict[str, Any]) -> dict[str, Any]:
    """The result as the handler's own model has it."""
    handler = engine.handlers.get(job.topic or "")
    if handler is None:
        return values
    if handler.result is None:
        return {}
    try:
        return handler.result.model_validate(values).model_dump(mode="json")
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
        raise InvalidInput(
            f"处理器“{handler.title}”不会这样回答：{told}", f"The handler “{handler.title_en}” gives no such answer: {told}"
        ) from None


def _has_outputs(engine: Engine, job: Job) -> bool:
    with engine.database.session() as session:
        instance = session.get_one(ProcessInstance, job.instance_id)
        process = Catalog(session, engine.cache).process(instance.process_definition_id).spec.process
        return bool(process.elements[job.element_id or ""].outputs)
