"""Indicators with 10,000 cases a month: counting a month, the dashboard, an indicator with its cases, the monthly report."""

from collections.abc import Callable, Iterator
from statistics import median

from bench import months
from bench.browsing import reader
from bench.rows import Row
from bench.stage import BOTH, Stage
from engine.clock import monotonic_s
from engine.runtime.engine import Engine
from handlers.reports.counting import count_month, scopes_of
from handlers.reports.months import Month, Period
from handlers.reports.pdf import draw_report
from handlers.reports.report import make_report
from handlers.reports.workbook import write_workbook

DATABASES = BOTH


def rows(stage: Stage) -> Iterator[Row]:
    """Seconds of a month among twelve, and milliseconds of pages once the months are counted."""
    cases = stage.sized(10_000, 300)
    with stage.engine() as engine:
        last = _filled(engine, cases)
        yield Row(
            f"count a month of {cases:,} cases, among twelve such months",
            median(_s(lambda: count_month(engine, last)) for _ in range(3)),
            "s",
        )
        yield Row("count the eleven months before", _s(lambda: _count(engine, Period(last - 1, 11))), "s")
        read = reader(engine, "auditor", ["opsbook-auditor"])
        for name, path in (("dashboard", ""), ("dashboard, twelve months", "&months=12"), ("dashboard, one office", "&office=wuhan")):
            yield Row(f"{name}, counted before", _page(stage, read, f"/kpis?month={last}{path}"), "ms")
        yield Row("an indicator with the cases behind it", _page(stage, read, f"/kpis/response_time?month={last}"), "ms")
        yield Row("… of twelve months", _page(stage, read, f"/kpis/response_time?month={last}&months=12"), "ms")
        yield Row("monthly report, PDF", _s(lambda: draw_report(make_report(engine, last, "zh", with_cases=False))), "s")
        yield Row("monthly report, workbook", _s(lambda: write_workbook(make_report(engine, last, "zh"))), "s")


def _filled(engine: Engine, cases: int) -> Month:
    months.prepare(engine)
    with engine.database.session() as session:
        last = Month.of(engine.clock.now(), engine.calendars.get().zone) - 1
        scopes = scopes_of(engine, session, Period(last, 12).months())
    for month, scope in zip(Period(last, 12).months(), scopes, strict=True):
        months.fill(engine, scope, month, cases)
    return last


def _count(engine: Engine, period: Period) -> None:
    for month in period.months():
        count_month(engine, month)


def _page(stage: Stage, read: Callable[[str], str], path: str) -> float:
    return median(_s(lambda: read(path)) for _ in range(stage.sized(7, 2))) * 1000


def _s(work: Callable[[], object]) -> float:
    begun = monotonic_s()
    work()
    return monotonic_s() - begun
