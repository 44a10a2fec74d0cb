"""Messages between cases, and signals to everybody."""

from datetime import timedelta

import pytest

from engine.errors import AmbiguousMessage, MessageNotCorrelated
from engine.runtime import instances, messages
from tests.engine.conftest import Play

_READER = 'start m a end <intermediateCatchEvent id="m" message="news"/>'


def test_a_message_waits_for_its_receiver(play: Play) -> None:
    """Given a message nobody awaits yet, when a case with its key begins to wait, then it gets the message at once."""
    play.deploy(_READER)
    play.message("news", "K", text="early")
    assert play.waiting_messages() == ["news"]
    case = play.start("p", "K")
    assert play.open_elements() == ["a"]
    assert play.variables(case) == {"text": "early"}
    assert play.waiting_messages() == []


def test_a_message_does_not_wait_longer_than_it_may(play: Play) -> None:
    """After its time to live it is not delivered any more."""
    play.deploy(_READER)
    messages.publish(play.engine, "news", "K", {}, ttl=timedelta(hours=1))
    play.advance(hours=2)
    play.start("p", "K")
    assert play.open_elements() == []
    messages.sweep(play.engine)
    assert play.waiting_messages() == []


def test_a_thrown_message_lives_as_long_as_its_diagram_says(play: Play) -> None:
    """opsbook:ttl on the throwing element."""
    play.deploy('start t end <intermediateThrowEvent id="t" message="news" opsbook:ttl="PT1H"/>', "writer")
    play.deploy(_READER)
    play.start("writer", "K")
    play.advance(hours=2)
    play.start("p", "K")
    assert play.open_elements() == []


def test_a_message_is_delivered_once(play: Play) -> None:
    """Given one message and two cases that come to wait one after the other, then the first gets it."""
    play.deploy(_READER)
    play.message("news", "K")
    play.start("p", "K")
    play.start("p", "K")
    assert play.open_elements() == ["a"]


def test_a_message_for_several_is_refused_as_ambiguous(play: Play) -> None:
    """As in Camunda: nobody gets it, and whoever sent it hears so; a published one waits with an incident until it is clear."""
    play.deploy(_READER)
    first = play.start("p", "K")
    play.start("p", "K")
    with pytest.raises(AmbiguousMessage):
        messages.correlate(play.engine, "news", "K")
    messages.publish(play.engine, "news", "K")
    play.advance(days=0, hours=1)
    assert play.open_elements() == []
    assert len(play.open_incidents()) == 1
    instances.cancel(play.engine, first, "boss")
    play.retry()
    assert play.open_elements() == ["a"]
    assert play.open_incidents() == []


def test_correlating_needs_a_receiver(play: Play) -> None:
    """A message that is correlated is not kept."""
    play.deploy(_READER)
    with pytest.raises(MessageNotCorrelated):
        messages.correlate(play.engine, "news", "K")
    case = play.start("p", "K")
    assert messages.correlate(play.engine, "news", "K", {"n": 1}) == case
    assert play.variables(case) == {"n": 1}


def test_the_key_must_fit(play: Play) -> None:
    """Another key, or none, is somebody else's message."""
    play.deploy(_READER)
    play.start("p", "K")
    play.message("news", "other")
    play.message("news")
    assert play.open_elements() == []


def test_correlation_keys_are_expressions(play: Play) -> None:
    """opsbook:correlationKey on the catching and the throwing element replaces the business key; numbers count as text."""
    play.deploy('start m a end <receiveTask id="m" message="news" opsbook:correlationKey="order.id"/>', "reader")
    play.deploy('start t end <endEvent id="end" message="news" in:state="shipped" opsbook:correlationKey="n"/><task id="t"/>', "writer")
    reader = play.start("reader", "K", order={"id": 7})
    play.start("writer", "other", n=7)
    assert play.open_elements() == ["a"]
    assert play.variables(reader)["state"] == "shipped"


def test_a_key_without_a_value_is_an_incident(play: Play) -> None:
    """Waiting for nothing in particular is a mistake; after the correction a retry waits for the right key."""
    case = play.begin('start m a end <receiveTask id="m" message="news" opsbook:correlationKey="order_id"/>')
    assert len(play.open_incidents()) == 1
    play.set(case, order_id="O1")
    play.retry()
    play.message("news", "O1")
    assert play.open_elements() == ["a"]


def test_a_message_starts_a_process(play: Play) -> None:
    """A message start event begins a case with the key as business key and the content as variables."""
    play.deploy('start a end <startEvent id="start" message="order"/>')
    play.message("order", "K9", goods="pump")
    (case,) = play.instances("p")
    assert (case.business_key, play.variables(case.id)) == ("K9", {"goods": "pump"})
    assert play.events(case.id, "MessageReceived")[0].element_id == "start"


def test_a_waiting_case_goes_before_a_new_one(play: Play) -> None:
    """Given a case waits for the message and a start event would take it, too, then the waiting case gets it."""
    play.deploy('start a end <startEvent id="start" message="news"/>', "starter")
    play.deploy(_READER)
    play.start("p", "K")
    play.message("news", "K")
    assert play.instances("starter") == []
    play.message("news", "K")
    assert len(play.instances("starter")) == 1


def test_processes_talk_to_each_other_and_back(play: Play) -> None:
    """One process starts another by a message and waits for its answer with the same key."""
    play.deploy(
        'start ask answer a end <intermediateThrowEvent id="ask" message="question" in:text="=what"/><intermediateCatchEvent id="answer" message="reply"/>',
        "customer",
    )
    play.deploy(
        'start b end <startEvent id="start" message="question"/><endEvent id="end" message="reply" in:reply="=text + &quot;!&quot;"/>',
        "office",
    )
    case = play.start("customer", "K", what="why")
    play.complete("b")
    assert play.open_elements() == ["a"]
    assert play.variables(case) == {"what": "why", "reply": "why!"}


def test_a_suspended_case_gets_its_message_when_it_is_resumed(play: Play) -> None:
    """The message waits like the case."""
    play.deploy(_READER)
    case = play.start("p", "K")
    instances.suspend(play.engine, case, "boss")
    play.message("news", "K", n=1)
    assert play.variables(case) == {}
    instances.resume(play.engine, case, "boss")
    play.run()
    assert play.open_elements() == ["a"]


def test_a_signal_reaches_everybody_who_waits(play: Play) -> None:
    """Waiting cases of all keys go on, boundary events fire, processes start; who comes later missed it."""
    play.deploy('start s a end <intermediateCatchEvent id="s" signal="alarm"/>')
    play.deploy('start b end <startEvent id="start" signal="alarm"/>', "starter")
    play.start("p", "K1")
    play.start("p", "K2")
    play.signal("alarm", why="fire")
    assert play.open_elements() == ["a", "a", "b"]
    assert play.variables(play.instances("starter")[0].id) == {"why": "fire"}
    play.start("p", "K3")
    assert play.open_elements() == ["a", "a", "b"]


def test_a_signal_thrown_by_a_case_does_not_reach_what_comes_after_it(play: Play) -> None:
    """Given a throw directly before a catch of the same signal, then the case waits; a branch that waited already goes on."""
    play.begin(
        """start fork wait a end \n fork b throw catch c end_c
        <intermediateCatchEvent id="wait" signal="alarm"/><intermediateThrowEvent id="throw" signal="alarm"/>
        <intermediateCatchEvent id="catch" signal="alarm"/>"""
    )
    play.complete("b")
    assert play.open_elements() == ["a"]
    play.signal("alarm")
    assert play.open_elements() == ["a", "c"]


def test_a_signal_end_event_throws_too(play: Play) -> None:
    """With its input parameters as content."""
    play.deploy('start s a end <intermediateCatchEvent id="s" signal="alarm" out:heard="=why"/>', "listener")
    listener = play.start("listener")
    play.begin('start end <endEvent id="end" signal="alarm" in:why="=1 + 1"/>')
    assert play.variables(listener) == {"heard": 2}


def test_a_suspended_case_gets_the_signal_when_it_is_resumed(play: Play) -> None:
    """It waited when the signal was thrown, so it gets it."""
    case = play.begin('start s a end <intermediateCatchEvent id="s" signal="alarm"/>')
    instances.suspend(play.engine, case, "boss")
    play.signal("alarm")
    assert play.open_elements() == []
    instances.resume(play.engine, case, "boss")
    play.run()
    assert play.open_elements() == ["a"]
