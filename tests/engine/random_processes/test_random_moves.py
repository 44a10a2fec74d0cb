"""Random processes, positions, moves and migrations: what the plan promises is what the rows say afterwards, and every case can go on and be ended."""

import re
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from engine.errors import DeploymentRefused, OpsbookError
from engine.runtime import instances, jobs, messages, operations, timers, user_tasks
from engine.runtime.deployments import deploy
from engine.runtime.operations import Instruction, Modify, Operation, Outcome, migration
from engine.runtime.operations.migration import Migrate, MigrationInstruction
from engine.storage.tables import ElementInstance, EventSubscription, Job, ProcessInstance, Timer, UserTask
from tests.engine.conftest import Play
from tests.engine.operations.doing import essence
from tests.engine.random_processes.moments import check_moments, check_replay
from tests.engine.random_processes.playing import KINDS
from tests.engine.random_processes.rows import files

_STEPS = 10
Rows = set[tuple[str, str]]


@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", ["blocks", "graphs"])
@pytest.mark.parametrize("first", [0, 10, 20])
def test_the_plan_is_what_happens(once: Play, kind: str, first: int) -> None:
    """After every random move the rows differ by exactly what was planned; a refused move changes nothing; every case can be ended."""
    done = 0
    for seed in range(first, first + 10):
        try:
            game = _Game(once, kind, seed)
        except DeploymentRefused:  # a few are drawn so that a check finds something
            continue
        done += game.play()
    assert done > 5


class _Game:
    """One case on a database."""

    def __init__(self, play: Play, kind: str, seed: int) -> None:
        self.play_, self.random, self.name = play, Random(seed), f"{kind} {seed}"
        self.version = 0
        self.files = files(KINDS[kind](seed))
        play.flaky.broken = None
        deploy(play.engine, self.files, name="random")
        self.case = instances.start(play.engine, "p", {"x": self.random.randint(0, 2)}, self.name, "li")

    def play(self) -> int:
        """Returns how many moves and migrations were done."""
        done = 0
        for _ in range(_STEPS):
            if self._root().state != "active":
                break
            choice = self.random.random()
            if choice < 0.4:
                self._act()
            elif choice < 0.5:
                self._migrate()
                done += 1
            else:
                done += self._move()
            check_moments(self.play_, self.case)
        if self._root().state == "active":
            instances.cancel(self.play_.engine, self.case, "boss", "enough")
        self.play_.run()
        assert self._rows() == set(), self.name
        check_replay(self.play_, self.case)
        for instance in self._instances():
            entered = [event.element_instance_id for event in self.play_.events(instance.id, "ElementEntered")]
            left = [event.element_instance_id for event in self.play_.events(instance.id, "ElementCompleted", "ElementCancelled")]
            assert sorted(entered) == sorted(left), self.name
        return done

    def _move(self) -> int:
        operation = Modify(self.random.choice(self._active()), tuple(self._instructions()))
        before = self._rows()
        try:
            planned = operations.plan(self.play_.engine, operation)
        except OpsbookError:
            assert self._rows() == before, f"{self.name}: a refused plan left something behind"
            return 0
        assert self._rows() == before, f"{self.name}: a plan left something behind"
        self._apply(operation, planned, before)
        return 1

    def _apply(self, operation: Operation, planned: Outcome, before: Rows) -> None:
        done = operations.apply(self.play_.engine, operation, actor="boss", reason="because", expected=planned.revision)
        after = self._rows()
        assert essence(done) == essence(planned), f"{self.name} {operation}"
        assert (_ids(done.closes), _ids(done.opens)) == (before - after, after - before), f"{self.name} {operation}"
        active = {row.id for row in self.play_.all(select(ElementInstance).where(ElementInstance.state == "active"))}
        assert {row.id for row in self.play_.tasks()} <= active, self.name

    def _migrate(self) -> None:
        """To a version in which every element has another id: nothing closes or opens, everything is where it was."""
        self.version += 1
        old = self._root().process_definition_id
        ids = sorted(self._process(self.case).elements)
        renamed = {name: f"{name.partition('.')[0]}.{self.version}" for name in ids}
        content = re.sub(
            rb'"([^"]*)"', lambda found: b'"%s"' % renamed.get(found[1].decode(), found[1].decode()).encode(), self.files["p.bpmn"]
        )
        content = re.sub(rb">([\w.]+)<", lambda found: b">%s<" % renamed.get(found[1].decode(), found[1].decode()).encode(), content)
        self.files["p.bpmn"] = content
        (new,) = deploy(self.play_.engine, self.files, name="random").processes
        plan = migration.generate(
            self.play_.engine, old, new, overrides=[MigrationInstruction(source, target) for source, target in renamed.items()]
        )
        before = self._rows()
        operation = Migrate(self.case, plan)
        planned = operations.plan(self.play_.engine, operation)
        assert [*planned.closes, *planned.opens] == [], self.name
        self._apply(operation, planned, before)
        told = self.play_.events(self.case, "CaseMigrated")[-1].data
        assert [renamed[item["element_id"]] for item in told["before"]] == [item["element_id"] for item in told["after"]], self.name

    def _act(self) -> None:
        """Somebody or something does what waits."""
        engine, rows = self.play_.engine, [row for _, query in _waiting(self.case) for row in self.play_.all(query)]
        row = self.random.choice(rows) if rows else None
        try:
            if isinstance(row, UserTask):
                user_tasks.complete(engine, row.id, {"x": self.random.randint(0, 2)}, "li")
            elif isinstance(row, Timer):
                self.play_.clock.set(max(row.due_at, self.play_.clock.now()))
                timers.fire_due(engine)
            elif isinstance(row, EventSubscription) and row.kind == "message":
                messages.correlate(engine, row.name, row.correlation_key)
            elif isinstance(row, EventSubscription):
                messages.signal(engine, row.name)
            jobs.run_next(engine, "worker")
        except OpsbookError:
            return  # a message for two

    def _instructions(self) -> list[Instruction]:
        process = self._process(self.case)
        runs = self.play_.all(select(ElementInstance).where(ElementInstance.state == "active", ElementInstance.instance_id == self.case))
        elements, flows, found = sorted(process.elements), sorted(process.flows), []
        for _ in range(self.random.randint(1, 3)):
            run = self.random.choice(runs) if runs else None
            starts = [
                Instruction("start_before", self.random.choice(elements)),
                Instruction("start_before", self.random.choice(elements), variables={"x": self.random.randint(0, 2)}),
                Instruction("start_after", self.random.choice(elements)),
                Instruction("start_transition", flow_id=self.random.choice(flows)),
            ]
            if run is not None:
                starts += [
                    Instruction("cancel", run.element_id),
                    Instruction("cancel", element_instance_id=run.id),
                    Instruction("start_before", self.random.choice(elements), ancestor_element_instance_id=run.id),
                ]
            found.append(self.random.choice(starts))
        return found

    def _process(self, instance_id: str) -> Any:
        with self.play_.engine.step(rehearsed=True) as step:
            return step.open(instance_id).execution.spec.process

    def _instances(self) -> list[ProcessInstance]:
        return self.play_.all(select(ProcessInstance).where(ProcessInstance.root_id == self.case))

    def _root(self) -> ProcessInstance:
        return next(instance for instance in self._instances() if instance.id == self.case)

    def _active(self) -> list[str]:
        """The case itself twice as often as what it called."""
        return [self.case, self.case, *(instance.id for instance in self._instances() if instance.state == "active")]

    def _rows(self) -> Rows:
        """(kind, id) of everything that waits, as the tables have it."""
        return {
            (kind, row.element_instance_id if kind == "job" else row.id)
            for kind, query in _waiting(self.case)
            for row in self.play_.all(query)
        }


def _waiting(case: str) -> list[tuple[str, Any]]:
    return [
        ("task", select(UserTask).where(UserTask.root_id == case, UserTask.state == "open").order_by(UserTask.id)),
        ("timer", select(Timer).where(Timer.root_id == case, Timer.state == "waiting").order_by(Timer.id)),
        ("subscription", select(EventSubscription).where(EventSubscription.root_id == case).order_by(EventSubscription.id)),
        ("job", select(Job).where(Job.root_id == case, Job.state.in_(("ready", "failed")), Job.element_instance_id.is_not(None))),
    ]


def _ids(items: Any) -> Rows:
    return {
        (item.kind, item.facts.get("element_instance_id", item.id))
        for item in items
        if item.kind in ("task", "timer", "subscription") or (item.kind == "job" and item.facts["element_instance_id"])
    }
