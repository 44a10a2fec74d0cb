"""Commands on process definitions: stop them from starting new instances, and allow it again."""

from sqlalchemy import select, update

from engine.errors import NotFound
from engine.runtime import instances, writing
from engine.runtime.engine import Engine
from engine.runtime.step import Step
from engine.storage.tables import Job, Message, ProcessDefinition, ProcessInstance, StartSubscription


def suspend(engine: Engine, definition_id: str, actor: str | None, *, with_instances: bool = False) -> None:
    """Start no new instances of a version; messages for its start events wait, times and signals too.

    Args:
        engine: which runs it.
        definition_id: of the version.
        actor: who stops it.
        with_instances: whether its running cases are suspended as well.

    Raises:
        NotFound: no such definition.
    """
    _set(engine, definition_id, actor, suspended=True)
    if with_instances:
        for instance_id in _cases(engine, definition_id, "active"):
            instances.suspend(engine, instance_id, actor, reason="process definition suspended")


def resume(engine: Engine, definition_id: str, actor: str | None, *, with_instances: bool = False) -> None:
    """Let a version start instances again; what waited for it is started now.

    Raises:
        NotFound: no such definition.
    """
    _set(engine, definition_id, actor, suspended=False)
    if with_instances:
        for instance_id in _cases(engine, definition_id, "suspended"):
            instances.resume(engine, instance_id, actor, reason="process definition resumed")


def _set(engine: Engine, definition_id: str, actor: str | None, *, suspended: bool) -> None:
    table = ProcessDefinition.__table__
    with engine.step(actor) as step:
        done = step.session.connection().execute(update(table).where(table.c.id == definition_id).values(suspended=suspended))
        if done.rowcount != 1:
            raise NotFound(f"没有流程定义 {definition_id}。", f"There is no process definition {definition_id}.", id=definition_id)
        if not suspended:
            _release(step, definition_id)


def _release(step: Step, definition_id: str) -> None:
    """Let the starts go on that were put aside, and deliver the messages that waited."""
    jobs, messages = Job.__table__, Message.__table__
    step.session.execute(update(jobs).where(jobs.c.kind == "start", jobs.c.suspended).values(suspended=False))
    awaited = select(StartSubscription.name).where(
        StartSubscription.process_definition_id == definition_id, StartSubscription.kind == "message"
    )
    waiting = select(messages.c.id).where(messages.c.state == "waiting", messages.c.name.in_(awaited))
    for message_id in step.session.scalars(waiting.order_by(messages.c.created_at)).all():
        writing.add_job(step.session, step.surroundings, "message", {"message_id": message_id})
    step.makes_work = True


def _cases(engine: Engine, definition_id: str, state: str) -> list[str]:
    with engine.database.session() as session:
        found = session.scalars(
            select(ProcessInstance.id).where(
                ProcessInstance.process_definition_id == definition_id, ProcessInstance.parent_id.is_(None), ProcessInstance.state == state
            )
        )
        return list(found)
