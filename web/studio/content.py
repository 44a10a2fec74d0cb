"""What the modelers load and save by themselves, and what they let an owner choose from."""

from http import HTTPStatus
from typing import Any

from flask import Response, jsonify, make_response, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge

from engine.errors import InvalidInput
from engine.storage.tables import Resource
from engine.studio.choices import choices
from engine.studio.drafts import DraftConflict, Saved, content_of_draft, drafts_of, save_draft
from engine.studio.live import content_of
from engine.studio.templates import element_templates
from engine.studio.together import live_package, with_drafts
from web.current import database, engine
from web.language import locale
from web.studio.access import MOST_BYTES, Opened, open_file, require_may_edit, require_studio
from web.studio.routes import blueprint

MEDIA_TYPES = {"bpmn": "application/xml", "dmn": "application/xml", "form": "application/json"}


@blueprint.get("/studio/content/<kind>/<path:key>")
def content(kind: str, key: str) -> Response:
    """The person's draft of a file, or what it is begun from; the tag is the revision."""
    me = require_studio()
    with database().session() as session:
        opened = open_file(session, me, kind, key)
        body = standing_content(session, opened)
    answer = make_response(body)
    answer.mimetype = MEDIA_TYPES[kind]
    answer.set_etag(str(opened.draft.revision if opened.draft is not None else 0))
    return answer


@blueprint.put("/studio/content/<kind>/<path:key>")
def save(kind: str, key: str) -> Response | tuple[Response, int]:
    """Save the draft; a second tab that saved before is not overwritten, and what is refused is kept."""
    me = require_studio()
    seen, body = _seen_revision(), sent_content()
    with database().session() as session:
        opened = open_file(session, me, kind, key)
        require_may_edit(session, me, key)
        base = _base_of(session, opened)
    if seen is None:
        zh, en = "保存时要用 If-Match 说明是在哪个修订上改的。", "Say by If-Match which revision was changed."
        return jsonify(message={"zh": zh, "en": en}), HTTPStatus.PRECONDITION_REQUIRED
    try:
        saved = save_draft(engine(), opened.kind, key, body, actor=me.id, seen=seen, base_resource_id=base)
    except DraftConflict as conflict:
        kept = url_for("studio.revision", revision_id=conflict.copy_id)
        return jsonify(message={"zh": conflict.zh, "en": conflict.en}, revision=conflict.revision, copyUrl=kept), HTTPStatus.CONFLICT
    return answer_saved(saved)


@blueprint.get("/studio/choices/<kind>/<path:key>")
def choose(kind: str, key: str) -> Response:
    """Everything that may be chosen while editing the file."""
    me = require_studio()
    with database().session() as session:
        open_file(session, me, kind, key)
        drafts = drafts_of(session, me.id)
        package = with_drafts(live_package(engine(), session), drafts)
        found = choices(engine(), session, package, key, drafts)
    return _tagged(jsonify(found))


@blueprint.get("/studio/element-templates")
def templates() -> Response:
    """Element templates of all handlers."""
    require_studio()
    with database().session() as session:
        found = element_templates(engine(), live_package(engine(), session), locale())
    return _tagged(jsonify(found))


def standing_content(session: Session, opened: Opened) -> bytes:
    """The person's draft; without one the live file that their page was made of."""
    if opened.draft is not None:
        return content_of_draft(session, opened.draft)
    return content_of(session, _base_of(session, opened) or "")


def sent_content() -> bytes:
    """The body of the request.

    Raises:
        RequestEntityTooLarge: it is longer than a file may be.
        InvalidInput: there is none.
    """
    if (request.content_length or 0) > MOST_BYTES:
        raise RequestEntityTooLarge
    body = request.get_data(cache=False)
    if not body:
        raise InvalidInput("没有内容。", "There is no content.")
    return body


def answer_saved(saved: Saved) -> Response:
    """Where the draft stands now."""
    answer = jsonify(revision=saved.revision, savedAt=saved.saved_at.isoformat())
    answer.set_etag(str(saved.revision))
    return answer


def _base_of(session: Session, opened: Opened) -> str | None:
    """The file that the page was made of, so that a draft begun from it knows when something else went live meanwhile."""
    if opened.live is None:
        return None
    named = session.get(Resource, request.args.get("base", ""))
    return named.id if named is not None and named.name == opened.key else opened.live.resource_id


def _seen_revision() -> int | None:
    text = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    return int(text) if text.isdigit() else None


def _tagged(answer: Any) -> Response:
    answer.add_etag()
    response: Response = answer.make_conditional(request)
    return response
