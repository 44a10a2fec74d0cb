"""From a proposal to everybody's work: who may let it go live, when, and what becomes of the cases that run."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine.errors import Conflict, DeploymentRefused, InvalidInput, NotFound
from engine.runtime import publishing
from engine.runtime.publishing import MigrationChoice, Proposal, SecondPersonNeeded
from engine.storage.tables import Event, Group, Membership, ProcessDefinition, Publication, PublicationReader, User
from tests.engine.conftest import Play, form
from tests.engine.diagram import bpmn

REVIEW = 'start a b end <userTask id="a" name="Look" camunda:candidateGroups="front"/><userTask id="b" name="Check"/>'
VIP = 'start a vip b end <userTask id="a" name="Look" camunda:candidateGroups="front"/><userTask id="vip" name="Greet"/><userTask id="b" name="Check"/>'


def propose(play: Play, body: str, actor: str = "author", files: dict[str, bytes] | None = None, **proposal: Any) -> str:
    """Somebody proposes another version of `p`."""
    wanted = Proposal(**{"title": "A better review", "note": "Guests wait too long", **proposal})
    return publishing.propose(play.engine, {"p.bpmn": bpmn(body, "p")} | (files or {}), wanted, actor=actor)


def publication(play: Play, publication_id: str) -> Publication:
    """The line of the update log."""
    found: Publication = play.all(select(Publication).where(Publication.id == publication_id))[0]
    return found


def versions(play: Play) -> dict[str, list[str]]:
    """Ids of the process's versions by state."""
    found: dict[str, list[str]] = {}
    for row in play.all(select(ProcessDefinition).order_by(ProcessDefinition.version)):
        found.setdefault(row.state, []).append(row.id)
    return found


def test_a_proposal_changes_nothing_until_it_is_approved(once: Play) -> None:
    """Given a live version, when a change is proposed, then cases start as before; approved by another person, new cases take the new way."""
    once.deploy(REVIEW)
    proposed = propose(once, VIP)

    before = once.start("p")
    once.complete("a")
    assert once.open_elements() == ["b"]
    publishing.approve(once.engine, proposed, actor="second", decision="agreed")
    after = once.start("p")
    once.complete("a")

    assert sorted(task.element_id for task in once.tasks()) == ["b", "vip"]
    row = publication(once, proposed)
    assert (row.state, row.proposed_by, row.decided_by, row.decision) == ("live", "author", "second", "agreed")
    assert row.live_at == once.clock.now()
    assert versions(once)["live"] == ["p:2"]
    assert before != after


def test_the_log_says_what_changed_in_words(once: Play) -> None:
    """Given a live version, when a change is proposed, then its line of the update log tells the change, and nothing else."""
    once.deploy(REVIEW)
    row = publication(once, propose(once, REVIEW.replace('name="Look"', 'name="Look twice"')))

    changes = row.changes["p.bpmn"]
    assert [(change["kind"], change["part_id"], change["aspect"]) for change in changes] == [("changed", "a", "name")]
    assert "Look twice" in changes[0]["en"]
    assert row.note == "Guests wait too long"


def test_two_people_are_needed_where_the_setting_says_so(once: Play) -> None:
    """Given four eyes, when the author approves, then it is refused and stays proposed; a second person may."""
    once.deploy(REVIEW)
    proposed = propose(once, VIP)
    strict = replace(once.engine, settings=replace(once.engine.settings, four_eyes=True))

    with pytest.raises(SecondPersonNeeded):
        publishing.approve(strict, proposed, actor="author")
    assert publication(once, proposed).state == "proposed"

    publishing.approve(strict, proposed, actor="second")
    assert publication(once, proposed).state == "live"


def test_a_change_goes_live_on_its_date(once: Play) -> None:
    """Given an approved change with an effective date, when the date comes, then it is live; before, cases start as they did."""
    once.deploy(REVIEW)
    proposed = propose(once, VIP, effective_at=once.clock.now() + timedelta(days=3))
    publishing.approve(once.engine, proposed, actor="second")

    once.advance(days=2)
    assert publication(once, proposed).state == "approved"
    assert versions(once)["live"] == ["p:1"]
    once.advance(days=1)

    assert publication(once, proposed).state == "live"
    assert versions(once)["live"] == ["p:2"]


@pytest.mark.parametrize("way", ["rejected", "withdrawn"])
def test_a_change_that_does_not_come_leaves_no_trace_in_the_work(once: Play, way: str) -> None:
    """Given an approved change that waits for its date, when it is rejected or withdrawn, then its date passes without effect."""
    once.deploy(REVIEW)
    proposed = propose(once, VIP, effective_at=once.clock.now() + timedelta(days=3))
    publishing.approve(once.engine, proposed, actor="second")

    if way == "rejected":
        publishing.reject(once.engine, proposed, actor="second", decision="not yet")
    else:
        publishing.withdraw(once.engine, proposed, actor="author")
    once.advance(days=4)

    assert publication(once, proposed).state == way
    assert versions(once) == {"live": ["p:1"], "retired": ["p:2"]}
    assert once.open_incidents() == []


def test_what_was_decided_is_not_decided_again(once: Play) -> None:
    """Given a change that is live, when it is approved, rejected or withdrawn again, then each is refused; an unknown one is not found."""
    once.deploy(REVIEW)
    proposed = propose(once, VIP)
    publishing.approve(once.engine, proposed, actor="second")

    with pytest.raises(Conflict):
        publishing.approve(once.engine, proposed, actor="second")
    with pytest.raises(Conflict):
        publishing.reject(once.engine, proposed, actor="second", decision="no")
    with pytest.raises(Conflict):
        publishing.withdraw(once.engine, proposed, actor="author")
    with pytest.raises(NotFound):
        publishing.approve(once.engine, "nothing", actor="second")


def test_a_proposal_says_why_and_differs(once: Play) -> None:
    """Given a live version, when something is proposed without a reason, for yesterday, without a difference, or faulty, then it is refused and nothing is kept."""
    once.deploy(REVIEW)

    with pytest.raises(InvalidInput):
        propose(once, VIP, note="  ")
    with pytest.raises(InvalidInput):
        propose(once, VIP, effective_at=once.clock.now())
    with pytest.raises(InvalidInput):
        propose(once, REVIEW)
    with pytest.raises(DeploymentRefused):
        propose(once, "start a end <serviceTask id='a' topic='no.such'/>".replace("no.such", ""))
    assert once.all(select(Publication)) == []
    assert versions(once) == {"live": ["p:1"]}


def test_running_cases_are_sorted_before_anybody_decides(once: Play) -> None:
    """Given cases at different tasks, when a version takes one task out and changes the deadline of another, then each case is sorted by what it needs."""
    body = 'start a b c end <userTask id="a"/><userTask id="b"/><boundaryEvent id="late" on="b" duration="PT1H" interrupting="false"/> late e2 <userTask id="c"/>'
    once.deploy(body)
    cases = [once.start("p", f"case {number}") for number in range(6)]
    for case in cases[1:]:
        once.complete_task(_task(once, case, "a"))
    for case in cases[3:]:
        once.complete_task(_task(once, case, "b"))
    proposed = propose(once, body.replace('duration="PT1H"', 'duration="PT4H"').replace(" c end", " d end").replace('id="c"', 'id="d"'))

    (found,) = publishing.consequences(once.engine, proposed)

    assert found.version == 1
    assert found.counts == {"safe": 1, "answer": 2, "mapping": 3, "stays": 0}
    sorts = {case.instance_id: case.sort for case in found.cases}
    assert [sorts[case] for case in cases] == ["safe", "answer", "answer", "mapping", "mapping", "mapping"]
    asked = next(case for case in found.cases if case.sort == "answer")
    assert asked.asked == ("late",)

    (mapped,) = publishing.consequences(once.engine, proposed, [MigrationChoice("p:1", elements={"c": "d"})])
    assert mapped.counts == found.counts
    assert not any(case.problems for case in mapped.cases)


def test_a_timer_around_a_step_asks_too(once: Play) -> None:
    """Given a case inside a sub-process with a deadline at its border, when the deadline changes, then the case needs an answer."""
    inner = '<subProcess id="s"> s1 a e1 <userTask id="a"/> </subProcess>'
    body = f'start s end {inner}<boundaryEvent id="late" on="s" duration="PT1H" interrupting="false"/> late e2'
    once.deploy(body)
    once.start("p")

    (found,) = publishing.consequences(once.engine, propose(once, body.replace("PT1H", "PT4H")))

    assert [(case.sort, case.asked) for case in found.cases] == [("answer", ("late",))]


def test_a_case_goes_on_where_the_owner_said(once: Play) -> None:
    """Given a case at a task that the new version calls otherwise, when the owner names the new one, then the case moves there."""
    body = 'start c end <userTask id="c"/>'
    once.deploy(body)
    once.start("p")
    choice = MigrationChoice("p:1", sorts=("mapping",), elements={"c": "d"})
    proposed = propose(once, body.replace(" c end", " d end").replace('id="c"', 'id="d"'), migrations=(choice,))

    publishing.approve(once.engine, proposed, actor="second")
    once.run()

    assert [(task.process_definition_id, task.element_id) for task in once.tasks()] == [("p:2", "d")]


def test_running_cases_move_as_the_owner_chose(once: Play) -> None:
    """Given the choice to move safe and mapped cases with new timers, when the change goes live, then those cases go on in the new version and the others in the old."""
    body = 'start a b c end <userTask id="a"/><boundaryEvent id="late" on="a" duration="PT1H" interrupting="false"/> late e2 <userTask id="b"/><userTask id="c"/>'
    once.deploy(body)
    waiting, gone_on = once.start("p"), once.start("p")
    once.complete_task(_task(once, gone_on, "a"))
    choice = MigrationChoice("p:1", sorts=("safe",), update_triggers=True)
    proposed = propose(once, body.replace("PT1H", "PT4H"), migrations=(choice,))

    publishing.approve(once.engine, proposed, actor="second")
    once.run()

    moved = {event.instance_id: event.data["target"] for event in once.all(select(Event).where(Event.type == "CaseMigrated"))}
    assert moved == {gone_on: "p:2"}
    once.complete_task(_task(once, waiting, "a"))
    once.complete_task(_task(once, waiting, "b"))
    once.complete_task(_task(once, gone_on, "b"))
    assert [task.process_definition_id for task in once.tasks()] == ["p:1", "p:2"]


def test_open_tasks_may_keep_their_form(once: Play) -> None:
    """Given an open task, when its form changes with the version, then the case needs an answer."""
    task = 'start a end <userTask id="a" camunda:formRef="f"/>'
    once.deploy(task, files=form("f", note="textfield"))
    once.start("p")
    proposed = propose(once, task.replace('id="a"', 'id="a" name="Note"'), files=form("f", note="textfield", more="textfield"))

    (found,) = publishing.consequences(once.engine, proposed)

    assert found.counts["answer"] == 1


def test_those_concerned_are_told_and_confirm(once: Play) -> None:
    """Given a change that concerns a group, when it goes live, then each member has it to confirm, once; nobody else may."""
    with once.engine.database.transaction() as session:
        session.add(Group(id="front", name="前台", name_en="Front desk"))
        for user in ("li", "wang", "other"):
            session.add(_person(user, once))
        session.flush()
        session.add_all([Membership(user_id="li", group_id="front"), Membership(user_id="wang", group_id="front")])
    once.deploy(REVIEW)
    proposed = propose(once, VIP, groups=("front",), must_read=True)
    publishing.approve(once.engine, proposed, actor="second")

    with once.engine.database.session() as session:
        assert [row.id for row in publishing.unread(session, "li")] == [proposed]
        assert publishing.unread(session, "other") == []
    once.advance(hours=1)
    publishing.confirm(once.engine, proposed, actor="li")
    confirmed = once.clock.now()
    once.advance(hours=1)
    publishing.confirm(once.engine, proposed, actor="li")

    readers = {row.user_id: row.read_at for row in once.all(select(PublicationReader))}
    assert readers == {"li": confirmed, "wang": None}
    with pytest.raises(NotFound):
        publishing.confirm(once.engine, proposed, actor="other")


def _task(play: Play, instance_id: str, element_id: str) -> str:
    return next(str(task.id) for task in play.tasks() if task.instance_id == instance_id and task.element_id == element_id)


def _person(user_id: str, play: Play) -> User:
    return User(id=user_id, name=user_id, locale="zh", active=True, created_at=play.clock.now(), session_epoch=0, failed_logins=0)
