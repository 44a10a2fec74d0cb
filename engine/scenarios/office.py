"""The office scenarios play in: a database with everything deployed and furnished, made once and copied for each of them."""

import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, event, select, update

from engine.clock import SimulatedClock
from engine.manuals.parameters import PARAMETERS, read_values
from engine.runtime import deployments, due
from engine.runtime.catalog import DefinitionCache
from engine.runtime.engine import Engine
from engine.scenarios.model import OPENING
from engine.scenarios.world import World
from engine.settings import Settings
from engine.storage.database import Database
from engine.storage.schema import create_schema
from engine.storage.tables import StartSubscription
from engine.working_time import Calendars


@dataclass(frozen=True)
class Office:
    """A furnished database to copy from."""

    processes: Path  #: the folder that was deployed
    folder: Path  #: of the copies and of the files
    template: Path

    @contextmanager
    def opened(self, world: World, name: str, cache: DefinitionCache) -> Iterator[Engine]:
        """An engine on a copy of its own, with a clock that moves only when told; the copy goes when it is over.

        Args:
            world: whose handlers work.
            name: of the copy.
            cache: of definitions, the same for all copies.
        """
        path = self.folder / f"{name}.db"
        shutil.copy(self.template, path)
        database = open_office(path)
        try:
            yield engine_on(database, self.processes, self.folder / "files", world, cache)
        finally:
            database.dispose()
            path.unlink()


def prepare(processes: Path, folder: Path, world: World) -> Office:
    """Deploy everything and load the master data, into a new folder.

    Raises:
        DeploymentRefused: something cannot run.
    """
    template = folder / "template.db"
    database = open_office(template)
    try:
        create_schema(database)
        furnish(engine_on(database, processes, folder / "files", world, DefinitionCache()), processes, world)
    finally:
        database.dispose()
    return Office(processes, folder, template)


def furnish(engine: Engine, processes: Path, world: World) -> None:
    """Make an empty database an office."""
    engine.calendars.seed(engine.clock.now().astimezone(ZoneInfo(engine.settings.time_zone)).date())
    deployments.deploy_directory(engine, processes)
    world.furnish(engine)


def engine_on(database: Database, processes: Path, files: Path, world: World, cache: DefinitionCache) -> Engine:
    """An engine whose clock stands at the opening instant."""
    settings = Settings(files_dir=files, processes_dir=processes)
    parameters = processes / PARAMETERS
    values = read_values(parameters.read_bytes()) if parameters.is_file() else {}
    calendars = Calendars(database, values.get("working_hours", {}), settings.time_zone)
    return Engine(database, SimulatedClock(wall_clock(OPENING, settings)), settings, world.handlers, calendars, cache=cache)


def wall_clock(text: str, settings: Settings) -> datetime:
    """The instant of an office wall clock such as `2026-03-05 13:30`."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(settings.time_zone))


def set_start_timers(engine: Engine, processes: Collection[str]) -> None:
    """Let the timer start events of these processes begin at the engine's present, and those of all others never fire."""
    table = StartSubscription.__table__
    with engine.step() as step:
        step.session.execute(delete(table).where(table.c.kind == "timer", table.c.process_key.not_in(list(processes))))
        for row in step.session.execute(select(table).where(table.c.kind == "timer")).all():
            element = step.surroundings.catalog.process(row.process_definition_id).spec.process.elements[row.element_id]
            schedule = due.first(step.surroundings, element, step.surroundings.base_context())
            values = {"due_at": schedule.due_at, "remaining": schedule.remaining}
            step.session.execute(update(table).where(table.c.id == row.id).values(values))


def open_office(path: Path) -> Database:
    """The database of an office, whose writes do not wait for the disk: it does not outlive the run."""
    database = Database(f"sqlite:///{path}")
    event.listen(database.engine, "connect", _relax)
    return database


def _relax(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous = OFF")
