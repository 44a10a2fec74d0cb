"""Every clause is enforced, shown, left out for a reason, or known to be missing."""

from engine.manuals.coverage import cover
from engine.manuals.procedures import Spot
from tests.manuals.shipped import catalogue, edited, files, procedures


def test_the_shipped_procedures_miss_nothing() -> None:
    """Given the shipped procedures, when they are held against the manuals, then no clause of a process that exists is missing."""
    covered = cover(catalogue(), procedures())

    assert [(gap.process, gap.clause.id) for gap in covered.gaps] == []
    assert "missing" not in covered.states.values()


def test_a_clause_taken_out_of_its_diagram_is_missing() -> None:
    """Given a diagram whose only citation of a clause was removed, when it is held against the manual, then the clause is missing there."""
    changed = procedures(edited("hotline_service/hotline_service.bpmn", "M3-3.2-hotline-6.2", "M3-3.2-hotline-6.1"))

    covered = cover(catalogue(), changed)

    assert covered.states["M3-3.2-hotline-6.2"] == "missing"
    assert [gap.process for gap in covered.gaps] == ["hotline_service"]


def test_a_card_that_no_user_task_shows_is_missing() -> None:
    """Given a conduct clause that a process has to show, when none of its user tasks does, then the clause is missing."""
    name = "onsite_service/onsite_service.bpmn"
    card = next(
        clause.id
        for clause in catalogue().clauses.values()
        if clause.process == "guidance" and clause.shown_in == ("onsite_service",) and clause.id + '"' in files()[name].decode()
    )
    changed = procedures(edited(name, f"{card}", "M3-2.4-7"))

    assert cover(catalogue(), changed).states[card] == "missing"


def test_a_clause_of_a_process_that_is_not_drawn_is_planned() -> None:
    """Given a procedure that is not there, when coverage is counted, then its clauses are planned, not missing."""
    package = procedures()
    package.processes.pop("callback")

    covered = cover(catalogue(), package)

    assert covered.states["M4-2.3.10"] == "planned"


def test_a_clause_lives_in_rows_and_parameters_too() -> None:
    """Given the arrival deadline and the callback deadline, when their places are looked up, then the row and the parameter are named, and who uses them."""
    places = cover(catalogue(), procedures()).places

    row = next(place for place in places["M3-3.2-coord-3.3"] if place.kind == "decision_row")
    parameter = next(place for place in places["M3-3.2-coord-3.1"] if place.kind == "parameter")
    assert (row.owner, row.part) == ("dmn_arrival_deadline", "2")
    assert row.spots[0].process == "onsite_service"
    assert parameter.owner == "first_contact"
    assert Spot("onsite_service", "contact_by_engineer") in parameter.spots


def test_every_clause_has_its_chapter() -> None:
    """Given the table of contents, when each clause is looked up, then it has a manual with a title and a chapter."""
    lost = [clause.id for clause in catalogue().clauses.values() if catalogue().chapter_of(clause) is None]

    assert lost == []
    assert all(manual.title_en != manual.id for manual in catalogue().manuals)


def test_what_no_process_realises_has_a_reason_in_both_languages() -> None:
    """Given the clauses that become nothing, when they are read, then each says why, in Chinese and in English."""
    left_out = [clause for clause in catalogue().clauses.values() if clause.process == "none"]

    assert [clause.id for clause in left_out if not clause.reason_en or clause.reason_zh == clause.reason_en] == []
