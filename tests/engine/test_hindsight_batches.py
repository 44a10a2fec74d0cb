"""Looking back at many cases in the background, and what is left of old cases when a change is published."""

from collections import Counter

import pytest
from sqlalchemy import select

from engine.errors import InvalidInput
from engine.runtime import publishing
from engine.runtime.hindsight import Asked, start_hindsight, stop_hindsight
from engine.runtime.publishing import MigrationChoice, Proposal
from engine.runtime.replaying import verify
from engine.storage.tables import Event, HindsightCase, Job
from tests.engine.conftest import Play, form
from tests.engine.diagram import bpmn
from tests.engine.test_hindsight import BODY


def test_a_batch_runs_in_the_background_and_changes_no_case(once: Play) -> None:
    """Given three finished cases, the last two are looked at by jobs; their events are untouched, and a second stop is refused."""
    play = once
    play.deploy(BODY, files=form("f", x="number"))
    for x in (5, 9, 12):
        play.start("p")
        play.complete("ask", x=x)
        play.complete("approve")
    before = len(play.all(select(Event)))

    with pytest.raises(InvalidInput):
        start_hindsight(play.engine, "p.bpmn", Asked("nothing", 20), {"p.bpmn": bpmn(BODY)}, "owner")
    start_hindsight(play.engine, "p.bpmn", Asked("p", 2), {"p.bpmn": bpmn(BODY.replace("x > 10", "x > 8"))}, "owner")
    play.run()

    assert Counter(row.state for row in play.all(select(HindsightCase))) == {"other": 1, "same": 1}
    assert len(play.all(select(Event))) == before
    assert {job.state for job in play.all(select(Job)) if job.kind == "hindsight"} == {"done"}
    batch = start_hindsight(play.engine, "p.bpmn", Asked("p", 1), {"p.bpmn": bpmn(BODY)}, "owner")
    assert stop_hindsight(play.engine, batch) == 1


def test_what_an_earlier_publication_changed_is_told_apart(once: Play) -> None:
    """Given a case of version 1 and a version 2 with another limit, a draft that adds nothing to that says that what is live does the same."""
    play = once
    play.deploy(BODY, files=form("f", x="number"))
    case = play.start("p")
    play.complete("ask", x=9)
    play.complete("approve")
    assert play.ended(case) == "end"
    second = BODY.replace("x > 10", "x > 8")
    play.deploy(second)

    for body, already in ((second, True), (BODY.replace("start ask", "start approve"), False)):
        start_hindsight(play.engine, "p.bpmn", Asked("p", 1), {"p.bpmn": bpmn(body)}, "owner")
        play.run()
        newest = play.all(select(HindsightCase).order_by(HindsightCase.id))[-1]
        assert (newest.state, newest.outcome["already"]) == ("other", already)


def test_old_cases_come_out_the_same_after_a_change_is_published_with_migration(once: Play) -> None:
    """Given a finished case and a running one, when a change is published that takes the running one along, both still replay as recorded."""
    play = once
    play.deploy(BODY, files=form("f", x="number"))
    old, running = play.start("p"), play.start("p")
    play.complete("ask", instance=old, x=9)
    play.complete("approve")
    play.complete("ask", instance=running, x=5)
    changed = BODY.replace("approve end", "approve look\nlook end") + '<userTask id="look"/>'
    made = publishing.propose(play.engine, {"p.bpmn": bpmn(changed)}, Proposal("p", "a second look"), actor="owner")
    (seen,) = publishing.consequences(play.engine, made)
    publishing.choose_migrations(play.engine, made, [MigrationChoice(seen.source_definition_id, sorts=("safe", "answer"))], actor="owner")
    publishing.approve(play.engine, made, actor="owner")
    play.run()
    play.complete("approve", instance=running)
    play.complete("look", instance=running)

    assert [play.state(case) for case in (old, running)] == [("completed", "end")] * 2
    assert play.events(running, "CaseMigrated")
    assert [verify(play.engine, case).difference for case in (old, running)] == [None, None]
