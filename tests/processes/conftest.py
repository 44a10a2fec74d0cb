"""The manuals' processes, deployed on a fresh database with the demo office's master data."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from engine.clock import SimulatedClock
from engine.runtime import deployments
from engine.runtime.engine import Engine
from engine.runtime.handlers import HandlerRegistry
from engine.settings import Settings
from engine.storage.database import Database
from engine.working_time import Calendars
from handlers.demo import master_data
from handlers.registry import HANDLERS
from tests.scenario import Scenario

PROCESSES = Path(__file__).parents[2] / "processes"


@pytest.fixture
def make_engine(database: Database, clock: SimulatedClock, tmp_path: Path) -> Callable[[], Engine]:
    """Builds engines that remember nothing of each other."""
    settings = Settings(files_dir=tmp_path / "files", processes_dir=PROCESSES)
    parameters = yaml.safe_load((PROCESSES / "manuals" / "parameters.yaml").read_text("utf-8"))
    calendars = Calendars(database, parameters["working_hours"], settings.time_zone)
    calendars.seed(clock.now().date())
    return lambda: Engine(database, clock, settings, HandlerRegistry(HANDLERS), calendars)


@pytest.fixture
def case(make_engine: Callable[[], Engine], clock: SimulatedClock) -> Scenario:
    """Somebody in front of the office's processes."""
    engine = make_engine()
    deployments.deploy_directory(engine, PROCESSES)
    master_data.load(engine)
    return Scenario(make_engine, clock)
