"""The operator's pages: what went wrong, why, and a retry that says honestly whether it helped."""

from threading import Event
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine.errors import InvalidInput, NotFound, OpsbookError
from engine.runtime import incidents
from web.auth.person import Person
from web.current import database, engine, person
from web.definitions import definition
from web.directory import people_names
from web.incidents import queries
from web.incidents.queries import PAGE_SIZE, Found
from web.permissions import require_admin

blueprint = Blueprint("incidents", __name__, template_folder="templates")

_MOST_RETRIED = 100
#: How long to wait for the executor, in seconds, and how often to look.
_PATIENCE_S = 3.0
_LOOK_EVERY_S = 0.1


@blueprint.get("/incidents")
def index() -> str:
    """Open incidents, or those resolved."""
    _require_reader(person())
    state = "resolved" if request.args.get("state") == "resolved" else "open"
    number = min(max(1, request.args.get("page", 1, type=int)), 100_000)
    with database().session() as session:
        found, total = queries.page(session, state, number)
        places = {item.incident.id: _place(session, item) for item in found}
        names = people_names(session, (item.incident.resolved_by for item in found))
    pages = max(1, -(-total // PAGE_SIZE))
    return render_template(
        "incidents/index.html", found=found, places=places, names=names, state=state, page=number, pages=pages, total=total
    )


@blueprint.get("/incidents/<incident_id>")
def show(incident_id: str) -> str:
    """One incident with its cause and technical detail."""
    _require_reader(person())
    with database().session() as session:
        found = queries.find(session, incident_id)
        place = _place(session, found)
        names = people_names(session, [found.incident.resolved_by])
    return render_template("incidents/show.html", found=found, place=place, names=names)


@blueprint.post("/incidents/<incident_id>/retry")
def retry(incident_id: str) -> Response:
    """Try the work again; the incident is resolved only when it succeeded."""
    require_admin(person())
    with database().session() as session:
        queries.find(session, incident_id)
    if _retry(incident_id):
        flash(gettext("重试成功，异常已解决。"), "good")
        return redirect(url_for("incidents.index"))
    flash(gettext("还没有成功，异常保留。稍后可再看结果。"), "bad")
    return redirect(url_for("incidents.show", incident_id=incident_id))


@blueprint.post("/incidents/retry")
def retry_all() -> Response:
    """Retry the ticked incidents, each on its own."""
    require_admin(person())
    chosen = list(dict.fromkeys(request.form.getlist("incident")))
    if not chosen or len(chosen) > _MOST_RETRIED:
        raise InvalidInput(f"请勾选 1–{_MOST_RETRIED} 个异常。", f"Tick 1–{_MOST_RETRIED} incidents.")
    with database().session() as session:
        still_open = queries.open_ids(session, chosen)
    solved = sum(_retry(incident_id) for incident_id in still_open)
    failed = len(still_open) - solved
    if solved:
        flash(ngettext("%(num)d 个异常已解决。", "%(num)d 个异常已解决。", solved), "good")
    if failed:
        flash(ngettext("%(num)d 个重试没有成功。", "%(num)d 个重试没有成功。", failed), "bad")
    return redirect(url_for("incidents.index"))


def _retry(incident_id: str) -> bool:
    """Whether the work succeeded; the executor does it, so look for a while."""
    try:
        incidents.resolve(engine(), incident_id, person().id)
    except OpsbookError:
        return False
    pause = Event()
    for _ in range(int(_PATIENCE_S / _LOOK_EVERY_S)):
        with database().session() as session:
            found = queries.find(session, incident_id)
        if found.incident.state == "resolved":
            return True
        if found.job is None or found.job.state == "failed":
            return False
        pause.wait(_LOOK_EVERY_S)
    return False


def _place(session: Session, found: Found) -> dict[str, Any]:
    """Where it happened, in words."""
    if found.instance is None:
        return {"process": "", "element": found.incident.element_id or ""}
    drawn = definition(session, found.instance.process_definition_id)
    return {"process": drawn.title, "element": drawn.element_title(found.incident.element_id)}


def _require_reader(reader: Person) -> None:
    if not reader.sees_everything:
        raise NotFound("没有这个页面，或者您无权查看。", "There is no such page, or you may not see it.")
