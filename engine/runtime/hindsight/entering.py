"""What people entered then, as the forms that are tried take it."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import FormRejected
from engine.forms import initial_values, submit
from engine.forms.components import Component, walk
from engine.runtime.catalog import CompiledProcess
from engine.runtime.hindsight.tried import TriedCatalog
from engine.runtime.hindsight.waiting import Wait
from engine.runtime.surroundings import Surroundings
from engine.storage.tables import Attachment, Event, FormDefinition, UserTask


class Entries:
    """The form values of one case."""

    def __init__(self, session: Session, catalog: TriedCatalog, root_id: str) -> None:
        """Read which form each task had, and what was attached."""
        self._catalog = catalog
        tasks = select(UserTask.id, UserTask.form_definition_id).where(UserTask.root_id == root_id)
        self._forms: dict[str, str | None] = {row.id: row.form_definition_id for row in session.execute(tasks)}
        self._attachments = frozenset(session.scalars(select(Attachment.id).where(Attachment.root_id == root_id)))

    def at_start(self, first: Event, compiled: CompiledProcess, surroundings: Surroundings) -> dict[str, Any]:
        """The variables with which the case would begin.

        Raises:
            FormRejected: the start form does not take them.
        """
        variables: dict[str, Any] = first.data["variables"]
        then = self._catalog.process(first.data["definition"]).definition.start_form
        now = compiled.definition.start_form
        if not then or first.data.get("parent") is not None:
            return variables
        old, new = self._catalog.form_then(then), self._catalog.form(now or "")
        return self._fitting(_schema(old), _schema(new), variables, {}, surroundings)

    def at_task(self, wait: Wait, event: Event, surroundings: Surroundings) -> dict[str, Any]:
        """The values of a completion.

        Raises:
            FormRejected: the form that is tried does not take them.
        """
        then = self._forms.get(str(event.element_instance_id))
        context = wait.instance.execution.context(wait.token)
        return self._fitting(self._form(then), self._form(wait.row["form_definition_id"]), event.data["values"], context, surroundings)

    def without_input(self, wait: Wait, surroundings: Surroundings) -> dict[str, Any] | None:
        """What completes a task for which nobody entered anything; None if its form asks for something."""
        schema, context = self._form(wait.row["form_definition_id"]), wait.instance.execution.context(wait.token)
        if schema is None:
            return {}
        try:
            return submit(schema, initial_values(schema, context), context, surroundings.environment(), self._attachments)
        except FormRejected:
            return None

    def _form(self, form_id: str | None) -> Component | None:
        return _schema(self._catalog.form_by_id(form_id)) if form_id is not None else None

    def _fitting(
        self, old: Component | None, new: Component | None, values: dict[str, Any], context: dict[str, Any], surroundings: Surroundings
    ) -> dict[str, Any]:
        if old == new:
            return values
        declared = {placed.path[0] for placed in walk(old or {}) if placed.path}
        others = {name: value for name, value in values.items() if name not in declared}  # a client set them beside the form
        return others | (submit(new, values, context, surroundings.environment(), self._attachments) if new is not None else {})


def _schema(form: FormDefinition | None) -> Component | None:
    return form.form_schema if form is not None else None
