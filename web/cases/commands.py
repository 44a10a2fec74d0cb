"""What people add to a case: remarks."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from engine.errors import Conflict
from engine.runtime import remarks
from web.cases import queries
from web.cases.routes import blueprint
from web.current import database, engine, person
from web.permissions import require_case, require_may_add


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
