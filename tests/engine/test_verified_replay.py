"""Verified replay finds what was changed afterwards, at the event where it shows."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from engine.runtime.catalog import DefinitionCache
from engine.runtime.deployments import deploy
from engine.runtime.operations import Restart
from engine.runtime.replaying import Cause, Verdict, verify
from engine.storage.tables import Event, Resource
from tests.engine.conftest import Play, form
from tests.engine.operations.doing import before, do

_DECISION = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="test"><decision id="fee" name="fee">
<decisionTable id="t" hitPolicy="FIRST"><input id="i"><inputExpression id="ie" typeRef="number"><text>x</text></inputExpression></input>
<output id="o" name="fee" typeRef="number" />
<rule id="r1"><inputEntry id="a"><text>&gt; 10</text></inputEntry><outputEntry id="b"><text>80</text></outputEntry></rule>
<rule id="r2"><inputEntry id="c"><text>-</text></inputEntry><outputEntry id="d1"><text>20</text></outputEntry></rule>
</decisionTable></decision></definitions>"""
_BODY = """
<startEvent id="start"/><userTask id="ask" camunda:formRef="f"/>
<businessRuleTask id="decide" camunda:decisionRef="fee" camunda:mapDecisionResult="singleEntry" camunda:resultVariable="fee"/>
<exclusiveGateway id="dear"/><serviceTask id="handle" camunda:type="external" camunda:topic="test.echo">
<extensionElements><camunda:inputOutput><camunda:inputParameter name="value">=x</camunda:inputParameter></camunda:inputOutput></extensionElements></serviceTask>
<userTask id="approve"/><endEvent id="end"/>
start ask
ask decide
decide dear
dear [fee > 50] handle
dear / end
handle approve
approve end
"""


@pytest.fixture
def case(play: Play) -> str:
    """A case that took the dear way, to its end."""
    instance = play.begin(_BODY, files=form("f", x="number") | {"fee.dmn": _DECISION})
    play.complete("ask", x=12)
    play.complete("approve")
    assert play.state(instance) == ("completed", "end")
    return instance


def tamper(play: Play, change: Callable[[Session], None]) -> None:
    """Change what nobody may change, as somebody with the database in their hands could."""
    engine = play.engine
    with engine.database.transaction() as session:
        if engine.database.is_postgres:
            session.execute(text("ALTER TABLE event DISABLE TRIGGER ALL"))
        else:
            for (name,) in session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'event'")).all():
                session.execute(text(f"DROP TRIGGER {name}"))
        change(session)


def verdict(play: Play, case: str) -> Verdict:
    """Of an engine that has read no definition yet."""
    engine = play.engine
    object.__setattr__(engine, "cache", DefinitionCache())
    return verify(engine, case)


def event_of(play: Play, case: str, kind: str, element_id: str) -> Event:
    """The event of an element."""
    return next(event for event in play.events(case, kind) if event.element_id == element_id)


def changed(play: Play, event: Event, **data: Any) -> Callable[[Session], None]:
    """An event with other data."""
    of_it = (Event.instance_id == event.instance_id, Event.sequence == event.sequence)
    return lambda session: session.execute(update(Event).where(*of_it).values(data=event.data | data))


def test_an_honest_case_comes_out_the_same(play: Play, case: str) -> None:
    """Given a finished case, when its inputs are done again, then every event comes out as it was recorded."""
    found = verdict(play, case)

    assert found.difference is None
    assert (found.inputs, found.events) == (4, len(play.events(case)))


def test_a_tampered_input_is_found_where_it_shows(play: Play, case: str) -> None:
    """Given a form value that was changed afterwards, the replay differs at the variable it became, and names the completion as the cause."""
    completed = event_of(play, case, "UserTaskCompleted", "ask")
    tamper(play, changed(play, completed, values={"x": 3}))

    difference = verdict(play, case).difference

    assert difference is not None
    assert difference.sequence == completed.sequence + 1
    assert difference.cause == Cause(case, completed.sequence)
    assert difference.recorded is not None
    assert difference.replayed is not None
    assert (difference.recorded["data"]["after"], difference.replayed["data"]["after"]) == (12, 3)


def test_a_changed_decision_table_is_found_at_the_decision(play: Play, case: str) -> None:
    """Given a decision table whose stored text was changed, the replay differs at the evaluation, after the input that led to it."""
    content = _DECISION.replace(b"<text>80</text>", b"<text>60</text>")
    of_it = Resource.name == "fee.dmn"
    tamper(play, lambda session: session.execute(update(Resource).where(of_it).values(content=content)))

    difference = verdict(play, case).difference

    assert difference is not None
    assert difference.sequence == event_of(play, case, "DecisionEvaluated", "decide").sequence
    assert difference.cause == Cause(case, event_of(play, case, "UserTaskCompleted", "ask").sequence)


def test_a_changed_handler_answer_is_found_where_it_shows(play: Play, case: str) -> None:
    """Given the answer of a handler that was changed afterwards, the replay differs right behind it, and names the answer as the cause."""
    answered = event_of(play, case, "JobSucceeded", "handle")
    tamper(play, changed(play, answered, result={"answer": 13}))

    difference = verdict(play, case).difference

    assert difference is not None
    assert difference.sequence == answered.sequence + 1
    assert difference.cause == Cause(case, answered.sequence)


@pytest.mark.parametrize(
    "restart",
    [
        Restart(""),
        Restart("", (before("decide", x=3),), "initial", keeps_business_key=False),
        Restart("", (before("handle"), before("approve"))),
    ],
    ids=["from its start", "from a chosen element", "from two"],
)
def test_a_case_that_goes_on_from_a_finished_one_comes_out_the_same(play: Play, case: str, restart: Restart) -> None:
    """Given a finished case that was begun again, at its start or at elements a person chose, both come out as they were recorded."""
    begun = do(play, replace(restart, instance_id=case)).started
    assert begun is not None
    for task in play.tasks(begun):
        play.complete_task(task.id, "tester", **({"x": 50} if task.element_id == "ask" else {}))

    assert verdict(play, case).difference is None
    found = verdict(play, begun)
    assert found.difference is None
    assert found.events == len(play.events(begun))


def test_a_case_from_which_another_only_claims_to_go_on_is_found(play: Play, case: str) -> None:
    """Given a case whose first event names a finished one that does not tell of it, the replay stops there and says so."""
    begun = do(play, Restart(case)).started
    assert begun is not None
    (told,) = play.events(case, "CaseRestarted")
    tamper(play, changed(play, told, instance_id="another"))

    difference = verdict(play, begun).difference

    assert difference is not None
    assert difference.sequence == 1
    assert f"{case}, from which it goes on, does not tell of it" in difference.en


def test_a_removed_last_event_is_found(play: Play, case: str) -> None:
    """Given a history whose end was cut off, the replay brings about what was not recorded."""
    last = play.events(case)[-1]
    tamper(
        play,
        lambda session: session.delete(
            session.scalars(select(Event).where(Event.instance_id == case, Event.sequence == last.sequence)).one()
        ),
    )

    difference = verdict(play, case).difference

    assert difference is not None
    assert difference.recorded is None


def test_a_new_version_of_a_decision_changes_nothing_about_the_past(play: Play, case: str) -> None:
    """Given a decision table that was replaced by a newer one after the case, the replay takes the one of that time."""
    play.advance(hours=1)
    deploy(play.engine, {"fee.dmn": _DECISION.replace(b"<text>80</text>", b"<text>5</text>")}, name="newer")

    assert verdict(play, case).difference is None
