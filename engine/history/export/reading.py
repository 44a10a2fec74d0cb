"""Reads the histories of many cases piece by piece."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import Session

from engine.storage.database import Database
from engine.storage.tables import ElementInstance, Event, ProcessInstance, UserTask

#: Cases that one query reads; and rows that lie in memory at a time, however long their histories are.
CASES_AT_A_TIME = 200
ROWS_AT_A_TIME = 500

_INSTANCES = ProcessInstance.__table__


class Titles(Protocol):
    """What people call the elements of a version."""

    def __call__(self, definition_id: str) -> Mapping[str, str]:
        """Element id to title."""
        ...


@dataclass(frozen=True)
class Case:
    """A root instance and what it called, by id, itself included."""

    root: Row[Any]
    members: dict[str, Row[Any]]


@contextmanager
def snapshot(database: Database) -> Iterator[Session]:
    """A session that sees the database as it is now, however long it reads and whatever others write meanwhile."""
    with database.session() as session:
        if database.is_postgres:  # SQLite reads so anyway
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield session


class Histories:
    """The histories of the cases that somebody wants.

    Args:
        session: see `snapshot`.
        wanted: condition on the root instance, a row of `process_instance`.
        titles: names of elements.
        progress: told how many more cases are done.
    """

    def __init__(
        self, session: Session, wanted: ColumnElement[bool], titles: Titles, progress: Callable[[int], None] = lambda _done: None
    ) -> None:
        """Nothing is read yet."""
        self.session = session
        self.titles = titles
        self._progress = progress
        self._wanted = (_INSTANCES.c.parent_id.is_(None), wanted)

    def count(self) -> int:
        """How many cases there are."""
        return self.session.scalar(select(func.count()).select_from(_INSTANCES).where(*self._wanted)) or 0

    def business_keys(self) -> Select[Any]:
        """The business keys of the cases and of what they called, for other queries."""
        return select(_INSTANCES.c.business_key).where(_INSTANCES.c.root_id.in_(self._root_ids()))

    def pieces(self) -> Iterator[dict[str, Case]]:
        """The cases in the order in which they were started, some at a time, by id."""
        last = ""
        while True:
            ids: Sequence[str] = self.session.scalars(
                self._root_ids().where(_INSTANCES.c.id > last).order_by(_INSTANCES.c.id).limit(CASES_AT_A_TIME)
            ).all()
            if not ids:
                return
            yield self._cases(ids)
            self._progress(len(ids))
            last = ids[-1]

    def with_events(self, cases: Mapping[str, Case]) -> Iterator[tuple[Case, Iterator[Row[Any]]]]:
        """Each of the cases with its events in order; to be read before the next case is."""
        query = select(Event.__table__).where(Event.root_id.in_(cases))
        found = self.stream(query.order_by(Event.root_id, Event.happened_at, Event.instance_id, Event.sequence))
        for root_id, events in groupby(found, lambda event: event.root_id):
            yield cases[root_id], events

    def runs(self, cases: Collection[str]) -> Iterator[Row[Any]]:
        """The runs of the cases' elements in order, each with what its user task says, if it is one."""
        element, task = ElementInstance, UserTask
        query = (
            select(
                _INSTANCES.c.root_id, element.instance_id, element.id, element.element_id, element.element_type, element.state,
                element.entered_at, element.left_at, _INSTANCES.c.process_definition_id, task.assignee, task.completed_by, task.due_at,
            )
            .join(_INSTANCES, _INSTANCES.c.id == element.instance_id)
            .outerjoin(task, task.id == element.id)
            .where(_INSTANCES.c.root_id.in_(cases))
            .order_by(_INSTANCES.c.root_id, element.entered_at, element.id)
        )  # fmt: skip
        return self.stream(query)

    def stream(self, query: Any) -> Iterator[Row[Any]]:
        """The rows of a query as they come; PostgreSQL keeps a cursor for them."""
        yield from self.session.execute(query, execution_options={"yield_per": ROWS_AT_A_TIME})

    def _root_ids(self) -> Select[str]:
        return select(_INSTANCES.c.id).where(*self._wanted)

    def _cases(self, ids: Collection[str]) -> dict[str, Case]:
        columns = [column for column in _INSTANCES.c if column.name != "runtime_state"]
        roots_first = (_INSTANCES.c.id == _INSTANCES.c.root_id).desc()
        cases: dict[str, Case] = {}
        for row in self.session.execute(select(*columns).where(_INSTANCES.c.root_id.in_(ids)).order_by(roots_first, _INSTANCES.c.id)):
            cases.setdefault(row.root_id, Case(row, {})).members[row.id] = row
        return cases
