"""A change goes live with migration while people go on working: no case is lost, doubled, or between two versions."""

import threading
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import select

from engine.errors import Conflict, NotFound
from engine.runtime import executor, jobs, publishing, user_tasks
from engine.runtime.engine import Engine
from engine.runtime.publishing import MigrationChoice, Proposal
from engine.storage.tables import Event, MigrationItem, ProcessInstance, UserTask
from tests.engine.conftest import Play
from tests.engine.diagram import bpmn

OLD = 'start a b end <userTask id="a"/><userTask id="b"/>'
NEW = 'start a vip b end <userTask id="a"/><userTask id="vip"/><userTask id="b"/>'
STAFF = 3


@pytest.mark.parametrize("cases", [60, pytest.param(1_000, marks=[pytest.mark.soak, pytest.mark.timeout(3_600)])])
def test_cases_move_while_people_work(once: Play, cases: int) -> None:
    """Given running cases and people who complete tasks all the time, when all safe cases are migrated, then each ends in one version, every step done once."""
    once.deploy(OLD)
    ids = {once.start("p") for _ in range(cases)}
    wanted = Proposal("With greeting", "Guests", migrations=(MigrationChoice("p:1"),))
    proposed = publishing.propose(once.engine, {"p.bpmn": bpmn(NEW, "p")}, wanted, actor="author")
    done = threading.Event()
    failures: list[BaseException] = []
    staff = [threading.Thread(target=_work, args=(once.engine, number, cases // 6, done, failures)) for number in range(STAFF)]
    for person in staff:
        person.start()
    try:
        publishing.approve(once.engine, proposed, actor="second")
        executor.run_until_idle(once.engine)
    finally:
        done.set()
        for person in staff:
            person.join()

    assert failures == []
    executor.run_until_idle(once.engine)
    items = Counter(row.state for row in once.all(select(MigrationItem)))
    assert set(items) <= {"migrated", "refused"}
    assert items["migrated"] > 0
    _finish(once)

    found = {row.id: row for row in once.all(select(ProcessInstance))}
    assert set(found) == ids
    assert {row.state for row in found.values()} == {"completed"}
    steps = Counter((event.instance_id, event.element_id) for event in once.all(select(Event).where(Event.type == "UserTaskCompleted")))
    assert set(steps.values()) == {1}
    migrated = {event.instance_id: event for event in once.all(select(Event).where(Event.type == "CaseMigrated"))}
    for instance_id, row in found.items():
        passed = {element for case, element in steps if case == instance_id}
        assert row.process_definition_id == ("p:2" if instance_id in migrated else "p:1")
        at = {place["element_id"] for place in migrated[instance_id].data["before"]} if instance_id in migrated else set()
        assert passed == ({"a", "vip", "b"} if at == {"a"} else {"a", "b"})


def _work(engine: Engine, number: int, quota: int, done: threading.Event, failures: list[BaseException]) -> None:
    """One of the staff: complete any open task until the change is through, or the day's work is done."""
    try:
        while quota and not done.is_set():
            with engine.database.session() as session:
                open_ids = session.scalars(select(UserTask.id).where(UserTask.state == "open").limit(50)).all()
            if not open_ids:
                return
            try:
                user_tasks.complete(engine, open_ids[7 * quota * (number + 1) % len(open_ids)], {}, f"staff{number}")
                quota -= 1
            except (Conflict, NotFound):
                continue  # a colleague, or the migration, was first: look again
    except BaseException as error:
        failures.append(error)


def _finish(play: Play) -> None:
    """Everybody goes on until nothing is left."""
    while tasks := play.tasks():
        for task in tasks:
            user_tasks.complete(play.engine, task.id, {}, "tester")
        play.run()


def test_a_case_that_cannot_move_stays_exactly_as_it_was(once: Play) -> None:
    """Given a case that moves on between the look and the migration to where the new version has nothing, then it stays in its version, untouched."""
    once.deploy(OLD)
    case = once.start("p")
    choice = MigrationChoice("p:1")
    wanted = Proposal("Without b", "Shorter", migrations=(choice,))
    body = 'start a end <userTask id="a"/>'
    proposed = publishing.propose(once.engine, {"p.bpmn": bpmn(body, "p")}, wanted, actor="author")
    publishing.approve(once.engine, proposed, actor="second")
    _run_jobs(once, 1)  # the batch is made, its case not yet moved
    user_tasks.complete(once.engine, once.task("a").id, {}, "tester")
    before = _row(once, case)

    once.run()

    (item,) = once.all(select(MigrationItem))
    assert item.state == "refused"
    assert item.problems
    assert _row(once, case) == before
    assert once.open_elements() == ["b"]


def _run_jobs(play: Play, count: int) -> None:
    for _ in range(count):
        assert jobs.run_next(play.engine, "worker")


def _row(play: Play, instance_id: str) -> dict[str, Any]:
    row = play.all(select(ProcessInstance).where(ProcessInstance.id == instance_id))[0]
    return {column.key: getattr(row, column.key) for column in ProcessInstance.__table__.c}
