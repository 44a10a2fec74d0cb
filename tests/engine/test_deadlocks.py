"""Joins that can never complete are reported where they are, and settle when the case moves on."""

import pytest

from engine.errors import Conflict
from tests.engine.conftest import Play
from tests.engine.operations.doing import after, before, cancel, modify

_STUCK = "start fork a join c end \n fork b choose [n = 1] join \n choose / d end_d"


def test_a_parallel_join_that_waits_for_nobody_is_reported(play: Play) -> None:
    """Given a branch that ended elsewhere, when nothing is left that can reach the join, then an incident names the join, the missing flow and what to do."""
    case = play.begin(_STUCK, n=2)
    play.complete("a")
    play.complete("b")
    (incident,) = play.open_incidents()  # d is still at work, but cannot lead back
    assert (incident.kind, incident.element_id, incident.job_id) == ("join", "join", None)
    assert "choose" in incident.message and "choose" in incident.detail
    assert "取消案例" in incident.message and "cancel the case" in incident.detail
    with pytest.raises(Conflict):  # nothing to retry
        play.retry()
    play.complete("d")
    assert [item.id for item in play.open_incidents()] == [incident.id]
    assert [event.element_id for event in play.events(case, "IncidentOpened")] == ["join"]


def test_a_join_that_may_still_complete_is_not_reported(play: Play) -> None:
    """Given work that can still lead to the join, also by another join, a link or a boundary event, then nothing is reported."""
    case = play.begin(
        """start fork a join_2 e end \n fork b join_1 join_2 \n fork c there \n here join_1 \n late join_1
        fork d end_d <boundaryEvent id="late" on="d" duration="PT1H"/>
        <intermediateThrowEvent id="there" link="A"/><intermediateCatchEvent id="here" link="A"/>"""
    )
    for element in ("a", "b"):
        play.complete(element)
        assert play.open_incidents() == []
    play.complete("c")
    assert play.open_incidents() == []
    play.complete("d")
    assert {incident.element_id for incident in play.open_incidents()} == {"join_1", "join_2"}
    assert play.ended(case) is None


def test_the_incident_is_resolved_when_the_case_moves_on(play: Play) -> None:
    """Given a stuck join, when an operator brings the missing token, then the incident is resolved and the case goes on."""
    case = play.begin(_STUCK, n=2)
    for element in ("a", "b", "d"):
        play.complete(element)
    modify(play, case, before("b"))
    assert play.open_incidents() == []
    play.set(case, n=1)
    play.complete("b")
    assert play.open_elements() == ["c"]
    assert [event.element_id for event in play.events(case, "IncidentResolved")] == ["join"]
    play.complete("c")
    assert play.ended(case) == "end"


@pytest.mark.parametrize("way", ["skip", "interrupt"])
def test_the_incident_is_resolved_when_the_join_is_left(play: Play, way: str) -> None:
    """Given a stuck join in a sub-process, when the operator puts the token behind it or the sub-process is interrupted, then the incident is resolved."""
    inside = _STUCK.replace("start", "start_in").replace("c end", "c end_in")
    body = f'start sub end \n late x end_late <boundaryEvent id="late" on="sub" duration="PT1H"/><subProcess id="sub">{inside}</subProcess>'
    case = play.begin(body, n=2)
    for element in ("a", "b", "d"):
        play.complete(element)
    assert [incident.element_id for incident in play.open_incidents()] == ["join"]
    if way == "skip":
        modify(play, case, after("join"), cancel("join"))
    else:
        play.advance(hours=1)
    assert play.open_incidents() == []
    assert play.open_elements() == (["c"] if way == "skip" else ["x"])


def test_an_inclusive_join_behind_a_stuck_one_is_reported_too(play: Play) -> None:
    """Given an inclusive join that waits for a token stuck at a parallel join, then both are reported."""
    play.begin(
        """start split a both end \n split b join both \n split c choose [n = 1] join \n choose / end_c
        <inclusiveGateway id="split"/><inclusiveGateway id="both"/>""",
        n=2,
    )
    for element in ("a", "b"):
        play.complete(element)
        assert play.open_incidents() == []
    play.complete("c")
    assert sorted(str(incident.element_id) for incident in play.open_incidents()) == ["both", "join"]
