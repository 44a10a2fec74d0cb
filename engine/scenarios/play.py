"""Plays one scenario: everybody does their step, the clock moves when told, and what is there is compared with what is expected."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.clock import SimulatedClock
from engine.errors import FormRejected, OpsbookError, Problem
from engine.runtime.engine import Engine
from engine.scenarios import history, people
from engine.scenarios.acting import Acting
from engine.scenarios.answering import with_handlers_waiting
from engine.scenarios.coverage import Touched, touched
from engine.scenarios.expecting import Present
from engine.scenarios.model import Answer, Look
from engine.scenarios.office import set_start_timers, wall_clock
from engine.scenarios.script import Line, Script
from engine.scenarios.world import World
from engine.scenarios.yaml_text import Place


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
        self._script, self._world, self._clock = script, world, clock
        answers = any(isinstance(line.part, Answer) for line in script.steps)
        self._engine = with_handlers_waiting(engine) if answers else engine
        self._acting = Acting(self._engine, world)
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
            if not self._try(line, self._acting.prepare):
                return False
        with self._engine.database.session() as session:
            self._before = {effect.key: effect.look(session) for effect in self._world.effects}
        for line in self._script.steps:
            self._acting.answered = self._script.answered_with(line)
            if isinstance(line.part, Look):
                self._look(line, line.part.expect, at_end=False)
            elif not self._try(line, self._acting.act):
                return False
        return True

    def _look(self, line: Line, expect: Any, *, at_end: bool) -> None:
        inside: Place = () if at_end else ("expect",)
        with self._engine.database.session() as session:
            present = Present(session, self._acting.values, self._local, self._before)
            try:
                for key, (zh, en) in present.differences(expect, self._world.effects, at_end=at_end):
                    self._complain(line, f"{key}：{zh}", f"{key}: {en}", (*inside, key))
            except OpsbookError as error:
                self._complain(line, error.zh, error.en, inside)

    def _local(self, instant: datetime) -> str:
        return instant.astimezone(ZoneInfo(self._engine.settings.time_zone)).strftime("%Y-%m-%d %H:%M")

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
