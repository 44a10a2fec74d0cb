"""The manuals' processes, deployed on a fresh database with the demo office's master data."""

import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from engine.clock import SimulatedClock
from engine.manuals.parameters import PARAMETERS, read_values
from engine.runtime import deployments
from engine.runtime.catalog import DefinitionCache
from engine.runtime.engine import Engine
from engine.runtime.handlers import HandlerRegistry
from engine.settings import Settings
from engine.storage.database import Database
from engine.working_time import Calendars
from handlers.demo import master_data
from handlers.registry import HANDLERS
from tests.conftest import OPENING, created, opened
from tests.scenario import Scenario

PROCESSES = Path(__file__).parents[2] / "processes"
_numbers = count(1)


@pytest.fixture
def make_engine(database: Database, clock: SimulatedClock, tmp_path: Path) -> Callable[[], Engine]:
    """Builds engines on an empty database."""
    _engines(database, clock, tmp_path / "files", DefinitionCache())().calendars.seed(clock.now().date())
    return _engines(database, clock, tmp_path / "files", DefinitionCache())


@pytest.fixture(scope="session")
def office_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with everything deployed and loaded, to copy from."""
    path = tmp_path_factory.mktemp("office") / "template.db"
    shutil.copy(sqlite_template, path)
    for database in opened(f"sqlite:///{path}"):
        _open_office(database)
    return path


@pytest.fixture(scope="session")
def office_postgres(postgres_server: str, postgres_template: str, worker_id: str) -> Iterator[str]:
    """Name of a PostgreSQL database with everything deployed and loaded, to copy from."""
    name = f"opsbook_office_{worker_id}"
    with created(postgres_server, name, template=postgres_template) as url:
        for database in opened(url):
            _open_office(database)
        yield name


@pytest.fixture(scope="session")
def definitions() -> DefinitionCache:
    """The compiled definitions, the same in every copy; what is reloaded between steps is the state of the cases."""
    return DefinitionCache()


@pytest.fixture(params=["sqlite", "postgres"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A fresh office, on each kind of database in turn."""
    if request.param == "sqlite":
        path = tmp_path / "office.db"
        shutil.copy(request.getfixturevalue("office_sqlite"), path)
        yield from opened(f"sqlite:///{path}")
    else:
        server, template = request.getfixturevalue("postgres_server"), request.getfixturevalue("office_postgres")
        with created(server, f"{template}_{next(_numbers)}", template=template) as url:
            yield from opened(url)


@pytest.fixture
def case(office: Database, clock: SimulatedClock, tmp_path: Path, definitions: DefinitionCache) -> Scenario:
    """Somebody in front of the office's processes."""
    make = _engines(office, clock, tmp_path / "files", definitions)
    return Scenario(make, clock)


def _open_office(database: Database) -> None:
    clock = SimulatedClock(OPENING)
    engine = _engines(database, clock, Path("unused"), DefinitionCache())()
    engine.calendars.seed(clock.now().date())
    deployments.deploy_directory(engine, PROCESSES)
    master_data.load(engine)


def _engines(database: Database, clock: SimulatedClock, files: Path, definitions: DefinitionCache) -> Callable[[], Engine]:
    settings = Settings(files_dir=files, processes_dir=PROCESSES)
    parameters = read_values((PROCESSES / PARAMETERS).read_bytes())
    calendars = Calendars(database, parameters["working_hours"], settings.time_zone)
    return lambda: Engine(database, clock, settings, HandlerRegistry(HANDLERS), calendars, cache=definitions)
