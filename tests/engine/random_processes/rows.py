"""Random processes on a database: as files that can be deployed, and the rows in which a case waits."""

from typing import Any

from sqlalchemy import select

from engine.runtime import timers, user_tasks
from engine.runtime.state import number
from engine.storage.tables import EventSubscription, Timer, UserTask
from tests.engine.conftest import Play, form
from tests.engine.diagram import bpmn
from tests.engine.random_processes.playing import Case


def files(case: Case) -> dict[str, bytes]:
    """What to deploy: user tasks have a form for x, service tasks the handler of the tests that fails until it is mended."""
    bodies = {
        key: body.replace("<userTask ", '<userTask camunda:formRef="f" ').replace('topic="t"', 'topic="test.flaky"')
        for key, body in case.bodies.items()
    }
    return {f"{key}.bpmn": bpmn(body, key) for key, body in bodies.items()} | form("f", x="number")


def waiting(play: Play, instance_id: str) -> list[tuple[str, str]]:
    """(id, element id) of the tasks, timers and subscriptions of an instance, oldest first."""
    queries: tuple[Any, ...] = (
        select(UserTask).where(UserTask.instance_id == instance_id, UserTask.state == "open"),
        select(Timer).where(Timer.instance_id == instance_id, Timer.state == "waiting"),
        select(EventSubscription).where(EventSubscription.instance_id == instance_id),
    )
    found = [(row.id, row.element_id) for query in queries for row in play.all(query)]
    return sorted(found, key=lambda pair: number(pair[0]))


def happen(play: Play, instance_id: str, task_id: str, x: int) -> None:
    """A task is completed with x, a timer fires when it is due, or what is awaited happens."""
    engine = play.engine
    with engine.step() as step:
        token = step.open(instance_id).execution.tasks[task_id]
        if token.task_spec.element.type != "userTask":
            if token.task_spec.element.event is not None and token.task_spec.definition.kind == "timer":
                timer = step.session.get_one(Timer, task_id)
                step.surroundings.now = timer.due_at
                assert timers.fire(step, timer)
            else:
                token.task_spec.happened(token, {})
            return
    user_tasks.complete(engine, task_id, {"x": x}, "li")
