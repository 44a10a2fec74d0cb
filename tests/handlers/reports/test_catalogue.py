"""Every indicator of the catalogue is measured; months are kept, targets come from where they should."""

from datetime import timedelta
from pathlib import Path

import pytest

from engine.clock import SimulatedClock
from engine.errors import InvalidInput
from engine.manuals.kpis import read_kpis
from engine.runtime.parameters import change_parameter
from handlers.reports.counting import count_month, months_to_count
from handlers.reports.figures import figures
from handlers.reports.measures import MEASURES
from handlers.reports.months import Month, Period
from tests.handlers.reports.conftest import MARCH, History, at

_PROCESSES = Path(__file__).parents[3] / "processes"
KPIS = read_kpis((_PROCESSES / "manuals" / "kpis.yaml").read_bytes())


def test_every_indicator_is_measured_and_its_procedures_run() -> None:
    """Given the catalogue and the procedures, every indicator has a measure and a procedure that feeds it, and no measure is of anything else."""
    drawn = {path.stem for path in _PROCESSES.glob("*/*.bpmn")}

    assert {item.kpi for item in MEASURES.values()} == set(KPIS)
    assert [kpi.id for kpi in KPIS.values() if not any(kpi.feeds_on(process) for process in drawn)] == []


def test_every_measure_says_nothing_of_an_office_without_cases(quick_history: History) -> None:
    """Given nothing happened but the delivery of the opening stock, shares and means are unknown, not 0 and not 100 %."""
    count_month(quick_history.engine, MARCH)
    with quick_history.engine.database.session() as session:
        found = figures(session, Period(MARCH, 1))

    unknown = {name for name, figure in found.items() if figure.value is None}
    assert len(found) == len(MEASURES)
    assert {name for name, item in MEASURES.items() if item.kind != "total"} - unknown == {"part_utilisation"}
    assert all(figure.value == 0 for name, figure in found.items() if name not in unknown)
    assert list(dict.fromkeys(figure.kpi.id for figure in found.values())) == list(KPIS)


def test_targets_that_are_parameters_follow_the_parameter(quick_history: History) -> None:
    """Given no target is set for the resolve rate, none is judged; given 40 %, half is enough; given 51 %, it is not."""
    history = quick_history
    history.order("FW1", status="closed", result="resolved", closed_at=at("03-10 10:00"))
    history.order("FW2", status="closed", result="declined", closed_at=at("03-10 10:00"))
    count_month(history.engine, MARCH)

    def resolved() -> bool | None:
        with history.engine.database.session() as session:
            return figures(session, Period(MARCH, 1))["resolve_rate"].is_met

    before = resolved()
    change_parameter(history.engine, "target_resolve_rate", 40, before=0, actor="owner", reason="试行")
    enough = resolved()
    change_parameter(history.engine, "target_resolve_rate", 51, before=40, actor="owner", reason="提高")

    assert (before, enough, resolved()) == (None, True, False)


def test_what_was_counted_stays_until_the_month_is_counted_again(quick_history: History, clock: SimulatedClock) -> None:
    """Given a month counted ten days after its end, it is good for ever; the running month is good for minutes."""
    engine = quick_history.engine
    year = Period(MARCH + 1, 12).months()

    assert months_to_count(engine, year) == [MARCH + 1, MARCH]  # nothing ran before March
    for month in (MARCH, MARCH + 1):
        count_month(engine, month)
    assert months_to_count(engine, year) == []
    clock.advance(timedelta(minutes=11))
    assert months_to_count(engine, year) == [MARCH + 1]


def test_a_month_counted_again_shows_what_was_added_since(quick_history: History) -> None:
    """Given an order is found closed after the month was counted, only counting again tells it, and once."""
    history = quick_history
    history.order("FW1", status="closed", result="resolved", closed_at=at("03-10 10:00"))
    first = history.figure("resolve_rate").tally.observations
    history.order("FW2", status="closed", result="resolved", closed_at=at("03-10 10:00"))
    with history.engine.database.session() as session:
        kept = figures(session, Period(MARCH, 1))["resolve_rate"].tally.observations

    assert (first, kept, history.figure("resolve_rate").tally.observations) == (1, 1, 2)


def test_an_office_sees_what_its_people_did(quick_history: History) -> None:
    """Given calls taken by a colleague of the office and by somebody unknown, the office's figure counts the first."""
    quick_history.order("FW1", received_by="hotline1", late_answer=True)
    quick_history.order("FW2", received_by="elsewhere")

    assert quick_history.figure("answer_in_3_rings").value == 0.5
    assert quick_history.figure("answer_in_3_rings", office="wuhan").value == 0


def test_several_months_are_one_figure_of_all_their_cases(quick_history: History) -> None:
    """Given one of one in February and none of two in March, both months together have one of three, not the mean of the two."""
    quick_history.order("FW1", "02-10 09:00")
    for number in ("FW2", "FW3"):
        quick_history.order(number, "03-10 09:00", late_answer=True)

    assert quick_history.figure("answer_in_3_rings", MARCH, 2).value == pytest.approx(1 / 3)


@pytest.mark.parametrize(("text", "month"), [("2026-12", Month(2026, 12)), ("2026-01", Month(2026, 1))])
def test_months_are_read_and_added(text: str, month: Month) -> None:
    """Given a month as written, it comes back the same; a year later it is the same month of the next year."""
    assert Month.read(text) == month
    assert str(month) == text
    assert str(month + 12) == text.replace("2026", "2027")
    assert (month + 1) - 1 == month


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "202603", "0000-01", "2026-3", ""])
def test_what_is_no_month_is_refused(text: str) -> None:
    """Given something else, the message says how a month is written."""
    with pytest.raises(InvalidInput, match="2026-03"):
        Month.read(text)
