"""Plays small diagrams on an engine that forgets everything between two commands, or even between two elements."""

from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from engine.clock import SimulatedClock
from engine.runtime import deployments, incidents, instances, messages, state, user_tasks
from engine.runtime.engine import Engine
from engine.runtime.execution.execution import Execution
from engine.settings import Settings
from engine.storage.database import Database
from engine.storage.tables import Incident
from engine.working_time import DEFAULT_CALENDAR, Calendars
from tests.engine.diagram import bpmn
from tests.engine.handling import WEEK, Flaky, registry
from tests.scenario import Scenario


class Play(Scenario):
    """A scenario with words for small diagrams."""

    def __init__(self, make_engine: Callable[[], Engine], clock: SimulatedClock, flaky: Flaky) -> None:
        super().__init__(make_engine, clock)
        self.flaky = flaky

    def deploy(self, body: str, key: str = "p", files: dict[str, bytes] | None = None, **process: str) -> deployments.Deployed:
        """Deploy the diagram of `bpmn`, with other files beside it."""
        return deployments.deploy(self.engine, {f"{key}.bpmn": bpmn(body, key, **process)} | (files or {}), name=key)

    def begin(self, body: str, business_key: str | None = None, files: dict[str, bytes] | None = None, **variables: Any) -> str:
        """Deploy a diagram and start it."""
        self.deploy(body, files=files)
        return self.start("p", business_key, **variables)

    def set(self, instance_id: str, **values: Any) -> None:
        """Correct variables from outside."""
        instances.set_variables(self.engine, instance_id, values, "operator", "correction")
        self.run()

    def complete_any(self, element_id: str, actor: str = "tester", **values: Any) -> None:
        """Complete the oldest open task of an element that has several."""
        self.complete_task(next(task for task in self.tasks() if task.element_id == element_id).id, actor, **values)

    def complete_task(self, task_id: str, actor: str | None = None, **values: Any) -> None:
        """Complete one of several open tasks of an element."""
        user_tasks.complete(self.engine, task_id, values, actor)
        self.run()

    def signal(self, name: str, **values: Any) -> None:
        messages.signal(self.engine, name, values)
        self.run()

    def retry(self) -> None:
        """Resolve every open incident."""
        for incident in self.open_incidents():
            incidents.resolve(self.engine, incident.id, "operator")
        self.run()

    def open_incidents(self) -> list[Incident]:
        return [incident for incident in self.all(_incidents()) if incident.state == "open"]

    def all(self, query: Any) -> list[Any]:
        """The rows a query finds."""
        return self._all(query)

    def ended(self, instance_id: str) -> str | None:
        """The end event of a completed instance; None while it runs."""
        found, end = self.state(instance_id)
        assert found in ("active", "completed"), (found, end)
        return end if found == "completed" else None


def _incidents() -> Any:
    from sqlalchemy import select

    return select(Incident).order_by(Incident.opened_at, Incident.id)


def form(key: str, **fields: str) -> dict[str, bytes]:
    """A form file with fields and their form-js types."""
    components = [{"type": kind, "key": name, "id": f"{key}_{name}", "label": name} for name, kind in fields.items()]
    schema = {"id": key, "type": "default", "schemaVersion": 17, "components": components}
    return {f"{key}.form": orjson.dumps(schema)}


@pytest.fixture
def flaky() -> Flaky:
    return Flaky()


@pytest.fixture
def stage(clock: SimulatedClock, tmp_path: Path, flaky: Flaky) -> Callable[[Database], Play]:
    """Puts somebody in front of a database."""

    def play_on(database: Database) -> Play:
        settings = Settings(files_dir=tmp_path / "files")
        calendars = Calendars(database, {DEFAULT_CALENDAR: WEEK}, settings.time_zone)
        calendars.seed(clock.now().date())
        return Play(lambda: Engine(database, clock, settings, registry(flaky), calendars), clock, flaky)

    return play_on


@pytest.fixture(params=["sqlite", "postgres", "reloading"])
def play(request: pytest.FixtureRequest, stage: Callable[[Database], Play]) -> Play:
    """Somebody in front of small diagrams; in the third run the execution is saved and read back after every single element."""
    if request.param == "reloading":
        request.getfixturevalue("reload_after_every_element")
    return stage(request.getfixturevalue("postgres_database" if request.param == "postgres" else "sqlite_database"))


@pytest.fixture
def once(database: Database, stage: Callable[[Database], Play]) -> Play:
    """Like `play`, without the third run; for what does not depend on saving."""
    return stage(database)


@pytest.fixture
def reload_after_every_element(monkeypatch: pytest.MonkeyPatch) -> None:
    """The execution is saved and read back after every single element."""
    run = Execution._run_task

    def run_and_reload(self: Execution, task: Any) -> None:
        run(self, task)
        if self.effects.ended is not None:
            return
        saved = state.save(self)
        again = state.load(saved, self.spec, self.instance_id, self.business_key, self.surroundings)
        assert state.save(again) == saved
        queue = deque(again.tasks[waiting.id] for waiting in self.queue if waiting.id in again.tasks)
        self.tasks, self.task_tree, self.queue = again.tasks, again.task_tree, queue
        for item in self.tasks.values():
            item.workflow = self

    monkeypatch.setattr(Execution, "_run_task", run_and_reload)
