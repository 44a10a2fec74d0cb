"""The traces of all cases, kept in a table and brought up to date when it is read and in the background."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, delete, insert, or_, select
from sqlalchemy.orm import Session

from engine.history.mining.trace import TYPES, Hosts, Trace, trace_of, unpack
from engine.storage.database import Database
from engine.storage.tables import CaseTrace, Event, ProcessInstance

#: Cases folded in one transaction: enough to be quick, few enough that nobody waits long to write.
_AT_ONCE = 50

_INSTANCES = ProcessInstance.__table__.c
_TRACES = CaseTrace.__table__
_EVENTS = Event.__table__.c


class Case(NamedTuple):
    """One instance of a process with its trace."""

    id: str
    state: str
    path: str
    trace: Trace


def bring_up_to_date(database: Database, hosts: Hosts, process_key: str | None = None) -> int:
    """Fold again the cases (of one process, or all) of which more has happened than their trace knows; how many there were."""
    done, last = 0, ""
    while True:
        with database.session() as session:
            stale = {row.id: row for row in session.execute(_stale(process_key, last))}
            folded = list(_folded(session, stale, hosts))
        if not stale:
            return done
        last = max(stale)
        with database.transaction() as session:
            database.one_at_a_time(session, "mining")
            session.execute(delete(_TRACES).where(_TRACES.c.instance_id.in_([row["instance_id"] for row in folded])))
            session.execute(insert(_TRACES), folded)
        done += len(folded)


def cases(session: Session, process_key: str, wanted: Sequence[ColumnElement[bool]]) -> Iterator[Case]:
    """The cases of a process with these conditions on ProcessInstance or CaseTrace, in the order in which they began."""
    query = (
        select(_INSTANCES.id, _INSTANCES.state, _TRACES.c.path, _TRACES.c.content)
        .join(_TRACES, _TRACES.c.instance_id == _INSTANCES.id)
        .where(_TRACES.c.process_key == process_key, *wanted)
        .order_by(_INSTANCES.started_at, _INSTANCES.id)
    )
    for row in session.execute(query, execution_options={"yield_per": 500}):
        yield Case(row.id, row.state, row.path, unpack(row.content))


def _stale(process_key: str | None, after: str) -> Any:
    query = (
        select(_INSTANCES.id, _INSTANCES.process_key, _INSTANCES.event_count)
        .outerjoin(_TRACES, _TRACES.c.instance_id == _INSTANCES.id)
        .where(
            _INSTANCES.id > after,
            _INSTANCES.event_count > 0,
            or_(_TRACES.c.event_count.is_(None), _TRACES.c.event_count != _INSTANCES.event_count),
        )
        .order_by(_INSTANCES.id)
        .limit(_AT_ONCE)
    )
    return query if process_key is None else query.where(_INSTANCES.process_key == process_key)


def _folded(session: Session, stale: dict[str, Any], hosts: Hosts) -> Iterable[dict[str, Any]]:
    columns = (_EVENTS.instance_id, _EVENTS.type, _EVENTS.happened_at, _EVENTS.element_id, _EVENTS.element_instance_id, _EVENTS.data)
    query = select(*columns).where(_EVENTS.instance_id.in_(stale), _EVENTS.type.in_(TYPES)).order_by(_EVENTS.instance_id, _EVENTS.sequence)
    events = session.execute(query, execution_options={"yield_per": 2000})
    for instance_id, found in groupby(events, lambda event: event.instance_id):
        trace, row = trace_of(found, hosts), stale[instance_id]
        if trace is not None:
            yield {
                "instance_id": instance_id,
                "process_key": row.process_key,
                "event_count": row.event_count,
                "path": trace.path,
                "content": trace.packed(),
            }
