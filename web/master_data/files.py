"""Master data as files: exported, and imported after a preview."""

from io import BytesIO
from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine.errors import ChangedMeanwhile, InvalidInput, NotFound
from handlers.master_data.description import Change
from handlers.master_data.imports import confirm, keep, own, preview
from handlers.master_data.looks import note_looks
from handlers.master_data.planning import OUTCOMES
from handlers.master_data.records import everything, shown
from handlers.master_data.reports import OUTCOME_WORDS, report_head, report_rows
from handlers.master_data.sheets.columns import cells, head
from handlers.master_data.sheets.writing import CSV, EXCEL, csv_file, excel_file
from handlers.master_data.types import Cell
from web.current import database, engine, now, office_zone, person
from web.language import locale
from web.master_data.access import editable, readable
from web.master_data.fields import reading_of
from web.master_data.routes import blueprint

#: Rows of a preview on one page; the report has all.
_SHOWN = 100


@blueprint.get("/data/<kind_name>/export.<form>")
def export(kind_name: str, form: str) -> Response:
    """All records that contain the searched text, as Excel or CSV; `blank` gives the heads alone."""
    kind, text = readable(kind_name), request.args.get("q", "").strip()[:100]
    with database().session() as session:
        reading = reading_of(session)
        found = [] if "blank" in request.args else everything(reading, kind, text)
        table = [cells(reading, kind, row) for row in found]
        heads = head(reading, kind)
    note_looks(engine(), kind, found, "exported", person().id)
    return _file(form, kind.label(locale()), heads, table)


@blueprint.get("/data/<kind_name>/import")
def upload_page(kind_name: str) -> str:
    """Where a file is chosen."""
    return render_template("master_data/upload.html", kind=editable(kind_name))


@blueprint.post("/data/<kind_name>/import")
def upload(kind_name: str) -> Response | tuple[str, int]:
    """Keep a file and show what it would do."""
    kind, file = editable(kind_name), request.files.get("file")
    try:
        if file is None or not file.filename:
            raise InvalidInput("请选择一个文件。", "Choose a file.")  # noqa: TRY301 -- said like every other fault of the file
        content = file.read()
        with database().transaction() as session:
            kept = keep(reading_of(session), kind, _change(session), file.filename, content)
    except InvalidInput as error:
        return render_template("master_data/upload.html", kind=kind, error=error.text(locale())), 422
    return redirect(url_for("master_data.import_preview", kind_name=kind.name, import_id=kept))


@blueprint.get("/data/<kind_name>/import/<import_id>")
def import_preview(kind_name: str, import_id: str) -> str:
    """What a file would do, row by row; or that it is done."""
    kind = editable(kind_name)
    with database().session() as session:
        reading = reading_of(session)
        kept = own(reading, kind, import_id, person().id)
        if kept.done:
            return render_template("master_data/imported.html", kind=kind, kept=kept, words=_words())
        found = preview(reading, kind, kept)
        wanted = request.args.get("outcome")
        listed = [item for item in found.plans if wanted in (None, item.outcome)]
        body = render_template(
            "master_data/preview.html",
            kind=kind,
            kept=kept,
            found=found,
            wanted=wanted,
            listed=sorted(listed, key=lambda item: (OUTCOMES.index(item.outcome), item.line.number))[:_SHOWN],
            more=max(0, len(listed) - _SHOWN),
            words=_words(),
            label=lambda item: item.label(reading.locale),
            say=lambda problem: reading.say(problem.zh, problem.en),
            shown=lambda item, text: shown(reading, item, text),
        )
    note_looks(engine(), kind, [item.row for item in found.plans if item.row is not None], "listed", person().id)
    return body


@blueprint.post("/data/<kind_name>/import/<import_id>")
def carry_out_import(kind_name: str, import_id: str) -> Response:
    """Write what the preview showed: all of it, or nothing."""
    kind = editable(kind_name)
    target = url_for("master_data.import_preview", kind_name=kind.name, import_id=import_id)
    try:
        with database().transaction() as session:
            confirm(reading_of(session), kind, _change(session), import_id, request.form.get("seen", ""))
    except ChangedMeanwhile as error:
        flash(error.text(locale()), "warn")
        return redirect(target)
    if kind.stored:
        kind.stored(engine())
    return redirect(target)


@blueprint.get("/data/<kind_name>/import/<import_id>/report.<form>")
def report(kind_name: str, import_id: str, form: str) -> Response:
    """The preview as a file, every row of it."""
    kind = editable(kind_name)
    with database().session() as session:
        reading = reading_of(session)
        kept = own(reading, kind, import_id, person().id)
        table = report_rows(reading, preview(reading, kind, kept))
        return _file(form, gettext("导入报告 %(kind)s", kind=kind.label(locale())), report_head(reading), table)


def _change(session: Session) -> Change:
    return Change(engine(), session, person().id, request.form.get("reason", "").strip()[:500] or None)


def _words() -> dict[Any, str]:
    return {outcome: OUTCOME_WORDS[outcome][locale() == "en"] for outcome in OUTCOMES}


def _file(form: str, title: str, heads: list[str], table: list[list[Cell]]) -> Response:
    if form not in ("xlsx", "csv"):
        raise NotFound("没有这种格式。", "There is no such format.")
    content = excel_file(title, heads, table) if form == "xlsx" else csv_file(heads, table)
    day = now().astimezone(office_zone()).date()
    return send_file(BytesIO(content), mimetype=EXCEL if form == "xlsx" else CSV, as_attachment=True, download_name=f"{title} {day}.{form}")
