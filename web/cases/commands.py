"""What may be done to a whole case: cancel, suspend, resume, remark."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from engine.errors import Conflict, InvalidInput
from engine.runtime import instances, remarks
from web.cases import queries
from web.cases.routes import blueprint
from web.current import database, engine, person
from web.permissions import require_case, require_may_add, require_may_steer


@blueprint.post("/cases/<instance_id>/cancel")
def cancel(instance_id: str) -> Response:
    """End the case before its time."""
    instances.cancel(engine(), _root(instance_id), person().id, _reason())
    flash(gettext("案例已取消。"), "good")
    return _back(instance_id)


@blueprint.post("/cases/<instance_id>/suspend")
def suspend(instance_id: str) -> Response:
    """Stop the case until it is resumed."""
    instances.suspend(engine(), _root(instance_id), person().id, _reason())
    flash(gettext("案例已挂起，任务和计时都暂停。"), "good")
    return _back(instance_id)


@blueprint.post("/cases/<instance_id>/resume")
def resume(instance_id: str) -> Response:
    """Let a suspended case go on."""
    instances.resume(engine(), _root(instance_id), person().id, _reason())
    flash(gettext("案例继续办理。"), "good")
    return _back(instance_id)


@blueprint.post("/cases/<instance_id>/comments")
def comment(instance_id: str) -> Response:
    """Add a remark to the case, by way of one of its open tasks that the person sees."""
    me = person()
    with database().session() as session:
        root_id = require_case(session, me, instance_id).root_id
        task = queries.task_to_remark_on(session, me, root_id)
        if task is None:
            raise Conflict(
                "案例里没有您可以参与的任务，无法添加备注。", "The case has no open task that you take part in, so no remark can be added."
            )
        require_may_add(session, me, task)
    remarks.comment(engine(), task.id, request.form.get("text", ""), me.id)
    return redirect(url_for("cases.show", instance_id=instance_id, _anchor="files-title"))


def _root(instance_id: str) -> str:
    me = person()
    with database().session() as session:
        root_id = require_case(session, me, instance_id).root_id
    require_may_steer(me)
    return root_id


def _reason() -> str:
    reason = request.form.get("reason", "").strip()
    if not reason:
        raise InvalidInput("请写明原因。", "Please give a reason.")
    return reason[:4000]


def _back(instance_id: str) -> Response:
    return redirect(url_for("cases.show", instance_id=instance_id))
