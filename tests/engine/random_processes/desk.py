"""The engine in memory: its own steps on executions, and the rows of tasks, timers, subscriptions and jobs that a database would hold."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.clock import SimulatedClock
from engine.diagrams.reader import read_diagram
from engine.runtime import due, state
from engine.runtime.execution.compile import ProcessSpec
from engine.runtime.execution.effects import Effects
from engine.runtime.execution.gateways import JoiningGatewaySpec
from engine.runtime.step import OpenInstance, Step
from engine.runtime.surroundings import StepBudget, Surroundings
from engine.runtime.timers import missed_of
from tests.engine.random_processes.past import Past

_ZONE = "Asia/Shanghai"


@dataclass
class Row:
    """A row of one of the four tables."""

    kind: str  #: user, timer, message, signal, handler, before or after (a job before or after an activity)
    id: str
    task_id: str
    element_id: str
    instance: OpenInstance
    name: str = ""  #: of the message or signal
    due_at: datetime | None = None
    cycle: str | None = None
    remaining: int | None = None

    @property
    def task(self) -> Task:
        """The task that waits, as the execution has it now."""
        return self.instance.execution.tasks[self.task_id]

    @property
    def what(self) -> str:
        """What may happen: the element's id, or its job before or after."""
        return f"{self.kind} {self.element_id}" if self.kind in ("before", "after") else self.element_id


class _Library:
    """The processes of one play; no forms, no parameters, no working time."""

    edition = None

    def __init__(self, diagrams: dict[str, bytes]) -> None:
        self.compiled = {
            key: SimpleNamespace(
                definition=SimpleNamespace(id=key, key=key), spec=ProcessSpec(read_diagram(content).processes[0], "deployment")
            )
            for key, content in diagrams.items()
        }

    def process_by_key(self, key: str, *_binding: object) -> Any:
        return self.compiled[key]

    def parameters(self) -> dict[str, Any]:
        return {}

    def form(self, *_reference: object) -> None:
        return None

    def get(self, **_edition: object) -> None:
        return None


class _NothingStored:
    """A database in which nothing is found: whatever there is, is open in the step."""

    def scalars(self, _query: object) -> "_NothingStored":
        return self

    def all(self) -> list[Any]:
        return []


class Desk:
    """One case on the engine."""

    def __init__(self, diagrams: dict[str, bytes], clock: SimulatedClock, *, reloading: bool) -> None:
        """Args: diagrams: BPMN XML by process id; `p` is begun with x = 0. reloading: save and read back between any two steps."""
        self.clock = clock
        self.began_at = clock.now()
        self.reloading = reloading
        self.rows: dict[str, Row] = {}
        self.pasts: dict[str, Past] = {}
        self.steps = 0
        self.born: dict[str, tuple[int, int]] = {}  #: the step in which a task began, and its number among all
        self.signals: list[Row] = []  #: who waited for the signals thrown in the last step
        library = cast("Any", _Library(diagrams))
        surroundings = Surroundings(now=clock.now(), calendars=library, catalog=library, time_zone=_ZONE, actor=None)
        self.step = Step(cast("Any", _NothingStored()), surroundings)
        self.root = self.step.start(library.compiled["p"], {"x": 0}, "K", None)
        self._run()

    # -- looking -----------------------------------------------------------------------------------------------------

    @property
    def state(self) -> str:
        """active, completed or failed."""
        return str(self.root.row["state"])

    def view(self) -> tuple[object, ...]:
        """State, what it waits for, the flows where tokens rest, and x."""
        waiting = sorted(f"{row.what}{self._hours(row)}" for row in self.rows.values())
        resting = [
            task.internal_data["flow"]
            for instance in self._active()
            for task in instance.execution.tasks.values()
            if isinstance(task.task_spec, JoiningGatewaySpec) and task.state == TaskState.WAITING
        ]
        return self.state, waiting, sorted(resting), self.root.execution.task_tree.data["x"]

    def _hours(self, row: Row) -> str:
        return "" if row.due_at is None else f"@{(row.due_at - self.began_at) // timedelta(hours=1)}"

    def _active(self) -> list[OpenInstance]:
        return [instance for instance in self.step.instances.values() if instance.row["state"] == "active"]

    def oldest(self, name: str) -> Row:
        """The oldest row of a name."""
        return min((row for row in self.rows.values() if row.what == name), key=self._age)

    def next_due(self) -> Row | None:
        """The timer to fire now."""
        waiting = [row for row in self.rows.values() if row.due_at is not None and row.due_at <= self.clock.now()]
        return min(waiting, key=lambda row: (row.due_at, *self._age(row)), default=None)

    def _age(self, row: Row) -> tuple[int, list[tuple[int, str, int, int]]]:
        """The step in which what it belongs to began, and the activities around it, outermost first; rows alike in both have the same future."""
        around: list[tuple[int, str, int, int]] = []
        instance, task = row.instance, row.task
        while task is not None:
            if task.id == row.task_id or "rounds" not in task.internal_data:
                step, serial = self.born[task.id]
                around.append((step, task.task_spec.name, task.internal_data.get("round", 0), serial))
            task = task.parent
            if task is None and instance.row["parent_id"] is not None:
                caller = self.step.instances[instance.row["parent_id"]]
                instance, task = caller, caller.execution.tasks[instance.row["parent_element_instance_id"]]
        return self.born[row.task_id][0], around[::-1]

    # -- acting ------------------------------------------------------------------------------------------------------

    def happen(self, row: Row, variables: dict[str, Any]) -> None:
        """A task is completed, an event happens, a timer fires, or a job is done; the variables come with it."""
        self._do(row, variables)
        self._run()

    def _do(self, row: Row, variables: dict[str, Any]) -> None:
        self.step.surroundings.now = self.clock.now()
        task, spec = row.task, row.task.task_spec
        if row.kind not in ("message", "signal"):  # the engine closes subscriptions by itself
            del self.rows[row.id]
        if row.kind in ("before", "after"):
            spec.release(task)
        elif row.kind in ("user", "handler"):
            spec.finish(task, variables)
        elif row.cycle is None or self._takes_turn(row, row.cycle):
            spec.happened(task, variables)

    def _takes_turn(self, row: Row, cycle: str) -> bool:
        """A cycle's time has come: whether it fires (as `engine.runtime.timers` does it with the timer's row)."""
        task, surroundings = row.task, self.step.surroundings
        element = task.task_spec.element
        assert row.due_at is not None
        turn = due.rhythm(surroundings, element, cycle).turn(row.due_at, row.remaining, surroundings.now, missed_of(element))
        if turn.following is not None:
            self.rows[row.id] = replace(row, due_at=turn.following.due_at, remaining=turn.remaining)
            if turn.fires:
                task.internal_data["again"] = True
        elif not turn.fires:
            task.task_spec.stop_waiting(task)
            row.instance.execution.remove(task)
        return turn.fires

    def report(self, row: Row, code: str) -> bool:
        """A handler reports a business error; whether the diagram catches it (else the step is thrown away)."""
        before = self._saved()
        self.step.surroundings.now = self.clock.now()
        row.task.internal_data.pop("job")
        caught = self.step.throw_error(row.instance, row.task, code, "", {})
        if caught:
            self.rows.pop(row.id)
            self._run()
        else:
            self._restore(before)
        return caught

    def break_down(self, row: Row, variables: dict[str, Any]) -> None:
        """The worker dies just before the commit: the step is thrown away, and all is as before."""
        before, rows = self._saved(), dict(self.rows)
        self._do(row, variables)
        self.step.run()
        self._restore(before)
        self.rows = rows

    def _saved(self) -> dict[str, tuple[dict[str, Any], bytes]]:
        return {key: (dict(instance.row), state.save(instance.execution)) for key, instance in self.step.instances.items()}

    def _restore(self, before: dict[str, tuple[dict[str, Any], bytes]]) -> None:
        self.step.instances = {key: self.step.instances[key] for key in before}
        for key, (row, saved) in before.items():
            self.step.instances[key].row = row
            self._load(self.step.instances[key], saved)

    # -- what a step leaves behind -----------------------------------------------------------------------------------

    def _run(self) -> None:
        self.steps += 1
        self.step.surroundings.budget = StepBudget()
        self.step.run()
        thrown: list[str] = []
        for instance in list(self.step.instances.values()):
            effects = instance.execution.effects
            assert not effects.incidents, effects.incidents
            thrown += [signal.name for signal in effects.signals]
            for task_id in instance.execution.tasks:
                self.born.setdefault(task_id, (self.steps, len(self.born)))
            self._write(instance, effects)
            past = self.pasts.setdefault(str(instance.row["id"]), Past())
            past.add(effects.events)
            past.check(instance.execution, active=instance.row["state"] == "active")
            instance.execution.effects = Effects()
            if self.reloading and instance.row["state"] == "active":
                saved = state.save(instance.execution)
                self._load(instance, saved)
                assert state.save(instance.execution) == saved
        self.signals = [row for name in thrown for row in self.rows.values() if row.kind == "signal" and row.name == name]

    def _load(self, instance: OpenInstance, saved: bytes) -> None:
        execution = instance.execution
        instance.execution = state.load(saved, execution.spec, execution.instance_id, execution.business_key, self.step.surroundings)

    def _write(self, instance: OpenInstance, effects: Effects) -> None:
        for gone in (
            *effects.user_tasks_cancelled,
            *effects.timers_cancelled,
            *effects.subscriptions_closed,
            *effects.jobs_cancelled,
        ):
            self.rows.pop(gone, None)
        for kind, made in (("user", effects.user_tasks), ("timer", effects.timers), ("", effects.subscriptions), ("", effects.jobs)):
            for key, row in made.items():
                if row.get("kind") == "continue":
                    row["kind"] = "after" if "leaving" in instance.execution.tasks[row["element_instance_id"]].internal_data else "before"
                self.rows[key] = Row(
                    kind=kind or row["kind"],
                    id=key,
                    task_id=row.get("element_instance_id", key),
                    element_id=row["element_id"],
                    instance=instance,
                    name=row.get("name", ""),
                    due_at=row.get("due_at") if kind == "timer" else None,
                    cycle=row.get("cycle"),
                    remaining=row.get("remaining"),
                )
