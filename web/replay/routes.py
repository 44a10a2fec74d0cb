"""The player's page, the story it plays, and the form of a step as it was."""

import gzip
from typing import Any

import orjson
from flask import Blueprint, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine.errors import NotFound
from engine.history.readings import REPLAY, VERIFICATION, note_reading
from engine.runtime.replaying import verify
from engine.storage.tables import Event, ProcessInstance
from web.cases import queries
from web.current import database, engine, now, person
from web.customers import customer_names
from web.definitions import Definition, definition
from web.language import locale
from web.permissions import require_case
from web.replay.forms import form_then
from web.replay.story import story_of

blueprint = Blueprint("replay", __name__, template_folder="templates")


@blueprint.get("/cases/<instance_id>/replay")
def show(instance_id: str) -> str:
    """The player; `?event=n` is the moment after the instance's n-th event."""
    with database().session() as session:
        instance = require_case(session, person(), instance_id)
        drawn = definition(session, instance.process_definition_id)
        customer = customer_names(session, (instance.business_key,)).get(instance.business_key or "")
    props = {
        "storyUrl": url_for("replay.story", instance_id=instance.id),
        "event": min(max(0, request.args.get("event", 0, type=int)), instance.event_count),
        "locale": locale(),
    }
    return render_template("replay/show.html", instance=instance, drawn=drawn, customer=customer, props=props)


@blueprint.get("/cases/<instance_id>/replay.json")
def story(instance_id: str) -> Response:
    """Everything the player plays, in the reader's language."""
    with database().session() as session:
        instance = require_case(session, person(), instance_id)
        _note(instance)
        content = orjson.dumps(story_of(session, instance, lambda told: orjson.Fragment(orjson.dumps(told))))
    response = Response(content, mimetype="application/json")
    if request.accept_encodings["gzip"]:
        response.set_data(
            gzip.compress(content, compresslevel=1, mtime=0)
        )  # a tenth of a second for 10,000 events, a twentieth of their bytes
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    return response.make_conditional(request)


@blueprint.get("/cases/<instance_id>/replay/verdict")
def verdict(instance_id: str) -> str:
    """The case, done again from its recorded inputs: whether the same comes out, and if not, where it parts."""
    with database().session() as session:
        instance = require_case(session, person(), instance_id)
    note_reading(engine().database, now(), person().id, VERIFICATION, root_id=instance.root_id)
    found = verify(engine(), instance.root_id)
    return render_template("replay/verdict.html", verdict=found)


@blueprint.get("/cases/<instance_id>/replay/<int:number>/form")
def form(instance_id: str, number: int) -> str:
    """The form that was completed by an event, as it looked and with the values entered."""
    with database().session() as session:
        instance = require_case(session, person(), instance_id)
        event = session.scalar(select(Event).where(Event.instance_id == instance.id, Event.sequence == number))
        if event is None or event.type != "UserTaskCompleted":
            raise NotFound("这一步没有完成表单。", "No form was completed at this step.")
        _note(instance, event=number)
        props = form_then(session, instance, event)
    return render_template("replay/form.html", props=props)


@blueprint.get("/cases/<instance_id>/replay/<definition_id>.bpmn")
def diagram(instance_id: str, definition_id: str) -> Response:
    """A version of the process on which the case ran at some time."""
    with database().session() as session:
        instance = require_case(session, person(), instance_id)
        if definition_id not in {found.id for found in _versions(session, instance)}:
            raise NotFound("这个案例没有按这个版本办理过。", "This case never ran on that version.")
        xml = definition(session, definition_id).xml
    response = Response(xml, mimetype="application/xml")
    response.headers["Cache-Control"] = "private, max-age=86400, immutable"  # a version never changes
    return response


def _versions(session: Session, instance: ProcessInstance) -> list[Definition]:
    migrated: list[Any] = queries.migrations_of(session, instance.root_id).get(instance.id, [])
    return [definition(session, name) for name in [*(source for _, source in migrated), instance.process_definition_id]]


def _note(instance: ProcessInstance, **part: int) -> None:
    note_reading(engine().database, now(), person().id, REPLAY, root_id=instance.root_id, instance=instance.id, **part)
