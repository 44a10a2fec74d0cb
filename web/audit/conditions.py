"""A search as conditions on the root instances of cases; each condition is a set of cases that the database computes once."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, String, and_, cast, literal_column, or_, select, union
from sqlalchemy.orm import Session, aliased

from engine.storage.tables import Comment, Event, ProcessInstance, User, UserTask
from web.audit import paths
from web.audit.deviations import DEVIATIONS, LATE, roots_with
from web.audit.search import Search
from web.customers import business_keys_of_customer, business_keys_of_device

#: Any instance of a case: the root or what it called.
_ANY = aliased(ProcessInstance)

#: What comes from people and other systems, with all its values.
_ENTERED = ("InstanceStarted", "UserTaskCompleted", "MessageReceived")


def conditions(session: Session, search: Search, zone: ZoneInfo, now: datetime) -> list[ColumnElement[bool]]:
    """What must hold for ProcessInstance, the root of a case.

    Args:
        session: reads the versions of the process, which say where a flow begins.
        search: what is asked for.
        zone: in which days begin and end.
        now: which open tasks are late.
    """
    return [
        ProcessInstance.parent_id.is_(None),
        *_about_case(search, zone),
        *(ProcessInstance.id.in_(of) for of in _sets(session, search, zone, now)),
    ]


def _about_case(search: Search, zone: ZoneInfo) -> Iterator[ColumnElement[bool]]:
    if search.state:
        yield ProcessInstance.state == search.state
    for column, first, last in (
        (ProcessInstance.started_at, search.since, search.until),
        (ProcessInstance.ended_at, search.ended_since, search.ended_until),
    ):
        if first:
            yield column >= _midnight(first, zone)
        if last:
            yield column < _midnight(last + timedelta(days=1), zone)


def _sets(session: Session, search: Search, zone: ZoneInfo, now: datetime) -> Iterator[Any]:
    """Selects of ids of cases."""
    roots = select(_ANY.root_id)
    if search.process:
        version = f"{search.process}:{search.version}"
        left = select(Event.root_id).where(Event.type == "CaseMigrated", Event.data["source"].as_string() == version)
        on_version = union(roots.where(_ANY.process_definition_id == version), left)
        yield on_version if search.version else roots.where(_ANY.process_key == search.process)
    if search.customer:
        yield roots.where(_ANY.business_key.in_(business_keys_of_customer(search.customer)))
    if search.device:
        yield roots.where(_ANY.business_key.in_(business_keys_of_device(search.device)))
    if search.person:
        yield _worked_on(search.person)
    for kind in (*(kind for kind in DEVIATIONS if kind in search.deviations), *([LATE] if search.late else [])):
        yield roots_with(kind, now)
    if search.process and (search.through or search.without):
        drawn = paths.versions(session, search.process)
        for place in search.through:
            yield paths.roots_through(search.process, drawn, place)
        if search.without:
            taken = union(*(paths.roots_through(search.process, drawn, place) for place in search.without))
            yield roots.where(_ANY.process_key == search.process, _ANY.root_id.not_in(taken))
    if search.text:
        yield _with_text(search, zone)


def people(text: str) -> Any:
    """Ids of the people with this sign-in name, or whose name contains the text."""
    return select(User.id).where(or_(User.id == text, User.name.icontains(text, autoescape=True)))


def _worked_on(text: str) -> Any:
    who = people(text)
    return union(
        select(UserTask.root_id).where(UserTask.completed_by.in_(who)),
        select(UserTask.root_id).where(UserTask.assignee.in_(who)),
        select(Comment.root_id).where(Comment.written_by.in_(who)),
    )


def entered(text: str, event: type[Event] = Event) -> ColumnElement[bool]:
    """Events that brought values in which the text stands."""
    by_hand = and_(event.type == literal_column("'VariableChanged'"), event.element_id.is_(None))
    return and_(or_(event.type.in_(_ENTERED), by_hand), cast(event.data, String).icontains(text, autoescape=True))


def _with_text(search: Search, zone: ZoneInfo) -> Any:
    root = _ANY.root_id
    found = [
        select(root).where(_ANY.business_key.icontains(search.text, autoescape=True)),
        select(root).where(_ANY.business_key.in_(business_keys_of_customer(search.text))),
        select(root).where(_ANY.id == search.text),
        select(Comment.root_id).where(Comment.text.icontains(search.text, autoescape=True)),
    ]
    if search.in_values:
        # What happened in a case happened after it began: with a period, only the events since then are read.
        after = [Event.happened_at >= _midnight(search.since, zone)] if search.since else []
        found.append(select(Event.root_id).where(entered(search.text), *after))
    return union(*found)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)
