"""Reading the inbox. What a page costs does not depend on how many tasks are open: counting stops, and every order has its index.

A person sees what they hold and what waits in the queues of their groups (`engine.runtime.queues`). Each of these is an ordered
range of an index; a page takes the first rows of every range and merges them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, literal_column, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from engine.storage.tables import ProcessInstance, UserTask
from web.auth.person import Person
from web.customers import business_keys_of_customer
from web.inbox.queues import IS_OPEN, Queue
from web.permissions import visible_tasks

TABS = ("mine", "groups", "due", "overdue", "all")
PAGE_SIZE = 25
#: Counting stops here: it is done for every tab on every refresh.
MOST_COUNTED = 99
#: A list is paged so far; who has more searches, filters or sorts.
MOST_PAGES = 40
#: More queues than this are sorted by the database instead of merged.
_MOST_MERGED = 64

Conditions = list[ColumnElement[bool]]


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
class Reader:
    """Who reads the inbox, and when."""

    person: Person
    queues: tuple[Queue, ...]  #: those of the person's groups
    now: datetime
    end_of_today: datetime

    def values(self, wanted: Filter) -> dict[str, Any]:
        """What the statements' parameters stand for."""
        queues = [queue.id for queue in self.queues if wanted.process_key in ("", queue.process_key)]
        return {
            "me": self.person.id,
            "queues": queues,
            "process_key": wanted.process_key,
            "now": self.now,
            "end_of_today": self.end_of_today,
        } | {f"queue{number}": queue for number, queue in enumerate(queues)}


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

#: The orders of a list, by what they compare; each has an index of the tasks of a queue.
_KEYS = {
    "due": ("due_at", "priority", "created_at", "id"),
    "priority": ("priority", "due_at", "created_at", "id"),
    "newest": ("created_at", "id"),
    "oldest": ("created_at", "id"),
    "name": ("name", "created_at", "id"),
}
SORTS = tuple(_KEYS)


def counts(session: Session, reader: Reader) -> dict[str, int]:
    """How many open tasks each tab holds; more than `MOST_COUNTED` count as one more."""
    row = session.execute(_counts(reader.person.sees_everything), reader.values(Filter())).one()
    return {tab: min(int(getattr(row, tab)), MOST_COUNTED + 1) for tab in TABS}


def page(session: Session, reader: Reader, wanted: Filter, known: dict[str, int]) -> tuple[list[Row], int]:
    """The rows of one page and how many rows there are on all pages (as `counts` counts; its answer is `known`)."""
    if wanted.text:
        return _search(session, reader, wanted)
    values, everything = reader.values(wanted), reader.person.sees_everything
    total = known[wanted.tab]
    if wanted.process_key:
        total = min(session.scalar(_count(wanted.tab, everything, in_process=True), values) or 0, MOST_COUNTED + 1)
    skipped, queues = (wanted.page - 1) * PAGE_SIZE, len(values["queues"])
    if skipped >= total <= MOST_COUNTED:
        return [], total
    statement = _page(wanted.tab, everything, queues if queues <= _MOST_MERGED else None, wanted.sort, bool(wanted.process_key))
    found = session.execute(statement, values | {"skipped": skipped, "reach": skipped + PAGE_SIZE})
    return [Row(**row._mapping) for row in found], total  # noqa: SLF001 — SQLAlchemy's public name for it


def processes_in_inbox(session: Session, person: Person, queues: Iterable[Queue]) -> dict[str, str]:
    """The processes whose tasks wait for the person: key to the id of a definition."""
    first_held = (
        select(UserTask.process_key, UserTask.process_definition_id)
        .where(IS_OPEN, UserTask.assignee == person.id)
        .order_by(UserTask.due_at)
        .limit(MOST_COUNTED + 1)
        .subquery()
    )
    held = session.execute(select(first_held).distinct())
    return {row.process_key: row.process_definition_id for row in held} | {
        queue.process_key: queue.process_definition_id for queue in queues
    }


def claimable(session: Session, person: Person, task_ids: list[str]) -> list[str]:
    """Those of the tasks that the person may see; others are as good as unknown."""
    return list(session.scalars(select(UserTask.id).where(UserTask.id.in_(task_ids), IS_OPEN, visible_tasks(person))))


def end_of_day(now: datetime, zone: Any) -> datetime:
    """Midnight after today in the office's time zone."""
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), tzinfo=zone)


@lru_cache
def _counts(everything: bool) -> Select[Any]:
    return select(*(_count(tab, everything).scalar_subquery().label(tab) for tab in TABS))


@lru_cache
def _count(tab: str, everything: bool, *, in_process: bool = False) -> Select[Any]:
    ranges = _ranges(tab, everything, [_in_any_queue()], in_process=in_process)
    counted = (select(literal_column("1").label("one")).where(*range_).limit(MOST_COUNTED + 1).subquery().select() for range_ in ranges)
    return select(func.count()).select_from(union_all(*counted).subquery())


@lru_cache(maxsize=1_000)
def _page(tab: str, everything: bool, queues: int | None, sort: str, in_process: bool) -> Select[Any]:
    """The statement for a page; `queues` says how many there are to merge, None that there are too many."""
    in_queues = [_in_any_queue()] if queues is None else [UserTask.queue == bindparam(f"queue{number}") for number in range(queues)]
    ranges = _ranges(tab, everything, in_queues, in_process=in_process)
    keys = [getattr(UserTask, name) for name in _KEYS[sort]]
    first_rows = (
        select(*keys).where(*range_).order_by(*_order(UserTask, sort)).limit(bindparam("reach")).subquery().select() for range_ in ranges
    )
    merged = union_all(*first_rows).subquery()
    shown = select(merged.c.id).order_by(*_order(merged.c, sort)).limit(PAGE_SIZE).offset(bindparam("skipped")).subquery()
    return _rows().join(shown, shown.c.id == UserTask.id).order_by(*_order(UserTask, sort))


def _search(session: Session, reader: Reader, wanted: Filter) -> tuple[list[Row], int]:
    """A page of what has a text somewhere; every task of the tab is looked at."""
    ranges = _ranges(wanted.tab, reader.person.sees_everything, [_in_any_queue()], in_process=bool(wanted.process_key))
    hits = (
        select(UserTask.id, func.count().over().label("total"))
        .where(or_(*(and_(*range_) for range_ in ranges)), _has_text(wanted))
        .order_by(*_order(UserTask, wanted.sort))
        .limit(PAGE_SIZE)
        .offset((wanted.page - 1) * PAGE_SIZE)
        .subquery()
    )
    statement = _rows().add_columns(hits.c.total).join(hits, hits.c.id == UserTask.id).order_by(*_order(UserTask, wanted.sort))
    found = [dict(row._mapping) for row in session.execute(statement, reader.values(wanted))]  # noqa: SLF001 — SQLAlchemy's public name for it
    totals = [row.pop("total") for row in found]
    return [Row(**row) for row in found], min(totals[0], MOST_COUNTED + 1) if totals else 0


def _rows() -> Select[Any]:
    return select(
        *_COLUMNS,
        ProcessInstance.business_key.label("case_key"),
        ProcessInstance.started_at,
        ProcessInstance.started_by,
        UserTask.draft_at.is_not(None).label("has_draft"),
    ).join(ProcessInstance, ProcessInstance.id == UserTask.root_id)


def _ranges(tab: str, everything: bool, in_queues: Conditions, *, in_process: bool) -> list[Conditions]:
    """What a tab holds, as conditions of which no two hold for the same task.

    Columns inside `coalesce` are those by whose index a database shall not look: without statistics SQLite would read all open tasks.
    """
    in_this: Conditions = [UserTask.process_key == bindparam("process_key")] if in_process else []
    me: ColumnElement[str] = bindparam("me")
    assignee = func.coalesce(UserTask.assignee, "")
    is_open = func.coalesce(UserTask.state, "") == "open"
    mine: Conditions = [UserTask.assignee == me, is_open, UserTask.suspended.is_(False), *in_this]
    pooled: list[Conditions] = [[IS_OPEN, in_queue, assignee == ""] for in_queue in in_queues]
    if tab == "mine":
        return [mine]
    if tab == "groups":
        return pooled
    if tab == "all":
        return [[IS_OPEN, *in_this]] if everything else [mine, *([IS_OPEN, in_queue, assignee != me] for in_queue in in_queues)]
    when: Conditions = (
        [UserTask.due_at < bindparam("now")]
        if tab == "overdue"
        else [UserTask.due_at >= bindparam("now"), UserTask.due_at < bindparam("end_of_today")]
    )
    return [[IS_OPEN, *in_this, *when]] if everything else [[*concern, *when] for concern in (mine, *pooled)]


def _in_any_queue() -> ColumnElement[bool]:
    return UserTask.queue.in_(bindparam("queues", expanding=True))


def _order(of: Any, sort: str) -> list[ColumnElement[Any]]:
    """How rows with the columns of an order are sorted."""
    return [_direction(getattr(of, name), name, sort) for name in _KEYS[sort]]


def _direction(column: Any, name: str, sort: str) -> ColumnElement[Any]:
    if name == "due_at":
        return column.nulls_last()  # type: ignore[no-any-return]
    return column.desc() if name == "priority" or (name, sort) == ("created_at", "newest") else column.asc()  # type: ignore[no-any-return]


def _has_text(wanted: Filter) -> ColumnElement[bool]:
    """Whether a task, its case or its customer is what the reader looks for."""
    root = aliased(ProcessInstance)
    called_by = exists(select(root.id).where(root.id == UserTask.root_id, root.business_key.icontains(wanted.text, autoescape=True)))
    return or_(
        UserTask.name.icontains(wanted.text, autoescape=True),
        UserTask.name.in_(wanted.names),
        UserTask.business_key.icontains(wanted.text, autoescape=True),
        and_(UserTask.root_id != UserTask.instance_id, called_by),
        UserTask.business_key.in_(business_keys_of_customer(wanted.text)),
    )
