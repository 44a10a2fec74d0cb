"""Calls Python handlers for jobs: checks the input against the handler's model and its result against JSON and a size limit."""

from dataclasses import replace
from typing import Any

import orjson
from pydantic import BaseModel, ValidationError
from sqlalchemy.orm import Session

from engine.errors import HandlerFailed
from engine.runtime.catalog import Catalog
from engine.runtime.engine import Engine
from engine.runtime.handlers import BpmnError, Handler, JobContext
from engine.runtime.step import Step
from engine.storage.tables import ProcessInstance

#: A result bigger than this belongs into an attachment, not into variables.
MAX_RESULT_BYTES = 1024 * 1024


def call_external(engine: Engine, job: Any) -> dict[str, Any] | BpmnError | None:
    """Run an external handler outside the case's lock, in a session it may commit itself; None when the job is not for one.

    Raises:
        HandlerFailed: no such handler, wrong input, or a result that is no JSON.
    """
    if job.kind != "handler" or _handler(engine, job.topic).kind != "external":
        return None
    with engine.database.session() as reading:
        context = _context(engine, reading, job)
    with engine.database.own_session() as session:
        result = _call(engine, _handler(engine, job.topic), replace(context, session=session), job.input)
        session.commit()
        return result


def call_transactional(engine: Engine, step: Step, job: Any) -> dict[str, Any] | BpmnError:
    """Run a transactional handler in the step's own session, so that its effect and the step commit together.

    Raises:
        HandlerFailed: no such handler, wrong input, or a result that is no JSON.
    """
    handler = _handler(engine, job.topic)
    with step.session.begin_nested() as savepoint:
        result = _call(engine, handler, _context(engine, step.session, job), job.input)
        step.session.flush()
        if isinstance(result, BpmnError):
            savepoint.rollback()  # a business error leaves nothing behind
    return result


def _handler(engine: Engine, topic: str) -> Handler:
    handler = engine.handlers.get(topic)
    if handler is None:
        raise HandlerFailed(f"没有处理器“{topic}”。", f"There is no handler “{topic}”.", topic=topic)
    return handler


def _call(engine: Engine, handler: Handler, context: JobContext, values: dict[str, Any]) -> dict[str, Any] | BpmnError:
    try:
        request = handler.request.model_validate(values)
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
        raise HandlerFailed(
            f"处理器“{handler.title}”的输入不对：{problems}",
            f"Wrong input for the handler “{handler.title_en}”: {problems}",
            topic=handler.topic,
        ) from None
    try:
        with engine.around_handler():
            result = handler.function(context, request)
    except BpmnError as error:
        return error
    if not isinstance(result, BaseModel | None):
        raise HandlerFailed(
            f"处理器“{handler.title}”返回了 {type(result).__name__}，应为它声明的结果。",
            f"The handler “{handler.title_en}” returned a {type(result).__name__} instead of the result it declares.",
            topic=handler.topic,
        )
    values = {} if result is None else result.model_dump(mode="json")
    if len(orjson.dumps(values)) > MAX_RESULT_BYTES:
        raise HandlerFailed(
            f"处理器“{handler.title}”的结果超过 1 MB，请存为附件。",
            f"The result of “{handler.title_en}” exceeds 1 MB; store it as an attachment.",
            topic=handler.topic,
        )
    return values


def _context(engine: Engine, session: Session, job: Any) -> JobContext:
    instance = session.get_one(ProcessInstance, job.instance_id)
    catalog = Catalog(session, engine.cache)
    element = catalog.process(instance.process_definition_id).spec.process.elements[job.element_id]
    return JobContext(
        session=session,
        clock=engine.clock,
        settings=engine.settings,
        calendars=engine.calendars,
        parameters=catalog.parameters(),
        job_id=job.id,
        idempotency_key=job.id,
        instance_id=job.instance_id,
        root_instance_id=job.root_id,
        business_key=instance.business_key,
        process_key=instance.process_key,
        element_id=job.element_id,
        element_name=element.label,
        actor=job.actor,
    )
