"""What a person does to a task: claim, give back, hand over, complete, save a draft, remark, set a reminder, tick the manual."""

from datetime import UTC, datetime, time
from typing import Any

from flask import Response, flash, jsonify, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from engine.errors import InvalidInput
from engine.runtime import assignment, user_tasks
from engine.runtime.clause_ticks import tick_clause
from web.current import database, engine, office_zone, person
from web.definitions import definition
from web.tasks import actions, guidance, next_step
from web.tasks.routes import blueprint


@blueprint.post("/tasks/<task_id>/claim")
def claim(task_id: str) -> BaseResponse:
    """Take the task on."""
    actions.claim(person(), task_id)
    return _back(task_id)


@blueprint.post("/tasks/<task_id>/unclaim")
def unclaim(task_id: str) -> BaseResponse:
    """Give the task back to its groups; the draft stays with it."""
    actions.unclaim(person(), task_id)
    flash(gettext("任务已归还，组里的同事可以认领。"), "good")
    return redirect(url_for("inbox.index"))


@blueprint.post("/tasks/<task_id>/assign")
def assign(task_id: str) -> BaseResponse:
    """Hand the task to a colleague, with a reason."""
    actions.assign(person(), task_id, request.form.get("user", ""), request.form.get("reason", "").strip())
    flash(gettext("任务已转交。"), "good")
    return redirect(url_for("inbox.index"))


@blueprint.post("/tasks/<task_id>/complete")
def complete(task_id: str) -> Response:
    """Check the form against its schema and complete the task; answers where to go next, also to a request that came twice."""
    me = person()
    task = actions.complete(me, task_id, submitted_data(), request_key=request.headers.get("Idempotency-Key"))
    target, continues = next_step.after(me, task.root_id)
    message = (
        {"zh": "已完成，接着办下一步。", "en": "Done; here is the next step."}
        if continues
        else {"zh": "任务已完成。", "en": "Task completed."}
    )
    return jsonify(redirect=target, message=message)


@blueprint.put("/tasks/<task_id>/draft")
def save_draft(task_id: str) -> Response:
    """Keep what was typed so far, unchecked."""
    user_tasks.save_draft(engine(), actions.own(person(), task_id).id, submitted_data(), person().id)
    return jsonify(message={"zh": "草稿已保存。", "en": "Draft saved."})


@blueprint.post("/tasks/<task_id>/comments")
def comment(task_id: str) -> BaseResponse:
    """Add a remark to the case."""
    actions.comment(person(), task_id, request.form.get("text", ""))
    return redirect(url_for("tasks.show", task_id=task_id, _anchor="comments"))


@blueprint.post("/tasks/<task_id>/follow-up")
def follow_up(task_id: str) -> BaseResponse:
    """Set or clear the day on which to be reminded."""
    task, text = actions.own(person(), task_id), request.form.get("day", "")
    try:
        day = datetime.combine(datetime.fromisoformat(text).date(), time(9), tzinfo=office_zone()) if text else None
    except ValueError:
        raise InvalidInput("日期格式不对。", "This is not a date.") from None
    assignment.set_follow_up(engine(), task.id, day, person().id)
    return _back(task_id)


@blueprint.post("/tasks/<task_id>/plan")
def plan(task_id: str) -> BaseResponse:
    """Set when the task is due and how urgent it is; back to the page it was asked on."""
    text = request.form.get("due", "")
    try:
        due_at = datetime.fromisoformat(text).replace(tzinfo=office_zone()).astimezone(UTC) if text else None
    except ValueError:
        raise InvalidInput("日期格式不对。", "This is not a date.") from None
    task = actions.plan(person(), task_id, due_at, request.form.get("priority", -1, type=int))
    flash(gettext("期限和优先级已更新。"), "good")
    return redirect(url_for("cases.show", instance_id=task.instance_id)) if "case" in request.form else _back(task_id)


@blueprint.post("/tasks/<task_id>/clauses/<clause_id>")
def tick(task_id: str, clause_id: str) -> tuple[str, int]:
    """Tick or untick one clause of the manual; who and when is part of the history."""
    task = actions.own(person(), task_id)
    with database().session() as session:
        element = definition(session, task.process_definition_id).element(task.element_id)
    if clause_id not in {clause.id for clause in guidance.clauses_of(element)}:
        raise InvalidInput("这一步没有这个条款。", "This step has no such clause.")
    tick_clause(engine(), task.id, clause_id, ticked="done" in request.form, actor=person().id)
    return "", 204


def submitted_data() -> dict[str, Any]:
    """The `data` object of a form island's request.

    Raises:
        InvalidInput: the body is not `{"data": {…}}`.
    """
    body = request.get_json(silent=True)
    data = body.get("data") if isinstance(body, dict) else None
    if not isinstance(data, dict):
        raise InvalidInput('请求应为 {"data": {…}}。', 'The request must be {"data": {…}}.')
    return data


def _back(task_id: str) -> BaseResponse:
    return redirect(url_for("tasks.show", task_id=task_id))
