"""Reading what a task page shows besides the task itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from engine.storage.tables import Attachment, Comment, Event, Job, UserTask
from web.auth.person import Person
from web.definitions import Definition, Form, definition, form, newest_forms
from web.labels import Field, Shown, in_language, label, show
from web.permissions import is_candidate

#: Most earlier steps shown on a task page, newest first.
_MOST_STEPS = 30


@dataclass(frozen=True)
class Step:
    """One finished task of the case, with what was entered."""

    title: str
    completed_by: str | None
    ended_at: datetime | None
    values: list[Shown]


def earlier_steps(session: Session, root_id: str) -> list[Step]:
    """The finished tasks of a case, newest first, with the labelled values of their forms."""
    rows = session.execute(
        select(
            UserTask.name, UserTask.process_definition_id, UserTask.form_definition_id, UserTask.completed_by, UserTask.ended_at, Event.data
        )
        .join(
            Event,
            and_(Event.instance_id == UserTask.instance_id, Event.element_instance_id == UserTask.id, Event.type == "UserTaskCompleted"),
        )
        .where(UserTask.root_id == root_id, UserTask.state == "completed")
        .order_by(UserTask.ended_at.desc())
        .limit(_MOST_STEPS)
    ).all()
    steps = []
    for row in rows:
        drawn = definition(session, row.process_definition_id)
        filled = form(session, row.form_definition_id) if row.form_definition_id else None
        values = shown_values(filled, row.data.get("values") or {}) if filled else []
        steps.append(Step(label(row.name, drawn.english), row.completed_by, row.ended_at, values))
    return steps


def shown_values(filled: Form, values: Mapping[str, Any]) -> list[Shown]:
    """The values of a form in the form's order, with its labels; keys that it does not declare are left out."""
    found = (show(field, in_language(values, key), filled.english) for key, field in filled.fields.items())
    return [value for value in found if value is not None]


def known_fields(session: Session, drawn: Definition) -> dict[str, tuple[Field, Mapping[str, Any]]]:
    """Every field that a form of this process declares, by key, with the form's English: names for variables."""
    keys = {element.camunda["formRef"] for element in drawn.process.elements.values() if element.camunda.get("formRef")}
    found: dict[str, tuple[Field, Mapping[str, Any]]] = {}
    for declared in newest_forms(session, keys):
        for name, field in declared.fields.items():
            found.setdefault(name, (field, declared.english))
    return found


def received_values(session: Session, drawn: Definition, variables: Mapping[str, Any], seen: Iterable[Step]) -> list[Shown]:
    """Variables that a form of the process names and that no earlier step shows: what came with a message or from a handler."""
    shown = {value.label for step in seen for value in step.values}
    found = (
        show(field, in_language(variables, name), english)
        for name, (field, english) in known_fields(session, drawn).items()
        if name in variables and label(field.label, english) not in shown
    )
    return [value for value in found if value is not None]


def comments(session: Session, root_id: str) -> list[Comment]:
    """The remarks on a case, oldest first."""
    return list(session.scalars(select(Comment).where(Comment.root_id == root_id).order_by(Comment.written_at, Comment.id)))


def files(session: Session, root_id: str) -> dict[str, Attachment]:
    """The files of a case by id, oldest first."""
    found = session.scalars(select(Attachment).where(Attachment.root_id == root_id).order_by(Attachment.added_at, Attachment.id))
    return {file.id: file for file in found}


def next_task(session: Session, person: Person, root_id: str) -> str | None:
    """The open task of the case that the person works on next: one of their own, else one they may claim."""
    return session.scalar(
        select(UserTask.id)
        .where(
            UserTask.root_id == root_id,
            UserTask.state == "open",
            UserTask.suspended.is_(False),
            or_(UserTask.assignee == person.id, and_(UserTask.assignee.is_(None), is_candidate(person))),
        )
        .order_by(UserTask.assignee.is_(None), UserTask.created_at.desc())
        .limit(1)
    )


def is_working(session: Session, root_id: str) -> bool:
    """Whether jobs of the case are about to run or running, so that more may come."""
    return bool(session.scalar(select(exists().where(Job.root_id == root_id, Job.state.in_(("ready", "leased"))))))
