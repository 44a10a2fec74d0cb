"""Trying a draft on the past: finished cases are done again on it, and what came of them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from engine.errors import DeploymentRefused, InvalidInput, NotFound
from engine.history.readings import HINDSIGHT, note_reading
from engine.manuals.parameters import PARAMETERS, read_values
from engine.runtime.hindsight import Asked, chosen, stop_hindsight
from engine.runtime.parameters import current_parameters, given_parameters
from engine.storage.tables import Hindsight, HindsightCase, ProcessInstance, Publication, Resource
from engine.studio.drafts import drafts_of
from engine.studio.hindsights import counts_of, hindsights_of, is_proposed, try_on_past
from engine.studio.hindsights import figures_of as figures_of_diagram
from engine.studio.live import content_of, live_file
from engine.studio.together import live_package, with_drafts
from web.auth.person import Person
from web.current import database, engine, now
from web.language import locale
from web.manuals import values, words
from web.permissions import require_sees_everything
from web.studio.access import open_file, require_studio
from web.studio.hindsight_figures import STATES, Figures, figures_of
from web.studio.library import title_of
from web.studio.routes import blueprint

#: How many cases may be asked for.
CHOICES = (20, 100, 500)
_PAGE_SIZE = 50
_MOST_BATCHES = 20


@blueprint.get("/studio/hindsight/<path:key>")
def hindsight(key: str) -> str:
    """What was tried for a diagram, and the choice of cases to try it on."""
    return _choice(_require_reader(), key)


@blueprint.post("/studio/hindsight/<path:key>")
def begin_hindsight(key: str) -> AnyResponse | tuple[str, int]:
    """Try the person's drafts, or the files of a proposal, on finished cases; it is recorded as reading these."""
    me = _require_reader()
    with database().session() as session:
        proposal = request.form.get("proposal", "")
        files = _proposed(session, proposal) if proposal else drafts_of(session, me.id)
        process_key = _process_of(session, me, key)
    try:
        asked = _asked(process_key)
        batch_id = try_on_past(engine(), key, asked, files, _figure(), actor=me.id)
    except (InvalidInput, DeploymentRefused) as error:
        return _choice(me, key, error.text(locale())), 400
    told = {name: str(value) for name, value in (("since", asked.since), ("until", asked.until)) if value}
    note_reading(database(), now(), me.id, HINDSIGHT, root_id=None, cases=len(chosen(engine(), asked)), process=process_key, **told)
    return redirect(url_for("studio.show_hindsight", batch_id=batch_id))


@blueprint.get("/studio/hindsights/<batch_id>")
def show_hindsight(batch_id: str) -> str:
    """What came of it, on the diagram and case by case; `?state=` and `?element=` choose cases."""
    return render_template("studio/hindsight_result.html", **_view(_require_reader(), batch_id))


@blueprint.get("/studio/hindsights/<batch_id>/progress")
def hindsight_progress(batch_id: str) -> str:
    """The figures and cases alone, for live refresh."""
    return render_template("studio/hindsight_progress.html", **_view(_require_reader(), batch_id))


@blueprint.get("/studio/hindsights/<batch_id>/cases")
def hindsight_cases(batch_id: str) -> str:
    """The cases alone, for a choice on the diagram."""
    return render_template("studio/hindsight_cases.html", **_view(_require_reader(), batch_id))


@blueprint.get("/studio/hindsights/<batch_id>/diagram.bpmn")
def hindsight_diagram(batch_id: str) -> Response:
    """The diagram that was tried."""
    me = _require_reader()
    with database().session() as session:
        batch = _require(session, me, batch_id)
        live = live_file(session, batch.key) if batch.key not in batch.files else None
        xml = content_of(session, live.resource_id) if live is not None else batch.files[batch.key].encode()
    response = make_response(xml)
    response.mimetype = "application/xml"
    return response


@blueprint.post("/studio/hindsights/<batch_id>/cancel")
def cancel_hindsight(batch_id: str) -> AnyResponse:
    """Leave the cases that still wait."""
    me = _require_reader()
    with database().session() as session:
        _require(session, me, batch_id)
    left = stop_hindsight(engine(), batch_id)
    flash(gettext("已停止，%(number)d 个案例没有重演。", number=left), "good")
    return redirect(url_for("studio.show_hindsight", batch_id=batch_id))


def _require_reader() -> Person:
    me = require_studio()
    require_sees_everything(me)
    return me


def _choice(me: Person, key: str, error: str = "") -> str:
    with database().session() as session:
        opened = open_file(session, me, "bpmn", key)
        batches = hindsights_of(session, key, me.id, _MOST_BATCHES)
        ended = select(ProcessInstance.id).where(
            ProcessInstance.process_key == _process_of(session, me, key), ProcessInstance.ended_at.is_not(None)
        )
        return render_template(
            "studio/hindsight.html",
            opened=opened,
            title=title_of(session, engine(), opened.live, key),
            drafts=sorted(drafts_of(session, me.id)),
            batches=batches,
            counts={batch.id: counts_of(session, batch.id) for batch in batches},
            choices=CHOICES,
            figures=figures_of_diagram(with_drafts(live_package(engine(), session), drafts_of(session, me.id)), key, session),
            values=values,
            any_case=session.scalar(ended.limit(1)) is not None,
            error=error,
        )


def _process_of(session: Session, me: Person, key: str) -> str:
    """The process of a diagram whose cases there are: only one that is live has any."""
    opened = open_file(session, me, "bpmn", key)
    return opened.live.definitions[0] if opened.live is not None else key.partition("/")[0]


def _proposed(session: Session, publication_id: str) -> Mapping[str, bytes]:
    query = select(Resource.name, Resource.content).join(Publication, Publication.deployment_id == Resource.deployment_id)
    files = {row.name: bytes(row.content) for row in session.execute(query.where(Publication.id == publication_id))}
    if not files:
        raise NotFound("没有这个发布申请。", "There is no such proposal.")
    return files


def _asked(process_key: str) -> Asked:
    most = request.form.get("most", CHOICES[0], type=int)
    since, until = (_day(request.form.get(name, "")) for name in ("since", "until"))
    if since and until and until < since:
        raise InvalidInput("“到”不能早于“从”。", "The last day is before the first.")
    return Asked(process_key, most if most in CHOICES else CHOICES[0], since, until)


def _figure() -> dict[str, Any]:
    """The parameter that is to be tried with another value, if one is chosen."""
    name = request.form.get("figure", "")
    if not name:
        return {}
    with database().session() as session:
        given = given_parameters(session).get(name)
    if given is None:
        raise NotFound(f"没有参数“{name}”。", f"There is no parameter {name!r}.")
    return {name: values.entered(given.value, request.form)}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidInput(f"“{text}”不是日期。", f"“{text}” is no date.") from None


def _require(session: Session, me: Person, batch_id: str) -> Hindsight:
    batch = session.get(Hindsight, batch_id)
    if batch is None or (batch.created_by != me.id and not is_proposed(session, batch)):
        raise NotFound("没有这次重演。", "There is no such look back.")
    return batch


def _tried_figures(batch: Hindsight) -> list[tuple[str, str]]:
    """The parameters that were tried: what they are called, and their value in words."""
    with database().session() as session:
        known = current_parameters(session)
    found = read_values(batch.files.get(PARAMETERS, "").encode())
    return [(words.title(known[name]), values.shown_value(known[name], value)) for name, value in found.items() if name in known]


def _view(me: Person, batch_id: str) -> dict[str, Any]:
    state, element = request.args.get("state", ""), request.args.get("element", "")
    number = min(max(1, request.args.get("page", 1, type=int)), 10_000)
    with database().session() as session:
        batch = _require(session, me, batch_id)
        query = select(HindsightCase, ProcessInstance.business_key, ProcessInstance.ended_at).join(
            ProcessInstance, ProcessInstance.id == HindsightCase.root_id
        )
        rows = session.execute(query.where(HindsightCase.hindsight_id == batch_id).order_by(HindsightCase.id)).all()
        figures: Figures = figures_of(session, batch, rows)
        live = live_file(session, batch.key)
        title = title_of(session, engine(), live, batch.key)
    lines = figures.lines(state if state in STATES else "", element)
    first = (number - 1) * _PAGE_SIZE
    return {
        "batch": batch,
        "title": title,
        "figures": figures,
        "lines": lines[first : first + _PAGE_SIZE],
        "total": len(lines),
        "number": number,
        "pages": max(1, -(-len(lines) // _PAGE_SIZE)),
        "state": state,
        "element": element,
        "element_name": figures.name(batch.process_key, element) if element else "",
        "props": figures.props(batch),
        "tried_figures": _tried_figures(batch),
    }
