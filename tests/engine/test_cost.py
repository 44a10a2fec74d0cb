"""What a step costs: statements, commits, and a state that does not grow with the past."""

from sqlalchemy import select

from engine.runtime import user_tasks
from engine.storage.database import count_statements
from engine.storage.tables import ProcessInstance
from tests.engine.conftest import Play, form


def test_completing_a_task_costs_at_most_ten_statements_and_one_commit(once: Play) -> None:
    """Given a linear process of twenty tasks with candidates and a form, when one is completed, then it costs no more."""
    tasks = " ".join(f"t{number}" for number in range(20))
    drawn = "".join(
        f'<userTask id="t{number}" camunda:candidateGroups="hotline,parts" camunda:formRef="f" camunda:formRefBinding="latest"/>'
        for number in range(20)
    )
    once.begin(f"start {tasks} end {drawn}", files=form("f", note="textfield"))
    engine = once.engine
    counts = []
    for number in range(19):
        task = once.task(f"t{number}")
        with count_statements(engine.database) as count:
            user_tasks.complete(engine, task.id, {"note": str(number)}, "li")
        counts.append((len(count.statements), count.commits))
    assert max(statements for statements, _ in counts[1:]) <= 10, counts
    assert {commits for _, commits in counts} == {1}


def test_a_loop_of_three_thousand_rounds_ends_right_and_keeps_its_pace(once: Play) -> None:
    """Given a rework loop with a wait in it, when it has gone round 3,000 times, then the case is as small and asks as little as at the start.

    On PostgreSQL 300 rounds: the engine is the same, only the round trips are dear.
    """
    rounds = 300 if once.engine.database.is_postgres else 3000
    case = once.begin(
        """start merge x a choose / merge \n choose [n >= rounds] end
        <scriptTask id="x" scriptFormat="feel"><script>{n: n + 1}</script></scriptTask>""",
        n=0,
        rounds=rounds,
    )
    engine, task_id = once.engine, once.task("a").id
    sizes, statements = [], []
    for number in range(1, rounds):
        with count_statements(engine.database) as count:
            (following,) = user_tasks.complete(engine, task_id, {}, "li")
        statements.append(len(count.statements))
        task_id = following.id
        if number in (10, rounds - 1):
            sizes.append(len(once.all(select(ProcessInstance.runtime_state).where(ProcessInstance.id == case))[0]))
    assert once.variables(case)["n"] == rounds
    user_tasks.complete(engine, task_id, {}, "li")
    assert once.ended(case) == "end"
    assert sizes[1] <= sizes[0] + 20
    assert statements[-1] <= statements[10]


def test_a_loop_without_a_wait_is_stopped(once: Play) -> None:
    """Given a diagram that goes round without ever waiting, then the step is rolled back and says where, and the case can be mended."""
    import pytest

    from engine.errors import StepBudgetExceeded

    case = once.begin("start a merge x choose / merge \n choose [stop = true] end <task id='x'/>")
    with pytest.raises(StepBudgetExceeded) as stopped:
        once.complete("a")
    assert stopped.value.details["element_id"] in ("merge", "x", "choose")
    assert once.open_elements() == ["a"]
    assert [incident.kind for incident in once.open_incidents()] == ["step"]
    once.set(case, stop=True)
    once.complete("a")
    assert once.ended(case) == "end"


def test_a_loop_of_jobs_is_no_runaway(once: Play) -> None:
    """Asynchronous rounds are steps of their own."""
    case = once.begin(
        """start merge s choose / merge \n choose [n >= 40] end
        <serviceTask id="s" topic="test.echo" in:value="=n + 1" out:n="=answer"/>""",
        n=0,
    )
    assert once.ended(case) == "end"
    assert once.variables(case)["n"] == 40
