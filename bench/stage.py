"""What a section measures on: engines on empty databases, and how much time it may take."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TypeVar

import psycopg

import handlers.tables  # noqa: F401 -- makes the business tables known
from engine.clock import SystemClock
from engine.runtime.engine import Engine
from engine.runtime.handlers import HandlerRegistry
from engine.settings import Settings
from engine.storage.database import Database
from engine.storage.schema import upgrade
from engine.working_time import Calendars
from tests.postgres_server import programs, running_server

SQLITE, POSTGRES = "SQLite", "PostgreSQL"
BOTH = (SQLITE, POSTGRES)
_WEEK = {"monday": ["09:00-17:00"]}
_number = count(1)
T = TypeVar("T")


@dataclass(frozen=True)
class Stage:
    """One run of a section."""

    databases: "Databases"
    kind: str = ""  #: of database; empty where a section wants none
    quick: bool = False  #: small figures, to see that everything runs

    def sized(self, full: T, quick: T) -> T:
        """The first, or the second in a quick run."""
        return quick if self.quick else full

    @contextmanager
    def engine(self, handlers: HandlerRegistry | None = None) -> Iterator[Engine]:
        """An engine on an empty database of its own."""
        with engine_on(self.databases.empty(self.kind), self.databases.folder, handlers) as engine:
            yield engine


@contextmanager
def engine_on(url: str, folder: Path, handlers: HandlerRegistry | None = None) -> Iterator[Engine]:
    """An engine on a database, with its files in a folder."""
    database = Database(url)
    upgrade(database)
    clock, settings = SystemClock(), Settings(database_url=url, files_dir=folder / "files")
    calendars = Calendars(database, {"default": _WEEK}, settings.time_zone)
    calendars.seed(clock.now().date())
    try:
        yield Engine(database, clock, settings, handlers or HandlerRegistry(), calendars)
    finally:
        database.dispose()


class Databases:
    """Makes empty databases; PostgreSQL is started when first asked for, with commits written to the disk as in real use."""

    def __init__(self, folder: Path) -> None:
        """Args: folder: for SQLite's files and uploads; empties itself at the end."""
        self.folder = folder
        self._server = ""
        self._programs = programs()

    def has(self, kind: str) -> bool:
        """Whether this machine has such a database."""
        return kind == SQLITE or self._programs is not None

    @contextmanager
    def opened(self) -> Iterator["Databases"]:
        """Start PostgreSQL if there is one, and stop it at the end."""
        if self._programs is None:
            yield self
            return
        with running_server(self._programs, durable=True) as self._server:
            yield self

    def empty(self, kind: str) -> str:
        """The URL of a new database."""
        name = f"bench{next(_number)}"
        if kind == SQLITE:
            return f"sqlite:///{self.folder / name}.db"
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self._server.replace("/postgres?", f"/{name}?")
