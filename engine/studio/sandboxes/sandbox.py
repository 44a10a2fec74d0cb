"""One sandbox: its office, in which steps are done, undone, and done again."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from engine.clock import SimulatedClock
from engine.errors import InvalidInput, OpsbookError
from engine.runtime.catalog import DefinitionCache
from engine.runtime.engine import Engine
from engine.scenarios.acting import Acting
from engine.scenarios.answering import with_handlers_waiting
from engine.scenarios.model import STEPS, Look, Part, verb_of
from engine.scenarios.office import engine_on, open_office, set_start_timers, wall_clock
from engine.scenarios.script import Script, named, read_script
from engine.scenarios.world import World
from engine.storage.tables import Event
from engine.studio.sandboxes import standing_in
from engine.studio.sandboxes.store import RECORD, locked, read

OPENING, PRESENT, PROCESSES, FILES = "template.db", "present.db", "processes", "files"
#: Steps back for which the office is kept; further back everything is done again.
_KEPT_BACK = 5


class Sandbox:
    """A sandbox as one request meets it."""

    def __init__(self, folder: Path, world: World) -> None:
        """Args: folder: of `find`. world: its handlers wait for answers."""
        self.folder, self.world = folder, world
        self.record = read(folder)

    @contextmanager
    def opened(self) -> Iterator[Engine]:
        """The office as it is now, for one at a time; its handlers wait."""
        with locked(self.folder):
            self.record = read(self.folder)
            with self._present() as engine:
                yield engine

    def play(self, step: dict[str, Any], stand_ins: Mapping[str, list[str]] | None = None) -> None:
        """Do one step more, with everything that follows from it by itself.

        Args:
            step: as a scenario writes it.
            stand_ins: people whom the office needs for it, with their groups.

        Raises:
            OpsbookError: it cannot be done; everything is as before.
        """
        with locked(self.folder):
            self.record = record = read(self.folder)
            self._keep_present()
            record.stand_ins |= stand_ins or {}
            try:
                with self._present() as engine:
                    standing_in.admit(engine, record.stand_ins)
                    acting = self.acting(engine)
                    record.seen = _lengths(engine)
                    acting.act(read_step(step))
                    record.steps.append(step)
                    self._remember(acting)
            except Exception:
                self._go_back()
                raise

    def undo(self) -> None:
        """Go back to before the last step: to what is kept of the office then, or by doing all the others again.

        Raises:
            OpsbookError: one of them cannot be done any more.
        """
        with locked(self.folder):
            self.record = read(self.folder)
            if self.record.steps:
                self.record.steps.pop()
                if self._go_back():
                    return
        self.replay(leave=1)

    def repeat(self, steps: list[dict[str, Any]], stand_ins: Mapping[str, list[str]]) -> OpsbookError | None:
        """Do what was done in another sandbox, as far as it goes; why it went no further."""
        for step in steps:
            try:
                self.play(step, stand_ins)
            except OpsbookError as error:
                return error
        return None

    def replay(self, leave: int | None = None) -> None:
        """Begin anew and do again what was done.

        Args:
            leave: how many of the last steps are left away; all without.

        Raises:
            OpsbookError: a step cannot be done any more.
        """
        with locked(self.folder):
            self.record = record = read(self.folder)
            script = self.base()
            steps = record.steps[: -leave or None] if leave is not None else []
            shutil.copy(self.folder / OPENING, self.folder / PRESENT)
            with self.office(PRESENT) as working:
                engine = with_handlers_waiting(working)
                if script is not None:
                    clock_of(engine).set(wall_clock(script.at, engine.settings))
                set_start_timers(engine, script.clocks if script else (record.process,))
                standing_in.admit(engine, record.stand_ins)
                acting = Acting(engine, self.world)
                for line in script.given if script else ():
                    acting.prepare(line.part)
                with engine.database.session() as session:
                    record.effects = {effect.key: effect.look(session) for effect in self.world.effects if effect.told is not None}
                if script is not None:
                    self._begin_like(acting, script)
                acting.answered = None
                record.seen = {}
                for step in steps:
                    record.seen = _lengths(engine)
                    acting.act(read_step(step))
                record.steps = steps
                self._remember(acting)

    def base(self) -> Script | None:
        """The scenario that it begins like."""
        if self.record.base is None:
            return None
        return read_script(f"{self.record.process}/scenarios/{self.record.base}.yaml", self.library(), self.world.effects)

    def library(self) -> dict[str, bytes]:
        """The scenarios of all processes, as they were when it began."""
        return _library(self.folder)

    def _begin_like(self, acting: Acting, script: Script) -> None:
        for line in script.before(self.record.up_to) or ():
            acting.answered = script.answered_with(line)
            if isinstance(line.part, Look):
                continue
            try:
                acting.act(line.part)
            except OpsbookError as error:
                what = named(line.part)
                raise InvalidInput(
                    f"场景“{self.record.base}”在“{what}”这一步走不通：{error.zh}",
                    f"The scenario “{self.record.base}” does not get past “{what}”: {error.en}",
                ) from error

    def acting(self, engine: Engine) -> Acting:
        """Who does steps in the office as it is now; all handlers wait for answers."""
        acting = Acting(engine, self.world)
        acting.answered = None
        acting.results, acting.cases = self.record.results, self.record.cases
        return acting

    def _remember(self, acting: Acting) -> None:
        record = self.record
        record.clock = acting.engine.clock.now().isoformat()
        record.results, record.cases = acting.results, acting.cases
        record.write(self.folder)

    def _keep_present(self) -> None:
        """Keep the office as it is, to come back to; not as it was long ago."""
        number = len(self.record.steps)
        shutil.copy(self.folder / PRESENT, self.folder / f"{number}.db")
        self.record.write(self.folder, f"{number}.json")
        for suffix in ("db", "json"):
            (self.folder / f"{number - _KEPT_BACK}.{suffix}").unlink(missing_ok=True)

    def _go_back(self) -> bool:
        """Return to the office as it was kept after so many steps; False if it was not."""
        number = len(self.record.steps)
        office, record = self.folder / f"{number}.db", self.folder / f"{number}.json"
        if not office.is_file():
            return False
        office.replace(self.folder / PRESENT)
        record.replace(self.folder / RECORD)
        self.record = read(self.folder)
        return True

    @contextmanager
    def _present(self) -> Iterator[Engine]:
        with self.office(PRESENT) as engine:
            clock_of(engine).set(datetime.fromisoformat(self.record.clock))
            yield with_handlers_waiting(engine)

    @contextmanager
    def office(self, name: str) -> Iterator[Engine]:
        """An office of this sandbox, its clock at the opening instant, its handlers at work."""
        database = open_office(self.folder / name)
        try:
            yield engine_on(database, self.folder / PROCESSES, self.folder / FILES, self.world, _cache(self.folder))
        finally:
            database.dispose()


def clock_of(engine: Engine) -> SimulatedClock:
    """The clock of an office, which moves only when told."""
    assert isinstance(engine.clock, SimulatedClock)
    return engine.clock


def read_step(step: dict[str, Any]) -> Any:
    """A step as it is played."""
    kind: type[Part] = STEPS[verb_of(step) or ""]
    return kind.model_validate(step)


def _lengths(engine: Engine) -> dict[str, int]:
    """How many events each instance has."""
    query = select(Event.instance_id, func.max(Event.sequence).label("last")).group_by(Event.instance_id)
    with engine.database.session() as session:
        return {row.instance_id: row.last for row in session.execute(query)}


@lru_cache(maxsize=16)
def _library(folder: Path) -> dict[str, bytes]:
    processes = folder / PROCESSES
    return {path.relative_to(processes).as_posix(): path.read_bytes() for path in processes.glob("*/scenarios/*.yaml")}


@lru_cache(maxsize=16)
def _cache(_folder: Path) -> DefinitionCache:
    """What a sandbox runs never changes, so that each process reads it once."""
    return DefinitionCache()
