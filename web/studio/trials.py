"""Trying a draft: its process's scenarios are played, and what they covered is drawn on the diagram."""

from typing import Any

from flask import redirect, render_template, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine.diagrams.reader import read_diagram
from engine.errors import NotFound, OpsbookError
from engine.storage.tables import DraftRevision, Trial
from engine.studio import trials
from engine.studio.live import content_of, live_file
from web.auth.person import Person
from web.current import database, engine
from web.language import locale
from web.studio.access import open_file, require_studio
from web.studio.routes import blueprint


@blueprint.post("/studio/trials/<kind>/<path:key>")
def begin_trial(kind: str, key: str) -> Response:
    """Play all scenarios of the diagram's process on the person's drafts."""
    me = require_studio()
    with database().session() as session:
        open_file(session, me, kind, key)
    return redirect(url_for("studio.trial", trial_id=trials.begin_trial(engine(), key, actor=me.id)))


@blueprint.get("/studio/trial/<trial_id>")
def trial(trial_id: str) -> str:
    """One trial: how far it is, what went wrong, and what was covered."""
    me = require_studio()
    with database().session() as session:
        found = _own(session, me, trial_id)
        props = _diagram(session, found) if found.coverage else None
    return render_template("studio/trial.html", trial=found, lost=trials.is_lost(found), props=props)


@blueprint.get("/studio/trial/<trial_id>/progress")
def trial_progress(trial_id: str) -> str:
    """The same without the diagram, for live refresh."""
    me = require_studio()
    with database().session() as session:
        found = _own(session, me, trial_id)
    return render_template("studio/trial_progress.html", trial=found, lost=trials.is_lost(found))


def _own(session: Session, me: Person, trial_id: str) -> Trial:
    found = session.get(Trial, trial_id)
    if found is None or found.user_id != me.id:
        raise NotFound("没有这次试运行。", "There is no such trial.")
    return found


def _diagram(session: Session, found: Trial) -> dict[str, Any] | None:
    """The diagram that was tried, flows that scenarios passed drawn in; None when it is not kept any more."""
    content = _tried(session, found)
    if content is None:
        return None
    missed = {item["id"] for process in found.coverage for part in process["parts"] if part["kind"] == "flows" for item in part["missed"]}
    flows: dict[str, int] = {}
    try:
        for process in read_diagram(content).processes:
            flows |= {flow: int(flow not in missed) for flow in process.flows}
    except OpsbookError:
        return None
    return {"xml": content.decode(), "flowsTaken": flows, "locale": locale(), "labels": {}}


def _tried(session: Session, found: Trial) -> bytes | None:
    if found.key not in found.drafts:
        live = live_file(session, found.key)
        return content_of(session, live.resource_id) if live is not None else None
    query = select(DraftRevision.content).where(
        DraftRevision.key == found.key, DraftRevision.user_id == found.user_id, DraftRevision.revision == found.drafts[found.key]
    )
    return session.scalars(query.where(~DraftRevision.refused)).one_or_none()
