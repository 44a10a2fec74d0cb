"""Deployed definitions as the engine uses them: compiled once per version and shared by all steps of this process."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, select
from sqlalchemy.orm import Session

from engine.diagrams.reader import read_diagram
from engine.dmn import Model, read_dmn
from engine.errors import Conflict, NotFound
from engine.runtime.execution.compile import ProcessSpec
from engine.runtime.package import Package
from engine.runtime.parameters import current_parameters
from engine.storage.tables import DecisionDefinition, Deployment, FormDefinition, ParameterChange, ProcessDefinition, Resource

if TYPE_CHECKING:
    from engine.runtime.hindsight.tried import Tried


class DefinitionSuspended(Conflict):
    """The process starts no new instances for now."""

    code = "OPS-405"


@dataclass(frozen=True)
class CompiledProcess:
    """A process definition with its specification."""

    definition: ProcessDefinition
    spec: ProcessSpec


@dataclass(frozen=True)
class LivePackage:
    """Every file that holds under an edition, read."""

    edition: str
    resources: Mapping[str, str]  #: file name to the id of its resource
    package: Package


@dataclass
class DefinitionCache:
    """What never changes once read; `latest` answers belong to the edition they were asked under."""

    processes: dict[str, CompiledProcess] = field(default_factory=dict)
    forms: dict[str, FormDefinition] = field(default_factory=dict)
    decisions: dict[str, Model] = field(default_factory=dict)
    parameters: dict[str, dict[str, Any]] = field(default_factory=dict)
    latest: dict[tuple[str, ...], str | None] = field(default_factory=dict)
    live: LivePackage | None = None  #: every live file, read; belongs to an edition, too
    shown: dict[str, Any] = field(default_factory=dict)  #: what pages read of versions, which never change either
    tried: "tuple[str, Tried] | None" = None  #: the files tried last on finished cases, with the batch that tries them
    lock: threading.Lock = field(default_factory=threading.Lock)


class Catalog:
    """The definitions as seen by one session."""

    def __init__(self, session: Session, cache: DefinitionCache) -> None:
        """Args: cache: shared by all catalogs of an engine."""
        self._session = session
        self._cache = cache
        self.edition: str | None = None  #: which definitions and parameters hold, once known

    def process(self, definition_id: str) -> CompiledProcess:
        """A process definition by id.

        Raises:
            NotFound: no such definition.
        """
        known = self._cache.processes.get(definition_id)
        if known is not None:
            return known
        row = self._session.execute(
            select(ProcessDefinition, Resource.content)
            .join(Resource, Resource.id == ProcessDefinition.resource_id)
            .where(ProcessDefinition.id == definition_id)
        ).one_or_none()
        if row is None:
            raise NotFound(f"没有流程定义 {definition_id}。", f"There is no process definition {definition_id}.", id=definition_id)
        definition, content = row
        self._session.expunge(definition)  # a rollback of this session must not empty what all steps share
        process = next(item for item in read_diagram(content).processes if item.id == definition.key)
        compiled = CompiledProcess(definition, ProcessSpec(process, definition.deployment_id))
        self._cache.processes[definition_id] = compiled
        return compiled

    def process_by_key(self, key: str, version: int | None = None, deployment_id: str | None = None) -> CompiledProcess:
        """The live version of a process, or a given version, or the one of a given deployment.

        Raises:
            NotFound: no such process.
        """

        def query() -> Select[str]:
            published = ProcessDefinition.state != "candidate"
            if version is not None:
                return _newest(ProcessDefinition, key, published, ProcessDefinition.version == version)
            if deployment_id is not None:
                return _newest(ProcessDefinition, key, published, ProcessDefinition.deployment_id <= deployment_id)
            return _newest(ProcessDefinition, key, ProcessDefinition.state == "live")

        found = self._lookup(("process", key, str(version), str(deployment_id)), query)
        if found is None:
            raise NotFound(f"没有可运行的流程“{key}”。", f"There is no process “{key}” to run.", key=key)
        return self.process(found)

    def is_suspended(self, definition_id: str) -> bool:
        """Whether a version starts no new instances for now (never cached: it changes, unlike everything else about it)."""
        return bool(self._session.scalar(select(ProcessDefinition.suspended).where(ProcessDefinition.id == definition_id)))

    def require_startable(self, definition_id: str) -> None:
        """Raises: DefinitionSuspended: the version starts no new instances for now."""
        if self.is_suspended(definition_id):
            raise DefinitionSuspended("这个流程已暂停发起。", "This process starts no new instances for now.", id=definition_id)

    def form(self, key: str, binding: str = "latest", deployment_id: str = "") -> FormDefinition | None:
        """A form by key; None when the element names none.

        Raises:
            NotFound: no such form.
        """
        if not key:
            return None
        found = self._lookup(("form", key, binding, deployment_id), lambda: _bound(FormDefinition, key, binding, deployment_id))
        if found is None:
            raise NotFound(f"没有表单“{key}”。", f"There is no form “{key}”.", key=key)
        return self.form_by_id(found)

    def form_by_id(self, form_id: str) -> FormDefinition:
        """A form definition by id."""
        known = self._cache.forms.get(form_id)
        if known is None:
            known = self._session.get_one(FormDefinition, form_id)
            self._session.expunge(known)
            self._cache.forms[form_id] = known
        return known

    def decision(self, key: str, binding: str = "latest", deployment_id: str = "") -> Model:
        """The DMN model that holds a decision.

        Raises:
            NotFound: no such decision.
        """
        found = self._lookup(("decision", key, binding, deployment_id), lambda: _bound(DecisionDefinition, key, binding, deployment_id))
        if found is None:
            raise NotFound(f"没有决策“{key}”。", f"There is no decision “{key}”.", key=key)
        known = self._cache.decisions.get(found)
        if known is None:
            content = self._session.scalars(
                select(Resource.content)
                .join(DecisionDefinition, DecisionDefinition.resource_id == Resource.id)
                .where(DecisionDefinition.id == found)
            ).one()
            known = self._cache.decisions[found] = read_dmn(content)
        return known

    def parameters(self) -> dict[str, Any]:
        """The parameters of the manuals, as they hold now."""
        edition = self._edition()
        known = self._cache.parameters.get(edition)
        if known is None:
            known = {name: parameter.value for name, parameter in current_parameters(self._session).items()}
            self._cache.parameters = {edition: known}
        return known

    def _lookup(self, question: tuple[str, ...], query: Callable[[], Select[str]]) -> str | None:
        key = (self._edition(), *question)
        if key not in self._cache.latest:
            answer = self._session.scalars(query()).one_or_none()
            with self._cache.lock:
                self._cache.latest = {known: value for known, value in self._cache.latest.items() if known[0] == key[0]} | {key: answer}
        return self._cache.latest[key]

    def _edition(self) -> str:
        if self.edition is None:
            self.edition = self._session.scalars(select(newest_edition())).one()
        return self.edition


def _bound(definition: Any, key: str, binding: str, deployment_id: str) -> Select[str]:
    """The newest version of a form or decision, or the newest that was there at a deployment."""
    return _newest(definition, key, *([definition.deployment_id <= deployment_id] if binding == "deployment" else []))


def _newest(definition: Any, key: str, *conditions: ColumnElement[bool]) -> Select[str]:
    return select(definition.id).where(definition.key == key, *conditions).order_by(definition.version.desc()).limit(1)


def newest_edition() -> ScalarSelect[str]:
    """A text that changes with every deployment and every change of a parameter, as a part of a statement."""
    deployed = select(func.max(Deployment.__table__.c.id)).scalar_subquery()
    changed = select(func.max(ParameterChange.__table__.c.id)).scalar_subquery()
    return select(func.coalesce(deployed, "") + func.coalesce(changed, "")).scalar_subquery()
