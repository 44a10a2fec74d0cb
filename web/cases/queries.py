"""Reading cases: the list, and what a case page shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session, defer

from engine.storage.tables import Event, Incident, ProcessDefinition, ProcessInstance, Timer, UserTask
from web.auth.person import Person
from web.customers import business_keys_of_customer
from web.permissions import visible_cases, visible_tasks

STATES = ("active", "suspended", "completed", "cancelled", "failed")
PAGE_SIZE = 25
#: Most tasks, and most timers, that the page of a case lists; the timeline pages through everything.
MOST_LISTED = 100

#: Pages never need the engine's own state.
_WITHOUT_STATE = defer(ProcessInstance.runtime_state, raiseload=True)


@dataclass(frozen=True)
class Place:
    """A place in the history of a case: at one event."""

    happened_at: datetime
    instance_id: str
    sequence: int

    @classmethod
    def of(cls, event: Event) -> "Place":
        """The place of an event."""
        return cls(event.happened_at, event.instance_id, event.sequence)

    @classmethod
    def read(cls, text: str) -> "Place":
        """As written by `str`.

        Raises:
            ValueError: it is no place.
        """
        happened_at, instance_id, sequence = text.split("~")
        return cls(datetime.fromisoformat(happened_at), instance_id, int(sequence))

    def __str__(self) -> str:
        """As an address has it."""
        return f"{self.happened_at.isoformat()}~{self.instance_id}~{self.sequence}"

    def bound(self) -> list[ColumnElement[Any]]:
        """Its three values as an SQL tuple compares them."""
        return [literal(self.happened_at, Event.happened_at.type), literal(self.instance_id), literal(self.sequence)]


@dataclass(frozen=True)
class Filter:
    """What the reader of the list asked for."""

    text: str = ""
    process_key: str = ""
    state: str = ""
    since: date | None = None
    until: date | None = None
    page: int = 1


def page(session: Session, person: Person, wanted: Filter, zone: ZoneInfo) -> tuple[list[ProcessInstance], bool]:
    """The cases (root instances) of one page, newest first, and whether there are more; they are not counted, since all would have to be read."""
    conditions = [ProcessInstance.parent_id.is_(None), visible_cases(person), *matching(wanted, zone)]
    found = session.scalars(
        select(ProcessInstance)
        .options(_WITHOUT_STATE)
        .where(*conditions)
        .order_by(ProcessInstance.started_at.desc(), ProcessInstance.id.desc())
        .limit(PAGE_SIZE + 1)
        .offset((wanted.page - 1) * PAGE_SIZE)
    ).all()
    return list(found[:PAGE_SIZE]), len(found) > PAGE_SIZE


def open_tasks(session: Session, root_ids: Iterable[str]) -> dict[str, list[UserTask]]:
    """The open tasks of these cases, by case: what each waits for."""
    found: dict[str, list[UserTask]] = {}
    for task in session.scalars(
        select(UserTask).where(UserTask.root_id.in_(set(root_ids)), UserTask.state == "open").order_by(UserTask.created_at)
    ):
        found.setdefault(task.root_id, []).append(task)
    return found


def with_incidents(session: Session, root_ids: Iterable[str]) -> set[str]:
    """Those of the cases that have an open incident."""
    return {
        root_id
        for root_id in session.scalars(
            select(Incident.root_id).where(Incident.root_id.in_(set(root_ids)), Incident.state == "open").distinct()
        )
        if root_id is not None
    }


def known_processes(session: Session) -> dict[str, str]:
    """Every process ever deployed: key to the id of its newest version."""
    rows = session.execute(
        select(ProcessDefinition.key, func.max(ProcessDefinition.version).label("version")).group_by(ProcessDefinition.key)
    )
    return {row.key: f"{row.key}:{row.version}" for row in rows}


def family(session: Session, root_id: str) -> list[ProcessInstance]:
    """All instances of a case, the root first."""
    found = session.scalars(
        select(ProcessInstance)
        .options(_WITHOUT_STATE)
        .where(ProcessInstance.root_id == root_id)
        .order_by(ProcessInstance.started_at, ProcessInstance.id)
    )
    return sorted(found, key=lambda instance: instance.id != root_id)


def related(session: Session, person: Person, instance: ProcessInstance) -> list[ProcessInstance]:
    """Other cases that the person may see: about the same business key, restarted from this one, or what this one restarted."""
    events = select(Event.data["instance_id"].as_string().label("restarted"), Event.data["restarted_from"].as_string().label("old")).where(
        Event.root_id == instance.root_id, Event.type.in_(("CaseRestarted", "InstanceStarted"))
    )
    linked = {case_id for row in session.execute(events) for case_id in row if case_id}
    return list(
        session.scalars(
            select(ProcessInstance)
            .options(_WITHOUT_STATE)
            .where(
                or_(ProcessInstance.id.in_(linked), ProcessInstance.business_key == (instance.business_key or "")),
                ProcessInstance.parent_id.is_(None),
                ProcessInstance.root_id != instance.root_id,
                visible_cases(person),
            )
            .order_by(ProcessInstance.started_at)
            .limit(20)
        )
    )


def tasks_of(session: Session, root_id: str) -> list[UserTask]:
    """The open tasks of a case and the newest closed ones, oldest first."""
    found = session.scalars(
        select(UserTask)
        .where(UserTask.root_id == root_id)
        .order_by(case((UserTask.state == "open", 0), else_=1), UserTask.created_at.desc(), UserTask.id.desc())
        .limit(MOST_LISTED)
    )
    return sorted(found, key=lambda task: (task.created_at, task.id))


def task_to_remark_on(session: Session, person: Person, root_id: str) -> UserTask | None:
    """An open task of the case that the person sees, since a remark belongs to a task; their own first."""
    return session.scalar(
        select(UserTask)
        .where(UserTask.root_id == root_id, UserTask.state == "open", UserTask.suspended.is_(False), visible_tasks(person))
        .order_by((UserTask.assignee == person.id).desc(), UserTask.created_at)
        .limit(1)
    )


def timers_of(session: Session, root_id: str) -> list[Timer]:
    """The waiting timers of a case and the newest others, oldest first."""
    found = session.scalars(
        select(Timer)
        .where(Timer.root_id == root_id)
        .order_by(case((Timer.state == "waiting", 0), else_=1), Timer.due_at.desc(), Timer.id.desc())
        .limit(MOST_LISTED)
    )
    return sorted(found, key=lambda timer: (timer.due_at, timer.id))


def incidents_of(session: Session, root_id: str) -> list[Incident]:
    """Open incidents of a case."""
    return list(session.scalars(select(Incident).where(Incident.root_id == root_id, Incident.state == "open").order_by(Incident.opened_at)))


def migrations_of(session: Session, root_id: str) -> dict[str, list[tuple[int, str]]]:
    """For each instance of a case when it was migrated: the event's sequence number, and the version that it left; first to last."""
    found: dict[str, list[tuple[int, str]]] = {}
    query = select(Event).where(Event.root_id == root_id, Event.type == "CaseMigrated").order_by(Event.sequence)
    for event in session.scalars(query):
        found.setdefault(event.instance_id, []).append((event.sequence, event.data["source"]))
    return found


def events_of(session: Session, root_id: str, types: Iterable[str] | None, before: Place | None, newest: int) -> list[Event]:
    """The newest events of a case (before a place in its history), the latest first; only of these types when given, and corrections by hand."""
    conditions: list[ColumnElement[bool]] = [Event.root_id == root_id]
    if before is not None:
        conditions.append(tuple_(Event.happened_at, Event.instance_id, Event.sequence) < tuple_(*before.bound()))
    if types is not None:
        by_hand = and_(Event.type == "VariableChanged", Event.data["reason"].as_string().is_not(None))
        conditions.append(or_(Event.type.in_(list(types)), by_hand))
    return list(
        session.scalars(
            select(Event)
            .where(*conditions)
            .order_by(Event.happened_at.desc(), Event.instance_id.desc(), Event.sequence.desc())
            .limit(newest)
        )
    )


def matching(wanted: Filter, zone: ZoneInfo) -> list[ColumnElement[bool]]:
    """The conditions on ProcessInstance that a filter sets; its page is none."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.process_key:
        conditions.append(ProcessInstance.process_key == wanted.process_key)
    if wanted.state:
        conditions.append(ProcessInstance.state == wanted.state)
    if wanted.since:
        conditions.append(ProcessInstance.started_at >= _midnight(wanted.since, zone))
    if wanted.until:
        conditions.append(ProcessInstance.started_at < _midnight(wanted.until + timedelta(days=1), zone))
    if wanted.text:
        tasks: Any = select(UserTask.root_id).where(UserTask.name.icontains(wanted.text, autoescape=True))
        conditions.append(
            or_(
                ProcessInstance.business_key.icontains(wanted.text, autoescape=True),
                ProcessInstance.business_key.in_(business_keys_of_customer(wanted.text)),
                ProcessInstance.id == wanted.text,
                ProcessInstance.id.in_(tasks),
            )
        )
    return conditions


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)
