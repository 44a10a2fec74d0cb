"""Gateways: splits, joins, and both inside loops."""

import pytest

from tests.engine.conftest import Play, form

_ANSWERS = form("f", again="checkbox", kind="textfield", amount="number")
_ASK = '<userTask id="ask" camunda:formRef="f"/>'


def test_exclusive_gateway_takes_the_first_flow_that_holds(play: Play) -> None:
    """Given two conditions that hold, when a token comes, then it takes the first flow drawn, and the choice is recorded with its values."""
    case = play.begin("start choose [n > 1] a end \n choose [n > 0] b end_b \n choose / c end_c", n=5)
    assert play.open_elements() == ["a"]
    seen = play.events(case, "ConditionEvaluated")
    assert [(event.data["condition"], event.data["values"], event.data["result"]) for event in seen] == [("n > 1", {"n": 5}, True)]


def test_exclusive_gateway_falls_back_to_the_default_flow(play: Play) -> None:
    """Given no condition holds, also because a value is missing, then the default flow is taken."""
    play.begin("start choose [n > 1] a end \n choose / c end_c")
    assert play.open_elements() == ["c"]


def test_exclusive_gateway_merges_nothing(play: Play) -> None:
    """Every token that reaches a merging exclusive gateway goes on by itself."""
    play.begin("start fork a merge c end \n fork b merge")
    play.complete("a")
    play.complete("b")
    assert play.open_elements() == ["c", "c"]


def test_parallel_gateway_splits_and_waits_for_all(play: Play) -> None:
    """Given three branches, when two are done, then the join still waits; when the third is done, then one token goes on."""
    case = play.begin("start fork a join d end \n fork b join \n fork c join")
    for element in ("b", "a"):
        play.complete(element)
        assert "d" not in play.open_elements()
    play.complete("c")
    assert play.open_elements() == ["d"]
    play.complete("d")
    assert play.ended(case) == "end"


def test_parallel_gateway_with_empty_branches_before_a_sub_process(play: Play) -> None:
    """Branches without anything on them join at once, and a sub-process behind them runs."""
    case = play.begin(
        'start fork join sub end <sequenceFlow id="second" sourceRef="fork" targetRef="join"/><subProcess id="sub">start_in a end_in</subProcess>'
    )
    play.complete("a")
    assert play.ended(case) == "end"


def test_nested_parallel_gateways_in_a_loop(play: Play) -> None:
    """Given a parallel block inside a parallel block inside a loop, when the loop runs again, then every inner task opens again."""
    case = play.begin(
        f"""start merge fork fork_in a join_in join ask choose / end
        fork_in b join_in
        fork c join
        choose [again] merge {_ASK}""",
        files=_ANSWERS,
    )
    for again in (True, True, False):
        assert play.open_elements() == ["a", "b", "c"]
        for element in ("c", "a", "b"):
            play.complete(element)
        play.complete("ask", again=again)
    assert play.ended(case) == "end"
    assert play.path(case).count("a") == play.path(case).count("b") == 3


def test_nested_inclusive_gateways_in_a_loop(play: Play) -> None:
    """Given inclusive blocks nested in a loop, when the loop runs again, then exactly the chosen branches run each time."""
    case = play.begin(
        f"""start merge some [true] some_in [n = 1] a all_in all ask choose / end
        some_in [n > 0] b all_in
        some [n > 1] c all
        choose [again] merge {_ASK}
        <inclusiveGateway id="some"/><inclusiveGateway id="some_in"/><inclusiveGateway id="all_in"/><inclusiveGateway id="all"/>""",
        files=_ANSWERS,
        n=1,
    )
    assert play.open_elements() == ["a", "b"]
    play.complete("a")
    assert play.open_elements() == ["b"]
    play.complete("b")
    play.set(case, n=2)
    play.complete("ask", again=True)
    assert play.open_elements() == ["b", "c"]
    play.complete("c")
    play.complete("b")
    play.complete("ask", again=False)
    assert play.ended(case) == "end"


@pytest.mark.parametrize(("n", "opened"), [(0, ["d"]), (1, ["a"]), (3, ["a", "b"])])
def test_inclusive_gateway_takes_every_flow_that_holds_else_the_default(play: Play, n: int, opened: list[str]) -> None:
    """All flows whose condition holds get a token; without one, the default flow does; the join waits for exactly those."""
    case = play.begin(
        """start some [n > 0] a all end
        some [n > 2] b all
        some / d all
        <inclusiveGateway id="some"/><inclusiveGateway id="all"/>""",
        n=n,
    )
    assert play.open_elements() == opened
    for element in opened:
        assert play.ended(case) is None
        play.complete(element)
    assert play.ended(case) == "end"
    assert play.path(case).count("all") == 1


def test_inclusive_gateway_passes_an_unconditional_flow_always(play: Play) -> None:
    """A flow without a condition out of an inclusive split is taken every time."""
    play.begin('start some [n > 2] a all end \n some b all <inclusiveGateway id="some"/><inclusiveGateway id="all"/>', n=1)
    assert play.open_elements() == ["b"]


def test_inclusive_join_does_not_wait_for_a_branch_that_ended_elsewhere(play: Play) -> None:
    """Given a branch that may leave by another way, when it does, then the join goes on with what it has."""
    case = play.begin(
        f"""start some [true] ask choose / all end
        choose [again] end_other
        some [true] b all {_ASK}
        <inclusiveGateway id="some"/><inclusiveGateway id="all"/>""",
        files=_ANSWERS,
    )
    play.complete("b")
    assert play.path(case).count("all") == 0
    play.complete("ask", again=True)
    assert play.ended(case) == "end"


def test_inclusive_join_waits_for_a_token_behind_a_boundary_event(play: Play) -> None:
    """A token on an activity can reach the join by a boundary event of that activity, so the join waits for it."""
    case = play.begin(
        """start fork a all end
        fork b end_b
        late all
        <boundaryEvent id="late" on="b" duration="PT1H"/><inclusiveGateway id="all"/>"""
    )
    play.complete("a")
    assert play.ended(case) is None
    play.advance(hours=2)
    assert play.ended(case) == "end"


def test_several_flows_leaving_a_task_split_like_a_gateway(play: Play) -> None:
    """Conditional flows leaving an activity are taken when they hold, unconditional ones always, and the default flow if none holds."""
    play.begin("start a [n > 1] b end \n a [n > 2] c end_c \n a / d end_d", n=3)
    play.complete("a")
    assert play.open_elements() == ["b", "c"]


def test_conditions_on_flows_leaving_a_start_event_count(play: Play) -> None:
    """A start event may split, too."""
    play.begin("start [n > 1] a end \n start [n > 2] b end_b", n=2)
    assert play.open_elements() == ["a"]


def test_a_token_that_finds_no_way_waits_with_an_incident_until_it_does(play: Play) -> None:
    """Given no condition holds and no default, then the case keeps its token and says so; a retry turns green only when a way is found."""
    case = play.begin("start choose [n > 1] a end \n choose [n < 0] b end_b", n=1)
    assert play.state(case) == ("active", None)
    assert len(play.open_incidents()) == 1
    play.retry()
    (incident,) = play.open_incidents()
    assert (incident.element_id, incident.state) == ("choose", "open")
    play.set(case, n=2)
    play.retry()
    assert play.open_incidents() == []
    assert play.open_elements() == ["a"]


def test_a_completed_task_whose_exit_finds_no_way_is_not_done_twice(play: Play) -> None:
    """Given a user task without a matching exit, when the variables are corrected and the incident retried, then the task is left, not opened again."""
    case = play.begin("start a [n > 1] b end", n=1)
    play.complete("a")
    assert play.open_elements() == []
    play.set(case, n=2)
    play.retry()
    assert play.open_elements() == ["b"]
    assert play.path(case).count("a") == 1


@pytest.mark.parametrize("winner", ["message", "signal", "timer", "condition", "task"])
def test_event_based_gateway_goes_with_the_first_event(play: Play, winner: str) -> None:
    """Given a race of events, when the first happens, then the others are off and leave nothing behind."""
    case = play.begin(
        """start race m end_message
        race s end_signal
        race t end_timer
        race c end_condition
        race r end_task
        <eventBasedGateway id="race"/>
        <intermediateCatchEvent id="m" message="order"/><intermediateCatchEvent id="s" signal="alarm"/>
        <intermediateCatchEvent id="t" duration="PT1H"/><intermediateCatchEvent id="c" condition="n = 1"/><receiveTask id="r" message="paid"/>""",
        business_key="K",
        n=0,
    )
    if winner == "message":
        play.message("order", "K", got=1)
        assert play.variables(case)["got"] == 1
    elif winner == "signal":
        play.signal("alarm")
    elif winner == "timer":
        play.advance(hours=1)
    elif winner == "condition":
        play.set(case, n=1)
    else:
        play.message("paid", "K")
    assert play.ended(case) == f"end_{winner}"
    assert play.timers() == []
    play.message("order", "K")
    assert play.waiting_messages() == ["order"]


def test_two_tokens_on_one_flow_do_not_count_for_two_flows(play: Play) -> None:
    """A parallel join needs a token on every flow (BPMN 2.0 §13.4.1): two on the same flow wait, and pair up with later ones."""
    case = play.begin("start fork a merge join c end \n fork b merge \n fork d join")
    play.complete("a")
    play.complete("b")
    assert play.open_elements() == ["d"]
    play.complete("d")
    assert play.open_elements() == ["c"]
    play.complete("c")
    assert play.state(case) == ("active", None)
