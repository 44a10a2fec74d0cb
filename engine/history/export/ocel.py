"""OCEL 2.0 as JSON: events of activities, and the objects that they are about."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from engine.history.export import things
from engine.history.export.pseudonyms import Pseudonyms
from engine.history.export.reading import Case, Histories
from engine.history.export.things import Attribute, Business, Reference, Thing
from engine.history.export.transitions import Activities, Transition

MEDIA_TYPE = "application/json"

#: Objects whose ids name somebody, or lead to somebody.
_PERSONAL = frozenset(("person", "customer", "device", "order"))
_EVENT_ATTRIBUTES = {
    "lifecycle": "string", "element": "string", "element_type": "string", "round": "integer", "overdue": "boolean", "reason": "string",
}  # fmt: skip


@dataclass
class _Seen:
    """What the log has named so far; grows with staff and diagrams, not with the number of cases."""

    event_types: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    versions: set[str] = field(default_factory=set)
    attributes: dict[str, dict[str, str]] = field(default_factory=dict)  #: per type of objects name to type

    def note(self, related: Sequence[Reference]) -> None:
        """Remember who and what has to be among the objects in the end."""
        sets = {"person": self.people, "group": self.groups, "definition_version": self.versions}
        for reference in related:
            if reference.type in sets:
                sets[reference.type].add(reference.id)

    def noting(self, found: Iterator[Thing]) -> Iterator[Thing]:
        """The same, noted."""
        for thing in found:
            self.note(thing.related)
            yield thing


def write_ocel(histories: Histories, names: Pseudonyms, business: Business) -> Iterator[str]:
    """The log: events first, then objects, at last the types, which are known only then."""
    seen = _Seen()
    yield '{"events":['
    yield from _listed(_events(histories, names, business, seen))
    yield '\n],"objects":['
    yield from _listed(_object(thing, names, seen) for thing in _things(histories, business, seen))
    yield '\n],"eventTypes":['
    attributes = [{"name": name, "type": kind} for name, kind in _EVENT_ATTRIBUTES.items()]
    yield from _listed({"name": name, "attributes": attributes} for name in sorted(seen.event_types))
    yield '\n],"objectTypes":['
    yield from _listed(
        {"name": name, "attributes": [{"name": attribute, "type": kind} for attribute, kind in kinds.items()]}
        for name, kinds in sorted(seen.attributes.items())
    )
    yield "\n]}\n"


def _listed(items: Iterator[dict[str, Any]]) -> Iterator[str]:
    comma = ""
    for item in items:
        yield f"{comma}\n{orjson.dumps(item).decode()}"
        comma = ","


def _events(histories: Histories, names: Pseudonyms, business: Business, seen: _Seen) -> Iterator[dict[str, Any]]:
    for piece in histories.pieces():
        keys = _business_keys(piece)
        about = business.about(histories.session, set(keys.values()))
        for case, events in histories.with_events(piece):
            for number, transition in enumerate(Activities(histories.titles).follow(events), start=1):
                related = [*_related(transition, case), *about.get(keys.get(transition.instance_id, ""), ())]
                seen.note(related)
                yield _event(f"{case.root.id}/{number}", transition, related, names, seen)


def _related(found: Transition, case: Case) -> Iterator[Reference]:
    """The objects of the engine that an event is about, each once."""
    yield Reference("case", found.instance_id, "in case")
    if found.instance_id != case.root.id:
        yield Reference("case", case.root.id, "in case")
    yield Reference("definition_version", found.definition_id, "runs on")
    if found.element_type == "userTask":
        yield Reference("work_item", found.run_id, "about")
    if found.resource:
        yield Reference("person", found.resource, "done by")
    if found.on_behalf_of and found.on_behalf_of != found.resource:
        yield Reference("person", found.on_behalf_of, "on behalf of")
    for group in found.groups:
        yield Reference("group", group, "open to")


def _event(event_id: str, found: Transition, related: Sequence[Reference], names: Pseudonyms, seen: _Seen) -> dict[str, Any]:
    title = found.activity if found.lifecycle == "complete" else f"{found.activity} ({found.lifecycle})"
    seen.event_types.add(title)
    values = {
        "lifecycle": found.lifecycle,
        "element": found.element_id,
        "element_type": found.element_type,
        "round": found.round,
        "overdue": found.overdue,
    }
    if found.reason and names.free_text:
        values["reason"] = found.reason
    return {
        "id": event_id,
        "type": title,
        "time": _time(found.at),
        "attributes": [{"name": name, "value": value} for name, value in values.items()],
        "relationships": _relationships(related, names),
    }


def _things(histories: Histories, business: Business, seen: _Seen) -> Iterator[Thing]:
    for piece in histories.pieces():
        about = business.about(histories.session, set(_business_keys(piece).values()))
        yield from seen.noting(things.cases(histories, piece, about))
        yield from seen.noting(things.work_items(histories, piece))
    yield from business.things(histories, histories.business_keys())
    yield from things.versions(histories.session, seen.versions)
    yield from things.staff(histories.session, seen.people, seen.groups)


def _business_keys(piece: Mapping[str, Case]) -> dict[str, str]:
    """By instance."""
    return {member.id: member.business_key for case in piece.values() for member in case.members.values() if member.business_key}


def _object(thing: Thing, names: Pseudonyms, seen: _Seen) -> dict[str, Any]:
    attributes = [attribute for attribute in thing.attributes if names.free_text or not attribute.personal]
    kinds = seen.attributes.setdefault(thing.type, {})
    for attribute in attributes:
        kinds.setdefault(attribute.name, _kind(attribute))
    return {
        "id": _id(thing.type, thing.id, names),
        "type": thing.type,
        "attributes": [{"name": item.name, "time": _time(item.at), "value": _value(item.value)} for item in attributes],
        "relationships": _relationships(thing.related, names),
    }


def _relationships(related: Sequence[Reference], names: Pseudonyms) -> list[dict[str, str]]:
    return [{"objectId": _id(found.type, found.id, names), "qualifier": found.qualifier} for found in dict.fromkeys(related)]


def _id(kind: str, value: str, names: Pseudonyms) -> str:
    """Ids of objects of different types may be equal in the database, in the log they may not."""
    return f"{kind}:{names.name(kind, value) if kind in _PERSONAL else value}"


def _kind(attribute: Attribute) -> str:
    value = attribute.value
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, datetime):
        return "time"
    return {int: "integer", float: "float"}.get(type(value), "string")


def _value(value: Any) -> Any:
    return _time(value) if isinstance(value, datetime) else value


def _time(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
