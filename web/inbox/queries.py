"""Reading the inbox: one statement for the counts, one for the page of tasks."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from engine.storage.tables import ProcessInstance, UserTask
from web.auth.person import Person
from web.customers import business_keys_of_customer
from web.permissions import is_candidate, visible_tasks

TABS = ("mine", "groups", "due", "overdue", "all")
PAGE_SIZE = 25


@dataclass(frozen=True)
class Filter:
    """What the reader of an inbox asked for."""

    tab: str = "mine"
    text: str = ""
    process_key: str = ""
    sort: str = "due"
    page: int = 1
    names: tuple[str, ...] = ()  #: task names that mean the text in English


@dataclass(frozen=True)
class Row:
    """One task of the list."""

    id: str
    name: str
    process_key: str
    process_definition_id: str
    business_key: str | None
    root_id: str
    assignee: str | None
    priority: int
    created_at: datetime
    due_at: datetime | None
    due_explanation: dict[str, Any] | None
    follow_up_at: datetime | None
    case_key: str | None  #: business key of the whole case
    started_at: datetime
    started_by: str | None
    has_draft: bool


_COLUMNS: tuple[InstrumentedAttribute[Any], ...] = (
    UserTask.id, UserTask.name, UserTask.process_key, UserTask.process_definition_id, UserTask.business_key, UserTask.root_id,
    UserTask.assignee, UserTask.priority, UserTask.created_at, UserTask.due_at, UserTask.due_explanation,
    UserTask.follow_up_at,
)  # fmt: skip

_NEVER_LAST = case((UserTask.due_at.is_(None), 1), else_=0)
_SORTS: dict[str, tuple[Any, ...]] = {
    "due": (_NEVER_LAST, UserTask.due_at, UserTask.priority.desc(), UserTask.created_at),
    "priority": (UserTask.priority.desc(), _NEVER_LAST, UserTask.due_at),
    "newest": (UserTask.created_at.desc(),),
    "oldest": (UserTask.created_at,),
    "name": (UserTask.name, UserTask.created_at),
}
SORTS = tuple(_SORTS)


def counts(session: Session, person: Person, now: datetime, end_of_today: datetime) -> dict[str, int]:
    """How many open tasks each tab holds."""
    conditions = {tab: _in_tab(tab, person, now, end_of_today) for tab in TABS}
    row = session.execute(
        select(*(func.coalesce(func.sum(case((condition, 1), else_=0)), 0).label(tab) for tab, condition in conditions.items())).where(
            _open(person)
        )
    ).one()
    return {tab: int(getattr(row, tab)) for tab in TABS}


def page(session: Session, person: Person, wanted: Filter, now: datetime, end_of_today: datetime) -> tuple[list[Row], int]:
    """The rows of one page and how many rows there are on all pages."""
    conditions = [_open(person), _in_tab(wanted.tab, person, now, end_of_today), *_matching(wanted)]
    total = (
        session.scalar(
            select(func.count()).select_from(UserTask).join(ProcessInstance, ProcessInstance.id == UserTask.root_id).where(*conditions)
        )
        or 0
    )
    query: Select[Any] = (
        select(
            *_COLUMNS,
            ProcessInstance.business_key.label("case_key"),
            ProcessInstance.started_at,
            ProcessInstance.started_by,
            UserTask.draft_at.is_not(None).label("has_draft"),
        )
        .join(ProcessInstance, ProcessInstance.id == UserTask.root_id)
        .where(*conditions)
        .order_by(*_SORTS[wanted.sort], UserTask.id)
        .limit(PAGE_SIZE)
        .offset((wanted.page - 1) * PAGE_SIZE)
    )
    return [Row(**row._mapping) for row in session.execute(query)], total  # noqa: SLF001 — SQLAlchemy's public name for it


def processes_in_inbox(session: Session, person: Person) -> dict[str, str]:
    """The processes whose tasks wait for the person: key to the id of the newest definition among them."""
    rows = session.execute(
        select(UserTask.process_key, func.max(UserTask.process_definition_id).label("newest"))
        .where(_open(person))
        .group_by(UserTask.process_key)
    )
    return {row.process_key: row.newest for row in rows}


def claimable(session: Session, person: Person, task_ids: list[str]) -> list[str]:
    """Those of the tasks that the person may see; others are as good as unknown."""
    return list(session.scalars(select(UserTask.id).where(UserTask.id.in_(task_ids), _open(person))))


def end_of_day(now: datetime, zone: Any) -> datetime:
    """Midnight after today in the office's time zone."""
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), tzinfo=zone)


def _open(person: Person) -> ColumnElement[bool]:
    return and_(UserTask.state == "open", UserTask.suspended.is_(False), visible_tasks(person))


def _in_tab(tab: str, person: Person, now: datetime, end_of_today: datetime) -> ColumnElement[bool]:
    mine = UserTask.assignee == person.id
    pooled = and_(UserTask.assignee.is_(None), is_candidate(person))
    concerns = true() if person.sees_everything else or_(mine, pooled)
    if tab == "mine":
        return mine
    if tab == "groups":
        return pooled
    if tab == "due":
        return and_(concerns, UserTask.due_at >= now, UserTask.due_at < end_of_today)
    if tab == "overdue":
        return and_(concerns, UserTask.due_at < now)
    return UserTask.state == "open"


def _matching(wanted: Filter) -> list[ColumnElement[bool]]:
    """Conditions on a task joined with the root instance of its case."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.process_key:
        conditions.append(UserTask.process_key == wanted.process_key)
    if wanted.text:
        conditions.append(
            or_(
                UserTask.name.icontains(wanted.text, autoescape=True),
                UserTask.name.in_(wanted.names),
                UserTask.business_key.icontains(wanted.text, autoescape=True),
                ProcessInstance.business_key.icontains(wanted.text, autoescape=True),
                UserTask.business_key.in_(business_keys_of_customer(wanted.text)),
            )
        )
    return conditions
