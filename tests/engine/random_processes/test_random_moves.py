"""Random processes, random positions, random moves: what the plan promises is what the rows say afterwards, and the case can go on."""

from collections import Counter
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from engine.errors import OpsbookError
from engine.runtime import deployments, instances, operations
from engine.runtime.operations import Instruction, Modify, Outcome
from engine.storage.tables import ElementInstance, EventSubscription, Job, Timer, UserTask
from tests.engine.conftest import Play
from tests.engine.operations.doing import essence
from tests.engine.random_processes.playing import of_blocks
from tests.engine.random_processes.rows import files, happen, waiting

_STEPS = 8
Rows = Counter[tuple[str, str]]


@pytest.mark.timeout(900)
@pytest.mark.parametrize("first", [0, 10, 20, 30, 40])
def test_the_plan_is_what_happens(once: Play, first: int) -> None:
    """After every random move the rows differ by exactly what was planned; a refused move changes nothing; every case can be ended."""
    moved = sum(_play(once, seed) for seed in range(first, first + 10))
    assert moved > 8


def _play(play: Play, seed: int) -> int:
    random, moved = Random(seed), 0
    play.flaky.broken = None
    deployments.deploy(play.engine, files(of_blocks(seed)), name="random")
    case = play.start("p", x=random.randint(0, 2))
    for _ in range(_STEPS):
        if play.state(case)[0] != "active":
            break
        found = waiting(play, case)
        if random.random() < 0.5 and found:
            happen(play, case, random.choice(found)[0], random.randint(0, 2))
            continue
        before = _rows(play, case)
        operation = Modify(case, tuple(_instructions(play, case, random)))
        planned = _planned(play, operation)
        assert _rows(play, case) == before, f"seed {seed}: a plan left something behind"
        if planned is None:
            continue
        done = operations.apply(play.engine, operation, actor="boss", reason="because", expected=planned.revision)
        after = _rows(play, case)
        assert essence(done) == essence(planned), f"seed {seed} {operation}"
        assert (_ids(case, planned.closes), _ids(case, planned.opens)) == (before - after, after - before), f"seed {seed} {operation}"
        assert planned.state == play.state(case)[0]
        _check_runs(play, case, done)
        moved += 1
    if play.state(case)[0] == "active":
        instances.cancel(play.engine, case, "boss", "enough")
    assert not _rows(play, case)
    entered = [event.element_instance_id for event in play.events(case, "ElementEntered")]
    left = [event.element_instance_id for event in play.events(case, "ElementCompleted", "ElementCancelled")]
    assert sorted(entered) == sorted(left)
    return moved


def _planned(play: Play, operation: Modify) -> Outcome | None:
    try:
        return operations.plan(play.engine, operation)
    except OpsbookError:
        return None


def _instructions(play: Play, case: str, random: Random) -> list[Instruction]:
    with play.engine.step(rehearsed=True) as step:
        execution = step.open(case).execution
        tokens = [task for task in execution.tasks.values() if "watch" not in task.internal_data and task.parent is not None]
        runs, process = [(task.id, task.task_spec.element.id) for task in tokens], execution.spec.process
    found = []
    for _ in range(random.randint(1, 3)):
        run_id, element_id = random.choice(runs)
        found.append(
            random.choice(
                [
                    Instruction("cancel", element_id),
                    Instruction("cancel", element_instance_id=run_id),
                    Instruction("start_before", random.choice(sorted(process.elements))),
                    Instruction("start_before", random.choice(sorted(process.elements)), variables={"x": random.randint(0, 2)}),
                    Instruction("start_before", random.choice(sorted(process.elements)), ancestor_element_instance_id=run_id),
                    Instruction("start_after", random.choice(sorted(process.elements))),
                    Instruction("start_transition", flow_id=random.choice(sorted(process.flows))),
                ]
            )
        )
    return found


def _rows(play: Play, case: str) -> Rows:
    """(kind, id) of everything in which a case waits, called processes included, as the tables have it."""
    queries: list[tuple[str, Any]] = [
        ("task", select(UserTask).where(UserTask.root_id == case, UserTask.state == "open")),
        ("timer", select(Timer).where(Timer.root_id == case, Timer.state == "waiting")),
        ("subscription", select(EventSubscription).where(EventSubscription.root_id == case)),
        ("job", select(Job).where(Job.root_id == case, Job.state.in_(("ready", "failed")))),
    ]
    return Counter(
        (kind, _id(case, row.element_instance_id if kind == "job" else row.id)) for kind, query in queries for row in play.all(query)
    )


def _id(case: str, row_id: str) -> str:
    """A row's id; of a called process only its number, since each rehearsal calls a new instance."""
    return row_id if row_id.startswith(case) else row_id.rpartition("-")[2]


def _ids(case: str, items: Any) -> Rows:
    waits = [item for item in items if item.kind in ("task", "timer", "subscription", "job")]
    return Counter((item.kind, _id(case, item.facts.get("element_instance_id", item.id))) for item in waits)


def _check_runs(play: Play, case: str, done: Outcome) -> None:
    """Every open user task belongs to an active element run, and no run is left over in a case that has ended."""
    active = {
        row.id for row in play.all(select(ElementInstance).where(ElementInstance.instance_id == case, ElementInstance.state == "active"))
    }
    assert {row.id for row in play.tasks(case)} <= active
    if done.state != "active":
        assert active == set()
