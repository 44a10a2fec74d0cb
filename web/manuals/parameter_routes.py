"""参数: the figures that the office may set, each with its clause, its editor and the history of its changes."""

import json
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine.errors import ChangedMeanwhile, Forbidden, InvalidInput, NotFound, OpsbookError
from engine.manuals.parameters import Parameter, Section
from engine.manuals.values import kind_of
from engine.runtime.parameters import change_parameter, changes_of, given_parameters, newest_changes, restore_parameter
from web.current import database, engine, person
from web.directory import people_names
from web.language import locale
from web.manuals import values, words
from web.manuals.placing import Placing
from web.manuals.routes import blueprint
from web.manuals.trace import trace
from web.permissions import may_publish


@blueprint.get("/parameters")
def parameters() -> str:
    """Every parameter, in sections."""
    with database().session() as session:
        traced = trace(session)
        sections: dict[Section, list[Parameter]] = {}
        for item in traced.procedures.parameters.values():
            sections.setdefault(item.section, []).append(item)
        changed = {change.name for change in newest_changes(session) if not change.restored}
    return render_template("manuals/parameters.html", sections=sections, changed=changed, traced=traced, words=words, values=values)


@blueprint.get("/parameters/<name>")
def parameter(name: str) -> str:
    """One parameter: its value, what it is for, its editor for process owners, and its history."""
    with database().session() as session:
        return _page(session, name)


@blueprint.post("/parameters/<name>")
def change(name: str) -> Response | tuple[str, int]:
    """Set a parameter, for whatever is reckoned from now on."""
    _require_owner()
    with database().session() as session:
        given = _given(session, name)
    try:
        value = values.entered(given.value, request.form)
        change_parameter(engine(), name, value, before=_seen(), actor=person().id, reason=request.form.get("reason", ""))
    except (InvalidInput, ChangedMeanwhile) as error:
        return _refused(name, error)
    flash(gettext("已修改，从现在起计算的期限和任务都按新值。"), "good")
    return redirect(url_for("manuals.parameter", name=name))


@blueprint.post("/parameters/<name>/restore")
def restore(name: str) -> Response | tuple[str, int]:
    """Let a parameter be what its file says."""
    _require_owner()
    try:
        restore_parameter(engine(), name, before=_seen(), actor=person().id, reason=request.form.get("reason", ""))
    except (InvalidInput, ChangedMeanwhile) as error:
        return _refused(name, error)
    flash(gettext("已恢复为文件中的值。"), "good")
    return redirect(url_for("manuals.parameter", name=name))


def _refused(name: str, error: OpsbookError) -> tuple[str, int]:
    """The page again, with what was entered and what is wrong with it."""
    with database().session() as session:
        return _page(session, name, error=error.text(locale())), 409 if isinstance(error, ChangedMeanwhile) else 400


def _page(session: Session, name: str, error: str = "") -> str:
    given = _given(session, name)
    traced = trace(session)
    current = traced.procedures.parameters[name]
    history = changes_of(session, name)
    placing = Placing(session, traced)
    view = {
        "given": given,
        "parameter": current,
        "kind": kind_of(given.value),
        "clauses": [traced.catalogue.clauses[item.clause] for item in current.references if item.clause in traced.catalogue.clauses],
        "deviations": traced.deviations_of_parameter(name),
        "readers": traced.procedures.readers_of(name),
        "history": history,
        "is_changed": bool(history) and not history[0].restored,
        "names": people_names(session, (item.changed_by for item in history)),
    }
    return render_template(
        "manuals/parameter.html",
        may_change=may_publish(person()),
        error=error,
        entered=request.form,
        placing=placing,
        traced=traced,
        words=words,
        values=values,
        seen=json.dumps(current.value),
        **view,
    )


def _given(session: Session, name: str) -> Parameter:
    found = given_parameters(session).get(name)
    if found is None:
        raise NotFound("没有这个参数。", "There is no such parameter.")
    return found


def _require_owner() -> None:
    if not may_publish(person()):
        raise Forbidden("只有流程负责人和管理员可以修改参数。", "Only process owners and administrators may change parameters.")


def _seen() -> Any:
    """The value that the page showed: nobody overwrites what they have not seen."""
    try:
        return json.loads(request.form.get("seen", ""))
    except ValueError:
        return None
