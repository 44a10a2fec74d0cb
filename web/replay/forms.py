"""The form of a completed task as the person saw it: the version of that time, the data of that moment, and what was entered."""

from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.forms import Twins, in_english, initial_values, referenced_values
from engine.history.moment import Moment, moment_of
from engine.storage.tables import Event, ProcessInstance, UserTask
from web.definitions import form
from web.language import locale
from web.tasks.queries import files


def form_then(session: Session, instance: ProcessInstance, completed: Event) -> dict[str, Any] | None:
    """Properties of the form island, read only; None when the task has no form or was completed without one."""
    task = session.get(UserTask, str(completed.element_instance_id))
    if task is None or task.form_definition_id is None:
        return None
    earlier = select(Event).where(Event.instance_id == instance.id, Event.sequence < completed.sequence).order_by(Event.sequence)
    variables = _visible(moment_of(session.scalars(earlier)), str(completed.element_instance_id)) | completed.data["values"]
    shown = form(session, task.form_definition_id)
    data, context = initial_values(shown.schema, variables), referenced_values(shown.schema, variables)
    english = locale() == "en"
    Twins(shown.schema, variables, data).show(data, english=english)
    return {
        "schema": shown.schema,
        "data": data,
        "context": in_english(context) if english else context,
        "taskId": f"{task.id}-{completed.sequence}",
        "locale": locale(),
        "labels": dict(shown.english) if english else {},
        "attachments": {
            file.id: {"name": file.name, "url": url_for("tasks.attachment", attachment_id=file.id), "content_type": file.media_type}
            for file in files(session, instance.root_id).values()
        },
        "readonly": True,
    }


def _visible(moment: Moment, run: str) -> dict[str, Any]:
    """The variables that an element run saw: the innermost scope wins."""
    around = []
    inner: str | None = run
    while inner is not None:
        around.append(inner)
        inner = moment["runs"].get(inner, {}).get("parent")
    seen = dict(moment["variables"])
    for scope in reversed(around):
        own = (key.partition(" ") for key in moment["locals"])
        seen |= {name: moment["locals"][f"{scope} {name}"] for holder, _, name in own if holder == scope}
    return seen
