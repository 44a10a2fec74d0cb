"""How often real cases have passed the places where the manuals live."""

from collections.abc import Iterable, Mapping

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.clock import monotonic_s
from engine.manuals.procedures import Spot
from engine.storage.tables import ElementInstance, ProcessInstance

_KEPT = "opsbook_exercise"
#: The newest cases tell how the procedures are lived now, and counting them takes the same time in every year.
MOST_CASES = 5000
#: They are counted all at once, so not at every page.
_FRESH_S = 600.0

Counts = Mapping[Spot, int]


def completions(session: Session) -> Counts:
    """How often the newest cases completed each element, and each process; at most ten minutes old."""
    kept: tuple[float, Counts] | None = current_app.extensions.get(_KEPT)
    if kept is None or monotonic_s() - kept[0] > _FRESH_S:
        kept = monotonic_s(), _count(session)
        current_app.extensions[_KEPT] = kept
    return kept[1]


def times(counts: Counts, spots: Iterable[Spot]) -> int:
    """How often any of the places was passed."""
    return sum(counts.get(spot, 0) for spot in dict.fromkeys(spots))


def _count(session: Session) -> Counts:
    instances = ProcessInstance.__table__
    newest = (
        select(instances.c.id, instances.c.process_key, instances.c.state)
        .order_by(instances.c.started_at.desc())
        .limit(MOST_CASES)
        .subquery()
    )
    elements = session.execute(
        select(newest.c.process_key, ElementInstance.element_id, func.count().label("number"))
        .join(newest, newest.c.id == ElementInstance.instance_id)
        .where(ElementInstance.state == "completed")
        .group_by(newest.c.process_key, ElementInstance.element_id)
    )
    processes = session.execute(
        select(newest.c.process_key, func.count().label("number")).where(newest.c.state == "completed").group_by(newest.c.process_key)
    )
    return {
        **{Spot(row.process_key, row.element_id): row.number for row in elements},
        **{Spot(row.process_key): row.number for row in processes},
    }
