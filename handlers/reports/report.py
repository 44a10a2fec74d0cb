"""The report of a month: everything that stands in it, before it is drawn or written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import InvalidInput
from engine.manuals.catalogue import CLAUSES, Clause, read_catalogue
from engine.manuals.kpis import Kpi
from engine.runtime.engine import Engine
from engine.storage.tables import Deployment, Resource, User
from handlers.dispatch.tables import Office
from handlers.reports.contributing import observations
from handlers.reports.counting import count_month, months_to_count, scopes_of
from handlers.reports.figures import TREND, Figure, Line, by_group, by_office, catalogue, figures
from handlers.reports.formats import Language, said
from handlers.reports.measures import MEASURES
from handlers.reports.months import Month, Period
from handlers.reports.observations import Observation

#: Most cases of one indicator that are listed; what is missed comes first.
MOST_CASES = 2000


@dataclass(frozen=True)
class Entry:
    """One indicator: its figures, and its first one broken down."""

    kpi: Kpi
    figures: list[Figure]
    offices: list[Line]
    groups: list[tuple[str, Line]]


@dataclass(frozen=True)
class Report:
    """A month of the office."""

    month: Month
    language: Language
    office: str  #: whose report it is
    made_at: datetime
    zone: ZoneInfo
    entries: list[Entry]
    not_measured: list[Kpi]
    clauses: Mapping[str, Clause]
    breaches: list[Observation]
    cases: dict[str, list[Observation]]  #: by measure
    left_out: dict[str, int]  #: how many more there are
    people: Mapping[str, str]  #: names by user id

    @property
    def judged(self) -> tuple[int, int]:
        """How many indicators reach their target, and how many do not."""
        verdicts = [entry.figures[0].is_met for entry in self.entries]
        return verdicts.count(True), verdicts.count(False)


def make_report(
    engine: Engine,
    month: Month,
    language: Language,
    *,
    office: str | None = None,
    with_cases: bool = True,
    progress: Callable[[int], None] = lambda _steps: None,
) -> Report:
    """Put the report of a month together; months that were not counted yet are counted first.

    Args:
        engine: of the installation.
        month: over, or the one at hand.
        language: zh or en.
        office: the only one whose people's cases are listed; None for all.
        with_cases: whether the single cases are listed, as the workbook does.
        progress: told of steps done, out of `steps`.

    Raises:
        InvalidInput: the month has not begun.
    """
    zone = ZoneInfo(engine.settings.time_zone)
    if month > Month.of(engine.clock.now(), zone):
        raise InvalidInput(f"{month} 还没有开始。", f"{month} has not begun.", month=str(month))
    for missing in _to_count(engine, month):
        count_month(engine, missing)
        progress(1)
    period = Period(month, 1)
    with engine.database.session() as session:
        known, found = catalogue(session), figures(session, period)
        entries = [_entry(session, kpi, found, period, language) for kpi in known.values() if kpi.id in found]
        cases: dict[str, list[Observation]] = {}
        left_out: dict[str, int] = {}
        scopes = scopes_of(engine, session, [month])
        breaches = observations(MEASURES["deadline_breaches"], scopes, office)
        for figure in found.values() if with_cases else ():
            seen = observations(figure.measure, scopes, office)
            cases[figure.measure.id], left_out[figure.measure.id] = seen[:MOST_CASES], max(0, len(seen) - MOST_CASES)
            progress(1)
        return Report(
            month=month,
            language=language,
            office="、".join(session.scalars(select(Office.name).order_by(Office.name))),
            made_at=engine.clock.now(),
            zone=zone,
            entries=entries,
            not_measured=[kpi for kpi in known.values() if kpi.id not in found],
            clauses=_clauses(session),
            breaches=breaches,
            cases=cases,
            left_out=left_out,
            people={row.id: row.name for row in session.execute(select(User.id, User.name))},
        )


def steps(engine: Engine, month: Month) -> int:
    """How many steps `make_report` will tell of, for a progress bar."""
    return len(_to_count(engine, month)) + len(MEASURES)


def _to_count(engine: Engine, month: Month) -> list[Month]:
    return months_to_count(engine, Period(month, TREND).months())


def _entry(session: Session, kpi: Kpi, found: Mapping[str, Figure], period: Period, language: Language) -> Entry:
    mine = [figure for figure in found.values() if figure.kpi.id == kpi.id]
    first = mine[0].measure
    groups = [(said(name, language), line) for name, line in by_group(session, first, period).items()]
    return Entry(kpi, mine, by_office(session, first, period), groups)


def _clauses(session: Session) -> Mapping[str, Clause]:
    content = session.scalars(
        select(Resource.content)
        .join(Deployment)
        .where(Resource.name == CLAUSES, Deployment.state == "live")
        .order_by(Deployment.id.desc())
        .limit(1)
    ).one_or_none()
    return read_catalogue(content or b"").clauses
