"""Commands on messages: publish (it may wait for its receiver) and correlate (the receiver must be there)."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from engine.errors import MessageNotCorrelated
from engine.runtime import delivery, writing
from engine.runtime.engine import Engine
from engine.runtime.execution.effects import ThrownMessage, ThrownSignal
from engine.storage.tables import EventSubscription, Message

#: How long a published message waits for its receiver.
DEFAULT_TTL = timedelta(days=1)


def publish(
    engine: Engine,
    name: str,
    business_key: str | None = None,
    variables: dict[str, Any] | None = None,
    actor: str | None = None,
    ttl: timedelta = DEFAULT_TTL,
) -> str:
    """Send a message; it is delivered at once, or as soon as somebody awaits it within `ttl`. Returns the message's id."""
    with engine.step(actor) as step:
        message = ThrownMessage(name, business_key, variables or {}, step.surroundings.now + ttl)
        step.makes_work = True
        return writing.send(step.session, step.surroundings, message, None)


def correlate(
    engine: Engine, name: str, business_key: str | None = None, variables: dict[str, Any] | None = None, actor: str | None = None
) -> str:
    """Hand a message to its receiver now; returns the id of the instance that got it or was started by it.

    Raises:
        MessageNotCorrelated: nobody awaits it.
        AmbiguousMessage: several instances do.
    """
    with engine.step(actor) as step:
        received_by = delivery.receive(step, name, business_key, variables or {})
        if received_by is None:
            raise MessageNotCorrelated(
                f"没有流程在等消息“{name}”（{business_key}）。",
                f"Nobody awaits the message “{name}” ({business_key}).",
                name=name,
                business_key=business_key,
            )
    return received_by


def deliver_to(engine: Engine, subscription_id: str, variables: dict[str, Any], actor: str | None) -> str | None:
    """Hand a message to one receiver that was chosen before; its instance's id, None when it waits no more or is suspended."""
    table = EventSubscription.__table__
    with engine.step(actor) as step:
        found = step.session.execute(select(table).where(table.c.id == subscription_id)).one_or_none()
        return str(found.instance_id) if found is not None and delivery.hand_over(step, found, variables) else None


def start(engine: Engine, name: str, business_key: str | None, variables: dict[str, Any], actor: str | None) -> str | None:
    """Start the process that a message starts; the instance's id, None when there is none."""
    with engine.step(actor) as step:
        return delivery.start_by_message(step, name, business_key, variables)


def signal(
    engine: Engine, name: str, variables: dict[str, Any] | None = None, actor: str | None = None, only_for: str | None = None
) -> None:
    """Broadcast a signal to everybody who waits for it, and to the processes that it starts; or let one instance alone hear it."""
    with engine.step(actor) as step:
        writing.broadcast(step.session, step.surroundings, ThrownSignal(name, variables or {}, only_for=only_for))
        step.makes_work = True


def sweep(engine: Engine) -> None:
    """Mark the messages whose time is over; they are not delivered any more in any case."""
    table = Message.__table__
    over = (table.c.state == "waiting", table.c.expires_at < engine.clock.now())
    with engine.database.session() as session:
        if session.execute(select(table.c.id).where(*over).limit(1)).first() is None:
            return
    with engine.database.transaction() as session:
        session.execute(update(table).where(*over).values(state="expired"))
