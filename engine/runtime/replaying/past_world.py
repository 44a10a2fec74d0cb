"""The world as it was: the definitions and parameters of an instant, and a step that writes nothing."""

from collections import deque
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.dmn import Model
from engine.runtime.catalog import Catalog, CompiledProcess, DefinitionCache
from engine.runtime.execution.effects import Call
from engine.runtime.parameters import parameters_at
from engine.runtime.replaying.recorded import Recorded
from engine.runtime.step import OpenInstance, Step
from engine.runtime.surroundings import StepBudget, Surroundings
from engine.storage.tables import Deployment, FormDefinition

if TYPE_CHECKING:
    from engine.runtime.engine import Engine


class PastCatalog(Catalog):
    """The definitions that were the newest at an instant; which version a call took is what was recorded."""

    def __init__(self, session: Session, cache: DefinitionCache, at_least: str) -> None:
        """Args: at_least: a deployment that was there, whatever the clock said (of the case's own definition)."""
        super().__init__(session, cache)
        self._at_least = at_least
        self._at: datetime | None = None
        self._deployment_id = at_least
        self._parameters: dict[str, Any] = {}
        self.called = ""  #: definition of the next process that is called

    def turn_to(self, instant: datetime) -> None:
        """From now on it is this instant."""
        if instant == self._at:
            return
        self._at = instant
        deployed = self._session.scalar(select(func.max(Deployment.id)).where(Deployment.deployed_at <= instant))
        self._deployment_id = max(deployed or "", self._at_least)
        self._parameters = parameters_at(self._session, self._deployment_id, instant)

    def process_by_key(self, key: str, version: int | None = None, deployment_id: str | None = None) -> CompiledProcess:
        """The version that was called."""
        return self.process(self.called) if self.called else super().process_by_key(key, version, deployment_id)

    def form(self, key: str, binding: str = "latest", deployment_id: str = "") -> FormDefinition | None:
        """The newest version of that time."""
        return super().form(key, "deployment", deployment_id if binding == "deployment" else self._deployment_id)

    def decision(self, key: str, binding: str = "latest", deployment_id: str = "") -> Model:
        """The newest version of that time."""
        return super().decision(key, "deployment", deployment_id if binding == "deployment" else self._deployment_id)

    def parameters(self) -> dict[str, Any]:
        """The parameters of that time."""
        return self._parameters


def deployment_of(session: Session, cache: DefinitionCache, recorded: Recorded) -> str:
    """The deployment of the version in which a case began."""
    definition: str = recorded.events[0].data["definition"]
    return str(Catalog(session, cache).process(definition).definition.deployment_id)


class _NothingStored:
    """A session in which nothing is found and nothing is kept: whatever there is, is open in the step."""

    def execute(self, _statement: object) -> None:
        return None

    def scalars(self, _statement: object) -> "_NothingStored":
        return self

    def all(self) -> list[Any]:
        return []


class PastStep(Step):
    """Runs instances in memory; those that are called get the ids they had."""

    def __init__(self, engine: "Engine", catalog: PastCatalog, called: dict[str, deque[tuple[str, str]]]) -> None:
        """Args: called: for each call activity's run the (instance, definition) it started, in order."""
        surroundings = Surroundings(
            now=engine.clock.now(), calendars=engine.calendars, catalog=catalog, time_zone=engine.settings.time_zone, actor=None
        )
        super().__init__(cast("Session", _NothingStored()), surroundings)
        self.called = called

    def turn_to(self, instant: datetime, actor: str | None) -> None:
        """What follows happens then, by this person."""
        self.surroundings.now, self.surroundings.actor = instant, actor
        self.surroundings.budget = StepBudget()
        cast("PastCatalog", self.surroundings.catalog).turn_to(instant)

    def _id_of_called(self, caller: OpenInstance, call_id: str) -> str:
        """The id it had; a new one if it was not called."""
        recorded = self.called.get(call_id)
        return recorded.popleft()[0] if recorded else super()._id_of_called(caller, call_id)

    def _call(self, caller: OpenInstance, call: Call) -> None:
        """Start the version that was started."""
        catalog = cast("PastCatalog", self.surroundings.catalog)
        recorded = self.called.get(call.task_id)
        catalog.called = recorded[0][1] if recorded else ""
        super()._call(caller, call)
        catalog.called = ""
