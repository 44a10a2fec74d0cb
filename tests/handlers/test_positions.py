"""Position checks: whose turn it is, what is looked at, what becomes of what was seen."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from engine.clock import SimulatedClock
from engine.errors import InvalidInput, NotFound
from engine.manuals.catalogue import CLAUSES
from engine.storage.tables import Deployment, Resource
from handlers.dispatch.tables import Employee
from handlers.positions.norms import POSTS
from handlers.positions.tables import PositionCheck, PostNorm
from tests.handlers.desk import PARAMETERS, Desk

_CLAUSES = (Path(__file__).parents[2] / "processes" / CLAUSES).read_bytes()
#: As many as everybody who has a post with a table in the manual.
_ALL = 100

Publish = Callable[[bytes], None]


@pytest.fixture
def publish(desk: Desk, clock: SimulatedClock) -> Publish:
    """Puts clauses into force; the manuals as shipped are in force already."""

    def published(content: bytes) -> None:
        clock.advance(timedelta(minutes=1))
        with desk.engine.database.transaction() as session:
            number = f"m{desk.engine.clock.now():%d%H%M}"
            session.add(Deployment(id=number, name="manuals", source="test", deployed_at=desk.engine.clock.now(), state="live"))
            session.flush()
            session.add(Resource(id=number, deployment_id=number, name=CLAUSES, sha256="0", content=content))

    published(_CLAUSES)
    return published


def open_round(desk: Desk, at_most: int = _ALL, *, days: int = 30, job: str | None = None) -> list[dict[str, Any]]:
    """The checks of a round, where nobody is checked twice within so many days."""
    since = (desk.engine.clock.now() - timedelta(days=days)).isoformat()
    checks: list[dict[str, Any]] = desk.do("positions.open_round", job=job, checked_since=since, at_most=at_most)["opened_checks"]
    return checks


def checked(desk: Desk, check_id: str, *, failed: tuple[str, ...] = ()) -> list[str]:
    """Check somebody to the end, with these clauses not in order; returns the clauses that were looked at."""
    items = desk.do("positions.instantiate_checklist", check_id=check_id)["items"]
    answers = [{"ok": item["clause"] not in failed, "note": "没有做到"} for item in items]
    desk.do("positions.save_checklist", check_id=check_id, answers=answers)
    desk.do("positions.confirm_check", check_id=check_id, agreed=True)
    return [item["clause"] for item in items]


@pytest.mark.usefixtures("publish")
def test_everybody_with_a_post_has_their_turn_and_those_who_waited_longest_come_first(desk: Desk, clock: SimulatedClock) -> None:
    """Given rounds of five, nobody comes twice before all had their turn; a month later the first come first again. Who is absent or left is passed over."""
    with desk.engine.database.transaction() as session:
        session.execute(update(Employee).where(Employee.user_id == "engineer3").values(active=False))
        away = desk.engine.clock.now() + timedelta(days=2)
        session.execute(update(Employee).where(Employee.user_id == "engineer4").values(absent_until=away))
    rounds = []
    while found := [check["employee_id"] for check in open_round(desk, 5)]:
        rounds.append(found)
        clock.advance(timedelta(hours=1))

    people = [person for each in rounds for person in each]
    assert [len(each) for each in rounds] == [5, 5, 5, 1]
    assert len(set(people)) == len(people) == 16
    assert {"hotline1", "coordinator1", "parts1", "reception1", "bench1", "engineer1"} <= set(people)
    assert not {"head1", "engineer3", "engineer4"} & set(people)
    clock.advance(timedelta(days=3))
    assert [check["employee_id"] for check in open_round(desk, 5)] == ["engineer4"]
    clock.advance(timedelta(days=30))
    assert [check["employee_id"] for check in open_round(desk, 5)] == rounds[0]


@pytest.mark.usefixtures("publish")
def test_a_round_that_is_opened_again_by_the_same_job_is_the_same(desk: Desk) -> None:
    """Given the job of a round runs twice, it opens the same checks and no more."""
    first = open_round(desk, 3, job="round")

    assert open_round(desk, 3, job="round") == first
    assert len(desk.rows(select(PositionCheck))) == 3


def test_no_manual_no_check(desk: Desk) -> None:
    """Given no manuals are in force, there is no norm to check anybody against."""
    assert open_round(desk) == []


@pytest.mark.usefixtures("publish")
def test_a_norm_is_what_the_manual_says_of_the_post(desk: Desk) -> None:
    """Given the shipped manual, each of the six posts has a norm of appearance and of what can be seen of its work; the hotline's has no purpose and no tools."""
    open_round(desk)
    norms = {norm.post: norm for norm in desk.rows(select(PostNorm))}

    assert set(norms) == set(POSTS)
    assert {norm.version for norm in norms.values()} == {1}
    clauses = [item["clause"] for item in norms["hotline"].items]
    assert {"M3-2.4-9", "M3-3.2-hotline-2.1", "M3-3.2-hotline-3.2", "M3-3.2-hotline-3.15"} <= set(clauses)
    assert not {"M3-3.2-hotline-0", "M3-3.2-hotline-0.1"} & set(clauses)
    assert not [clause for clause in clauses if "onsite" in clause]


def test_a_new_norm_is_a_new_version_and_its_people_are_checked_again(desk: Desk, publish: Publish) -> None:
    """Given everybody was checked, when the manual changes a step of the hotline, then the hotline's people come again, by version 2, and nobody else."""
    for check in open_round(desk):
        checked(desk, check["check_id"])
    publish(_CLAUSES.replace("铃响三声内接起。".encode(), "铃响两声内接起。".encode()))

    again = open_round(desk)
    opened = desk.do("positions.instantiate_checklist", check_id=again[0]["check_id"])

    assert [check["employee_id"] for check in again] == ["hotline1", "hotline2"]
    assert (opened["post"], opened["norm_version"], opened["employee_name"]) == ("hotline", 2, "林晓雯")
    assert [norm.version for norm in desk.rows(select(PostNorm).where(PostNorm.post == "hotline").order_by(PostNorm.version))] == [1, 2]


@pytest.mark.usefixtures("publish")
def test_a_few_checks_go_through_the_whole_norm_and_come_back_to_what_failed(desk: Desk, clock: SimulatedClock) -> None:
    """Given ten items a check, somebody of the hotline is asked about other items each time, except for the one that was not in order; the fourth check has seen the whole norm."""
    missed, seen = "M3-3.2-hotline-1.2", []
    for failed in ((missed,), (), (), ()):
        check = next(check for check in open_round(desk, days=1) if check["employee_id"] == "hotline1")
        seen.append(set(checked(desk, check["check_id"], failed=failed)))
        clock.advance(timedelta(days=2))
    norm = desk.rows(select(PostNorm).where(PostNorm.post == "hotline"))[0]

    assert [len(clauses) for clauses in seen] == [PARAMETERS["position_check_items"]] * 4
    assert seen[0] & seen[1] == {missed}
    assert not (seen[0] | seen[1]) & seen[2]
    assert set().union(*seen) == {item["clause"] for item in norm.items}


@pytest.mark.usefixtures("publish")
def test_the_score_is_the_share_of_items_in_order_and_what_failed_is_told(desk: Desk) -> None:
    """Given two of ten items are not in order, the score is 80 %, both are named with what was seen, in both languages; the checklist opened again is the same."""
    check_id = open_round(desk, 1)[0]["check_id"]
    opened = desk.do("positions.instantiate_checklist", check_id=check_id)
    answers = [{"ok": number > 1, "note": "工牌没戴" if number == 0 else None} for number in range(10)]

    saved = desk.do("positions.save_checklist", check_id=check_id, answers=answers, checked_by="head1")
    desk.do("positions.confirm_check", check_id=check_id, agreed=False, comment="当天换制服")

    (check,) = desk.rows(select(PositionCheck))
    assert saved["score"] == 80
    assert saved["failed_text"] == f"{opened['items'][0]['item']}（工牌没戴）；{opened['items'][1]['item']}"
    assert saved["failed_text_en"].startswith(opened["items"][0]["item_en"])
    assert (check.score, check.checked_by, check.agreed, check.comment) == (0.8, "head1", False, "当天换制服")
    assert [row["result_en"] for row in saved["checked_rows"]] == ["Not in order"] * 2 + ["In order"] * 8
    assert desk.do("positions.instantiate_checklist", check_id=check_id)["items"] == check.rows


@pytest.mark.usefixtures("publish")
def test_no_item_is_left_out(desk: Desk) -> None:
    """Given a list of ten and nine answers, or a check that is not there, saving is refused."""
    check_id = open_round(desk, 1)[0]["check_id"]
    desk.do("positions.instantiate_checklist", check_id=check_id)

    with pytest.raises(InvalidInput, match="10 items"):
        desk.do("positions.save_checklist", check_id=check_id, answers=[{"ok": True}] * 9)
    with pytest.raises(NotFound):
        desk.do("positions.confirm_check", check_id="GW0", agreed=True)
