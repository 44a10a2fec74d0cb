"""Closing (服务归档): papers in, reviewed, archived, case closed."""

from datetime import UTC, datetime

from sqlalchemy import select

from handlers.deadlines.tables import Breach, Promise
from handlers.documents.tables import Archive
from handlers.orders.tables import ServiceOrder
from tests.processes.given import a_paper, a_promise, an_order
from tests.scenario import Scenario

PAPERS = ("F-SLIP", "F-REPAIR", "F-SERVICE")
REVIEWED = {"papers_complete": True, "papers_correct": True}


def begin(case: Scenario, *papers: str) -> tuple[str, str]:
    """A finished visit with some of its papers; returns (instance, order)."""
    order_id = an_order(case)
    for kind in papers:
        a_paper(case, order_id, kind)
    return case.start("service_closing", order_id, order_id=order_id, kind="onsite", engineer_id="engineer1"), order_id


def status(case: Scenario, order_id: str) -> str:
    """Where the order stands."""
    with case.engine.database.session() as session:
        return session.get_one(ServiceOrder, order_id).status


def test_complete_papers_are_archived_and_the_case_closed(case: Scenario) -> None:
    """Given all papers, when they are handed in and reviewed, then they are archived and the order is closed."""
    instance, order_id = begin(case, *PAPERS)
    assert case.task("hand_in").assignee == "engineer1"
    case.complete("hand_in", feedback="客户满意", all_handed_in=True)
    case.complete("review", "service1", **REVIEWED)

    assert case.state(instance) == ("completed", "archived")
    assert status(case, order_id) == "closed"
    with case.engine.database.session() as session:
        assert session.scalars(select(Archive)).one().no == case.variables(instance)["archive_no"]


def test_incomplete_papers_go_back_with_the_list(case: Scenario) -> None:
    """Given a missing repair form, when the reviewer says so, then the engineer has the task again and sees what is missing."""
    instance, _ = begin(case, "F-SLIP", "F-SERVICE")
    case.complete("hand_in", all_handed_in=True)
    assert "维修单" in case.variables(instance)["missing_text"]
    case.complete("review", "service1", papers_complete=False, papers_correct=True, review_remarks="缺维修单")

    assert case.open_elements(instance) == ["hand_in"]


def test_reviewer_cannot_archive_what_is_missing(case: Scenario) -> None:
    """Given a missing paper, when the reviewer overlooks it, then the archive refuses and the review is open again."""
    instance, order_id = begin(case, "F-SLIP")
    case.complete("hand_in", all_handed_in=True)
    case.complete("review", "service1", **REVIEWED)

    assert case.open_elements(instance) == ["review"]
    assert status(case, order_id) == "completed"


def test_open_promise_blocks_the_closing(case: Scenario) -> None:
    """Given a promise nobody kept, when the case is to be closed, then it has to be seen to first."""
    instance, order_id = begin(case, *PAPERS)
    a_promise(case, order_id)
    case.complete("hand_in", all_handed_in=True)
    case.complete("review", "service1", **REVIEWED)
    assert case.open_elements(instance) == ["settle_promises"]

    case.complete("settle_promises", "service1", promise_evidence="已于当日回电", promises_kept=True)

    assert case.state(instance) == ("completed", "archived")
    with case.engine.database.session() as session:
        assert session.scalars(select(Promise.state)).one() == "kept"


def test_papers_not_in_by_the_next_working_day_are_a_breach_noticed_twice(case: Scenario) -> None:
    """Given a finished visit, when the next working day passes and one more, then the breach is recorded once, noticed twice, and the task stays."""
    instance, order_id = begin(case, *PAPERS)
    task = case.task("hand_in")
    assert task.due_at == datetime(2026, 3, 6, 10, tzinfo=UTC)  # Friday 18:00, the end of the next working day

    case.advance(days=1, hours=8, minutes=1)
    assert case.path(instance).count("record_papers_breach") == 1
    case.advance(days=3)
    assert case.path(instance).count("record_papers_breach") == 2
    with case.engine.database.session() as session:
        assert [breach.order_id for breach in session.scalars(select(Breach))] == [order_id]
    assert case.open_elements(instance) == ["hand_in"]
