"""The pages of operations on one case: choose, see the preview, give a reason, confirm."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine.errors import NotFound, OpsbookError
from engine.runtime import instances, operations
from engine.runtime.operations import Operation, Outcome
from engine.storage.tables import ProcessInstance
from web.cases.standing import diagram_props
from web.current import database, engine, person
from web.definitions import Definition, definition
from web.errors import status_of
from web.language import locale
from web.operations import asking, choices, words
from web.operations.versions import versions_of
from web.permissions import require_case, require_may_steer, require_steering_page

blueprint = Blueprint("operations", __name__, template_folder="templates")


@blueprint.get("/cases/<instance_id>/operations")
def index(instance_id: str) -> Response:
    """The first thing that may be done."""
    with database().session() as session:
        instance, _ = _instance(session, instance_id)
    kinds = asking.kinds_for(instance)
    if not kinds:
        raise NotFound("这个案例现在没有可做的操作。", "There is nothing to do to this case now.")
    return redirect(url_for("operations.show", instance_id=instance_id, kind=kinds[0]))


@blueprint.get("/cases/<instance_id>/operations/<kind>")
def show(instance_id: str, kind: str) -> str:
    """Ask what exactly to do; what needs no question shows its preview at once."""
    _require_kind(kind)
    operation = asking.asked(kind, instance_id, {}) if kind in asking.SIMPLE else None
    return _page(instance_id, kind, operation)[0]


@blueprint.post("/cases/<instance_id>/operations/<kind>/plan")
def plan(instance_id: str, kind: str) -> tuple[str, int]:
    """The preview of what was asked for, with the form as it was filled in."""
    _require_kind(kind)
    try:
        operation = asking.asked(kind, instance_id, request.form)
    except OpsbookError as error:
        return _page(instance_id, kind, None, error)
    return _page(instance_id, kind, operation)


@blueprint.post("/cases/<instance_id>/operations/<kind>")
def apply(instance_id: str, kind: str) -> Response | tuple[str, int]:
    """Do what was previewed, if the case is still as it was then; else show what it would do now."""
    _require_kind(kind)
    me = person()
    with database().session() as session:
        _instance(session, instance_id)
    operation = asking.from_text(kind, instance_id, request.form.get("operation", ""))
    try:
        outcome = operations.apply(
            engine(), operation, actor=me.id, reason=request.form.get("reason", ""), expected=request.form.get("revision", type=int)
        )
    except OpsbookError as refused:
        return _page(instance_id, kind, operation, refused)
    flash(_done(kind), "good")
    return redirect(url_for("cases.show", instance_id=outcome.started or instance_id))


def _page(instance_id: str, kind: str, operation: Operation | None, error: OpsbookError | None = None) -> tuple[str, int]:
    me = person()
    with database().session() as session:
        instance, drawn = _instance(session, instance_id)
        outcome: Outcome | None = None
        if operation is not None:
            try:
                outcome = operations.plan(engine(), operation, me.id)
            except OpsbookError as refused:
                error = refused
        view = {
            "kinds": asking.kinds_for(instance),
            "diagram_props": diagram_props(session, instance, drawn, height="24rem"),
            "preview": words.preview(session, outcome) if outcome else None,
            "revision": outcome.revision if outcome else None,
            "operation": asking.to_text(operation) if operation else "",
            **_choices(session, kind, instance, drawn),
        }
    page = render_template(
        "operations/case.html",
        instance=instance,
        drawn=drawn,
        kind=kind,
        names=_names(),
        filled=request.form,
        rows=range(asking.ROWS),
        error=error.text(locale()) if error else "",
        **view,
    )
    return page, status_of(error).value if error else 200


def _choices(session: Session, kind: str, instance: ProcessInstance, drawn: Definition) -> dict[str, Any]:
    if kind == "modify" and instance.state == "active":
        return {
            "places": choices.places(engine(), session, instance.id, drawn),
            "scopes": choices.scopes(session, instance.id, drawn),
            "elements": choices.elements(drawn),
        }
    if kind == "variables":
        values = instances.variables(engine(), instance.id)
        return {"variables": {name: words.shown(value) for name, value in sorted(values.items())}}
    if kind == "restart":
        return {"elements": choices.elements(drawn), "versions": versions_of(session, instance.process_key)}
    return {}


def _instance(session: Session, instance_id: str) -> tuple[ProcessInstance, Definition]:
    me = person()
    instance = require_case(session, me, instance_id)
    if request.method == "GET":
        require_steering_page(me)
    require_may_steer(me)
    return instance, definition(session, instance.process_definition_id)


def _require_kind(kind: str) -> None:
    if kind not in asking.KINDS:
        abort(404)


def _names() -> dict[str, str]:
    return {
        "modify": gettext("移动节点"),
        "variables": gettext("修改资料"),
        "suspend": gettext("挂起"),
        "resume": gettext("恢复"),
        "cancel": gettext("取消案例"),
        "restart": gettext("重新开始"),
    }


def _done(kind: str) -> str:
    done: dict[str, str] = {
        "modify": gettext("节点已移动。"),
        "variables": gettext("资料已修改。"),
        "suspend": gettext("案例已挂起，任务和计时都暂停。"),
        "resume": gettext("案例继续办理。"),
        "cancel": gettext("案例已取消。"),
        "restart": gettext("新案例已开始，原案例保持关闭。"),
    }
    return done[kind]
