"""Tasks: pass-through, user, service, send, receive, script and business rule."""

from tests.engine.conftest import Play, form


def test_tasks_run_one_after_the_other(play: Play) -> None:
    """Given a chain of user tasks, when each is completed, then the next one opens and the case ends at the end event."""
    case = play.begin("start a b end")
    assert play.open_elements() == ["a"]
    play.complete("a")
    assert play.open_elements() == ["b"]
    play.complete("b")
    assert play.state(case) == ("completed", "end")
    assert play.path(case) == ["start", "a", "b", "end"]


def test_abstract_and_manual_tasks_pass_through(play: Play) -> None:
    """Tasks that are nobody's duty here are recorded and passed."""
    case = play.begin('start t m end <task id="t"/><manualTask id="m"/>')
    assert play.path(case) == ["start", "t", "m", "end"]


def test_service_task_hands_its_inputs_to_the_handler_and_keeps_the_results(play: Play) -> None:
    """Given a service task with an input, when its handler is done, then each result field is a variable of the process."""
    case = play.begin('start s end <serviceTask id="s" topic="test.echo" in:value="=amount * 2"/>', amount=21)
    assert play.state(case) == ("completed", "end")
    assert play.variables(case) == {"amount": 21, "answer": 42}


def test_service_task_keeps_only_its_outputs_or_the_whole_result_under_one_name(play: Play) -> None:
    """Output parameters see the result and leave alone what they do not name; camunda:resultVariable takes the result whole."""
    case = play.begin(
        """start s r end
        <serviceTask id="s" topic="test.echo" in:value="=3" out:tripled="=answer * 3"/>
        <serviceTask id="r" topic="test.echo_outside" in:value="${tripled}" camunda:resultVariable="whole"/>"""
    )
    assert play.variables(case) == {"tripled": 9, "whole": {"answer": 9}}


def test_script_task_is_a_feel_expression(play: Play) -> None:
    """The value of the script goes to camunda:resultVariable; a context without one becomes variables."""
    case = play.begin(
        """start x y end
        <scriptTask id="x" scriptFormat="feel" camunda:resultVariable="total"><script>sum([1, 2, 3])</script></scriptTask>
        <scriptTask id="y" scriptFormat="feel"><script>{half: total / 2, name: "华东"}</script></scriptTask>"""
    )
    assert play.variables(case) == {"total": 6, "half": 3, "name": "华东"}


def test_user_task_keeps_the_declared_fields_of_its_form(play: Play) -> None:
    """Given a form, when more is submitted than it declares, then only the declared fields become variables."""
    case = play.begin(
        'start a end <userTask id="a" camunda:formRef="f" camunda:formRefBinding="latest"/>', files=form("f", amount="number")
    )
    play.complete("a", amount=7, initiator="mallory")
    assert play.variables(case) == {"amount": 7}


def test_user_task_without_a_form_takes_nothing(play: Play) -> None:
    """A task without a form declares no field."""
    case = play.begin("start a end")
    play.complete("a", amount=7)
    assert play.variables(case) == {}


def test_user_task_says_whose_it_is_and_until_when(play: Play) -> None:
    """Assignee, candidates, due date, follow-up and priority are literal text or expressions."""
    play.begin(
        """start a b end
        <userTask id="a" name="检查 ${device}" camunda:assignee="=owner" camunda:candidateUsers="li, wang" camunda:candidateGroups="=groups"
          camunda:dueDate="=now() + duration(&quot;PT2H&quot;)" camunda:followUpDate="2026-03-06T09:00:00" camunda:priority="${50 + 20}"/>""",
        owner="zhang",
        groups=["hotline", "parts"],
        device="泵",
    )
    task = play.task("a")
    assert (task.name, task.assignee, task.priority) == ("检查 泵", "zhang", 70)
    assert task.due_at.isoformat() == "2026-03-05T04:00:00+00:00"
    assert task.follow_up_at.isoformat() == "2026-03-06T01:00:00+00:00"
    created = play.events(task.instance_id, "UserTaskCreated")[0].data
    assert created["candidates"] == ["user:li", "user:wang", "group:hotline", "group:parts"]


def test_send_and_receive_tasks_exchange_a_message(play: Play) -> None:
    """A send task throws its message with its inputs; a receive task of another case with the same key gets them."""
    play.deploy('start r end <receiveTask id="r" message="news"/>', "reader")
    reader = play.start("reader", "K1")
    play.deploy('start s end <sendTask id="s" message="news" in:headline="=text"/>', "writer")
    play.start("writer", "K1", text="fine")
    assert play.ended(reader) == "end"
    assert play.variables(reader) == {"headline": "fine"}


def test_send_task_with_a_topic_is_a_service_task(play: Play) -> None:
    """Camunda's send task may call a handler instead of throwing a message."""
    case = play.begin('start s end <sendTask id="s" topic="test.echo" in:value="=1"/>')
    assert play.variables(case) == {"answer": 1}


def test_who_completed_a_task_can_be_mapped_out(play: Play) -> None:
    """On a user task's exit `completed_by` names the person."""
    case = play.begin('start a end <userTask id="a" out:signer="=completed_by"/>')
    play.complete("a", actor="li")
    assert play.variables(case) == {"signer": "li"}


def test_input_parameters_are_local_to_the_element(play: Play) -> None:
    """Inputs are seen by the element, not outside; a later one sees an earlier one; lists and maps are built."""
    case = play.begin(
        """start a end
        <userTask id="a" name="${greeting}"><extensionElements><camunda:inputOutput>
          <camunda:inputParameter name="who">=customer.name</camunda:inputParameter>
          <camunda:inputParameter name="greeting">您好 ${who}</camunda:inputParameter>
          <camunda:inputParameter name="list"><camunda:list><camunda:value>=1 + 1</camunda:value><camunda:value>x</camunda:value></camunda:list>
          </camunda:inputParameter>
          <camunda:inputParameter name="map"><camunda:map><camunda:entry key="k">=who</camunda:entry></camunda:map></camunda:inputParameter>
          <camunda:outputParameter name="kept">={list: list, map: map}</camunda:outputParameter>
        </camunda:inputOutput></extensionElements></userTask>""",
        customer={"name": "王"},
    )
    assert play.task("a").name == "您好 王"
    assert play.variables(case) == {"customer": {"name": "王"}}
    play.complete("a")
    assert play.variables(case) == {"customer": {"name": "王"}, "kept": {"list": [2, "x"], "map": {"k": "王"}}}


def test_results_go_to_the_nearest_scope_that_has_the_name(play: Play) -> None:
    """A sub-process' own variable is changed inside it and gone with it; other names go to the process."""
    case = play.begin(
        """start sub end
        <subProcess id="sub" in:local="=1" out:seen="=local">start_in x end_in
          <scriptTask id="x" scriptFormat="feel"><script>{other: local, local: local + 1}</script></scriptTask>
        </subProcess>"""
    )
    assert play.variables(case) == {"other": 1, "seen": 2}


def test_every_change_of_a_variable_is_recorded_with_before_and_after(play: Play) -> None:
    """The history tells the value before, the value after and which element did it."""
    case = play.begin(
        'start x end <scriptTask id="x" scriptFormat="feel" camunda:resultVariable="n"><script>n + 1</script></scriptTask>', n=1
    )
    event = play.events(case, "VariableChanged")[0]
    assert (event.element_id, event.data) == ("x", {"name": "n", "before": 1, "after": 2, "scope": None})


_TABLE = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="test">
  <decision id="discount" name="Discount"><decisionTable id="t" hitPolicy="%s">
    <input id="i"><inputExpression id="e" typeRef="number"><text>amount</text></inputExpression></input>
    <output id="o" name="rate" typeRef="number"/><output id="p" name="note" typeRef="string"/>
    <rule id="r1"><inputEntry id="a1"><text>&gt;= 10</text></inputEntry><outputEntry id="b1"><text>5</text></outputEntry><outputEntry id="c1">
      <text>"some"</text></outputEntry></rule>
    <rule id="r2"><inputEntry id="a2"><text>&gt;= 100</text></inputEntry><outputEntry id="b2"><text>8</text></outputEntry><outputEntry id="c2">
      <text>"much"</text></outputEntry></rule>
  </decisionTable></decision>
</definitions>"""


def _decide(play: Play, mapping: str, policy: bytes, amount: int) -> object:
    case = play.begin(
        f"""start d end <businessRuleTask id="d" camunda:decisionRef="discount" camunda:decisionRefBinding="latest"
          camunda:mapDecisionResult="{mapping}" camunda:resultVariable="result"/>""",
        files={"discount.dmn": _TABLE % policy},
        amount=amount,
    )
    assert play.ended(case) == "end", play.incidents()
    return play.variables(case)["result"]


def test_business_rule_task_maps_the_decision_as_told(play: Play) -> None:
    """The four mappings of Camunda shape what the decision table found."""
    assert _decide(play, "singleResult", b"FIRST", 20) == {"rate": 5, "note": "some"}
    assert _decide(play, "singleEntry", b"FIRST", 20) == 5
    assert _decide(play, "resultList", b"RULE ORDER", 200) == [{"rate": 5, "note": "some"}, {"rate": 8, "note": "much"}]
    assert _decide(play, "collectEntries", b"RULE ORDER", 200) == [5, 8]
    assert _decide(play, "singleEntry", b"FIRST", 1) is None


def test_a_decision_is_recorded_with_inputs_rules_and_outputs(play: Play) -> None:
    """The history tells what the decision saw, which rules matched and what came out."""
    _decide(play, "singleEntry", b"FIRST", 20)
    event = play.events(play.instances("p")[-1].id, "DecisionEvaluated")[0]
    assert event.data["decision"] == "discount"
    assert [rule["id"] for rule in event.data["rules"]] == ["r1"]
