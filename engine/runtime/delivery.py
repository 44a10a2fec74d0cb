"""Jobs of the engine's own: deliver a message or a signal, start an instance by an event."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from engine.errors import AmbiguousMessage
from engine.runtime import timers, writing
from engine.runtime.operations.migration.batches import migrate_item
from engine.runtime.step import Step
from engine.storage.tables import EventSubscription, Message, StartSubscription

#: On PostgreSQL a step that began before the message was sent may open its receiver without seeing the message, so a young
#: message that nobody awaits is looked at again until such a step has ended. (SQLite has one writer at a time.)
LONGEST_STEP = timedelta(seconds=60)
LOOK_AGAIN = timedelta(seconds=10)

MESSAGES = Message.__table__
SUBSCRIPTIONS = EventSubscription.__table__
STARTS = StartSubscription.__table__


def deliver_message(step: Step, job: Any) -> None:
    """Hand a message to the one instance that waits for it, or start a process with it; else it goes on waiting.

    Raises:
        AmbiguousMessage: several instances wait for it with the same key (Camunda 7's rule).
    """
    message = step.session.execute(select(MESSAGES).where(MESSAGES.c.id == job.input["message_id"]).with_for_update()).one()
    if message.state != "waiting" or message.expires_at < step.surroundings.now:
        return
    received_by = receive(step, message.name, message.correlation_key, message.variables, message_id=message.id)
    if received_by is not None:
        step.session.execute(
            update(MESSAGES).where(MESSAGES.c.id == message.id).values(state="correlated", received_by_instance_id=received_by)
        )
    elif message.created_at > step.surroundings.now - LONGEST_STEP and step.session.get_bind().dialect.name == "postgresql":
        later = step.surroundings.now + LOOK_AGAIN
        writing.add_job(step.session, step.surroundings, "message", job.input, available_at=later)


def receive(step: Step, name: str, key: str | None, variables: dict[str, Any], message_id: str | None = None) -> str | None:
    """Correlate a message now: the id of the instance that got it, None if nobody awaits it.

    Raises:
        AmbiguousMessage: several instances wait for it.
    """
    query = select(SUBSCRIPTIONS).where(SUBSCRIPTIONS.c.kind == "message", SUBSCRIPTIONS.c.name == name)
    query = (
        query.where(SUBSCRIPTIONS.c.correlation_key == key) if key is not None else query.where(SUBSCRIPTIONS.c.correlation_key.is_(None))
    )
    waiting = step.session.execute(query).all()
    if len(waiting) > 1:
        raise AmbiguousMessage(
            f"消息“{name}”（{key}）有 {len(waiting)} 个等待者，无法判断给谁。",
            f"{len(waiting)} receivers wait for the message “{name}” ({key}).",
            name=name,
            correlation_key=key,
            instances=[row.instance_id for row in waiting],
        )
    if waiting:
        row = waiting[0]
        if step.open(row.instance_id, row.root_id).row["state"] == "suspended":
            return None  # the message goes on waiting; resuming delivers it
        if not hand_over(step, row, variables, message_id):
            return receive(step, name, key, variables, message_id)
        return str(row.instance_id)
    return start_by_message(step, name, key, variables, message_id)


def hand_over(step: Step, subscription: Any, variables: dict[str, Any], message_id: str | None = None) -> bool:
    """Give a message to a receiver; false when it closed between the look and the lock, or its case is suspended."""
    instance = step.open(subscription.instance_id, subscription.root_id)
    token = instance.execution.tasks.get(subscription.id)
    if token is None or instance.row["state"] != "active":
        return False
    instance.execution.effects.record(
        "MessageReceived",
        subscription.element_id,
        subscription.id,
        name=subscription.name,
        correlation_key=subscription.correlation_key,
        message_id=message_id,
        variables=variables,
    )
    token.task_spec.happened(token, variables)
    return True


def start_by_message(step: Step, name: str, key: str | None, variables: dict[str, Any], message_id: str | None = None) -> str | None:
    """Start the process that a message starts; its instance's id, None when there is none."""
    start = step.session.execute(select(STARTS).where(STARTS.c.kind == "message", STARTS.c.name == name)).one_or_none()
    if start is None or step.surroundings.catalog.is_suspended(start.process_definition_id):
        return None  # the message goes on waiting; resuming delivers it
    compiled = step.surroundings.catalog.process(start.process_definition_id)
    instance = step.start(compiled, variables, key, start.element_id)
    instance.execution.effects.record(
        "MessageReceived", start.element_id, None, name=name, correlation_key=key, message_id=message_id, variables=variables
    )
    return str(instance.row["id"])


def deliver_signal(step: Step, job: Any) -> None:
    """Hand a signal to one waiting instance, if it still waits.

    Raises:
        CaseSuspended: it gets the signal when it is resumed.
    """
    content = job.input
    instance = step.open(job.instance_id, job.root_id)
    if instance.row["state"] == "suspended":
        step.require_active(instance)
    token = instance.execution.tasks.get(content["subscription_id"])
    if instance.row["state"] == "active" and token is not None:
        instance.execution.effects.record("SignalReceived", token.task_spec.element.id, token.id, variables=content["variables"])
        token.task_spec.happened(token, content["variables"])


def start_by_event(step: Step, job: Any) -> None:
    """Start an instance at a signal or timer start event, if that version is still live.

    Raises:
        DefinitionSuspended: it starts when the definition is resumed.
    """
    start = step.session.execute(select(STARTS).where(STARTS.c.id == job.input["subscription_id"])).one_or_none()
    if start is not None:
        step.surroundings.catalog.require_startable(start.process_definition_id)
        compiled = step.surroundings.catalog.process(start.process_definition_id)
        step.start(compiled, job.input["variables"], None, start.element_id)


def fire_timer(step: Step, job: Any) -> None:
    """Try a timer again that could not fire."""
    timers.fire_again(step, job.input["timer_id"])
    step.run()  # before the job counts as done


DELIVERIES: dict[str, Callable[[Step, Any], None]] = {
    "message": deliver_message,
    "signal": deliver_signal,
    "start": start_by_event,
    "timer": fire_timer,
    "migrate": migrate_item,
}
