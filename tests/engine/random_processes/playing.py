"""Plays a random process on the engine and on the oracle, side by side, in memory."""

from random import Random
from typing import Any, cast

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.clock import SimulatedClock
from engine.diagrams.reader import read_diagram
from engine.runtime import state
from engine.runtime.catalog import Catalog, DefinitionCache
from engine.runtime.execution.compile import ProcessSpec
from engine.runtime.execution.execution import Execution
from engine.runtime.surroundings import Surroundings
from tests.engine.diagram import bpmn
from tests.engine.random_processes.drawing import draw
from tests.engine.random_processes.generator import Generator
from tests.engine.random_processes.oracle import Oracle

STEPS = 60


class _Calendars:
    """No working time in random processes."""

    def get(self, calendar_id: str | None = None) -> None:
        """Nothing."""


class InMemory:
    """The engine's execution without a database."""

    def __init__(self, body: str, clock: SimulatedClock, *, reloading: bool) -> None:
        """Args: body: short BPMN. reloading: save and read back between any two steps."""
        self.clock = clock
        self.reloading = reloading
        self.spec = ProcessSpec(read_diagram(bpmn(body)).processes[0], "deployment")
        self.execution = Execution(self.spec, "case", "K", self._surroundings())
        self.execution.start(None, {"x": 0})
        self.state = "active"
        self._run()

    def _surroundings(self) -> Surroundings:
        catalog = Catalog(cast("Any", None), DefinitionCache(parameters={"": {}}))
        catalog.newest = ""
        return Surroundings(
            now=self.clock.now(), calendars=cast("Any", _Calendars()), catalog=catalog, time_zone="Asia/Shanghai", actor=None
        )

    def _run(self) -> None:
        self.execution.run()
        effects = self.execution.effects
        assert not effects.incidents, effects.incidents
        if effects.ended is not None:
            self.state = effects.ended.state
            assert list(self.execution.tasks) == [self.execution.task_tree.id]
        elif self.reloading:
            saved = state.save(self.execution)
            self.execution = state.load(saved, self.spec, "case", "K", self._surroundings())
            assert state.save(self.execution) == saved

    def _open(self) -> list[Task]:
        return [
            task
            for task in self.execution.tasks.values()
            if "armed" in task.internal_data
            or (task.task_spec.element.type == "userTask" and task.state == TaskState.STARTED and "rounds" not in task.internal_data)
        ]

    def waiting(self) -> list[str]:
        """Element ids of all that may happen, sorted, as often as they may."""
        return sorted(task.task_spec.element.id for task in self._open()) if self.state == "active" else []

    def happen(self, name: str, x: int) -> None:
        """The oldest of this name happens; a task's completion sets x."""
        task = min((task for task in self._open() if task.task_spec.element.id == name), key=lambda task: state.number(task.id))
        if task.task_spec.element.type == "userTask":
            task.task_spec.finish(task, {"x": x})
        else:
            task.internal_data["again"] = True
            task.task_spec.happened(task, {})
        self._run()


def play(seed: int, clock: SimulatedClock, *, reloading: bool) -> int:
    """Play the process of a seed to its end, or for some steps; returns the steps.

    Raises:
        AssertionError: engine and oracle differ; the message has the seed, the diagram and the way there.
    """
    process = Generator(seed).process()
    body = draw(process)
    engine, oracle = InMemory(body, clock, reloading=reloading), Oracle(process)
    random, way = Random(seed), list[tuple[str, int]]()
    for step in range(STEPS):
        assert (engine.state, engine.waiting()) == (oracle.state, oracle.waiting()), (
            f"seed {seed} after {way}: {engine.state} {engine.waiting()} is not {oracle.state} {oracle.waiting()} in{body}"
        )
        if engine.state != "active":
            return step
        name, x = random.choice(sorted(set(engine.waiting()))), random.randint(0, 2)
        way.append((name, x))
        engine.happen(name, x)
        oracle.happen(name, x)
    return STEPS
