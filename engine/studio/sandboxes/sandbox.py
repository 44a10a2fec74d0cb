"""One sandbox: its office, in which steps are done, undone, and done again."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from engine.clock import SimulatedClock
from engine.errors import Conflict, InvalidInput, NotFound, OpsbookError
from engine.ids import new_id
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
from engine.studio.sandboxes.store import Record, locked, read

OPENING, OFFICES, PROCESSES, FILES = "template.db", "offices", "processes", "files"
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
            Conflict: another step was done since this request looked.
            OpsbookError: it cannot be done; everything is as before.
        """
        seen = self.record.steps
        with self._changed() as record:
            if record.steps != seen:
                raise Conflict("刚刚已经办了另一步，请看看现在的样子。", "Another step was done just now; look how it stands.")
            record.keep(_KEPT_BACK)
            record.stand_ins |= stand_ins or {}
            self._go_on_from(self._path(record.office))
            with self._present() as engine:
                standing_in.admit(engine, record.stand_ins)
                self._do(self.acting(engine), step)

    def undo(self) -> None:
        """Go back to before the last step: to what is kept of the office then, or by doing all the others again.

        Raises:
            OpsbookError: one of them cannot be done any more; everything is as before.
        """
        with self._changed() as record:
            if record.earlier:
                self.record = record.back()
            else:
                self._replay(record.steps[:-1])

    def restart(self) -> None:
        """Begin anew.

        Raises:
            OpsbookError: it does not get to where it is to begin; everything is as before.
        """
        with self._changed():
            self._replay([])

    def repeat(self, steps: list[dict[str, Any]], stand_ins: Mapping[str, list[str]]) -> OpsbookError | None:
        """Do what was done in another sandbox, as far as it goes; why it went no further."""
        for step in steps:
            try:
                self.play(step, stand_ins)
            except OpsbookError as error:
                return error
        return None

    @contextmanager
    def _changed(self) -> Iterator[Record]:
        """The record, to be changed by one at a time; an exception leaves everything as before.

        So does the end of the process at any moment: an office is changed only as a copy, and writing the record, which names the
        copy, is what makes it the present one.
        """
        with locked(self.folder):
            self.record = read(self.folder)
            self._clear()
            try:
                yield self.record
            except Exception:
                self.record = read(self.folder)
                raise
            self.record.write(self.folder)

    def _clear(self) -> None:
        """Throw away offices that nobody comes back to."""
        for file in (self.folder / OFFICES).glob("*"):
            if file.stem not in self.record.offices:
                file.unlink()

    def _go_on_from(self, office: Path) -> None:
        """Let a copy of an office be the present one."""
        self.record.office = new_id()
        shutil.copy(office, self._path(self.record.office))

    def _replay(self, steps: list[dict[str, Any]]) -> None:
        """Begin anew and do these steps."""
        self.record = record = replace(self.record, clock="", steps=[], results={}, cases={}, seen={}, earlier=[])
        script = self.base()
        self._go_on_from(self.folder / OPENING)
        with self._present() as engine:
            if script is not None:
                clock_of(engine).set(wall_clock(script.at, engine.settings))
            set_start_timers(engine, script.clocks if script else (record.process,))
            standing_in.admit(engine, record.stand_ins)
            acting = self.acting(engine)
            for line in script.given if script else ():
                acting.prepare(line.part)
            with engine.database.session() as session:
                record.effects = {effect.key: effect.look(session) for effect in self.world.effects if effect.told is not None}
            if script is not None:
                self._begin_like(acting, script)
            record.clock = engine.clock.now().isoformat()
            for step in steps:
                self._do(acting, step)

    def _do(self, acting: Acting, step: dict[str, Any]) -> None:
        record, engine = self.record, acting.engine
        record.seen = _lengths(engine)
        acting.act(read_step(step))
        record.steps.append(step)
        record.clock = engine.clock.now().isoformat()

    def base(self) -> Script | None:
        """The scenario that it begins like.

        Raises:
            NotFound: there is no such scenario.
        """
        base, library = self.record.base, self.library()
        if base is None:
            return None
        resource = f"{self.record.process}/scenarios/{base}.yaml"
        if resource not in library:
            raise NotFound(f"没有场景“{base}”。", f"There is no scenario “{base}”.")
        return read_script(resource, library, self.world.effects)

    def library(self) -> dict[str, bytes]:
        """The scenarios of all processes, as they were when it began."""
        return _library(self.folder)

    def _begin_like(self, acting: Acting, script: Script) -> None:
        before, stop = script.before(self.record.up_to), self.record.up_to
        if before is None:
            raise InvalidInput(f"场景“{self.record.base}”里没有步骤“{stop}”。", f"The scenario “{self.record.base}” has no step “{stop}”.")
        for line in before:
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
        acting.answered = None

    def acting(self, engine: Engine) -> Acting:
        """Who does steps in the office as it is now; all handlers wait for answers."""
        acting = Acting(engine, self.world)
        acting.answered = None
        acting.results, acting.cases = self.record.results, self.record.cases
        return acting

    @contextmanager
    def _present(self) -> Iterator[Engine]:
        """The office that the record names; its handlers wait."""
        database = open_office(self._path(self.record.office))
        try:
            engine = engine_on(database, self.folder / PROCESSES, self.folder / FILES, self.world, _cache(self.folder))
            if self.record.clock:
                clock_of(engine).set(datetime.fromisoformat(self.record.clock))
            yield with_handlers_waiting(engine)
        finally:
            database.dispose()

    def _path(self, office: str) -> Path:
        return self.folder / OFFICES / f"{office}.db"


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
