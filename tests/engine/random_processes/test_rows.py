"""Random processes on a database: user tasks, timers and subscriptions are exactly those that the oracle expects, after every step."""

from random import Random

import pytest
from sqlalchemy import select

from engine.runtime import instances, timers, user_tasks
from engine.runtime.state import number
from engine.storage.tables import ElementInstance, EventSubscription, Timer, UserTask
from tests.engine.conftest import Play
from tests.engine.random_processes.drawing import draw
from tests.engine.random_processes.generator import Generator
from tests.engine.random_processes.oracle import Oracle

_STEPS = 12


@pytest.mark.timeout(600)
@pytest.mark.parametrize("first", [0, 10, 20, 30])
def test_rows_are_what_the_oracle_expects(once: Play, first: int) -> None:
    """Given random processes and behaviour, then no row is missing, none is left over, and the history has no gap."""
    for seed in range(first, first + 10):
        process = Generator(seed).process()
        oracle, random = Oracle(process), Random(seed)
        once.deploy(draw(process).replace("<userTask ", '<userTask camunda:formRef="f" '), files=_FORM)
        case = once.start("p", x=0)
        for _ in range(_STEPS):
            waiting = _waiting(once, case)
            assert (once.state(case)[0], sorted(element for _, element in waiting)) == (oracle.state, oracle.waiting()), f"seed {seed}"
            if oracle.state != "active":
                break
            name, x = random.choice(sorted({element for _, element in waiting})), random.randint(0, 2)
            _happen(once, case, next(found for found, element in waiting if element == name), x)
            oracle.happen(name, x)
        if once.state(case)[0] == "active":
            instances.cancel(once.engine, case, "boss")
        _check_history(once, case)


_FORM = {
    "f.form": b'{"id": "f", "type": "default", "schemaVersion": 17, "components": [{"type": "number", "key": "x", "id": "x", "label": "x"}]}'
}


def _waiting(play: Play, case: str) -> list[tuple[str, str]]:
    """(id, element id) of what the rows say the case waits for, oldest first."""
    found = [
        (row.id, row.element_id)
        for query in (
            select(UserTask).where(UserTask.instance_id == case, UserTask.state == "open"),
            select(Timer).where(Timer.instance_id == case, Timer.state == "waiting"),
            select(EventSubscription).where(EventSubscription.instance_id == case),
        )
        for row in play.all(query)
    ]
    return sorted(found, key=lambda pair: number(pair[0]))


def _happen(play: Play, case: str, task_id: str, x: int) -> None:
    engine = play.engine
    with engine.step() as step:
        token = step.open(case).execution.tasks[task_id]
        if token.task_spec.element.type != "userTask":
            if token.task_spec.definition.kind == "timer":
                timer = step.session.get_one(Timer, task_id)
                step.surroundings.now = timer.due_at
                assert timers.fire(step, timer)
            else:
                token.task_spec.happened(token, {})
            return
    user_tasks.complete(engine, task_id, {"x": x}, "li")


def _check_history(play: Play, case: str) -> None:
    events = play.events(case)
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    entered = [event.element_instance_id for event in events if event.type == "ElementEntered"]
    left = [event.element_instance_id for event in events if event.type in ("ElementCompleted", "ElementCancelled")]
    assert len(set(entered)) == len(entered)
    assert len(set(left)) == len(left)
    assert set(left) <= set(entered)
    rows = play.all(select(ElementInstance).where(ElementInstance.instance_id == case))
    assert {row.id for row in rows} == set(entered)
    assert {row.id for row in rows if row.state != "active"} == set(left)
    assert set(left) == set(entered)
    assert _waiting(play, case) == []
