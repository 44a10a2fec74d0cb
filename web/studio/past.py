"""What a file was: its live versions with the way back, what was done to it, and the person's own saved states."""

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine.errors import DeploymentRefused, InvalidInput
from engine.studio.changes import changes_of
from engine.studio.drafts import revisions_of
from engine.studio.names import names_of
from engine.studio.past import live_versions, propose_again
from engine.studio.together import live_package
from web.auth.person import Person
from web.current import database, engine
from web.directory import people_names
from web.language import locale
from web.studio.access import open_file, require_may_edit, require_studio
from web.studio.library import title_of
from web.studio.routes import blueprint


@blueprint.get("/studio/past/<kind>/<path:key>")
def past(kind: str, key: str) -> str:
    """The history of a file."""
    me = require_studio()
    with database().session() as session:
        return _page(session, me, kind, key)


@blueprint.post("/studio/past/<kind>/<path:key>/<resource_id>")
def again(kind: str, key: str, resource_id: str) -> Response | tuple[str, int]:
    """Propose an earlier version again."""
    me = require_studio()
    with database().session() as session:
        opened = open_file(session, me, kind, key)
        require_may_edit(session, me, key)
        title = title_of(session, engine(), opened.live, key)
        names = names_of(engine(), session, live_package(engine(), session))
    try:
        made = propose_again(engine(), key, resource_id, title=title, note=request.form.get("note", ""), actor=me.id, names=names)
    except (InvalidInput, DeploymentRefused) as error:
        with database().session() as session:
            return _page(session, me, kind, key, error.text(locale())), 400
    return redirect(url_for("studio.proposal", publication_id=made))


def _page(session: Session, me: Person, kind: str, key: str, error: str = "") -> str:
    opened = open_file(session, me, kind, key)
    deployed, done = live_versions(session, key), changes_of(session, key)
    names = people_names(session, [*(item.deployed_by for item in deployed), *(item.user_id for item in done)])
    return render_template(
        "studio/past.html",
        opened=opened,
        title=title_of(session, engine(), opened.live, key),
        deployed=deployed,
        done=done,
        revisions=revisions_of(session, key, me.id),
        names=names,
        error=error,
    )
