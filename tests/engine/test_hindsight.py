"""Looking back: finished cases done again on files that are not live yet, with what people, clocks and handlers did then."""

import orjson
import pytest

from engine.runtime import instances
from engine.runtime.hindsight import Outcome, look_back, read_tried
from tests.engine.conftest import Play, form
from tests.engine.diagram import bpmn

BODY = """
<startEvent id="start"/><userTask id="ask" name="询问" camunda:formRef="f"/>
<serviceTask id="handle" camunda:type="external" camunda:topic="test.echo">
<extensionElements><camunda:inputOutput><camunda:inputParameter name="value">=x</camunda:inputParameter></camunda:inputOutput></extensionElements></serviceTask>
<userTask id="approve" name="批准"/><endEvent id="end"/><endEvent id="end_late"/>
<boundaryEvent id="late" on="approve" duration="P7D"/>
start ask
ask choose
choose [x > 10] handle
choose / merge
handle merge
merge approve
approve end
late end_late
"""


@pytest.fixture
def cases(play: Play) -> list[str]:
    """Four finished cases with x = 5, 9, 12 and 20, approved after 1, 3, 6 and 6.5 days."""
    play.deploy(BODY, files=form("f", x="number"))
    found = []
    for x, hours in ((5, 24), (9, 72), (12, 144), (20, 156)):
        case = play.start("p")
        play.complete("ask", x=x)
        play.advance(hours=hours)
        play.complete("approve")
        assert play.ended(case) == "end"
        found.append(case)
    return found


def tried(play: Play, cases: list[str], body: str, files: dict[str, bytes] | None = None) -> list[Outcome]:
    """What a changed diagram would have made of the cases."""
    draft = read_tried({"p.bpmn": bpmn(body)} | (files or {}))
    return [look_back(play.engine, case, draft) for case in cases]


def states(found: list[Outcome]) -> list[str]:
    return [outcome.state for outcome in found]


def test_what_is_not_changed_goes_the_same_way(play: Play, cases: list[str]) -> None:
    """Given a draft that says what is live, every case goes the way it went, flow by flow."""
    found = tried(play, cases, BODY)

    assert states(found) == ["same"] * 4
    for outcome in found:
        assert all(tally.before == tally.after for flows in outcome.flows.values() for tally in flows.values())


def test_a_changed_condition_parts_exactly_the_cases_between(play: Play, cases: list[str]) -> None:
    """Given the limit lowered from 10 to 8, the case with 9 parts behind the gateway, and stops where nobody answered then."""
    found = tried(play, cases, BODY.replace("x > 10", "x > 8"))

    assert states(found) == ["same", "other", "same", "same"]
    parting, stop = found[1].parting, found[1].stop
    assert parting is not None
    assert parting.after is not None
    assert (parting.after.element_id, [place.element_id for place in parting.to], [place.element_id for place in parting.instead]) == (
        "choose",
        ["handle"],
        ["merge"],
    )
    assert stop is not None
    assert (stop.why, stop.place.element_id, stop.is_new) == ("handler", "handle", False)


def test_a_shorter_deadline_runs_out_for_those_who_came_after_it(play: Play, cases: list[str]) -> None:
    """Given 5 days instead of 7, the two cases that were approved after 6 days and later would have run late, and none of the others."""
    found = tried(play, cases, BODY.replace("P7D", "P5D"))

    assert states(found) == ["same", "same", "other", "other"]
    assert sum(outcome.fired["p"]["late"].after for outcome in found if "late" in outcome.fired.get("p", {})) == 2
    parting = found[2].parting
    assert parting is not None
    assert parting.after is not None
    assert (parting.after.label, [place.element_id for place in parting.to], [place.element_id for place in parting.instead]) == (
        "批准",
        ["late"],
        ["end"],
    )


def test_a_figure_is_tried_with_another_value(once: Play) -> None:
    """Given a deadline that is a figure of the manuals, seven days, and a case done after six, with five days it would have run late, with seven not."""
    body = '<boundaryEvent id="late" on="a" duration="duration(parameters.days)"/>\nstart a\na end\nlate end_late'
    once.deploy(body, files={"manuals/parameters.yaml": b"days: P7D"})
    case = once.start("p")
    once.advance(days=6)
    once.complete("a")

    five, seven = (look_back(once.engine, case, read_tried({"manuals/parameters.yaml": days})) for days in (b"days: P5D", b"days: P7D"))

    assert (five.state, seven.state) == ("other", "same")
    assert [place.element_id for place in (five.parting.to if five.parting else ())] == ["late"]


def test_a_shorter_due_date_is_missed_by_those_who_came_after_it(once: Play) -> None:
    """Given cases done after two and six days and a draft with a due date after five, one of them would have been late."""
    cases = []
    for days in (2, 6):
        cases.append(once.begin("start a\na end"))
        once.advance(days=days)
        once.complete("a")

    found = tried(once, cases, '<userTask id="a" camunda:dueDate="=now() + duration(&quot;P5D&quot;)"/>\nstart a\na end')

    assert states(found) == ["same"] * 2
    assert [(outcome.late["p"]["a"].before, outcome.late["p"]["a"].after) for outcome in found] == [(0, 0), (0, 1)]


def test_a_new_task_that_asks_for_nothing_is_a_new_step(play: Play, cases: list[str]) -> None:
    """Given a new task with a form without a required field, every case passes it and otherwise goes its way."""
    body = BODY.replace("ask choose", "ask look\nlook choose") + '<userTask id="look" name="复核" camunda:formRef="g"/>'
    found = tried(play, cases, body, form("g", note="textfield"))

    assert states(found) == ["steps"] * 4
    assert [place.label for place in found[0].added] == ["复核"]
    assert found[0].parting is None


def test_a_new_task_that_asks_for_something_stops_the_case(play: Play, cases: list[str]) -> None:
    """Given a new task whose form has a required field, the past has no answer, and the deadline on that task says nothing."""
    schema = {"id": "g", "components": [{"type": "textfield", "key": "note", "id": "n", "label": "n", "validate": {"required": True}}]}
    body = BODY.replace("ask choose", "ask look\nlook choose") + '<userTask id="look" name="复核" camunda:formRef="g"/>'
    body += '<boundaryEvent id="slow" on="look" duration="PT1H"/>\nslow end_slow'
    found = tried(play, cases, body, {"g.form": orjson.dumps(schema)})

    assert states(found) == ["stuck"] * 4
    stop = found[0].stop
    assert stop is not None
    assert (stop.why, stop.place.label, stop.is_new) == ("task", "复核", True)


def test_a_new_handler_or_message_stops_the_case(play: Play, cases: list[str]) -> None:
    """Given a new service task, or a new event that waits for a message, the case stops there: nobody answered it then."""
    for body, why in (
        ('<serviceTask id="new" camunda:type="external" camunda:topic="test.echo"/>', "handler"),
        ('<intermediateCatchEvent id="new" message="paid" opsbook:correlationKey="instance_id"/>', "message"),
    ):
        found = tried(play, cases[:1], BODY.replace("ask choose", "ask new\nnew choose") + body)
        assert found[0].stop is not None
        assert (found[0].state, found[0].stop.why, found[0].stop.place.element_id) == ("stuck", why, "new")


def test_a_required_field_that_nobody_filled_refuses(play: Play, cases: list[str]) -> None:
    """Given a form with a new required field, what was entered is refused, the field is named, and the task's deadline says nothing any more."""
    fields = [
        {"type": "number", "key": "x", "id": "x", "label": "x"},
        {"type": "textfield", "key": "who", "id": "who", "label": "who", "validate": {"required": True}},
    ]
    body = BODY + '<boundaryEvent id="slow" on="ask" duration="PT1H"/>\nslow end_slow'
    found = tried(play, cases, body, {"f.form": orjson.dumps({"id": "f", "components": fields})})

    assert states(found) == ["refused"] * 4
    stop = found[0].stop
    assert stop is not None
    assert (stop.place.element_id, stop.fields["who"]["en"]) == ("ask", "Field is required.")


def test_a_start_form_that_does_not_take_what_was_given_refuses(once: Play) -> None:
    """Given a case begun with a start form, and a draft of it with a new required field, it does not even begin, and the field is named."""
    body = '<startEvent id="start" camunda:formRef="s"/>\nstart a\na end'
    once.deploy(body, files=form("s", x="number"))
    case = once.start("p", x=1)
    once.complete("a")
    field = {"type": "textfield", "key": "who", "id": "who", "label": "who", "validate": {"required": True}}

    (found,) = tried(once, [case], body, {"s.form": orjson.dumps({"id": "s", "components": [field]})})

    assert found.stop is not None
    assert (found.state, found.stop.place.label, list(found.stop.fields)) == ("refused", "p", ["who"])


def test_a_case_that_runs_in_a_circle_is_stopped(once: Play) -> None:
    """Given a draft in which a timer leads back to itself, the case comes to no end, and that is said."""
    case = once.begin("start a\na end")
    once.complete("a")
    body = '<intermediateCatchEvent id="t" duration="PT1H"/>\nstart choose\nchoose [1 = 2] end\nchoose / t\nt choose\nstart a\na end'

    (found,) = tried(once, [case], body)

    assert found.state in ("other", "failed")
    assert found.stop is not None
    assert "circle" in found.stop.en


def test_an_element_with_another_id_is_known_by_its_name(play: Play, cases: list[str]) -> None:
    """Given a task drawn anew under another id and the same name, it gets the answers of the old one, and the path is the same."""
    assert (
        states(
            tried(
                play,
                cases,
                BODY.replace('"ask"', '"question"').replace("start ask", "start question").replace("ask choose", "question choose"),
            )
        )
        == ["same"] * 4
    )


def test_a_step_that_is_gone_is_told(play: Play, cases: list[str]) -> None:
    """Given a diagram without the service task, the cases that passed it do without, and the others are the same."""
    body = BODY.replace("choose [x > 10] handle", "choose [x > 10] merge").replace("handle merge\n", "")
    body = body.replace(body[body.index("<serviceTask") : body.index("</serviceTask>") + len("</serviceTask>")], "")
    found = tried(play, cases, body)

    assert states(found) == ["same", "same", "steps", "steps"]
    assert [place.element_id for place in found[2].dropped] == ["handle"]


def test_a_mistake_that_shows_only_on_real_values_is_an_incident(play: Play, cases: list[str]) -> None:
    """Given a gateway whose conditions cover only what the author thought of, the cases with other values stop with an incident."""
    found = tried(play, cases, BODY.replace("choose / merge", "choose [x = 5] merge"))

    assert states(found) == ["same", "failed", "same", "same"]
    assert found[1].stop is not None
    assert "choose" in found[1].stop.en


@pytest.mark.parametrize(
    ("body", "acts"),
    [
        ('<userTask id="a" each="=[1, 2, 3]" item="i"/>\nstart a\na end', [("a", 3)]),
        (
            '<subProcess id="s" each="=[1, 2]" item="i">in b\nb out<startEvent id="in"/><endEvent id="out"/></subProcess>\nstart s\ns end',
            [("b", 2)],
        ),
        ('<userTask id="a" again="=x &lt; 2"/>\nstart a\na end', [("a", 3)]),
        ('<boundaryEvent id="remind" on="a" cycle="R3/P1D" cancelActivity="false"/>\nstart a\na end\nremind end_r', [("a", 1)]),
    ],
    ids=["multi-instance", "rounds of a sub-process", "loop", "cycle"],
)
def test_rounds_loops_and_cycles_go_the_same_way(play: Play, body: str, acts: list[tuple[str, int]]) -> None:
    """Given rounds, a loop or a cycle of reminders and nothing changed, the case goes the same way."""
    case = play.begin(body, x=0)
    play.advance(days=2)
    for element_id, times in acts:
        for number in range(times):
            task = next(task for task in play.tasks() if task.element_id == element_id)
            play.complete_task(task.id, "tester")
            play.set(case, x=number + 1) if "again" in body and play.state(case)[0] == "active" else None
    assert play.state(case)[0] == "completed"

    found = tried(play, [case], body)[0]
    assert (found.state, found.parting, found.stop) == ("same", None, None)


def test_called_procedures_are_done_again_too(play: Play) -> None:
    """Given a procedure that calls another twice, a changed condition in the called one parts the second call and names its element."""
    inner = '<userTask id="check"/>\nstart check\ncheck choose\nchoose [x > 10] strict\nchoose / end\nstrict end'
    outer = '<callActivity id="call" calledElement="q" each="=[5, 12]" item="x"><extensionElements><camunda:in source="x" target="x"/></extensionElements></callActivity>\nstart call\ncall end'
    play.deploy(inner, key="q")
    play.deploy(outer)
    case = play.start("p")
    for task in [*play.tasks()]:
        play.complete_task(task.id, "tester")
    play.complete("strict")
    assert play.ended(case) == "end"

    same = look_back(play.engine, case, read_tried({"q.bpmn": bpmn(inner, "q")}))
    other = look_back(play.engine, case, read_tried({"q.bpmn": bpmn(inner.replace("x > 10", "x > 3"), "q")}))

    assert same.state == "same"
    assert (other.state, other.parting is not None) == ("other", True)
    assert other.parting is not None
    assert [(place.process, place.element_id) for place in other.parting.to] == [("q", "strict")]


def test_a_procedure_that_was_not_called_then_has_no_answers(once: Play) -> None:
    """Given a draft that calls a procedure where it went past before, its task has no answer; where the call itself is new, a task that asks for nothing is passed."""
    outer = """<callActivity id="call" calledElement="q"/>\nstart choose\nchoose [x > 10] call\nchoose / a\ncall a\na end"""
    once.deploy("start check\ncheck end", key="q")
    once.deploy(outer)
    case = once.start("p", x=5)
    once.complete("a")

    (went_past,) = tried(once, [case], outer.replace("x > 10", "x > 3"))
    (new,) = tried(once, [case], '<callActivity id="other" calledElement="q"/>\nstart other\nother choose\nchoose a\na end')

    assert (went_past.state, went_past.stop and went_past.stop.place.element_id) == ("other", "check")
    assert (new.state, "other" in [place.element_id for place in new.added]) == ("steps", True)


def test_what_was_done_by_hand_is_done_again(play: Play) -> None:
    """Given a case that was corrected from outside and then cancelled, it goes the same way on an unchanged draft."""
    case = play.begin("start a\na choose\nchoose [x > 1] b\nchoose / end\nb end", x=0)
    play.set(case, x=5)
    play.complete("a")
    instances.cancel(play.engine, case, "operator", "withdrawn")

    assert tried(play, [case], "start a\na choose\nchoose [x > 1] b\nchoose / end\nb end")[0].state == "same"
