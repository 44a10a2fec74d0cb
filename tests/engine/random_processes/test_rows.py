"""Random processes on a database, by the commands that people and workers use: the rows are exactly those that the oracle expects, after every step."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from random import Random
from typing import Any

import orjson
import pytest
from SpiffWorkflow.util.task import TaskState
from sqlalchemy import select

from engine.errors import DeploymentRefused
from engine.runtime import instances, jobs, messages, timers, user_tasks
from engine.runtime.deployments import deploy
from engine.runtime.handlers import BpmnError
from engine.runtime.state import number
from engine.storage.database import Database
from engine.storage.tables import ElementInstance, EventSubscription, Job, ProcessInstance, Timer, UserTask
from tests.engine.conftest import Play
from tests.engine.random_processes.moments import check_moments, check_replay
from tests.engine.random_processes.playing import KINDS
from tests.engine.random_processes.possibilities import Oracle, TooManyPossibilities
from tests.engine.random_processes.rows import files

_STEPS = 12


@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", ["blocks", "graphs"])
@pytest.mark.parametrize("first", range(0, 70, 10))
def test_rows_are_what_the_oracle_expects(once: Play, kind: str, first: int) -> None:
    """Given random processes and behaviour, then no row is missing, none is left over, the history has no gap and comes out the same when replayed."""
    assert _played(once, kind, range(first, first + 10)) > 3


@pytest.mark.soak
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("kind", ["blocks", "graphs"])
@pytest.mark.parametrize("first", range(10_000, 10_600, 100))
def test_a_thousand_simulated_cases_come_out_the_same(
    stage: Callable[[Database], Play], sqlite_database: Database, kind: str, first: int
) -> None:
    """Given more than a thousand random cases in all, their recorded inputs, done again, bring about exactly their histories."""
    assert _played(stage(sqlite_database), kind, range(first, first + 100)) >= 85


def _played(play: Play, kind: str, seeds: Iterable[int]) -> int:
    """Play random cases on a database; how many there were."""
    played = 0
    for seed in seeds:
        content = files(KINDS[kind](seed))
        try:
            deploy(play.engine, content, name="random")
        except DeploymentRefused:  # a few are drawn so that a check finds something
            continue
        diagrams = {name.removesuffix(".bpmn"): diagram for name, diagram in content.items() if name.endswith(".bpmn")}
        try:
            _OnRows(play, diagrams, f"{kind} {seed}").play(Random(seed))
        except TooManyPossibilities:
            continue
        played += 1
    return played


class _OnRows:
    """One case on a database, and the oracle."""

    def __init__(self, play: Play, diagrams: dict[str, bytes], name: str) -> None:
        self.database = play
        self.name = name
        self.began_at = play.clock.now()
        self.oracle = Oracle(diagrams)
        self.case = instances.start(play.engine, "p", {"x": 0}, name, "li")

    def play(self, random: Random) -> None:
        self._compare()
        for _ in range(_STEPS):
            if not (deeds := self._deeds()):
                break
            deed, row = random.choice(deeds)
            deed(row, random.randint(0, 2))
            self._compare()
        if self._instances()[0].state == "active":
            instances.cancel(self.database.engine, self.case, "boss")
        self.database.run()
        check_moments(self.database, self.case)
        check_replay(self.database, self.case)
        for instance in self._instances():
            self._check_history(instance.id)

    # -- looking -----------------------------------------------------------------------------------------------------

    def _compare(self) -> None:
        found = self._instances()
        states = {instance.id: orjson.loads(instance.runtime_state) for instance in found}
        resting = [
            internal["flow"]
            for instance in found
            for _, _, _, state, _, internal in states[instance.id]["tasks"]
            if instance.state == "active" and state == TaskState.WAITING and "flow" in internal and "armed" not in internal
        ]
        seen = (found[0].state, sorted(self._label(row) for row in self._rows()), sorted(resting), states[self.case]["tasks"][0][4]["x"])
        expected = [game.view() for game in self.oracle.games]
        assert self.oracle.keep(seen), f"{self.name}: the rows show {seen}, the oracle says {expected}"
        check_moments(self.database, self.case)

    def _instances(self) -> list[ProcessInstance]:
        return self.database.all(select(ProcessInstance).where(ProcessInstance.root_id == self.case).order_by(ProcessInstance.id))

    def _rows(self) -> list[Any]:
        return [
            row
            for query in (
                select(UserTask).where(UserTask.root_id == self.case, UserTask.state == "open"),
                select(Timer).where(Timer.root_id == self.case, Timer.state == "waiting"),
                select(EventSubscription).where(EventSubscription.root_id == self.case),
                select(Job).where(Job.root_id == self.case, Job.state == "ready", Job.kind.in_(("handler", "continue"))),
            )
            for row in self.database.all(query)
        ]

    def _label(self, row: Any) -> str:
        return f"{self._name(row)}@{(row.due_at - self.began_at) // timedelta(hours=1)}" if isinstance(row, Timer) else self._name(row)

    def _name(self, row: Any) -> str:
        if isinstance(row, Job) and row.kind == "continue":
            content = next(instance for instance in self._instances() if instance.id == row.instance_id).runtime_state
            internal = next(task[5] for task in orjson.loads(content)["tasks"] if task[0] == number(row.element_instance_id))
            return f"{'after' if 'leaving' in internal else 'before'} {row.element_id}"
        return str(row.element_id)

    # -- acting ------------------------------------------------------------------------------------------------------

    def _deeds(self) -> list[Any]:
        """What may be done to what is the only one of its name (of several the oracle would not know which)."""
        rows = self._rows()
        names = [self._name(row) for row in rows]
        single = [row for row, name in zip(rows, names, strict=True) if names.count(name) == 1]
        found: list[Any] = [(self._complete, row) for row in single if isinstance(row, UserTask)]
        found += [(self._receive, row) for row in single if isinstance(row, EventSubscription)]
        job = self._next_job()
        if job is not None and (job.kind == "message" or names.count(self._name(self._target(job))) == 1):
            found.append((self._work, job))
        if single == rows:
            found += [(self._pass_time, row) for row in single if isinstance(row, Timer)][:1]
        return found

    def _complete(self, task: UserTask, x: int) -> None:
        user_tasks.complete(self.database.engine, task.id, {"x": x}, "li")
        self.oracle.happen(task.element_id, x)

    def _receive(self, subscription: EventSubscription, x: int) -> None:
        if subscription.kind == "signal":
            messages.signal(self.database.engine, subscription.name)  # jobs bring it to everybody
        else:
            messages.correlate(self.database.engine, subscription.name, self.name, {"x": x})
            self.oracle.happen(subscription.element_id, x)

    def _pass_time(self, _timer: Timer, x: int) -> None:
        hours = 1 + 2 * x
        self.database.clock.advance(timedelta(hours=hours))
        self.oracle.pass_time(hours)
        due = select(Timer).where(Timer.state == "waiting", Timer.due_at <= self.database.clock.now()).order_by(Timer.due_at, Timer.id)
        for _ in range(_STEPS):
            following = self.database.all(due.limit(1))
            names = [row.element_id for row in self.database.all(due)]
            if not following or names.count(following[0].element_id) > 1:
                break
            assert timers.fire_due(self.database.engine, limit=1) == 1
            self.oracle.happen(following[0].element_id)
            self._compare()

    def _next_job(self) -> Job | None:
        ready = select(Job).where(Job.state == "ready", Job.available_at <= self.database.clock.now())
        return next(iter(self.database.all(ready.order_by(Job.priority.desc(), Job.available_at, Job.id).limit(1))), None)

    def _target(self, job: Job) -> Any:
        """The job itself, or who gets the signal that it brings."""
        if job.kind != "signal":
            return job
        waiting = self.database.all(select(EventSubscription).where(EventSubscription.id == job.input["subscription_id"]))
        return waiting[0] if waiting else job

    def _work(self, job: Job, x: int) -> None:
        target, flaky = self._target(job), self.database.flaky
        name = self._name(target)
        happens = job.kind != "message" and not (job.kind == "signal" and target is job)
        flaky.broken = None
        if job.kind == "handler" and x == 1 and self.oracle.games[0].catches(name, "E"):
            flaky.broken = BpmnError("E", "broken")
        elif job.kind == "handler" and x == 2 and job.attempt == 0:
            flaky.broken, happens = RuntimeError("broken"), False
        assert jobs.run_next(self.database.engine, "worker")
        if happens:
            self.oracle.happen(name, error="E" if isinstance(flaky.broken, BpmnError) else None)

    # -- afterwards --------------------------------------------------------------------------------------------------

    def _check_history(self, instance_id: str) -> None:
        events = self.database.events(instance_id)
        assert [event.sequence for event in events] == list(range(1, len(events) + 1))
        entered = [event.element_instance_id for event in events if event.type == "ElementEntered"]
        left = [event.element_instance_id for event in events if event.type in ("ElementCompleted", "ElementCancelled")]
        assert len(set(entered)) == len(entered)
        assert len(set(left)) == len(left)
        assert set(left) == set(entered)
        rows = self.database.all(select(ElementInstance).where(ElementInstance.instance_id == instance_id))
        assert {row.id for row in rows} == set(entered)
        assert all(row.state != "active" for row in rows)
        assert self._rows() == []
