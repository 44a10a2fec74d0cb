"""The page of one user task."""

from copy import deepcopy
from typing import Any

from flask import Blueprint, render_template, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from engine.forms import Twins, in_english, initial_values, referenced_values
from engine.runtime.task_context import task_context
from engine.storage.tables import ProcessInstance, UserTask
from web.cases.standing import diagram_props
from web.current import database, engine, person
from web.customers import customer_names
from web.definitions import definition, form, nothing_to_fill
from web.directory import candidate_names, colleagues, people_names
from web.labels import label
from web.language import locale
from web.manuals import words
from web.permissions import require_task
from web.tasks import guidance, queries

blueprint = Blueprint("tasks", __name__, template_folder="templates")


@blueprint.get("/tasks/<task_id>")
def show(task_id: str) -> str:
    """The form beside the manual, the case so far, the diagram, remarks and files."""
    me = person()
    with database().session() as session:
        task = require_task(session, me, task_id)
        view = _about(session, task)
        view["colleagues"] = _colleagues(session, task) if task.state == "open" else []
    may_work = task.state == "open" and not task.suspended and not (me.is_auditor and task.assignee != me.id)
    view |= {
        "may_claim": may_work and task.assignee is None,
        "is_mine": may_work and task.assignee == me.id,
        "may_assign": may_work and (task.assignee == me.id or me.is_admin),
    }
    view["form_props"] |= {"readonly": not view["is_mine"]}
    if view["is_mine"]:
        view["form_props"] |= {
            "submitUrl": url_for("tasks.complete", task_id=task.id),
            "draftUrl": url_for("tasks.save_draft", task_id=task.id),
            "attachmentUrl": url_for("tasks.attach", task_id=task.id),
        }
    return render_template("tasks/show.html", **view)


def _about(session: Session, task: UserTask) -> dict[str, Any]:
    drawn = definition(session, task.process_definition_id)
    instance = session.get_one(ProcessInstance, task.instance_id)
    root = session.get_one(ProcessInstance, task.root_id)
    variables = task_context(engine(), task.id)
    steps = queries.earlier_steps(session, task.root_id)
    remarks = queries.comments(session, task.root_id)
    files = queries.files(session, task.root_id)
    element = drawn.element(task.element_id)
    people = [task.assignee, task.completed_by, task.draft_by, root.started_by]
    return {
        "task": task,
        "title": label(task.name, drawn.english),
        "documentation": label(element.documentation, drawn.english) if element else "",
        "drawn": drawn,
        "root": root,
        "customer": customer_names(session, (task.business_key, root.business_key)).get(task.business_key or root.business_key or ""),
        "clauses": guidance.clauses_of(element),
        "ticked": guidance.ticked(session, task),
        "words": words,
        "steps": steps,
        "received": queries.received_values(session, drawn, variables, steps),
        "comments": remarks,
        "files": files,
        "names": people_names(session, people + [step.completed_by for step in steps] + [remark.written_by for remark in remarks]),
        "candidates": candidate_names(session, [task.id]).get(task.id, []),
        "form_props": form_props(session, task, variables, files),
        "diagram_props": diagram_props(session, instance, drawn),
    }


def form_props(session: Session, task: UserTask, variables: dict[str, Any], files: dict[str, Any]) -> dict[str, Any]:
    """What the form island needs; the island shows the draft over the values that the form declares."""
    shown = form(session, task.form_definition_id) if task.form_definition_id else None
    schema = shown.schema if shown else nothing_to_fill(gettext("这个任务没有要填的，办好了点“完成”。"))
    data, context = initial_values(schema, variables), referenced_values(schema, variables)
    draft = deepcopy(task.draft) if task.state == "open" else None
    twins, english = Twins(schema, variables, data), locale() == "en"
    for values in (data, draft or {}):
        twins.show(values, english=english)
    return {
        "schema": schema,
        "data": data,
        "draft": draft,
        "context": in_english(context) if english else context,
        "taskId": task.id,
        "locale": locale(),
        "labels": dict(shown.english) if shown and locale() == "en" else {},
        "attachments": {
            file.id: {"name": file.name, "url": url_for("tasks.attachment", attachment_id=file.id), "content_type": file.media_type}
            for file in files.values()
        },
        "submitLabel": {"zh": "完成", "en": "Complete"},
    }


def _colleagues(session: Session, task: UserTask) -> list[tuple[str, str]]:
    """Who the task may be handed to."""
    return [(user_id, name) for user_id, name in colleagues(session, task.id) if user_id != task.assignee]
