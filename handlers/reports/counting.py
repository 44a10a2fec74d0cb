"""Counting a month: every measure once, summed up and kept, so that pages and reports need not look at single cases again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from engine.runtime.engine import Engine
from engine.runtime.parameters import current_parameters
from engine.storage.tables import ProcessDefinition, ProcessInstance
from handlers.reports import kpis
from handlers.reports.figures import catalogue
from handlers.reports.measures import MEASURES, Measure
from handlers.reports.months import Month
from handlers.reports.observations import Observation, Scope, Words
from handlers.reports.tables import KpiCell, KpiMonth

assert kpis.__all__  # importing it registers the measures

#: After its end a month still changes: a callback has a week, papers come in late. Then its figures stand until somebody counts it again.
SETTLED_AFTER = timedelta(days=10)
#: How long figures of a month that still changes are good for.
FRESH_FOR = timedelta(minutes=10)

_INSERTED_AT_ONCE = 1000


@dataclass
class _Sum:
    """A cell while it is being summed up."""

    english: str
    numerator: float = 0
    denominator: float = 0
    observations: int = 0
    missed: int = 0
    values: list[int] = field(default_factory=list)

    def add(self, seen: Observation) -> None:
        self.numerator += seen.value
        self.denominator += seen.weight
        self.observations += 1
        self.missed += seen.missed


def count_month(engine: Engine, month: Month) -> None:
    """Count a month and keep its figures in the place of what was kept of it."""
    now = engine.clock.now()
    with engine.database.session() as session:
        (scope,) = scopes_of(engine, session, [month])
        known = catalogue(session)
        measures = [measure for measure in MEASURES.values() if measure.kpi in known]
        cells = [cell for measure in measures for cell in _cells(measure, month, measure.observe(scope))]
    with engine.database.transaction() as session:
        engine.database.one_at_a_time(session, f"kpis {month}")
        session.execute(delete(KpiCell).where(KpiCell.month == str(month)))
        session.execute(delete(KpiMonth).where(KpiMonth.month == str(month)))
        session.add(KpiMonth(month=str(month), counted_at=now))
        for start in range(0, len(cells), _INSERTED_AT_ONCE):
            session.execute(insert(KpiCell), cells[start : start + _INSERTED_AT_ONCE])


def months_to_count(engine: Engine, months: list[Month]) -> list[Month]:
    """Those of the months that are not kept or no longer good, the newest first; there is nothing to count before the first case."""
    zone = ZoneInfo(engine.settings.time_zone)
    now = engine.clock.now()
    with engine.database.session() as session:
        first = session.scalar(select(func.min(ProcessInstance.started_at)))
        kept = dict(session.execute(select(KpiMonth.month, KpiMonth.counted_at).where(KpiMonth.month.in_(map(str, months)))).all())
    if first is None:
        return []
    possible = [month for month in months if Month.of(first, zone) <= month <= Month.of(now, zone)]
    return sorted((month for month in possible if not _is_good(kept.get(str(month)), month.end(zone), now)), reverse=True)


def scopes_of(engine: Engine, session: Session, months: Iterable[Month]) -> list[Scope]:
    """What measures are given to look at each of the months."""
    zone = ZoneInfo(engine.settings.time_zone)
    known: dict[str, Any] = {
        "session": session,
        "now": engine.clock.now(),
        "zone": zone,
        "calendar": engine.calendars.get(),
        "parameters": {name: parameter.value for name, parameter in current_parameters(session).items()},
        "processes": _titles(session),
    }
    return [Scope(begin=month.begin(zone), end=month.end(zone), **known) for month in months]


def _is_good(counted_at: datetime | None, end: datetime, now: datetime) -> bool:
    if counted_at is None:
        return False
    return counted_at >= end + SETTLED_AFTER or now - counted_at < FRESH_FOR


def _cells(measure: Measure, month: Month, seen: Iterable[Observation]) -> list[dict[str, object]]:
    sums: dict[tuple[str, str], _Sum] = {}
    for observation in seen:
        zh, en = observation.group
        cell = sums.setdefault((observation.person or "", zh), _Sum(en))
        cell.add(observation)
        if measure.with_percentile:
            cell.values.append(round(observation.value))
    return [
        {
            "month": str(month),
            "measure": measure.id,
            "person": person,
            "group_zh": zh,
            "group_en": cell.english,
            "numerator": cell.numerator,
            "denominator": cell.denominator,
            "observations": cell.observations,
            "missed": cell.missed,
            "values": cell.values if measure.with_percentile else None,
        }
        for (person, zh), cell in sums.items()
    ]


def _titles(session: Session) -> Mapping[str, Words]:
    rows = session.execute(
        select(ProcessDefinition.key, ProcessDefinition.name, ProcessDefinition.english).order_by(ProcessDefinition.version)
    )
    return {row.key: (row.name, str(row.english.get(row.name) or row.name)) for row in rows}
