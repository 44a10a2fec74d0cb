"""Fixtures everybody shares: a fresh database of each kind, and a clock that stands still."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL, make_url

import handlers.tables  # noqa: F401 -- makes the business tables known
from engine.clock import SimulatedClock
from engine.storage.database import Database
from engine.storage.schema import create_schema
from tests.postgres_server import programs, running_server

_TEMPLATE = "opsbook_template"
_numbers = count(1)
#: Thursday 2026-03-05, 10:00 in Shanghai: an ordinary working day.
OPENING = datetime(2026, 3, 5, 2, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> SimulatedClock:
    """A clock that stands at the opening instant."""
    return SimulatedClock(OPENING)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the schema, to copy from."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database(f"sqlite:///{path}")
    create_schema(database)
    database.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a PostgreSQL server that may be filled with databases: OPSBOOK_TEST_POSTGRES_URL, or one of our own."""
    given = os.environ.get("OPSBOOK_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    bin_folder = programs()
    if bin_folder is None:
        reason = "no PostgreSQL here: install the package postgresql or set OPSBOOK_TEST_POSTGRES_URL"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with running_server(bin_folder) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str, worker_id: str) -> Iterator[str]:
    """Name of a PostgreSQL database with the schema, to copy from."""
    name = f"{_TEMPLATE}_{worker_id}"
    _administer(postgres_server, f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}"')
    database = Database(make_url(postgres_server).set(database=name))
    create_schema(database)
    database.dispose()
    yield name
    _administer(postgres_server, f'DROP DATABASE "{name}"')


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """A fresh SQLite database with the schema."""
    path = tmp_path / "opsbook.db"
    shutil.copy(sqlite_template, path)
    yield from opened(f"sqlite:///{path}")


@pytest.fixture
def postgres_database(postgres_server: str, postgres_template: str) -> Iterator[Database]:
    """A fresh PostgreSQL database with the schema."""
    with created(postgres_server, f"{postgres_template}_{next(_numbers)}", template=postgres_template) as url:
        yield from opened(url)


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Database:
    """A fresh database with the schema, of each kind in turn."""
    found = request.getfixturevalue(f"{request.param}_database")
    assert isinstance(found, Database)
    return found


@pytest.fixture(params=["sqlite", "postgres"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path, worker_id: str) -> Iterator[Database]:
    """A database without tables, of each kind in turn."""
    if request.param == "sqlite":
        yield from opened(f"sqlite:///{tmp_path / 'empty.db'}")
    else:
        with created(request.getfixturevalue("postgres_server"), f"opsbook_empty_{worker_id}", template="template1") as url:
            yield from opened(url)


def opened(url: str | URL) -> Iterator[Database]:
    """A database that is closed at the end."""
    database = Database(url)
    yield database
    database.dispose()


@contextmanager
def created(server: str, name: str, *, template: str) -> Iterator[URL]:
    """A PostgreSQL database copied from another, dropped at the end."""
    drop = f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'
    _administer(server, drop, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield make_url(server).set(database=name)
    _administer(server, drop)


def _administer(server: str, *statements: str) -> None:
    dsn = make_url(server).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(dsn, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)
