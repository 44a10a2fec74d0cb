"""Downloads of histories, for auditors; and what has been read by whom."""

import re
from typing import Any

from flask import Blueprint, jsonify, render_template, request
from sqlalchemy import ColumnElement, and_, select
from werkzeug.wrappers import Response

from engine.errors import InvalidInput, NotFound
from engine.storage.tables import HistoryReading, ProcessInstance
from web.cases.queries import matching
from web.cases.routes import asked_filter
from web.current import database, engine, now, office_zone, person
from web.directory import people_names
from web.exports import runs
from web.exports.export import FORMATS, Export, told
from web.master_data.access import require_auditor
from web.permissions import require_case, visible_cases

blueprint = Blueprint("exports", __name__, template_folder="templates", url_prefix="/exports")

#: Lines on one page.
_PAGE_SIZE = 50
_RUN_ID = re.compile("[0-9a-f]{32}")


@blueprint.get("/cases")
def cases() -> Response:
    """The cases of the list, as filtered there; `form` is the format."""
    require_auditor()
    wanted = asked_filter()
    return download(None, [visible_cases(person()), *matching(wanted, office_zone())], told(wanted))


@blueprint.get("/cases/<instance_id>")
def case(instance_id: str) -> Response:
    """One case with all that it called."""
    require_auditor()
    with database().session() as session:
        root_id = require_case(session, person(), instance_id).root_id
    return download(root_id, [ProcessInstance.id == root_id], {})


@blueprint.get("/readings")
def readings() -> str:
    """Who played, verified or exported which cases, newest first."""
    require_auditor()
    number = min(max(1, request.args.get("page", 1, type=int)), 10_000)
    who = request.args.get("who", "").strip()[:100]
    query = select(HistoryReading, ProcessInstance.business_key).outerjoin(ProcessInstance, ProcessInstance.id == HistoryReading.root_id)
    if who:
        query = query.where(HistoryReading.user_id == who)
    newest = query.order_by(HistoryReading.read_at.desc(), HistoryReading.id.desc())
    with database().session() as session:
        found = session.execute(newest.limit(_PAGE_SIZE + 1).offset((number - 1) * _PAGE_SIZE)).all()
        names = people_names(session, (reading.user_id for reading, _ in found))
    return render_template(
        "exports/readings.html", found=found[:_PAGE_SIZE], more=len(found) > _PAGE_SIZE, number=number, who=who, names=names
    )


@blueprint.get("/runs/<run_id>")
def run(run_id: str) -> Response:
    """How far a download of one's own is."""
    require_auditor()
    with database().session() as session:
        found = runs.own(session, run_id, person().id)
    return jsonify(state=found.state, cases=found.cases, done=found.done, bytes=found.bytes)


@blueprint.post("/runs/<run_id>/cancel")
def cancel_run(run_id: str) -> Response:
    """Stop a download of one's own."""
    require_auditor()
    runs.cancel(engine(), run_id, person().id)
    return Response(status=204)


def download(root_id: str | None, wanted: list[ColumnElement[bool]], asked: dict[str, Any]) -> Response:
    """The histories of cases as the format that the address names in `form`; who takes them is recorded first.

    With an id of the page's choice in `run` the page can ask how far it is.

    Args:
        root_id: the case, when it is one.
        wanted: conditions on the root instance.
        asked: what was asked for, for the record.

    Raises:
        NotFound, InvalidInput: there is no such format; `run` is no id.
    """
    form = request.args.get("form", "")
    if form not in FORMATS:
        raise NotFound("没有这种格式。", "There is no such format.")
    run_id = request.args.get("run")
    if run_id is not None and not _RUN_ID.fullmatch(run_id):
        raise InvalidInput("导出的编号不对。", "This is no id of an export.")
    export = Export(engine(), form, and_(*wanted), root_id, asked, pseudonymise="pseudonymise" in request.args)
    blocks = export.blocks() if run_id is None else runs.followed(export, run_id)
    cases = export.record(person().id)
    if run_id is not None:
        runs.begin(engine(), run_id, person().id, cases)
    day = now().astimezone(office_zone()).date()
    response = Response(blocks, content_type=FORMATS[form].media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="opsbook-{root_id or "cases"}-{day}.{FORMATS[form].suffix}"'
    response.headers["Cache-Control"] = "no-store"
    return response
