"""The objects of an OCEL log: cases, work items, people, groups, versions; what the business adds is the business's own."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from engine.history.export.reading import Case, Histories
from engine.storage.tables import Event, Group, Membership, ProcessDefinition, User, UserTask

#: Since when an attribute has its value that never had another, as OCEL 2.0 says it.
ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)


class Reference(NamedTuple):
    """Another object, and what it is to this one or to an event."""

    type: str
    id: str
    qualifier: str


class Attribute(NamedTuple):
    """A value of an object from an instant on."""

    name: str
    value: str | int | float | bool | datetime
    at: datetime = ALWAYS
    personal: bool = False  #: left out when people are not to be named


@dataclass(frozen=True)
class Thing:
    """An object."""

    type: str
    id: str
    attributes: Sequence[Attribute] = ()
    related: Sequence[Reference] = ()


class Business(Protocol):
    """What cases are about."""

    def about(self, session: Session, business_keys: Collection[str]) -> Mapping[str, Sequence[Reference]]:
        """For each business key the objects that the cases with it are about."""
        ...

    def things(self, histories: Histories, business_keys: Select[Any]) -> Iterator[Thing]:
        """All objects that `about` names for these keys, and those that they name, each once."""
        ...


def cases(histories: Histories, piece: Mapping[str, Case], about: Mapping[str, Sequence[Reference]]) -> Iterator[Thing]:
    """Every instance as a case, with the history of its variables; a called one belongs to the one that called it.

    Args:
        histories: to read from.
        piece: some of its cases.
        about: by business key what cases are about.
    """
    changes = _variables(histories, piece)
    change = next(changes, None)
    for case in piece.values():
        for row in sorted(case.members.values(), key=lambda member: member.id):
            attributes = [Attribute("process", row.process_key), Attribute("state", "active", row.started_at)]
            if row.business_key:
                attributes.append(Attribute("business_key", row.business_key, personal=True))
            if row.ended_at:
                attributes.append(Attribute("state", row.state, row.ended_at))
            while change is not None and change[0] == row.id:
                attributes.append(change[1])
                change = next(changes, None)
            related = [Reference("definition_version", row.process_definition_id, "runs on"), *about.get(row.business_key or "", ())]
            if row.parent_id:
                related.append(Reference("case", row.parent_id, "called by"))
            if row.started_by:
                related.append(Reference("person", row.started_by, "started by"))
            yield Thing("case", row.id, attributes, related)


def work_items(histories: Histories, piece: Collection[str]) -> Iterator[Thing]:
    """Every user task."""
    query = select(UserTask.__table__).where(UserTask.root_id.in_(piece)).order_by(UserTask.root_id, UserTask.created_at)
    for task in histories.stream(query):
        attributes = [Attribute("name", task.name), Attribute("priority", task.priority), Attribute("state", "open", task.created_at)]
        if task.due_at:
            attributes.append(Attribute("due", task.due_at))
        if task.ended_at:
            attributes.append(Attribute("state", task.state, task.ended_at))
        related = [Reference("case", task.instance_id, "in case")]
        if task.completed_by:
            related.append(Reference("person", task.completed_by, "done by"))
        yield Thing("work_item", task.id, attributes, related)


def staff(session: Session, people: Collection[str], groups: Collection[str]) -> Iterator[Thing]:
    """The people and groups of these ids, known or not; who belongs where is as of now."""
    names = {row.id: row.name for row in session.execute(select(User.id, User.name))}
    titles = {row.id: row.name for row in session.execute(select(Group.id, Group.name))}
    member_of: dict[str, list[Reference]] = {}
    for row in session.execute(select(Membership.user_id, Membership.group_id).order_by(Membership.group_id)):
        if row.group_id in groups:
            member_of.setdefault(row.user_id, []).append(Reference("group", row.group_id, "member of"))
    for person in sorted(people):
        yield Thing(
            "person", person, [Attribute("name", names[person], personal=True)] if person in names else (), member_of.get(person, ())
        )
    for group in sorted(groups):
        yield Thing("group", group, [Attribute("name", titles[group])] if group in titles else ())


def versions(session: Session, ids: Collection[str]) -> Iterator[Thing]:
    """The versions of processes."""
    for row in session.scalars(select(ProcessDefinition).where(ProcessDefinition.id.in_(ids)).order_by(ProcessDefinition.id)):
        yield Thing("definition_version", row.id, [Attribute("name", row.name), Attribute("version", row.version)])


def _variables(histories: Histories, piece: Collection[str]) -> Iterator[tuple[str, Attribute]]:
    """The values of the variables of whole instances, by instance in the order of the pieces' cases and members."""
    query = (
        select(Event.instance_id, Event.type, Event.happened_at, Event.data)
        .where(Event.root_id.in_(piece), Event.type.in_(("InstanceStarted", "VariableChanged")))
        .order_by(Event.root_id, Event.instance_id, Event.sequence)
    )
    for event in histories.stream(query):
        if event.type == "InstanceStarted":
            changed: dict[str, Any] = event.data["variables"]
        else:
            changed = {event.data["name"]: event.data["after"]} if event.data["scope"] is None else {}
        for name, value in changed.items():
            if isinstance(value, str | int | float | bool):
                yield event.instance_id, Attribute(f"variable {name}", str(value), event.happened_at, personal=True)
