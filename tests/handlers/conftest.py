"""The demo office on a fresh database, with one running case."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from engine.clock import SimulatedClock
from engine.runtime.engine import Engine
from engine.runtime.handlers import HandlerRegistry
from engine.settings import Settings
from engine.storage.database import Database
from engine.storage.tables import Deployment, ProcessDefinition, ProcessInstance, Resource
from engine.working_time import Calendars
from handlers.demo import master_data
from handlers.registry import HANDLERS
from tests.handlers.desk import PARAMETERS, Desk


@pytest.fixture
def make_desk(clock: SimulatedClock, tmp_path: Path) -> Callable[[Database], Desk]:
    """Opens the demo office on a database."""

    def make(database: Database) -> Desk:
        settings = replace(Settings(), files_dir=tmp_path / "files")
        calendars = Calendars(database, PARAMETERS["working_hours"], settings.time_zone)
        calendars.seed(clock.now().date())
        engine = Engine(database, clock, settings, HandlerRegistry(HANDLERS), calendars)
        master_data.load(engine)
        _begin_case(engine)
        return Desk(engine)

    return make


@pytest.fixture
def desk(make_desk: Callable[[Database], Desk], database: Database) -> Desk:
    """The demo office on each kind of database."""
    return make_desk(database)


def _begin_case(engine: Engine) -> None:
    """A running instance for notices and attachments to belong to."""
    now = engine.clock.now()
    with engine.database.transaction() as session:
        session.add(Deployment(id="d", name="d", source="test", deployed_at=now))
        session.flush()
        session.add(Resource(id="r", deployment_id="d", name="r", sha256="0", content=b""))
        session.flush()
        definition = {
            "state": "live",
            "deployment_id": "d",
            "resource_id": "r",
            "sha256": "0",
            "startable": True,
            "starter_groups": [],
            "english": {},
        }
        session.add(ProcessDefinition(id="p:1", key="p", version=1, name="p", **definition))
        session.flush()
        session.add(
            ProcessInstance(
                id="case",
                root_id="case",
                process_definition_id="p:1",
                process_key="p",
                state="active",
                started_at=now,
                revision=1,
                event_count=0,
                runtime_state=b"",
            )
        )
