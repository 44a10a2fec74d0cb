"""The map of a process with ten thousand cases of twenty tasks: folding their histories once, opening the map, opening it again, what a case that goes on costs."""

from collections.abc import Iterator

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bench import linear
from bench.rows import Row
from bench.stage import BOTH, Stage
from engine.clock import monotonic_s
from engine.history.mining.survey import survey
from engine.history.mining.traces import cases
from engine.runtime.engine import Engine
from engine.runtime.tracing import keep_traces
from engine.storage.tables import CaseTrace, Event, ProcessInstance
from engine.working_time.worked import WorkedTime

DATABASES = BOTH

_EVENTS, _INSTANCES = Event.__table__, ProcessInstance.__table__
#: Cases whose histories are read, or copied, at a time.
_BATCH = 500


def rows(stage: Stage) -> Iterator[Row]:
    """One case is played, its history copied under other ids."""
    number = stage.sized(10_000, 50)
    with stage.engine() as engine:
        linear.deploy(engine)
        linear.play(engine)
        _copy(engine, number - 1)
        begun = monotonic_s()
        keep_traces(engine)
        yield Row(f"folding the histories of {number:,} cases, once", monotonic_s() - begun, "s")
        with engine.database.session() as session:
            size = sum(len(content) for content in session.scalars(select(CaseTrace.content)))
        yield Row("trace of a case", size / number, "bytes")
        yield Row(f"map of {number:,} cases", _survey(engine, number), "s")
        linear.start(engine)
        begun = monotonic_s()
        keep_traces(engine)
        yield Row("bringing it up to date when one case went on", (monotonic_s() - begun) * 1000, "ms")


def _survey(engine: Engine, number: int) -> float:
    begun, now = monotonic_s(), engine.clock.now()
    with engine.database.session() as session:
        began = session.scalars(select(_INSTANCES.c.started_at).order_by(_INSTANCES.c.started_at).limit(1)).one()
        found = survey(cases(session, linear.KEY, []), WorkedTime(engine.calendars.get(), began, now), now)
    if len(found.ids) != number:
        message = f"the map has {len(found.ids)} cases instead of {number}"
        raise AssertionError(message)
    return monotonic_s() - begun


def _copy(engine: Engine, times: int) -> None:
    with engine.database.session() as session:
        case = dict(session.execute(select(_INSTANCES)).mappings().one())
        history = [dict(event) for event in session.execute(select(_EVENTS)).mappings()]
    for first in range(0, times, _BATCH):
        with engine.database.transaction() as session:
            for number in range(first, min(times, first + _BATCH)):
                _copy_once(session, case, history, f"{number:032x}")


def _copy_once(session: Session, case: dict[str, object], history: list[dict[str, object]], name: str) -> None:
    """What a step writes, under another id."""
    own = str(case["id"])
    session.execute(insert(_INSTANCES), [case | {"id": name, "root_id": name}])
    session.execute(
        insert(_EVENTS),
        [
            event
            | {
                "instance_id": name,
                "root_id": name,
                "element_instance_id": event["element_instance_id"] and str(event["element_instance_id"]).replace(own, name),
            }
            for event in history
        ],
    )
