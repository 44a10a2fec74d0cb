"""Adding, changing and removing a record."""

from collections.abc import Mapping

from flask import flash, redirect, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine.errors import Conflict
from handlers.master_data.changing import carry_out, remove
from handlers.master_data.description import Change, Kind
from handlers.master_data.planning import Line, RowPlan, plan
from handlers.master_data.reading import Reading
from handlers.master_data.records import fingerprint, plain_values, row_of
from handlers.numbers import daily_number
from handlers.outside import outside_of_cases
from web.current import database, engine, person
from web.master_data.access import creatable, editable
from web.master_data.fields import fields, reading_of, submitted
from web.master_data.routes import address, blueprint, existing_page, record_page

#: Longest reason, in characters.
_REASON = 500

Answer = Response | tuple[str, int]


@blueprint.post("/data/<kind_name>/new")
def create(kind_name: str) -> Answer:
    """Add a record."""
    kind = creatable(kind_name)
    texts = submitted(kind, new=True)
    with database().transaction() as session:
        reading = reading_of(session)
        [planned] = plan(reading, kind, [Line(1, texts)], "new")
        if planned.faults or _lacks_reason(kind):
            return record_page(kind, fields(reading, kind, texts, planned.faults), lacks_reason=_lacks_reason(kind)), 422
        target = _write(reading, kind, planned)
    return _saved(kind, target)


@blueprint.post("/data/<kind_name>/record")
def save(kind_name: str) -> Answer:
    """Change a record, unless somebody else did since it was opened."""
    kind = editable(kind_name)
    texts = submitted(kind, new=False)
    with database().transaction() as session:
        reading = reading_of(session)
        row = row_of(reading, kind, request.args, for_update=True)
        stands = plain_values(reading, kind, row)
        if request.form.get("version") != fingerprint(stands):
            return existing_page(reading, kind, row, texts, conflict=True), 409
        [planned] = plan(reading, kind, [Line(1, _with_key(kind, stands, texts))], "known", for_update=True)
        if planned.faults or (planned.differences and _lacks_reason(kind)):
            return existing_page(reading, kind, row, texts, faults=planned.faults, lacks_reason=_lacks_reason(kind)), 422
        target = _write(reading, kind, planned)
    return _saved(kind, target)


@blueprint.post("/data/<kind_name>/remove")
def delete(kind_name: str) -> Response:
    """Remove a record that nothing refers to.

    Raises:
        Conflict: something does, or somebody else changed it since it was opened.
    """
    kind = editable(kind_name)
    with database().transaction() as session:
        reading = reading_of(session)
        row = row_of(reading, kind, request.args, for_update=True)
        if request.form.get("version") != fingerprint(plain_values(reading, kind, row)):
            raise Conflict("这条资料刚被别人改过，请重新打开再看。", "Somebody else has just changed this record: open it again.")
        remove(reading, kind, _change(kind, session), row)
    flash(gettext("已删除。"), "good")
    _tell_engine(kind)
    return redirect(url_for("master_data.rows", kind_name=kind.name))


def _with_key(kind: Kind, stands: Mapping[str, str], texts: Mapping[str, str]) -> dict[str, str]:
    return {item.name: stands[item.name] for item in kind.key} | dict(texts)


def _write(reading: Reading, kind: Kind, planned: RowPlan) -> str:
    """Carry a plan out; returns the address of the record."""
    [row] = carry_out(reading, kind, _change(kind, reading.session), [planned])
    return address(reading, kind, row)


def _change(kind: Kind, session: Session) -> Change:
    reference = None
    if kind.reason_needed:  # a correction has a number, so that the ledger and the trail tell of the same
        reference = daily_number(outside_of_cases(engine(), session, work="correction", actor=person().id), "GZ")
    return Change(engine(), session, person().id, _reason() or None, reference)


def _reason() -> str:
    return request.form.get("reason", "").strip()[:_REASON]


def _lacks_reason(kind: Kind) -> bool:
    return kind.reason_needed and not _reason()


def _saved(kind: Kind, target: str) -> Response:
    _tell_engine(kind)
    flash(gettext("已保存。"), "good")
    return redirect(target)


def _tell_engine(kind: Kind) -> None:
    if kind.stored:
        kind.stored(engine())
