"""What happened in a case, told the same way for then and for now: elements by the ids they have now."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.diagrams.model import Element
from engine.runtime.execution.effects import HistoryEvent
from engine.runtime.hindsight.past import Past
from engine.runtime.hindsight.path import CALL, Move
from engine.runtime.step import OpenInstance

_ENDS = frozenset(("InstanceCompleted", "InstanceCancelled", "InstanceFailed"))


@dataclass(frozen=True)
class Told:
    """One event."""

    at: datetime
    instance_id: str
    process: str
    type: str
    element_id: str
    run: str
    data: Mapping[str, Any]
    around: str = ""  #: what a boundary event is attached to, or the scope of a start event
    target: str = ""  #: of a flow


def told_then(past: Past) -> list[Told]:
    """Everything that was recorded, in its order."""
    found = []
    for event in past.events:
        known = past.processes[event.instance_id]
        found.append(
            Told(
                at=event.happened_at,
                instance_id=event.instance_id,
                process=known.now.id,
                type=event.type,
                element_id=past.element_of(event),
                run=str(event.element_instance_id),
                data=event.data,
                around=known.name(_around(known.then.get(str(event.element_id)))),
                target=known.name(str(event.data.get("target", ""))),
            )
        )
    return found


def told_now(at: datetime, instance: OpenInstance, made: HistoryEvent) -> Told:
    """Something that would be recorded."""
    process = instance.execution.spec.process
    element_id = str(made.element_id)
    around, target = _around(process.elements.get(element_id)), str(made.data.get("target", ""))
    return Told(at, instance.row["id"], process.id, made.type, element_id, str(made.element_instance_id), made.data, around, target)


def moves(events: Iterable[Told], instances: frozenset[str]) -> Iterator[Move]:
    """Where the tokens of some instances went."""
    for told in events:
        if told.instance_id not in instances:
            continue
        if told.type == "FlowTaken":
            yield Move(told.at, (told.instance_id, told.element_id, ""), told.run, told.target)
        elif told.type == "ElementEntered" and told.around:
            yield Move(told.at, (told.instance_id, told.around, told.element_id), told.run, told.element_id)
        elif told.type == "CalledInstanceStarted":
            yield Move(told.at, (told.instance_id, told.element_id, CALL), told.run, str(told.data["process"]).rpartition(":")[0])
        elif told.type in _ENDS:
            yield Move(told.at, (told.instance_id, "", "end"), told.run, told.type)


def _around(element: Element | None) -> str:
    if element is None:
        return ""
    return element.attached_to or (element.scope if element.type == "startEvent" else "")
