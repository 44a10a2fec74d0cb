"""A figure that somebody changed against its clause is found, wherever it stands; the shipped ones raise no false alarm."""

import pytest

from engine.manuals.deviations import Deviation, compare_figures
from engine.manuals.figures import agree
from engine.runtime.package import Files
from tests.manuals.shipped import catalogue, edited, procedures


def found(changed: Files) -> list[Deviation]:
    return list(compare_figures(catalogue(), procedures(changed)).deviations)


def test_the_shipped_figures_are_the_manuals() -> None:
    """Given the shipped procedures, when figures are compared, then none departs and every quantity has its place."""
    figures = compare_figures(catalogue(), procedures())

    assert figures.deviations == ()
    assert [str(reference) for reference in figures.unheld] == []


def test_a_changed_parameter_departs_from_its_clauses() -> None:
    """Given thirty minutes changed to forty-five, when figures are compared, then both clauses of the parameter are named with both figures."""
    deviations = found(edited("manuals/parameters.yaml", "slip_handover:\n      value: PT30M", "slip_handover:\n      value: PT45M"))

    assert {(str(item.reference), item.demanded, item.found, item.place.owner) for item in deviations} == {
        ("M3-3.2-hotline-6.1#deadline", "PT30M", ("PT45M",), "slip_handover"),
        ("M3-3.2-coord-1.3#deadline", "PT30M", ("PT45M",), "slip_handover"),
    }


@pytest.mark.parametrize(
    ("before", "after", "figure", "now"),
    [
        ("<text>2</text>", "<text>4</text>", "M3-3.2-coord-3.3#within_working_days", "4"),
        ("&lt;= 80", "&lt;= 90", "M3-3.2-coord-3.4#distance_km", "90"),
    ],
)
def test_a_changed_row_departs_from_its_clause(before: str, after: str, figure: str, now: str) -> None:
    """Given a row of a decision table with another figure, when figures are compared, then that row alone is named."""
    (deviation,) = found(edited("shared/dmn_arrival_deadline.dmn", before, after))

    assert (str(deviation.reference), deviation.found, deviation.place.kind) == (figure, (now,), "decision_row")


def test_a_deadline_written_into_a_diagram_departs_from_its_clause() -> None:
    """Given a deadline whose parameter somebody replaced by a duration, when figures are compared, then the task is named."""
    name, task = "hotline_service/hotline_service.bpmn", "working time(date and time(slip_filled_at), duration("
    (deviation,) = found(edited(name, f"{task}parameters.slip_handover))", f"{task}&quot;PT1H&quot;))"))

    assert (str(deviation.reference), deviation.found) == ("M3-3.2-hotline-6.1#deadline", ("PT1H",))
    assert deviation.place.spots[0].element == "hand_over_slip"


def test_another_parameter_in_the_place_of_the_clauses_departs() -> None:
    """Given a first contact that is reckoned with the pause between calls, when figures are compared, then the tasks that cite the clause are named."""
    deviations = found(edited("onsite_service/onsite_service.bpmn", "parameters.first_contact", "parameters.contact_retry"))

    assert {(item.reference.clause, item.found) for item in deviations} == {
        ("M3-3.2-coord-3.1", ("PT30M",)),
        ("M3-3.2-hotline-4.2", ("PT30M",)),
    }
    assert {item.place.spots[0].element for item in deviations} >= {"contact_by_coordinator", "contact_by_engineer"}


@pytest.mark.parametrize(
    ("key", "figure", "value", "unit", "same"),
    [
        ("deadline", "PT2H", "PT120M", "working_time", True),
        ("deadline", "PT2H", "PT3H", "working_time", False),
        ("observe", "PT30M", 30, "minutes", True),
        ("observe", "PT30M", 30, "hours", False),
        ("frequency", "P7D", "P1W", "", True),
        ("frequency", "P1M", "P30D", "", False),
        ("within_working_days", 3, 3, "working_days", True),
        ("within_working_days", 1, "P1D", "", False),
        ("rings", 3, 3, "rings", True),
        ("rings", 3, 4, "rings", False),
        ("order", ["a", "b"], ["b", "a"], "", True),
    ],
)
def test_figures_agree_however_they_are_written(key: str, figure: object, value: object, unit: str, same: bool) -> None:
    """Given a figure of the manual and one of ours, when they are compared, then units and ways of writing do not matter, lengths do."""
    assert agree(key, figure, value, unit) is same
