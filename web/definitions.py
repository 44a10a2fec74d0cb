"""Deployed definitions as pages need them. A version never changes, so each is read once and kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from engine.diagrams.model import Element, Process
from engine.diagrams.reader import read_diagram
from engine.errors import NotFound
from engine.storage.tables import FormDefinition, ProcessDefinition, Resource
from web.current import engine
from web.labels import Field, form_fields, label

_MOST_KEPT = 500
Kept = TypeVar("Kept", "Definition", "Form")


@dataclass(frozen=True)
class Definition:
    """One version of a process, with its diagram."""

    id: str
    key: str
    version: int
    name: str
    english: Mapping[str, Any]
    xml: bytes

    @cached_property
    def process(self) -> Process:
        """The process as drawn."""
        processes = read_diagram(self.xml).processes
        return next(process for process in processes if process.id == self.key)

    @property
    def title(self) -> str:
        """The name in the reader's language."""
        return label(self.name, self.english)

    def element(self, element_id: str) -> Element | None:
        """An element of the diagram."""
        return self.process.elements.get(element_id)

    def element_title(self, element_id: str | None) -> str:
        """What people call an element, in the reader's language; its type's name would say less than its id when it has no name."""
        found = self.element(element_id or "")
        return label(found.label, self.english) if found else (element_id or "")


def nothing_to_fill(text: str) -> dict[str, Any]:
    """The schema of a start or a task that has no form: it says so, and the button is all there is."""
    return {"type": "default", "schemaVersion": 19, "components": [{"type": "text", "id": "nothing_to_fill", "text": text}]}


@dataclass(frozen=True)
class Form:
    """One version of a form."""

    id: str
    key: str
    schema: dict[str, Any]
    english: Mapping[str, Any]

    @cached_property
    def fields(self) -> dict[str, Field]:
        """The keyed fields, by key."""
        return form_fields(self.schema)


def definition(session: Session, definition_id: str) -> Definition:
    """A version of a process by its id (`key:version`).

    Raises:
        NotFound: it was never deployed.
    """
    kept = _recall(f"process {definition_id}", Definition)
    if kept is not None:
        return kept
    row = session.execute(
        select(ProcessDefinition, Resource.content)
        .join(Resource, Resource.id == ProcessDefinition.resource_id)
        .where(ProcessDefinition.id == definition_id)
    ).first()
    if row is None:
        raise NotFound("没有这个流程版本。", "There is no such version of a process.")
    found = row.ProcessDefinition
    return _keep(f"process {definition_id}", Definition(found.id, found.key, found.version, found.name, found.english, row.content))


def form(session: Session, form_definition_id: str) -> Form:
    """A version of a form by its id.

    Raises:
        NotFound: it was never deployed.
    """
    kept = _recall(f"form {form_definition_id}", Form)
    if kept is not None:
        return kept
    found = session.get(FormDefinition, form_definition_id)
    if found is None:
        raise NotFound("没有这个表单版本。", "There is no such version of a form.")
    return _keep(f"form {form_definition_id}", Form(found.id, found.key, found.form_schema, found.english))


def newest_form(session: Session, key: str) -> Form:
    """The newest version of a form.

    Raises:
        NotFound: no form has this key.
    """
    return form(session, next((found for found, _ in _newest(session, [key])), key))


def newest_forms(session: Session, keys: Iterable[str]) -> list[Form]:
    """The newest versions of these forms, by key; unknown keys are left out."""
    return [form(session, form_id) for form_id, _ in sorted(_newest(session, keys), key=lambda found: found[1])]


def _newest(session: Session, keys: Iterable[str]) -> list[tuple[str, str]]:
    newer = aliased(FormDefinition)
    outdated = exists(select(newer.id).where(newer.key == FormDefinition.key, newer.version > FormDefinition.version))
    query = select(FormDefinition.id, FormDefinition.key).where(FormDefinition.key.in_(set(keys)), ~outdated)
    return [(row.id, row.key) for row in session.execute(query)]


def _store() -> dict[str, Any]:
    """Kept with the engine: a sandbox has other versions under the same ids."""
    return engine().cache.shown


def _recall(key: str, kind: type[Kept]) -> Kept | None:
    found = _store().get(key)
    return found if isinstance(found, kind) else None


def _keep(key: str, value: Kept) -> Kept:
    store = _store()
    if len(store) >= _MOST_KEPT:
        store.pop(next(iter(store)))
    store[key] = value
    return value
