"""Work that belongs to no case: what the rules of the business are told of it."""

from sqlalchemy.orm import Session

from engine.runtime.engine import Engine
from engine.runtime.handlers import JobContext


def outside_of_cases(engine: Engine, session: Session, *, work: str, actor: str) -> JobContext:
    """The context for a rule that is called by a page or a command and not by a service task."""
    return JobContext(
        session=session,
        clock=engine.clock,
        settings=engine.settings,
        calendars=engine.calendars,
        parameters={},
        job_id=work,
        idempotency_key=work,
        instance_id=work,
        root_instance_id=work,
        business_key=None,
        process_key=work,
        element_id=work,
        element_name=work,
        actor=actor,
    )
