"""What happened in a played scenario, in the order in which it happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.storage.tables import Event, Incident, Job, Message, ProcessInstance


@dataclass(frozen=True)
class Passed:
    """An element that was completed."""

    instance_id: str
    sequence: int
    at: datetime
    element_id: str


def passed(session: Session) -> list[Passed]:
    """All completed elements of all instances."""
    query = select(Event.instance_id, Event.sequence, Event.happened_at, Event.element_id).where(Event.type == "ElementCompleted")
    rows = session.execute(query.order_by(Event.happened_at, Event.instance_id, Event.sequence))
    return [Passed(row.instance_id, row.sequence, row.happened_at, row.element_id or "") for row in rows]


def first_missing(path: Sequence[str], trail: Sequence[Passed]) -> str | None:
    """The first element of a path that was not passed after the ones before it; None when all were.

    Within one instance the order is known; what two instances did at the same instant counts as being in either order.
    """
    reached: dict[str, int] = {}
    now: datetime | None = None
    for element_id in path:
        found = next(
            (
                item
                for item in trail
                if item.element_id == element_id and item.sequence > reached.get(item.instance_id, 0) and (now is None or item.at >= now)
            ),
            None,
        )
        if found is None:
            return element_id
        reached[found.instance_id], now = found.sequence, found.at
    return None


def thrown_messages(session: Session) -> list[str]:
    """Names of the messages that instances threw, in order."""
    return list(session.scalars(select(Message.name).where(Message.thrown_by_instance_id.is_not(None)).order_by(Message.id)))


def troubles(session: Session) -> list[str]:
    """What went wrong and is not mended: open incidents, and jobs that failed and will be tried again."""
    incidents = session.scalars(select(Incident).where(Incident.state == "open").order_by(Incident.opened_at))
    retries = session.scalars(select(Job).where(Job.state == "ready", Job.error.is_not(None)).order_by(Job.id))
    return [f"{row.element_id}: {row.message}" for row in incidents] + [f"{row.element_id}: {row.error}" for row in retries]


def instances_of(session: Session, process: str | None = None) -> list[ProcessInstance]:
    """Instances in the order in which they began."""
    query = select(ProcessInstance).order_by(ProcessInstance.id)
    return list(session.scalars(query.where(ProcessInstance.process_key == process) if process else query))
