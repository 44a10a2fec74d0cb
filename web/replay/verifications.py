"""核验: replaying all finished cases of a period in the background, and what was found."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine.errors import NotFound
from engine.history.readings import VERIFICATION, note_reading
from engine.runtime import replaying
from engine.storage.tables import ProcessInstance, Verification, VerificationItem
from web.cases.queries import known_processes
from web.current import database, engine, now, person
from web.definitions import definition
from web.directory import people_names
from web.master_data.access import require_auditor
from web.replay.period import asked, told
from web.replay.routes import blueprint

_MOST_BATCHES = 50
#: How many cases a page lists; what was found differing comes first.
_PAGE_SIZE = 100
_STATES = ("different", "failed", "waiting", "same", "cancelled")


@blueprint.get("/verifications")
def verifications() -> str:
    """What was verified, newest first, and the choice of what to verify."""
    require_auditor()
    with database().session() as session:
        processes = {key: definition(session, newest).title for key, newest in known_processes(session).items()}
        batches = session.scalars(select(Verification).order_by(Verification.created_at.desc()).limit(_MOST_BATCHES)).all()
        view = {
            "processes": dict(sorted(processes.items(), key=lambda item: item[1])),
            "counts": {batch.id: _counts(session, batch.id) for batch in batches},
            "names": people_names(session, (batch.created_by for batch in batches)),
        }
    return render_template("replay/verifications.html", batches=batches, **view)


@blueprint.post("/verifications")
def start_verification() -> Response:
    """Begin it in the background; it is recorded as reading these cases."""
    require_auditor()
    me, wanted = person(), asked(request.form)
    batch_id = replaying.start_verification(engine(), wanted, me.id)
    with database().session() as session:
        cases = _counts(session, batch_id)["all"]
    note_reading(engine().database, now(), me.id, VERIFICATION, root_id=None, cases=cases, **told(wanted))
    flash(gettext("核验已开始，在后台进行，可以离开这一页。"), "good")
    return redirect(url_for("replay.show_verification", batch_id=batch_id))


@blueprint.get("/verifications/<batch_id>")
def show_verification(batch_id: str) -> str:
    """How far a batch is, and what was found in each case."""
    require_auditor()
    return render_template("replay/verification.html", **_batch(batch_id))


@blueprint.get("/verifications/<batch_id>/progress")
def verification_progress(batch_id: str) -> str:
    """The same alone, for live refresh."""
    require_auditor()
    return render_template("replay/findings.html", **_batch(batch_id))


@blueprint.post("/verifications/<batch_id>/cancel")
def stop_verification(batch_id: str) -> Response:
    """Leave the cases that still wait."""
    require_auditor()
    left = replaying.cancel_verification(engine(), batch_id)
    flash(gettext("已停止，%(number)d 个案例没有核验。", number=left), "good")
    return redirect(url_for("replay.show_verification", batch_id=batch_id))


def _batch(batch_id: str) -> dict[str, Any]:
    state = request.args.get("state", "")
    number = min(max(1, request.args.get("page", 1, type=int)), 10_000)
    urgency = case({name: place for place, name in enumerate(_STATES)}, value=VerificationItem.state)
    query = (
        select(VerificationItem, ProcessInstance.business_key, ProcessInstance.process_definition_id)
        .join(ProcessInstance, ProcessInstance.id == VerificationItem.root_id)
        .where(VerificationItem.verification_id == batch_id)
        .order_by(urgency, VerificationItem.id)
    )
    if state in _STATES:
        query = query.where(VerificationItem.state == state)
    with database().session() as session:
        batch = session.get(Verification, batch_id)
        if batch is None:
            raise NotFound("没有这次核验。", "There is no such verification.")
        found = session.execute(query.limit(_PAGE_SIZE + 1).offset((number - 1) * _PAGE_SIZE)).all()
        return {
            "batch": batch,
            "state": state,
            "number": number,
            "more": len(found) > _PAGE_SIZE,
            "items": [(item, key, definition(session, name).title) for item, key, name in found[:_PAGE_SIZE]],
            "counts": _counts(session, batch_id),
            "names": people_names(session, [batch.created_by]),
            "process": _title(session, batch.process_key),
        }


def _counts(session: Session, batch_id: str) -> dict[str, int]:
    query = select(VerificationItem.state, func.count()).where(VerificationItem.verification_id == batch_id)
    counts: dict[str, int] = {row[0]: row[1] for row in session.execute(query.group_by(VerificationItem.state))}
    return counts | {"all": sum(counts.values())}


def _title(session: Session, process_key: str | None) -> str | None:
    newest = known_processes(session).get(process_key or "")
    return definition(session, newest).title if newest else process_key
