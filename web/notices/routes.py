"""The notices page, and the bell in the page frame."""

from flask import Blueprint, redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy import update
from werkzeug.wrappers import Response

from engine.runtime import publishing
from handlers.notify.tables import Notification
from web.current import database, engine, now, person
from web.notices import queries

blueprint = Blueprint("notices", __name__, template_folder="templates")


@blueprint.app_context_processor
def _bell() -> dict[str, object]:
    """How many notices wait, for the page frame."""

    def unread_notices() -> int:
        if not current_user.is_authenticated:
            return 0
        with database().session() as session:
            return queries.unread(session, person()) + len(publishing.unread(session, person().id))

    return {"unread_notices": unread_notices}


@blueprint.get("/notices")
def index() -> str:
    """The person's notices, newest first."""
    with database().session() as session:
        found = queries.newest(session, person())
        updates = publishing.unread(session, person().id)
    return render_template("notices/index.html", found=found, updates=updates)


@blueprint.post("/notices/read")
def read() -> Response:
    """Mark all notices as seen."""
    with database().transaction() as session:
        session.execute(
            update(Notification).where(Notification.user_id == person().id, Notification.read_at.is_(None)).values(read_at=now())
        )
    return redirect(url_for("notices.index"))


@blueprint.post("/notices/updates/<publication_id>")
def confirm(publication_id: str) -> Response:
    """Confirm that one has read of a change of a procedure (M3-not-1)."""
    publishing.confirm(engine(), publication_id, actor=person().id)
    return redirect(url_for("notices.index"))
