"""Multi-instance activities and standard loops."""

import pytest

from tests.engine.conftest import Play, form

_F = form("f", name="textfield", ok="checkbox")


def test_parallel_multi_instance_opens_one_task_for_each_item(play: Play) -> None:
    """Given a list of people, when the activity begins, then everyone has a task at once, and all must be done."""
    case = play.begin(
        'start a b end <userTask id="a" each="people" item="person" camunda:assignee="=person"/>', people=["li", "wang", "zhao"]
    )
    assert [task.assignee for task in play.tasks()] == ["li", "wang", "zhao"]
    for _ in range(3):
        assert "b" not in play.open_elements()
        play.complete_any("a", play.tasks()[0].assignee)
    assert play.open_elements() == ["b"]
    assert "person" not in play.variables(case)


def test_sequential_multi_instance_opens_one_task_after_the_other(play: Play) -> None:
    """Given a list, when one round is done, then the next begins, in the list's order, also when the list has changed since."""
    case = play.begin(
        'start a b end <userTask id="a" each="=people" item="person" sequential="true" camunda:assignee="=person"/>', people=["li", "wang"]
    )
    assert [task.assignee for task in play.tasks()] == ["li"]
    play.set(case, people=[])
    play.complete("a")
    assert [task.assignee for task in play.tasks()] == ["wang"]
    play.complete("a")
    assert play.open_elements() == ["b"]


@pytest.mark.parametrize("sequential", ["true", "false"])
def test_nothing_to_do_is_passed(play: Play, sequential: str) -> None:
    """An empty list, and zero times, are done at once."""
    case = play.begin(f'start a c end <userTask id="a" each="people" sequential="{sequential}"/><task id="c" times="0"/>', people=[])
    assert play.ended(case) == "end"


def test_completion_condition_ends_the_rest(play: Play) -> None:
    """Given two of three signatures suffice, when the second is given, then the third task is withdrawn."""
    case = play.begin('start a end <userTask id="a" times="3" until="nrOfCompletedInstances >= 2"/>')
    play.complete_any("a")
    assert play.ended(case) is None
    play.complete_any("a")
    assert play.ended(case) == "end"


def test_completion_condition_sees_what_the_round_gave(play: Play) -> None:
    """One refusal ends a joint signing."""
    case = play.begin('start a b end <userTask id="a" times="3" until="ok = false" camunda:formRef="f"/>', files=_F)
    play.complete_any("a", ok=True)
    assert play.open_elements() == ["a", "a"]
    play.complete_any("a", ok=False)
    assert play.open_elements() == ["b"]
    assert play.variables(case)["ok"] is False


def test_outputs_are_collected_in_the_order_of_the_items(play: Play) -> None:
    """Whoever is first, the collection has the order of the list; the rounds' own values do not leak."""
    case = play.begin(
        """start a end <userTask id="a" each="people" item="person" camunda:formRef="f" opsbook:outputCollection="answers"
          opsbook:outputElement="=person + name + string(loopCounter)"/>""",
        files=_F,
        people=["x", "y"],
    )
    tasks = {task.id: task for task in play.tasks()}
    for task_id in sorted(tasks, reverse=True):
        play.complete_task(task_id, name="!")
    assert play.variables(case) == {"people": ["x", "y"], "answers": ["x!0", "y!1"]}


def test_multi_instance_service_task(play: Play) -> None:
    """Every round is a job of its own."""
    case = play.begin(
        """start s end <serviceTask id="s" topic="test.echo" each="numbers" item="n" in:value="=n * n" opsbook:outputCollection="squares"
          opsbook:outputElement="=answer"/>""",
        numbers=[1, 2, 3],
    )
    assert play.variables(case) == {"numbers": [1, 2, 3], "squares": [1, 4, 9]}


@pytest.mark.parametrize("sequential", ["true", "false"])
def test_multi_instance_sub_process(play: Play, sequential: str) -> None:
    """Each round is a scope of its own with the item in it; the output element sees it."""
    case = play.begin(
        f"""start sub end <subProcess id="sub" each="people" item="person" sequential="{sequential}" opsbook:outputCollection="done"
          opsbook:outputElement="=person">start_in a b end_in <userTask id="a" camunda:assignee="=person"/></subProcess>""",
        people=["li", "wang"],
    )
    while tasks := play.tasks():
        play.complete_task(tasks[-1].id)
    assert play.ended(case) == "end"
    assert play.variables(case) == {"people": ["li", "wang"], "done": ["li", "wang"]}
    assert play.path(case).count("b") == 2


def test_nested_multi_instances(play: Play) -> None:
    """A multi-instance task inside a multi-instance sub-process: every item of every list."""
    case = play.begin(
        """start sub end <subProcess id="sub" each="teams" item="team">start_in a end_in
          <userTask id="a" each="=team.members" item="person" sequential="true" camunda:assignee="=person"/></subProcess>""",
        teams=[{"members": ["a", "b"]}, {"members": []}, {"members": ["c"]}],
    )
    seen = []
    while tasks := play.tasks():
        seen.append(tasks[0].assignee)
        play.complete_task(tasks[0].id)
    assert sorted(seen) == ["a", "b", "c"]
    assert play.ended(case) == "end"


def test_counters_are_those_of_camunda(play: Play) -> None:
    """loopCounter counts from 0; nrOfInstances, nrOfActiveInstances and nrOfCompletedInstances are kept."""
    case = play.begin(
        """start x end <scriptTask id="x" times="3" sequential="true" scriptFormat="feel" opsbook:outputCollection="seen"
          opsbook:outputElement="=[loopCounter, nrOfInstances, nrOfCompletedInstances]"><script>null</script></scriptTask>"""
    )
    assert play.variables(case)["seen"] == [[0, 3, 0], [1, 3, 1], [2, 3, 2]]


@pytest.mark.parametrize("collection", ["=12", "text", "missing"])
def test_a_collection_that_is_no_list_is_an_incident_that_can_be_mended(play: Play, collection: str) -> None:
    """Given a wrong collection, then the activity waits with an incident, and after the correction a retry opens the rounds."""
    case = play.begin(f'start a end <userTask id="a" each="{collection}"/>', text="no list")
    assert [incident.element_id for incident in play.open_incidents()] == ["a"]
    if collection != "=12":
        play.set(case, **{collection: [1, 2]})
        play.retry()
        assert play.open_elements() == ["a", "a"]
        assert play.open_incidents() == []


def test_too_many_rounds_are_an_incident(play: Play) -> None:
    """A cardinality of ten million is a mistake, not a procedure."""
    play.begin('start a end <userTask id="a" times="10000000"/>')
    assert play.open_elements() == []
    assert "1000" in play.open_incidents()[0].message


def test_standard_loop_repeats_while_its_condition_holds(play: Play) -> None:
    """The condition is looked at after each round."""
    case = play.begin('start a end <userTask id="a" again="ok != true" camunda:formRef="f"/>', files=_F)
    for _ in range(3):
        play.complete("a", ok=False)
    play.complete("a", ok=True)
    assert play.ended(case) == "end"
    assert len(play.events(case, "UserTaskCompleted")) == 4


def test_standard_loop_may_test_first_and_has_a_maximum(play: Play) -> None:
    """testBefore skips the activity at once; loopMaximum ends it however the condition stands."""
    case = play.begin('start a b end <userTask id="a" again="false" testBefore="true"/><userTask id="b" again="true" loopMaximum="2"/>')
    assert play.open_elements() == ["b"]
    play.complete("b")
    play.complete("b")
    assert play.ended(case) == "end"


def test_rounds_are_cancelled_with_their_scope(play: Play) -> None:
    """An interrupting event sub-process takes all rounds and their jobs with it."""
    case = play.begin(
        """start a end <userTask id="a" times="3"/>
        <subProcess id="on" triggeredByEvent="true">start_on end_on <startEvent id="start_on" signal="stop"/></subProcess>"""
    )
    play.signal("stop")
    assert play.ended(case) == "end_on"
    assert play.open_elements() == []
