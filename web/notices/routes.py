"""The notices page, and the bell in the page frame."""

from flask import Blueprint, redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy import update
from werkzeug.wrappers import Response

from handlers.notify.tables import Notification
from web.current import database, now, person
from web.notices import queries

blueprint = Blueprint("notices", __name__, template_folder="templates")


@blueprint.app_context_processor
def _bell() -> dict[str, object]:
    """How many notices wait, for the page frame."""

    def unread_notices() -> int:
        if not current_user.is_authenticated:
            return 0
        with database().session() as session:
            return queries.unread(session, person())

    return {"unread_notices": unread_notices}


@blueprint.get("/notices")
def index() -> str:
    """The person's notices, newest first."""
    with database().session() as session:
        found = queries.newest(session, person())
    return render_template("notices/index.html", found=found)


@blueprint.post("/notices/read")
def read() -> Response:
    """Mark all notices as seen."""
    with database().transaction() as session:
        session.execute(
            update(Notification).where(Notification.user_id == person().id, Notification.read_at.is_(None)).values(read_at=now())
        )
    return redirect(url_for("notices.index"))
