"""Figures of a period, read from what was counted: the same ones for the page, the PDF and the workbook."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from engine.manuals.kpis import KPIS, Kpi, read_kpis
from engine.runtime.parameters import current_parameters
from engine.storage.tables import Deployment, Resource
from handlers.dispatch.tables import Employee, Office
from handlers.reports.measures import MEASURES, Kind, Measure
from handlers.reports.months import Month, Period
from handlers.reports.observations import Words
from handlers.reports.tables import KpiCell, KpiMonth
from handlers.reports.targets import Target, target_of

#: Months that a trend looks back on.
TREND = 12


@dataclass
class Tally:
    """What observations sum up to."""

    numerator: float = 0
    denominator: float = 0
    observations: int = 0
    missed: int = 0
    values: list[int] = field(default_factory=list)

    def add(self, cell: Row[Any]) -> None:
        """Add what is kept."""
        self.numerator += cell.numerator
        self.denominator += cell.denominator
        self.observations += cell.observations
        self.missed += cell.missed

    def value(self, kind: Kind) -> float | None:
        """The one value; none where there was nothing to look at, except that a total of nothing is 0."""
        if kind is Kind.TOTAL:
            return self.numerator
        return self.numerator / self.denominator if self.denominator else None

    @property
    def percentile(self) -> float | None:
        """What nine of ten do not exceed (nearest rank); None where it is not told."""
        ranked = sorted(self.values)
        return ranked[math.ceil(0.9 * len(ranked)) - 1] if ranked else None


@dataclass(frozen=True)
class Figure:
    """One measure of an indicator in a period."""

    kpi: Kpi
    measure: Measure
    target: Target
    tally: Tally
    value: float | None
    is_met: bool | None
    trend: list[tuple[Month, float | None]]  #: the months up to the period's last


@dataclass(frozen=True)
class Line:
    """A figure of one person, office or group."""

    name: str
    tally: Tally
    value: float | None


def catalogue(session: Session) -> Mapping[str, Kpi]:
    """The indicators that were deployed last."""
    content = session.scalars(
        select(Resource.content)
        .join(Deployment)
        .where(Resource.name == KPIS, Deployment.state == "live")
        .order_by(Deployment.id.desc())
        .limit(1)
    ).one_or_none()
    return read_kpis(content or b"{}")


def figures(session: Session, period: Period, office: str = "", only: str = "") -> dict[str, Figure]:
    """The figures of all measures, or of one indicator's, by id.

    Args:
        session: to read with.
        period: the months.
        office: id of an office: only what its people did.
        only: id of an indicator.
    """
    known = catalogue(session)
    parameters = {name: parameter.value for name, parameter in current_parameters(session).items()}
    measures = [item for kpi in known for item in MEASURES.values() if item.kpi == kpi and only in ("", kpi)]
    first = min(period.before().months()[0], period.last - (TREND - 1))
    months = [first + ahead for ahead in range(TREND + 2 * period.length) if first + ahead <= period.last]
    by_month = _by_month(session, months, office, only)
    counted = set(session.scalars(select(KpiMonth.month).where(KpiMonth.month.in_(map(str, months)))))
    values = _values(session, measures, period, office)
    return {
        item.id: _figure(known[item.kpi], item, parameters, period, by_month.get(item.id, {}), counted, values.get(item.id, []))
        for item in measures
    }


def by_person(session: Session, measure: Measure, period: Period, office: str = "") -> list[Line]:
    """A measure by whose work it was, worst first; what is nobody's is left out."""
    names = dict(session.execute(select(Employee.user_id, Employee.name)).all())
    found = _breakdown(session, measure, period, office, (KpiCell.person,))
    return _ranked(measure, {(names.get(keys[0], keys[0])): tally for keys, tally in found.items() if keys[0]})


def by_office(session: Session, measure: Measure, period: Period) -> list[Line]:
    """A measure by the office whose people's work it was."""
    offices = dict(session.execute(select(Employee.user_id, Office.name).join(Office, Office.id == Employee.office_id)).all())
    found: dict[str, Tally] = {}
    for (person,), tally in _breakdown(session, measure, period, "", (KpiCell.person,)).items():
        if person in offices:
            _merge(found.setdefault(offices[person], Tally()), tally)
    return _ranked(measure, found)


def by_group(session: Session, measure: Measure, period: Period, office: str = "") -> dict[Words, Line]:
    """A measure by the classes it has, greatest first."""
    found = _breakdown(session, measure, period, office, (KpiCell.group_zh, KpiCell.group_en))
    lines = {(keys[0], keys[1]): Line(keys[0], tally, tally.value(measure.kind)) for keys, tally in found.items() if keys[0]}
    return dict(sorted(lines.items(), key=lambda item: (-item[1].tally.numerator, -item[1].tally.observations, item[0])))


def _figure(
    kpi: Kpi,
    measure: Measure,
    parameters: Mapping[str, Any],
    period: Period,
    by_month: Mapping[str, Tally],
    counted: set[str],
    values: list[int],
) -> Figure:
    target = target_of(kpi, measure, parameters)
    tally = _sum(measure, by_month, period)
    tally.values = values
    looked_at = any(str(month) in counted for month in period.months())
    value = tally.value(measure.kind) if looked_at else None
    earlier = period.before()
    before = _sum(measure, by_month, earlier).value(measure.kind) if any(str(month) in counted for month in earlier.months()) else None
    trend = [
        (month, by_month.get(str(month), Tally()).value(measure.kind) if str(month) in counted else None)
        for month in Period(period.last, TREND).months()
    ]
    return Figure(kpi, measure, target, tally, value, target.is_met(value, before), trend)


def _sum(measure: Measure, by_month: Mapping[str, Tally], period: Period) -> Tally:
    """The months of a period together; of a state the last."""
    total = Tally()
    for month in [period.last] if measure.is_state else period.months():
        if str(month) in by_month:
            _merge(total, by_month[str(month)])
    return total


def _merge(total: Tally, tally: Tally) -> None:
    total.numerator += tally.numerator
    total.denominator += tally.denominator
    total.observations += tally.observations
    total.missed += tally.missed
    total.values += tally.values


def _by_month(session: Session, months: list[Month], office: str, only: str) -> dict[str, dict[str, Tally]]:
    query = _sums(KpiCell.measure, KpiCell.month).where(KpiCell.month.in_(map(str, months)), *_of_office(office))
    if only:
        query = query.where((KpiCell.measure == only) | KpiCell.measure.startswith(f"{only}/"))
    found: dict[str, dict[str, Tally]] = {}
    for row in session.execute(query):
        found.setdefault(row.measure, {}).setdefault(row.month, Tally()).add(row)
    return found


def _breakdown(
    session: Session, measure: Measure, period: Period, office: str, columns: tuple[InstrumentedAttribute[Any], ...]
) -> dict[tuple[str, ...], Tally]:
    months = [period.last] if measure.is_state else period.months()
    query = _sums(*columns).where(KpiCell.measure == measure.id, KpiCell.month.in_(map(str, months)), *_of_office(office))
    found: dict[tuple[str, ...], Tally] = {}
    for row in session.execute(query):
        found.setdefault(tuple(row[: len(columns)]), Tally()).add(row)
    if measure.with_percentile:
        details = select(*columns, KpiCell.values).where(
            KpiCell.measure == measure.id, KpiCell.month.in_(map(str, months)), *_of_office(office)
        )
        for row in session.execute(details):
            found[tuple(row[: len(columns)])].values += row[-1] or []
    return found


def _values(session: Session, measures: Iterable[Measure], period: Period, office: str) -> dict[str, list[int]]:
    wanted = [item.id for item in measures if item.with_percentile]
    query = select(KpiCell.measure, KpiCell.values).where(
        KpiCell.measure.in_(wanted), KpiCell.month.in_(map(str, period.months())), *_of_office(office)
    )
    found: dict[str, list[int]] = {}
    for row in session.execute(query):
        found.setdefault(row.measure, []).extend(row[1] or [])
    return found


def _sums(*columns: InstrumentedAttribute[Any]) -> Any:
    return select(
        *columns,
        func.sum(KpiCell.numerator).label("numerator"),
        func.sum(KpiCell.denominator).label("denominator"),
        func.sum(KpiCell.observations).label("observations"),
        func.sum(KpiCell.missed).label("missed"),
    ).group_by(*columns)


def _of_office(office: str) -> list[ColumnElement[bool]]:
    return [KpiCell.person.in_(select(Employee.user_id).where(Employee.office_id == office))] if office else []


def _ranked(measure: Measure, found: Mapping[str, Tally]) -> list[Line]:
    lines = [Line(name, tally, tally.value(measure.kind)) for name, tally in found.items()]
    return sorted(lines, key=lambda line: (-line.tally.missed, -line.tally.observations, line.name))
