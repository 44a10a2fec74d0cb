"""A scenario for each element and each event in each place: nothing is said to run that no test has run, saved and read back."""

from collections.abc import Iterable

import pytest

from engine.diagrams.checks.events import KINDS
from engine.runtime.execution.compile import RUNNABLE_TYPES
from engine.runtime.hindsight import Tried, look_back
from tests.engine.conftest import Play, form

_TABLE = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="m" name="m" namespace="t">
  <decision id="d" name="d"><literalExpression><text>1</text></literalExpression></decision></definitions>"""

#: How an event is drawn, and what makes it happen (see `_do`).
_DRAWN = {
    "none": ("", ""),
    "message": ('message="order"', "message:order"),
    "timer": ('duration="PT1H"', "hour"),
    "signal": ('signal="alarm"', "signal:alarm"),
    "conditional": ('condition="n = 1"', "n:1"),
    "error": ('error="LATE"', "s"),
    "escalation": ('escalation="HEAD"', "up"),
    "compensate": ('compensate=""', ""),
    "terminate": ('terminate="true"', ""),
    "cancel": ('cancel="true"', ""),
    "link": ('link="A"', ""),
}
#: Throws inside what a boundary event or event sub-process watches, by what it catches.
_THROWERS = {
    "error": 'choose_in [go = "s"] end_error <endEvent id="end_error" error="LATE"/>',
    "escalation": 'choose_in [go = "up"] end_up <endEvent id="end_up" escalation="HEAD"/>',
}
_WORK = 'start_in work choose_in / end_in {} <userTask id="work" camunda:formRef="f"/>'


def _watched(kind: str) -> str:
    return _WORK.format(_THROWERS.get(kind, ""))


def _boundary(kind: str, interrupting: str) -> tuple[str, str, str]:
    drawn, happens = _DRAWN[kind]
    event = f'<boundaryEvent id="on" on="sub" cancelActivity="{interrupting}" {drawn}/> on caught end_caught'
    steps = f"{happens} caught" + ("" if interrupting == "true" or kind in _THROWERS else " work")
    return f'start sub end \n {event} <subProcess id="sub">{_watched(kind)}</subProcess>', steps, "on caught"


def _event_sub_process(kind: str, interrupting: str) -> tuple[str, str, str]:
    drawn, happens = _DRAWN[kind]
    handler = f"""<subProcess id="on" triggeredByEvent="true">start_on caught end_on
        <startEvent id="start_on" isInterrupting="{interrupting}" {drawn}/></subProcess>"""
    steps = f"{happens} caught" + ("" if interrupting == "true" or kind in _THROWERS else " work")
    return f'start sub end <subProcess id="sub">{_watched(kind)}{handler}</subProcess>', steps, "start_on caught on sub"


def _scenarios() -> Iterable[tuple[str, str, str, str, str]]:
    """(place or type, kind, diagram, what people do, elements that complete, in order) of each."""
    for kind, (drawn, happens) in _DRAWN.items():
        if kind in ("none", "message", "timer", "signal"):
            yield "startEvent", kind, f'start a end <startEvent id="start" {drawn}/>', f"{happens} a", "start a end"
        if kind in ("message", "timer", "signal", "conditional"):
            yield "intermediateCatchEvent", kind, f'start c end <intermediateCatchEvent id="c" {drawn}/>', happens, "start c end"
            for interrupting in ("true", "false"):
                yield "boundaryEvent", kind, *_boundary(kind, interrupting)
                yield "eventSubProcessStart", kind, *_event_sub_process(kind, interrupting)
        if kind in ("none", "message", "signal", "escalation"):
            yield "intermediateThrowEvent", kind, f'start t end <intermediateThrowEvent id="t" {drawn}/>', "", "start t end"
        if kind in ("none", "message", "signal", "escalation", "terminate", "compensate"):
            yield "endEvent", kind, f'start a end <endEvent id="end" {drawn}/>', "a", "start a end"
    for kind in _THROWERS:
        yield "boundaryEvent", kind, *_boundary(kind, "true")
        yield "eventSubProcessStart", kind, *_event_sub_process(kind, "true")
    yield "boundaryEvent", "escalation", *_boundary("escalation", "false")
    yield "eventSubProcessStart", "escalation", *_event_sub_process("escalation", "false")
    yield "endEvent", "error", *_boundary("error", "true")
    link = '<intermediateThrowEvent id="t" link="A"/><intermediateCatchEvent id="c" link="A"/>'
    yield "intermediateThrowEvent", "link", f"start t \n c a end {link}", "a", "start t c a end"
    yield "intermediateCatchEvent", "link", f"start t \n c a end {link}", "a", "start t c a end"
    undo = '<boundaryEvent id="on_a" on="a" by="undo_a"/><intermediateThrowEvent id="t" compensate=""/>'
    yield "intermediateThrowEvent", "compensate", f"start a t end {undo}", "a undo_a", "a undo_a t end"
    yield "boundaryEvent", "compensate", f"start a t end {undo}", "a undo_a", "a undo_a t end"
    inside = '<subProcess id="on" triggeredByEvent="true">start_on u end_on <startEvent id="start_on" compensate=""/></subProcess>'
    yield (
        "eventSubProcessStart",
        "compensate",
        f'start sub t end <subProcess id="sub">a {inside}</subProcess><intermediateThrowEvent id="t" compensate="sub"/>',
        "a u",
        "a sub start_on u on t end",
    )
    cancelled = """start t end \n on c end_c <boundaryEvent id="on" on="t" cancel="true"/>
        <transaction id="t">a end_in <endEvent id="end_in" cancel="true"/><boundaryEvent id="on_a" on="a" by="undo_a"/></transaction>"""
    yield "endEvent", "cancel", cancelled, "a undo_a c", "a undo_a end_in on c end_c"
    yield "boundaryEvent", "cancel", cancelled, "a undo_a c", "a undo_a end_in on c end_c"
    yield from ((kind, "", *scenario) for kind, scenario in _ELEMENTS.items())


_ELEMENTS = {
    "task": ('start a end <task id="a"/>', "", "start a end"),
    "manualTask": ('start a end <manualTask id="a"/>', "", "start a end"),
    "userTask": ("start a end", "a", "start a end"),
    "serviceTask": ('start a end <serviceTask id="a" topic="test.echo"/>', "", "start a end"),
    "sendTask": ('start a end <sendTask id="a" message="news"/>', "", "start a end"),
    "receiveTask": ('start a end <receiveTask id="a" message="order"/>', "message:order", "start a end"),
    "businessRuleTask": ('start a end <businessRuleTask id="a" camunda:decisionRef="d"/>', "", "start a end"),
    "scriptTask": ('start a end <scriptTask id="a" scriptFormat="feel"><script>{x: 1}</script></scriptTask>', "", "start a end"),
    "callActivity": ('start a end <callActivity id="a" calledElement="called"/>', "inside", "start a end"),
    "subProcess": ('start a end <subProcess id="a">b c</subProcess>', "b c", "start b c a end"),
    "transaction": ('start a end <transaction id="a">b c</transaction>', "b c", "start b c a end"),
    "exclusiveGateway": ("start choose [n = 1] a end \n choose / b end", "b", "start choose b end"),
    "parallelGateway": ("start fork a join end \n fork b join", "b a", "start fork b a join end"),
    "inclusiveGateway": (
        'start g a h end \n g b h \n g [n = 1] c h <inclusiveGateway id="g"/><inclusiveGateway id="h"/>',
        "b a",
        "start g b a h end",
    ),
    "eventBasedGateway": (
        'start g m end \n g s end <eventBasedGateway id="g"/><intermediateCatchEvent id="m" message="order"/><intermediateCatchEvent id="s" signal="alarm"/>',
        "signal:alarm",
        "start g s end",
    ),
    "startEvent": ("start a end", "a", "start a end"),
    "endEvent": ("start a end", "a", "start a end"),
    "intermediateCatchEvent": ('start c end <intermediateCatchEvent id="c" message="order"/>', "message:order", "start c end"),
    "intermediateThrowEvent": ('start t end <intermediateThrowEvent id="t"/>', "", "start t end"),
    "boundaryEvent": ('start a end \n on b end <boundaryEvent id="on" on="a" signal="alarm"/>', "signal:alarm b", "start on b end"),
}
_STARTS = ("message", "timer", "signal")
_ALL = list(_scenarios())


def _do(play: Play, case: str, step: str) -> None:
    what, _, name = step.partition(":")
    if what == "message":
        play.message(name, "K")
    elif what == "signal":
        play.signal(name)
    elif what == "hour":
        play.advance(hours=1)
    elif what == "n":
        play.set(case, n=1)
    elif step in ("s", "up"):  # the work inside ends by throwing
        play.complete("work", go=step)
    else:
        play.complete(step)


@pytest.mark.parametrize(
    ("place", "kind", "body", "steps", "path"), _ALL, ids=[f"{place}-{kind}-{index}" for index, (place, kind, *_) in enumerate(_ALL)]
)
def test_it_runs(play: Play, place: str, kind: str, body: str, steps: str, path: str) -> None:
    """Given the element in a small diagram, when what it waits for happens, then the case ends, what should completes in its order, and so it does again."""
    files = form("f", go="textfield") | {"d.dmn": _TABLE}
    play.deploy("start inside end", "called")
    if place == "startEvent" and kind in _STARTS:
        play.deploy(body, files=files)
        first, *steps_left = steps.split()
        _do(play, "", first)
        (instance,) = play.instances("p")
        case = instance.id
    else:
        case, steps_left = play.begin(body, "K", files=files, n=0), steps.split()
    for step in steps_left:
        assert play.ended(case) is None
        _do(play, case, step)
    assert play.ended(case) is not None, (play.open_elements(), play.incidents())
    completed = play.path(case)
    positions = [completed.index(element) for element in path.split()]
    assert positions == sorted(positions)
    for root in play.instances():
        if root.parent_id is None and root.ended_at is not None:
            assert look_back(play.engine, root.id, Tried()).state == "same"


def test_every_element_and_event_that_is_supported_has_a_scenario() -> None:
    """The scenarios are those of the lists by which diagrams are checked."""
    assert {place for place, kind, *_ in _ALL if not kind} == RUNNABLE_TYPES
    events = {(place, kind) for place, kind, *_ in _ALL if kind}
    assert events == {(place, kind) for place, kinds in KINDS.items() for kind in kinds}


def test_what_only_structures_the_drawing_changes_nothing(play: Play) -> None:
    """Given lanes, pools, data objects and stores, groups, annotations and their associations, then the case runs as if they were not there."""
    case = play.begin(
        """start a end
        <laneSet id="lanes"><lane id="desk" name="Desk"><flowNodeRef>start</flowNodeRef><flowNodeRef>a</flowNodeRef></lane>
          <lane id="site" name="Site"><flowNodeRef>end</flowNodeRef></lane></laneSet>
        <dataObject id="slip"/><dataObjectReference id="slip_here" dataObjectRef="slip"/><dataStoreReference id="archive"/>
        <textAnnotation id="note"><text>Only once</text></textAnnotation><association id="line" sourceRef="a" targetRef="note"/><group id="around"/>"""
    )
    play.complete("a")
    assert play.path(case) == ["start", "a", "end"]
