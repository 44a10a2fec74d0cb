"""Files that are tried: the definitions in them stand in front of the live ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from engine.diagrams.model import Process
from engine.dmn import Model
from engine.dmn.graph import Decision
from engine.errors import DeploymentRefused
from engine.manuals.parameters import PARAMETERS, read_values
from engine.runtime.catalog import Catalog, CompiledProcess, DefinitionCache
from engine.runtime.execution.compile import ProcessSpec
from engine.runtime.package import read_package
from engine.runtime.parameters import given_parameters
from engine.runtime.replaying.past_world import PastCatalog
from engine.storage.tables import FormDefinition, ProcessDefinition

#: Version of what has none yet.
_TRIED = 0


@dataclass(frozen=True)
class Tried:
    """The definitions of some files, by key; compiled once for all cases."""

    processes: Mapping[str, CompiledProcess] = field(default_factory=dict)
    forms: Mapping[str, FormDefinition] = field(default_factory=dict)
    decisions: Mapping[str, Model] = field(default_factory=dict)
    figures: Mapping[str, Any] = field(default_factory=dict)  #: values of a parameter file


def read_tried(files: Mapping[str, bytes]) -> Tried:
    """The definitions of diagrams, forms and decision tables, and the values of a parameter file, which may give only some.

    Raises:
        DeploymentRefused: a file cannot be read.
    """
    package = read_package(dict(files))
    if package.problems:
        raise DeploymentRefused(package.problems)
    forms = {str(schema["id"]): schema for schema in package.forms.values()}
    models = [(model, node) for model in package.models.values() for node in model.graph.nodes.values()]
    return Tried(
        processes={process.id: _compiled(process) for process in package.processes},
        forms={key: FormDefinition(id=_id(key), key=key, version=_TRIED, form_schema=schema, english={}) for key, schema in forms.items()},
        decisions={node.id: model for model, node in models if isinstance(node, Decision)},
        figures=read_values(files.get(PARAMETERS, b"")),
    )


def _id(key: str) -> str:
    return f"{key}:{_TRIED}"


def _compiled(process: Process) -> CompiledProcess:
    plain = next((item for item in process.start_events(process.id) if item.event is None or item.event.kind == "none"), None)
    definition = ProcessDefinition(
        id=_id(process.id),
        key=process.id,
        version=_TRIED,
        name=process.name,
        deployment_id="",
        start_form=plain.camunda.get("formRef") if plain is not None else None,
    )
    return CompiledProcess(definition, ProcessSpec(process, ""))


class TriedCatalog(PastCatalog):
    """What is tried, else what is live now; the figures of the manuals are those of the time, unless the files give others than the live ones."""

    def __init__(self, session: Session, cache: DefinitionCache, at_least: str, tried: Tried) -> None:
        """Args: at_least: the deployment of the case's own version."""
        super().__init__(session, cache, at_least)
        self._tried = tried
        given = given_parameters(session) if tried.figures else {}
        self._figures = {name: value for name, value in tried.figures.items() if name not in given or given[name].value != value}

    def process(self, definition_id: str) -> CompiledProcess:
        """A definition by id, also one that is tried."""
        key, _, version = definition_id.rpartition(":")
        return self._tried.processes[key] if version == str(_TRIED) else super().process(definition_id)

    def process_by_key(self, key: str, version: int | None = None, deployment_id: str | None = None) -> CompiledProcess:  # noqa: ARG002 -- what goes live is bound anew
        """What a case would start: a fixed version where the caller names one."""
        tried = self._tried.processes.get(key) if version is None else None
        return tried or Catalog.process_by_key(self, key, version)

    def form(self, key: str, binding: str = "latest", deployment_id: str = "") -> FormDefinition | None:  # noqa: ARG002 -- what goes live is bound anew
        """The form that people would see."""
        return self._tried.forms.get(key) or Catalog.form(self, key)

    def form_by_id(self, form_id: str) -> FormDefinition:
        """A form by id, also one that is tried."""
        key, _, version = form_id.rpartition(":")
        return self._tried.forms[key] if version == str(_TRIED) else super().form_by_id(form_id)

    def decision(self, key: str, binding: str = "latest", deployment_id: str = "") -> Model:  # noqa: ARG002 -- what goes live is bound anew
        """The decision that would be asked."""
        return self._tried.decisions.get(key) or Catalog.decision(self, key)

    def parameters(self) -> dict[str, Any]:
        """The figures that are tried, else those of the time; what there was not yet, as it is now."""
        return Catalog.parameters(self) | super().parameters() | self._figures

    def form_then(self, key: str) -> FormDefinition | None:
        """The form that people saw then."""
        return super().form(key)
