"""What is there before a scenario begins: handlers, called as service tasks call them."""

from typing import Any

from pydantic import ValidationError

from engine.errors import InvalidInput, NotFound
from engine.ids import new_id
from engine.runtime.catalog import Catalog
from engine.runtime.engine import Engine
from engine.runtime.handlers import BpmnError, JobContext
from engine.scenarios.world import World


def prepare_by(engine: Engine, world: World, topic: str, values: dict[str, Any], person: str | None) -> dict[str, Any]:
    """Run a handler outside of any process; returns its result as JSON.

    Raises:
        NotFound: there is no such handler.
        InvalidInput: it does not take the values, or reports a business error.
    """
    handler = world.preparations.get(topic) or world.handlers.get(topic)
    if handler is None:
        raise NotFound(f"没有处理器“{topic}”。", f"There is no handler “{topic}”.")
    try:
        request = handler.request.model_validate(values)
        database = engine.database
        with database.own_session() if handler.kind == "external" else database.transaction() as session:
            result = handler.function(_context(engine, session, topic, person), request)
            session.flush()
            return {} if result is None else result.model_dump(mode="json")
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
        raise InvalidInput(f"处理器的输入不对：{told}", f"Wrong input for the handler: {told}") from None
    except BpmnError as error:
        raise InvalidInput(f"业务错误 {error.code}：{error.message}", f"Business error {error.code}: {error.message_en}") from None


def _context(engine: Engine, session: Any, topic: str, person: str | None) -> JobContext:
    job_id = new_id()
    return JobContext(
        session=session,
        clock=engine.clock,
        settings=engine.settings,
        calendars=engine.calendars,
        parameters=Catalog(session, engine.cache).parameters(),
        job_id=job_id,
        idempotency_key=job_id,
        instance_id="given",
        root_instance_id="given",
        business_key=None,
        process_key="given",
        element_id=topic,
        element_name=topic,
        actor=person,
    )
