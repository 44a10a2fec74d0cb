"""Commands on process instances: start, cancel, suspend, resume, set variables."""

from hashlib import sha256
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from engine.errors import Conflict, InvalidInput, NotFound
from engine.runtime import hierarchy, pauses, state, writing
from engine.runtime.engine import Engine
from engine.runtime.execution.effects import Ended
from engine.runtime.step import OpenInstance, Step
from engine.storage.tables import EventSubscription, Job, ProcessInstance, Timer, UserTask

#: Names expressions always have; a variable of that name would hide them.
RESERVED = frozenset(("parameters", "instance_id", "business_key", "initiator"))


def start(
    engine: Engine,
    key: str,
    variables: dict[str, Any] | None = None,
    business_key: str | None = None,
    actor: str | None = None,
    version: int | None = None,
    request_key: str | None = None,
) -> str:
    """Start a process at its none start event; returns the instance's id.

    The same `request_key` of the same person again gives the instance that is there, and starts nothing.

    Raises:
        NotFound: no such process.
        InvalidInput: the process starts only by an event, or a variable's name is reserved.
        DefinitionSuspended: it starts no new instances for now.
    """
    refuse_reserved(variables or {})
    instance_id = None if request_key is None else sha256(f"{actor}\n{key}\n{request_key}".encode()).hexdigest()[:32]
    try:
        return _start(engine, key, variables or {}, business_key, actor, version, instance_id)
    except IntegrityError:
        if instance_id is None or not _exists(engine, instance_id):
            raise
        return instance_id  # the same request, at the same moment


def _exists(engine: Engine, instance_id: str) -> bool:
    with engine.database.session() as session:
        return session.get(ProcessInstance, instance_id) is not None


def _start(
    engine: Engine,
    key: str,
    variables: dict[str, Any],
    business_key: str | None,
    actor: str | None,
    version: int | None,
    instance_id: str | None,
) -> str:
    with engine.step(actor) as step:
        if instance_id is not None and step.session.get(ProcessInstance, instance_id) is not None:
            return instance_id
        compiled = step.surroundings.catalog.process_by_key(key, version)
        step.surroundings.catalog.require_startable(compiled.definition.id)
        starts = compiled.spec.process.start_events(key)
        if starts and all(event.event is not None and event.event.kind != "none" for event in starts):
            raise InvalidInput(
                f"流程“{compiled.definition.name}”只能由消息或时间启动。",
                f"The process “{compiled.definition.name}” is started by a message or a timer only.",
            )
        instance = step.start(compiled, dict(variables), business_key, None, instance_id=instance_id)
    return str(instance.row["id"])


def cancel(engine: Engine, instance_id: str, actor: str | None = None, reason: str = "") -> None:
    """End an instance before its time, with everything it called; a called one takes the activity that called it along.

    Raises:
        NotFound: no such instance.
        Conflict: it has ended.
    """
    with engine.step(actor) as step:
        cancel_in(step, instance_id, reason)


def cancel_in(step: Step, instance_id: str, reason: str) -> None:
    """`cancel` within a step."""
    instance = step.open(instance_id)
    if instance.row["ended_at"] is not None:
        raise Conflict("这个案例已经结束。", "This case has ended.", id=instance_id)
    instance.execution.effects.record("InstanceCancelRequested", reason=reason)
    if instance.row["parent_id"] is not None:
        hierarchy.take_call_away(step, instance)
    else:
        instance.row["state"] = "active"  # a suspended case may be cancelled
        instance.execution.end(Ended("cancelled"))


def suspend(engine: Engine, instance_id: str, actor: str | None = None, reason: str = "") -> None:
    """Stop a case: its tasks, jobs and timers wait until it is resumed, and its deadlines wait with them.

    Raises:
        NotFound, Conflict: no such case, or it is not running.
    """
    with engine.step(actor) as step:
        suspend_in(step, instance_id, reason)


def suspend_in(step: Step, instance_id: str, reason: str) -> None:
    """`suspend` within a step."""
    _set_suspended(step, step.open_active(instance_id), True, "InstanceSuspended", reason)


def resume(engine: Engine, instance_id: str, actor: str | None = None, reason: str = "") -> None:
    """Let a suspended case go on; what was left of its deadlines counts from now.

    Raises:
        NotFound, Conflict: no such case, or it is not suspended.
    """
    with engine.step(actor) as step:
        resume_in(step, instance_id, reason)


def resume_in(step: Step, instance_id: str, reason: str) -> None:
    """`resume` within a step."""
    root = step.open(instance_id)
    if root.row["state"] != "suspended":
        raise Conflict("这个案例没有挂起。", "This case is not suspended.", id=instance_id)
    _set_suspended(step, root, False, "InstanceResumed", reason)
    pauses.move_deadlines(step, root)
    awaited = EventSubscription.__table__
    waiting = select(awaited.c.name, awaited.c.correlation_key).where(awaited.c.root_id == root.row["root_id"], awaited.c.kind == "message")
    writing.deliver_waiting(step.session, step.surroundings, {(row.name, row.correlation_key) for row in step.session.execute(waiting)})
    step.makes_work = True


def _set_suspended(step: Step, root: OpenInstance, suspended: bool, event: str, reason: str) -> None:
    if root.row["parent_id"] is not None:
        raise Conflict("请对整个案例操作。", "Do this to the whole case.", id=root.row["id"])
    before, after = ("active", "suspended") if suspended else ("suspended", "active")
    members = step.session.scalars(
        select(ProcessInstance.id).where(ProcessInstance.root_id == root.row["id"], ProcessInstance.state == before)
    ).all()
    for instance_id in members:
        instance = step.open(instance_id, root.row["root_id"])
        instance.row["state"] = after
        instance.execution.effects.record(event, reason=reason)
    for model in (UserTask, Job, Timer):
        table = model.__table__
        step.session.execute(update(table).where(table.c.root_id == root.row["id"]).values(suspended=suspended))


def variables(engine: Engine, instance_id: str) -> dict[str, Any]:
    """The process variables of an instance, running or ended.

    Raises:
        NotFound: no such instance.
    """
    with engine.database.session() as session:
        row = session.get(ProcessInstance, instance_id)
    if row is None:
        raise NotFound(f"没有流程实例 {instance_id}。", f"There is no process instance {instance_id}.", id=instance_id)
    return state.variables_of(row.runtime_state)


def set_variables(engine: Engine, instance_id: str, values: dict[str, Any], actor: str | None = None, reason: str = "") -> None:
    """Correct process variables of a running instance; every change is recorded with its reason.

    Raises:
        NotFound, Conflict: no such instance, or it is not running.
        InvalidInput: a reserved name.
    """
    refuse_reserved(values)
    with engine.step(actor) as step:
        execution = step.open_active(instance_id).execution
        execution.assign(execution.task_tree, values, reason=reason)


def refuse_reserved(values: dict[str, Any]) -> None:
    """Raises: InvalidInput: a variable would hide a name that expressions always have."""
    for name in values:
        if name in RESERVED:
            raise InvalidInput(f"变量名“{name}”是保留字，请换一个。", f"The variable name “{name}” is reserved; choose another.", name=name)
