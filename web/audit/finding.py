"""Finding cases: one page of them in an order, counted in the same query."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Float, cast, func, literal, select
from sqlalchemy.orm import Session, defer

from engine.storage.tables import ProcessInstance
from web.audit.conditions import conditions
from web.audit.search import Search
from web.auth.person import Person
from web.permissions import visible_cases

PAGE_SIZE = 25
ORDERS = ("newest", "oldest", "ended", "longest", "events")


@dataclass(frozen=True)
class Found:
    """One page."""

    cases: list[ProcessInstance]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many there are."""
        return max(1, -(-self.total // PAGE_SIZE))


@dataclass(frozen=True)
class Reader:
    """Who searches, where and when."""

    person: Person
    zone: ZoneInfo
    now: datetime
    is_postgres: bool

    def wanted(self, session: Session, search: Search) -> list[ColumnElement[bool]]:
        """The conditions on ProcessInstance."""
        return [visible_cases(self.person), *conditions(session, search, self.zone, self.now)]


def find(session: Session, reader: Reader, search: Search, order: str, page: int) -> Found:
    """The cases of a page; of the last one when there are fewer."""
    wanted = reader.wanted(session, search)
    matching = select(ProcessInstance.id, func.count().over().label("total")).where(*wanted).order_by(*_sorted(reader, order))
    rows = session.execute(matching.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all()
    if not rows and page > 1:
        total = session.scalar(select(func.count()).select_from(ProcessInstance).where(*wanted)) or 0
        return find(session, reader, search, order, max(1, -(-total // PAGE_SIZE)))
    return Found(cases(session, [row.id for row in rows]), rows[0].total if rows else 0, page)


def cases(session: Session, ids: list[str]) -> list[ProcessInstance]:
    """These cases in this order, without the engine's own state."""
    query = select(ProcessInstance).options(defer(ProcessInstance.runtime_state, raiseload=True)).where(ProcessInstance.id.in_(ids))
    found = {instance.id: instance for instance in session.scalars(query)}
    return [found[case_id] for case_id in ids if case_id in found]


def _sorted(reader: Reader, order: str) -> list[Any]:
    lasted = _seconds(func.coalesce(ProcessInstance.ended_at, literal(reader.now, ProcessInstance.ended_at.type)), reader) - _seconds(
        ProcessInstance.started_at, reader
    )
    by: dict[str, Any] = {
        "oldest": ProcessInstance.started_at,
        "ended": ProcessInstance.ended_at.desc().nulls_last(),
        "longest": lasted.desc(),
        "events": ProcessInstance.event_count.desc(),
    }
    return [by.get(order, ProcessInstance.started_at.desc()), ProcessInstance.id.desc()]


def _seconds(instant: Any, reader: Reader) -> ColumnElement[float]:
    """An instant as a number; the two databases say it differently."""
    return cast(func.extract("epoch", instant) if reader.is_postgres else func.julianday(instant) * 86_400, Float)
