"""The kinds of master data, the list of one kind, and the page of a record."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_login import current_user

from engine.errors import NotFound
from handlers.master_data.description import Kind
from handlers.master_data.kinds import KINDS
from handlers.master_data.links import Reference
from handlers.master_data.looks import note_looks
from handlers.master_data.reading import Reading, options
from handlers.master_data.records import fingerprint, page, plain, plain_values, row_of
from web.current import database, engine, person
from web.language import locale
from web.master_data.access import creatable, editable, may_audit, may_edit, may_read, readable
from web.master_data.fields import fields, reading_of
from web.master_data.trail import history

blueprint = Blueprint("master_data", __name__, template_folder="templates")


@blueprint.app_context_processor
def _frame() -> dict[str, object]:
    """Whether the page frame leads here."""
    return {"reads_master_data": lambda: current_user.is_authenticated and any(may_read(person(), kind) for kind in KINDS.values())}


@blueprint.get("/data")
def index() -> str:
    """The kinds that the person may read."""
    me = person()
    kinds = [kind for kind in KINDS.values() if may_read(me, kind)]
    if not kinds:
        raise NotFound("没有这个页面，或者您无权查看。", "There is no such page, or you may not see it.")
    return render_template(
        "master_data/index.html", kinds=kinds, keeps={kind.name for kind in kinds if may_edit(me, kind)}, audits=may_audit(me)
    )


@blueprint.get("/data/<kind_name>")
def rows(kind_name: str) -> str:
    """The records of a kind."""
    kind, text = readable(kind_name), request.args.get("q", "").strip()[:100]
    with database().session() as session:
        reading = reading_of(session)
        found = page(reading, kind, text, max(1, request.args.get("page", 1, type=int)))
        columns = [item for item in kind.columns if item.listed]
        shown = [
            (
                address(reading, kind, row),
                ["" if (value := getattr(row, item.name)) is None else item.type.show(value, reading) for item in columns],
            )
            for row in found.rows
        ]
    note_looks(engine(), kind, found.rows, "listed", person().id)
    return render_template(
        "master_data/list.html",
        kind=kind,
        text=text,
        found=found,
        columns=columns,
        rows=shown,
        locale_code=locale(),
        keeps=may_edit(person(), kind),
    )


@blueprint.get("/data/<kind_name>/new")
def new(kind_name: str) -> str:
    """The form of a record that is not there yet; the address may fill fields in."""
    kind = creatable(kind_name)
    with database().session() as session:
        reading = reading_of(session)
        texts = {item.name: request.args.get(item.name, "")[:255] for item in kind.columns}
        return record_page(kind, fields(reading, kind, texts))


@blueprint.get("/data/<kind_name>/record")
def record(kind_name: str) -> str:
    """One record; its key is in the address."""
    kind = readable(kind_name)
    with database().session() as session:
        reading = reading_of(session)
        row = row_of(reading, kind, request.args)
        body = existing_page(reading, kind, row, plain_values(reading, kind, row))
    note_looks(engine(), kind, [row], "opened", person().id)
    return body


@blueprint.get("/data/<kind_name>/options/<column>")
def suggestions(kind_name: str, column: str) -> str:
    """What a typed text of a reference may mean, for the list under the field."""
    kind = editable(kind_name)
    item, text = kind.by_name.get(column), request.args.get(column, "").strip()[:100]
    if item is None or not isinstance(item.type, Reference) or len(text) < 2:
        return ""
    with database().session() as session:
        found = options(reading_of(session), item.type.target, text, most=10)
    return render_template("master_data/options.html", found=found)


def existing_page(reading: Reading, kind: Kind, row: Any, texts: Mapping[str, str], **more: Any) -> str:
    """The page of a record that is there, with its history.

    Args:
        reading: for whom.
        kind: of which master data.
        row: the record.
        texts: what its fields hold: the record's own, or what was typed.
        more: faults, and what stands there when somebody else changed it.
    """
    stands = plain_values(reading, kind, row)
    shown = fields(reading, kind, {**stands, **texts}, more.get("faults"), stands if more.get("conflict") else None)
    return record_page(
        kind,
        shown,
        row=row,
        title=stands[kind.title.name],
        here=address(reading, kind, row),
        version=fingerprint(stands),
        trail=history(reading, kind, row),
        related=[
            (KINDS[other], plain(reading, kind.key[0], getattr(row, kind.key[0].name)))
            for other in kind.related
            if may_read(person(), KINDS[other])
        ],
        conflict=more.get("conflict"),
    )


def record_page(kind: Kind, shown: list[Any], **view: Any) -> str:
    """The page of a record, new or there."""
    return render_template(
        "master_data/record.html", kind=kind, fields=shown, keeps=may_edit(person(), kind), reason=request.form.get("reason", ""), **view
    )


def address(reading: Reading, kind: Kind, row: Any) -> str:
    """Where the page of a record is."""
    key: dict[str, Any] = {item.name: plain(reading, item, getattr(row, item.name)) for item in kind.key}
    return url_for("master_data.record", kind_name=kind.name, **key)
