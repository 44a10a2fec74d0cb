"""What the owner does in a sandbox: starts, completes, answers for handlers, lets time pass, sends messages."""

import json
from datetime import datetime
from typing import Any

from flask import Response, flash, jsonify, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from engine.errors import InvalidInput, NotFound, OpsbookError
from engine.scenarios.entering import FILES
from engine.storage.tables import Job, UserTask
from engine.studio import sandboxes
from engine.studio.fields import HandlerField
from engine.studio.sandboxes import Sandbox
from web.current import database
from web.language import locale
from web.studio.live_names import handlers_by_topic
from web.studio.routes import blueprint
from web.studio.sandbox_pages import own_sandbox
from web.tasks.commands import submitted_data

_UNITS = {"minutes": "PT{}M", "hours": "PT{}H", "days": "P{}D"}


@blueprint.post("/studio/sandboxes/<sandbox_id>/start")
def start_in(sandbox_id: str) -> BaseResponse:
    """Start the process: with its form, or with named values."""
    found = own_sandbox(sandbox_id)
    with found.opened() as playing:
        start = next(iter(item for item in sandboxes.starts_of(found, playing) if item.kind == "by hand"), None)
        if start is None:
            raise NotFound("这个流程不能由人发起。", "Nobody starts this process by hand.")
        with playing.database.session() as session:
            by = start.by or sandboxes.starter_of(session, list(start.groups))
    if start.form is not None:
        found.play(sandboxes.start_step(start.name, sandboxes.literal(submitted_data()), by=by, key=start.key))
        return _done(found)
    return _play(found, sandboxes.start_step(start.name, _rows(), by=by, key=request.form.get("key", "").strip()))


@blueprint.post("/studio/sandboxes/<sandbox_id>/tasks/<task_id>")
def complete_in(sandbox_id: str, task_id: str) -> Response:
    """Complete a task as somebody of its role."""
    found, submitted = own_sandbox(sandbox_id), submitted_data()
    with found.opened() as playing, playing.database.session() as session:
        task = session.get(UserTask, task_id)
        if task is None or task.state != "open":
            raise NotFound("这个任务已经不在等待。", "This task waits no more.")
        by, groups = sandboxes.doer_of(session, task)
        step = sandboxes.complete_step(playing, task, submitted, by)
    found.play(step, {by: groups} if groups else None)
    return _done(found)


@blueprint.post("/studio/sandboxes/<sandbox_id>/files")
def attach_in(sandbox_id: str) -> tuple[Response, int]:
    """A file is taken as a sample of its kind: a sandbox keeps nobody's files."""
    own_sandbox(sandbox_id)
    kind = request.form.get("kind", "file")
    word = kind if kind in FILES else "file"
    return jsonify(id=word, name=FILES[word][0], url="#", content_type=""), 201


@blueprint.post("/studio/sandboxes/<sandbox_id>/answers/<job_id>")
def answer_in(sandbox_id: str, job_id: str) -> BaseResponse:
    """Answer for a handler, or let it work."""
    found = own_sandbox(sandbox_id)
    how = request.form.get("how", "work")
    with database().session() as session:
        described = handlers_by_topic(session)
    with found.opened() as playing:
        with playing.database.session() as session:
            job = session.get(Job, job_id)
        if job is None or job.state not in ("ready", "failed"):
            raise NotFound("这件工作已经不在等待。", "This work waits no more.")
        handler = described.get(job.topic or "")
        given: dict[str, Any] = {}
        if how == "done":
            given["values"] = _result(handler.outputs) if handler is not None else _rows()
        elif how == "error":
            given["error"] = request.form.get("code", "").strip() or "ERROR"
        elif how == "failure":
            given["failure"] = request.form.get("failure", "").strip() or gettext("办不成")
        step = sandboxes.answer_step(playing, job, **given)
    return _play(found, step)


@blueprint.post("/studio/sandboxes/<sandbox_id>/time")
def pass_time(sandbox_id: str) -> BaseResponse:
    """Let time pass: to a moment, or for a while."""
    found = own_sandbox(sandbox_id)
    if moment := request.form.get("until", ""):
        with found.opened() as playing:
            step = {"until": sandboxes.moment_after(max(_instant(moment), playing.clock.now()), playing)}
        return _play(found, step)
    amount = request.form.get("amount", 0, type=int)
    if not 0 < amount < 1000:
        raise InvalidInput("时间要在 1 到 999 之间。", "The time is between 1 and 999.")
    return _play(found, {"wait": _UNITS.get(request.form.get("unit", ""), "P{}D").format(amount)})


@blueprint.post("/studio/sandboxes/<sandbox_id>/messages")
def send_in(sandbox_id: str) -> BaseResponse:
    """A message arrives."""
    key = request.form.get("key", "").strip()
    step = {"message": request.form.get("message", ""), **({"key": sandboxes.literal(key)} if key else {}), "with": _rows()}
    return _play(own_sandbox(sandbox_id), step)


def _play(found: Sandbox, step: dict[str, Any]) -> BaseResponse:
    """Do a step; what goes wrong is told on the page."""
    try:
        found.play(step)
    except OpsbookError as error:
        flash(error.text(locale()), "bad")
    return redirect(_page(found))


def _done(found: Sandbox) -> Response:
    return jsonify(redirect=_page(found))


def _page(found: Sandbox) -> str:
    return url_for("studio.sandbox", sandbox_id=found.record.id)


def _instant(text: str) -> datetime:
    """Raises: InvalidInput: it is no instant with its time zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise InvalidInput(f"“{text}”不是时刻。", f"“{text}” is no instant.")
    return found


def _rows() -> dict[str, Any]:
    """Names and values of the page's rows; rows without a name or a value are none."""
    names, values = request.form.getlist("name"), request.form.getlist("value")
    return {name.strip(): _read(value) for name, value in zip(names, values, strict=True) if name.strip() and value.strip()}


def _read(text: str) -> Any:
    """A value as typed: JSON where it is, FEEL behind an equals sign, else a text."""
    try:
        return json.loads(text)
    except ValueError:
        return text.strip()


def _result(outputs: tuple[HandlerField, ...]) -> dict[str, Any]:
    """What was answered by hand, by the fields that the handler declares; empty ones are left to its model."""
    found = {}
    for field in outputs:
        text = request.form.get(f"result.{field.name}", "").strip()
        if text:
            found[field.name] = _read(text) if field.type in ("number", "boolean", "list", "object") else text
    return found
