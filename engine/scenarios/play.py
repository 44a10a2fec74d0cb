"""Plays one scenario: everybody does their step, the clock moves when told, and what is there is compared with what is expected."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from engine.clock import SimulatedClock
from engine.errors import Conflict, FormRejected, InvalidInput, OpsbookError, Problem
from engine.feel.durations import DaysTime, parse_duration
from engine.runtime import executor, instances, jobs, messages, timers
from engine.runtime.engine import Engine
from engine.runtime.task_context import task_context
from engine.scenarios import history, people
from engine.scenarios.coverage import Touched, touched
from engine.scenarios.expecting import Present
from engine.scenarios.model import Complete, Given, Look, Publish, Start, Step, Until, Wait
from engine.scenarios.office import set_start_timers, wall_clock
from engine.scenarios.preparing import prepare_by
from engine.scenarios.script import Line, Script
from engine.scenarios.values import Values
from engine.scenarios.world import World
from engine.scenarios.yaml_text import Place
from engine.storage.tables import ProcessDefinition, UserTask


@dataclass
class Played:
    """What became of a scenario."""

    resource: str  #: its file
    name: str
    problems: list[Problem] = field(default_factory=list)
    touched: Touched = field(default_factory=Touched)

    @property
    def passed(self) -> bool:
        """Whether everything was as expected."""
        return not self.problems


def play(engine: Engine, script: Script, world: World) -> Played:
    """Play a scenario on an office of its own.

    Args:
        engine: of the office; its clock is set to the scenario's beginning.
        script: the scenario.
        world: its handlers and effects.
    """
    return _Play(engine, script, world).run()


class _Play:
    def __init__(self, engine: Engine, script: Script, world: World) -> None:
        clock = engine.clock
        assert isinstance(clock, SimulatedClock)
        self._engine, self._clock, self._script, self._world = engine, clock, script, world
        with engine.database.session() as session:
            processes = set(session.scalars(select(ProcessDefinition.key)))
        self._results: dict[str, Callable[[], Any]] = {key: partial(self._variables_of, key) for key in processes}
        self._results["case"] = self._variables_of
        self._values = Values(engine, self._results)
        self._result = Played(script.own.resource, script.own.scenario.name)
        self._before: dict[str, Any] = {}

    def run(self) -> Played:
        """Play it up to its end, or to the first step that cannot be done."""
        script = self._script
        self._clock.set(wall_clock(script.at, self._engine.settings))
        set_start_timers(self._engine, script.clocks)
        if self._play_steps():
            end = Line(script.own, ("expect",), script.own.scenario.expect)
            self._look(end, end.part, at_end=True)
        with self._engine.database.session() as session:
            self._result.touched = touched(session)
        return self._result

    def _play_steps(self) -> bool:
        """Whether all steps could be done."""
        for line in self._script.given:
            if not self._try(line, self._prepare):
                return False
        with self._engine.database.session() as session:
            self._before = {effect.key: effect.look(session) for effect in self._world.effects}
        for line in self._script.steps:
            if isinstance(line.part, Look):
                self._look(line, line.part.expect, at_end=False)
            elif not self._try(line, self._act):
                return False
        return True

    # -- acting ------------------------------------------------------------------------------------------------------

    def _prepare(self, given: Given) -> None:
        result = prepare_by(self._engine, self._world, given.do, self._values.resolve(given.values), given.by)
        if given.name is not None:
            self._results[given.name] = lambda: result

    def _act(self, step: Step) -> None:
        if isinstance(step, Start):
            self._start(step)
        elif isinstance(step, Publish):
            key = self._values.resolve(step.key)
            messages.publish(self._engine, step.message, None if key is None else str(key), self._values.resolve(step.values))
        elif isinstance(step, Complete):
            self._complete(step)
        elif isinstance(step, Given):
            self._prepare(step)
        elif isinstance(step, Wait):
            self._pass_time(self._clock.now() + _duration(step.wait))
        elif isinstance(step, Until):
            self._pass_time(datetime.fromisoformat(self._values.resolve(step.until)))
        executor.run_until_idle(self._engine)

    def _start(self, step: Start) -> None:
        key = self._values.resolve(step.key)
        values = self._values.resolve(step.values)
        instance_id = people.start(self._engine, step.start, values, None if key is None else str(key), step.by)
        if step.name is not None:
            self._results[step.name] = lambda: instances.variables(self._engine, instance_id)

    def _complete(self, step: Complete) -> None:
        task = self._task(step)
        context = {"task": lambda: task_context(self._engine, task.id)}
        values, person = self._values.resolve(step.enter, **context), str(self._values.resolve(step.by, **context))
        if step.refused is None:
            people.complete(self._engine, task, values, person)
            return
        try:
            people.complete(self._engine, task, values, person)
        except FormRejected as error:
            if sorted(error.fields) != sorted(step.refused):
                raise
        else:
            raise Conflict("表单应被退回，却被接受了。", "The form should have been refused, but it was taken.")

    def _task(self, step: Complete) -> UserTask:
        """The one open task that is meant.

        Raises:
            Conflict: there is none, or there are several.
        """
        open_now = people.open_tasks(self._engine)
        found = [task for task in open_now if task.element_id == step.complete and step.process in (None, task.process_key)]
        if len(found) == 1 or (step.nth is not None and step.nth <= len(found)):
            return found[(step.nth or 1) - 1]
        listed = "、".join(task.element_id for task in open_now)
        if not found:
            raise Conflict(
                f"“{step.complete}”没有待办，待办有：{listed or '（无）'}。",
                f"No task of “{step.complete}” is open; open are: {listed or 'none'}.",
            )
        raise Conflict(
            f"“{step.complete}”有 {len(found)} 个待办，用 nth 或 process 说明是哪一个。",
            f"{len(found)} tasks of “{step.complete}” are open; say which one with `nth` or `process`.",
        )

    def _pass_time(self, until: datetime) -> None:
        """Stop at everything that falls due on the way, as a running server would."""
        if until < self._clock.now():
            raise InvalidInput("时间不能倒退。", "Time does not run backwards.")
        while (due_at := self._next_due()) is not None and due_at <= until:
            self._clock.set(max(due_at, self._clock.now()))
            executor.run_until_idle(self._engine)
        self._clock.set(until)

    def _next_due(self) -> datetime | None:
        with self._engine.database.session() as session:
            found = [timers.next_due_at(session), jobs.next_due_at(session)]
        return min((instant for instant in found if instant is not None), default=None)

    # -- looking -----------------------------------------------------------------------------------------------------

    def _look(self, line: Line, expect: Any, *, at_end: bool) -> None:
        inside: Place = () if at_end else ("expect",)
        with self._engine.database.session() as session:
            present = Present(session, self._values, self._local, self._before)
            try:
                for key, (zh, en) in present.differences(expect, self._world.effects, at_end=at_end):
                    self._complain(line, f"{key}：{zh}", f"{key}: {en}", (*inside, key))
            except OpsbookError as error:
                self._complain(line, error.zh, error.en, inside)

    def _local(self, instant: datetime) -> str:
        return instant.astimezone(ZoneInfo(self._engine.settings.time_zone)).strftime("%Y-%m-%d %H:%M")

    def _variables_of(self, process: str | None = None) -> dict[str, Any]:
        """The variables of the newest instance of a process, or of the very first instance; empty when there is none."""
        with self._engine.database.session() as session:
            found = history.instances_of(session, process)
        return instances.variables(self._engine, found[-1 if process else 0].id) if found else {}

    def _try(self, line: Line, action: Callable[[Any], None]) -> bool:
        try:
            action(line.part)
        except FormRejected as error:
            zh = "；".join(f"{path}：{problem.zh}" for path, problem in error.fields.items())
            self._complain(line, zh, "; ".join(f"{path}: {problem.en}" for path, problem in error.fields.items()))
        except OpsbookError as error:
            self._complain(line, error.zh, error.en)
        else:
            return True
        return False

    def _complain(self, line: Line, zh: str, en: str, inside: Place = ()) -> None:
        """A finding, with how things stand."""
        open_now = ", ".join(task.element_id for task in people.open_tasks(self._engine))
        with self._engine.database.session() as session:
            troubles = "; ".join(history.troubles(session))
        now = self._local(self._clock.now())
        zh_more = f"（{now}，待办：{open_now or '无'}" + (f"，故障：{troubles}" if troubles else "") + "）"
        en_more = f" ({now}, open: {open_now or 'none'}" + (f", trouble: {troubles}" if troubles else "") + ")"
        number = line.place[-1]
        step = f"{line.place[0]} {number + 1}" if isinstance(number, int) else str(number)
        self._result.problems.append(line.problem(f"[{step}] {zh}{zh_more}", f"[{step}] {en}{en_more}", "scenario-failed", inside))


def _duration(text: str) -> timedelta:
    """Raises: InvalidInput: no duration of days, hours and minutes."""
    found = parse_duration(text)
    if not isinstance(found, DaysTime):
        raise InvalidInput(f"“{text}”不是时长，如 P1D、PT2H。", f"“{text}” is no duration such as P1D or PT2H.")
    return timedelta(microseconds=found.nanos / 1000)
