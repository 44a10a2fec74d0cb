"""Several people and workers at one moment: every one of them gets a clear answer, and nothing happens twice."""

import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select

from engine.errors import Conflict, NotFound
from engine.runtime import assignment, executor, instances, user_tasks
from engine.storage.tables import Event
from tests.engine.conftest import Play
from tests.engine.handling import marks


def _at_once(works: list[Callable[[], Any]]) -> list[BaseException | None]:
    """Do all works in threads that start together; what each raised."""
    barrier = threading.Barrier(len(works))
    raised: list[BaseException | None] = [None] * len(works)

    def do(number: int) -> None:
        barrier.wait()
        try:
            works[number]()
        except Exception as error:
            raised[number] = error

    threads = [threading.Thread(target=do, args=(number,)) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_two_people_complete_one_task(once: Play) -> None:
    """Exactly one succeeds, the other learns that it is done, and the case goes on."""
    case = once.begin("start a b end")
    task, engine = once.task("a"), once.engine
    raised = _at_once([lambda actor=actor: user_tasks.complete(engine, task.id, {}, actor) for actor in ("li", "wang")])
    assert sorted(type(error) for error in raised if error is not None) == [Conflict]
    assert once.open_elements() == ["b"]
    assert len(once.events(case, "UserTaskCompleted")) == 1


def test_eight_people_complete_eight_tasks_of_one_case(once: Play) -> None:
    """All eight succeed, one after the other under the hood, and the join fires once."""
    case = once.begin('start a b end <userTask id="a" times="8"/>')
    engine = once.engine
    raised = _at_once([lambda task=task: user_tasks.complete(engine, task.id, {}, "li") for task in once.tasks()])
    assert raised == [None] * 8
    assert once.open_elements() == ["b"]
    assert len(once.events(case, "UserTaskCompleted")) == 8


def test_eight_people_claim_one_task(once: Play) -> None:
    """One has it, the others learn who."""
    once.begin("start a end")
    task, engine = once.task("a"), once.engine
    raised = _at_once([lambda name=name: assignment.claim(engine, task.id, name) for name in "abcdefgh"])
    assert sum(error is None for error in raised) == 1
    assert all(isinstance(error, Conflict) for error in raised if error is not None)
    assert once.task("a").assignee in "abcdefgh"


def test_completing_and_claiming_at_once(once: Play) -> None:
    """Whoever is second is told; a task that somebody claimed is never completed by another."""
    for _ in range(5):
        case = once.begin("start a end")
        (task,), engine = once.tasks(case), once.engine
        raised = _at_once(
            [lambda t=task: user_tasks.complete(engine, t.id, {}, "li"), lambda t=task: assignment.claim(engine, t.id, "wang")]
        )
        assert all(isinstance(error, Conflict) for error in raised if error is not None)
        done = once.events(case, "UserTaskCompleted", "UserTaskClaimed")
        assert [event.type for event in done] == (["UserTaskCompleted"] if raised[0] is None else ["UserTaskClaimed"])


def test_a_task_is_completed_while_its_timer_fires(once: Play) -> None:
    """Given a boundary timer due at the moment of completion, then either the one or the other happens, never both."""
    for _ in range(5):
        case = once.begin('start a end \n late end_late <boundaryEvent id="late" on="a" duration="PT1H"/>')
        once.clock.set(once.timers()[0].due_at)
        (task,), engine = once.tasks(case), once.engine
        raised = _at_once([lambda t=task: user_tasks.complete(engine, t.id, {}, "li"), lambda: executor.run_until_idle(engine)])
        assert raised[1] is None
        assert once.ended(case) == ("end" if raised[0] is None else "end_late")


def test_many_workers_do_every_job_once(once: Play) -> None:
    """Given thirty cases with two jobs each, when four workers run, then every effect is there once and the histories have no gap."""
    once.deploy(
        """start fork s join end \n fork r join
        <serviceTask id="s" topic="test.mark" in:value="mark"/><serviceTask id="r" topic="test.mark" in:value="mark"/>"""
    )
    cases = [instances.start(once.engine, "p") for _ in range(30)]
    engine = once.engine
    raised = _at_once([lambda name=name: executor.run_until_idle(engine, name) for name in ("w1", "w2", "w3", "w4")])
    assert raised == [None] * 4
    once.run()
    assert {once.ended(case) for case in cases} == {"end"}
    with engine.database.session() as session:
        assert marks(session, "mark") == 60
        for case in cases:
            count, last = session.execute(select(func.count(), func.max(Event.sequence)).where(Event.instance_id == case)).one()
            assert count == last


def test_a_job_finishes_while_a_person_interrupts_it(once: Play) -> None:
    """Given a job at work and a person whose task cancels it, then neither waits for the other for ever, and one of them wins."""
    once.deploy(
        """start fork s end_s \n fork a end_t
        <serviceTask id="s" topic="test.mark" in:value="won"/><endEvent id="end_t" terminate="true"/>"""
    )
    engine = once.engine
    for _ in range(8):
        case = instances.start(engine, "p")
        (task,) = once.tasks(case)
        raised = _at_once([lambda t=task: user_tasks.complete(engine, t.id, {}, "li"), lambda: executor.run_until_idle(engine)])
        assert raised == [None, None]
        assert once.ended(case) == "end_t"
        assert once.open_incidents() == []


def test_a_task_that_does_not_exist(once: Play) -> None:
    """Foreign ids are not found, whatever they look like."""
    engine = once.engine
    raised = _at_once([lambda: user_tasks.complete(engine, "nothing", {}, "li"), lambda: user_tasks.complete(engine, "' or 1=1", {}, "li")])
    assert [type(error) for error in raised] == [NotFound, NotFound]


def test_one_start_sent_eight_times(once: Play) -> None:
    """The same request at the same moment starts one instance, and everybody gets its id."""
    once.deploy("start a end")
    engine = once.engine
    raised = _at_once([lambda: instances.start(engine, "p", actor="li", request_key="k-1")] * 8)
    assert raised == [None] * 8
    assert instances.start(engine, "p", actor="li", request_key="k-1") == once.instances("p")[0].id
    assert len(once.instances("p")) == 1
