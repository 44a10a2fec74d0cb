"""Choosing a process, filling its start form, starting it."""

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from flask_babel import gettext

from engine.feel import Environment
from engine.forms import initial_values, submit
from engine.runtime import instances
from engine.storage.tables import ProcessInstance
from web.current import database, engine, now, person
from web.definitions import definition, newest_form, nothing_to_fill
from web.labels import label
from web.language import locale
from web.start import queries
from web.tasks import next_step
from web.tasks.commands import submitted_data

blueprint = Blueprint("start", __name__, template_folder="templates")


@blueprint.get("/start")
def index() -> str:
    """What the person may start."""
    with database().session() as session:
        choices = [definition(session, found.id) for found in queries.startable(session, person())]
    return render_template("start/index.html", choices=choices, summary=lambda drawn: label(drawn.process.documentation, drawn.english))


@blueprint.get("/start/<key>")
def show(key: str) -> str:
    """The start form of a process."""
    with database().session() as session:
        found = queries.require_startable(session, person(), key)
        drawn = definition(session, found.id)
        shown = newest_form(session, found.start_form) if found.start_form else None
    schema = shown.schema if shown else nothing_to_fill(gettext("现在不用填什么，发起后第一个任务里再填。"))
    props = {
        "schema": schema,
        "data": initial_values(schema, {}),
        "context": {},
        "submitUrl": url_for("start.start", key=key),
        "locale": locale(),
        "labels": dict(shown.english) if shown and locale() == "en" else {},
        "submitLabel": {"zh": "发起", "en": "Start"},
        "buttons": ["submit"],
    }
    return render_template("start/show.html", drawn=drawn, summary=label(drawn.process.documentation, drawn.english), form_props=props)


@blueprint.post("/start/<key>")
def start(key: str) -> Response:
    """Check the start form and start the process; answers where to go next."""
    me = person()
    with database().session() as session:
        found = queries.require_startable(session, me, key)
        shown = newest_form(session, found.start_form) if found.start_form else None
    values = submit(shown.schema, submitted_data(), {}, _environment()) if shown else {}
    instance_id = instances.start(engine(), key, values, actor=me.id, request_key=request.headers.get("Idempotency-Key"))
    with database().session() as session:
        root_id = session.get_one(ProcessInstance, instance_id).root_id
    target, continues = next_step.after(me, root_id)
    if not continues:
        target = url_for("cases.show", instance_id=instance_id)
    return jsonify(redirect=target, message={"zh": "流程已发起。", "en": "The process has started."})


def _environment() -> Environment:
    running = engine()
    return Environment(now=now(), time_zone=running.settings.time_zone, calendar=running.calendars.get())
