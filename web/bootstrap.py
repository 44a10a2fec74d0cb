"""The composition root: the only place where settings, database, clock, handlers and engine meet."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from engine.clock import Clock, DemoClock, SystemClock
from engine.ids import new_secret
from engine.manuals.parameters import PARAMETERS, read_values
from engine.runtime.engine import Engine
from engine.settings import Settings
from engine.storage.database import Database
from engine.storage.schema import upgrade
from engine.storage.tables import Event
from engine.working_time import Calendars
from handlers.dispatch.skills import seed_skills
from handlers.registry import registry
from web.people import seed_groups


def bootstrap(settings: Settings, clock: Clock | None = None) -> Engine:
    """An engine on a database that has its newest schema, its groups, skills and its working calendar.

    Args:
        settings: an empty `secret_key` is replaced by one that is kept beside the files.
        clock: default is the machine's; in demo mode one that can be pushed forward.
    """
    database = Database(settings.database_url)
    upgrade(database)
    clock = clock or (_demo_clock(database) if settings.demo else SystemClock())
    engine = connect(replace(settings, secret_key=settings.secret_key or _kept_secret(settings)), clock, database)
    engine.calendars.seed(clock.now().astimezone(ZoneInfo(settings.time_zone)).date())
    seed_groups(database, settings.processes_dir / "manuals" / "roles.yaml")
    with database.transaction() as session:
        database.one_at_a_time(session, "seed skills")
        seed_skills(session)
    return engine


def connect(settings: Settings, clock: Clock, database: Database | None = None) -> Engine:
    """An engine on a database that is ready for use; what another process of this installation begins with."""
    database = database or Database(settings.database_url)
    calendars = Calendars(database, _working_hours(settings), settings.time_zone)
    return Engine(database, clock, settings, registry(), calendars, writes_folder=True)


@contextmanager
def installation() -> Iterator[Engine]:
    """The engine that the environment describes, for one command."""
    engine = bootstrap(Settings.from_environment())
    try:
        yield engine
    finally:
        engine.database.dispose()


def _demo_clock(database: Database) -> DemoClock:
    with database.session() as session:
        return DemoClock(session.scalar(select(func.max(Event.happened_at))))


def _working_hours(settings: Settings) -> dict[str, Any]:
    path = settings.processes_dir / PARAMETERS
    hours: dict[str, Any] = read_values(path.read_bytes()).get("working_hours", {}) if path.is_file() else {}
    return hours


def _kept_secret(settings: Settings) -> str:
    """The key of this installation, made once; readable by its owner only."""
    path = settings.files_dir.parent / "secret_key"
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError), open(path, "x", opener=lambda name, flags: os.open(name, flags, mode=0o600)) as file:
        file.write(new_secret())
    return path.read_text()
