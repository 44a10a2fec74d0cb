"""Earlier states of a person's own draft."""

from flask import Response, flash, jsonify, make_response, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from engine.studio.drafts import discard_draft, own_revision, restore_revision, revisions_of
from web.current import database, engine
from web.studio.access import open_file, require_may_edit, require_studio
from web.studio.content import MEDIA_TYPES, answer_saved
from web.studio.routes import blueprint


@blueprint.get("/studio/history/<kind>/<path:key>")
def history(kind: str, key: str) -> Response:
    """What is kept of the person's work on a file, the newest first."""
    me = require_studio()
    with database().session() as session:
        open_file(session, me, kind, key)
        found = revisions_of(session, key, me.id)
    return jsonify(
        revisions=[
            {
                "revision": item.revision,
                "savedAt": item.saved_at.isoformat(),
                "user": item.user_id,
                "label": "refused" if item.refused else item.source,
                "contentUrl": url_for("studio.revision", revision_id=item.id),
                "restoreUrl": url_for("studio.restore", revision_id=item.id),
            }
            for item in found
        ]
    )


@blueprint.get("/studio/revisions/<revision_id>")
def revision(revision_id: str) -> Response:
    """One kept state."""
    me = require_studio()
    with database().session() as session:
        found = own_revision(session, revision_id, me.id)
    answer = make_response(found.content)
    answer.mimetype = MEDIA_TYPES[found.kind]
    return answer


@blueprint.post("/studio/revisions/<revision_id>/restore")
def restore(revision_id: str) -> BaseResponse:
    """Make it the newest one again; a page leads on to the editor."""
    me = require_studio()
    with database().session() as session:
        found = own_revision(session, revision_id, me.id)
        require_may_edit(session, me, found.key)
    saved = restore_revision(engine(), revision_id, actor=me.id)
    return redirect(url_for("studio.edit", kind=found.kind, key=found.key)) if "page" in request.form else answer_saved(saved)


@blueprint.post("/studio/discard/<kind>/<path:key>")
def discard(kind: str, key: str) -> BaseResponse:
    """Give the draft up; its states are kept for a while."""
    me = require_studio()
    with database().session() as session:
        open_file(session, me, kind, key)
    discard_draft(engine(), key, actor=me.id)
    flash(gettext("草稿已放弃；需要时可从历史中恢复。"), "good")
    return redirect(url_for("studio.index", kind=kind))
