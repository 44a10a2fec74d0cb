"""Who owns a process: administrators say."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from engine.studio.owners import set_owners
from web.auth.person import OWNER
from web.current import database, engine
from web.permissions import require_admin
from web.studio.access import open_file, require_studio
from web.studio.routes import blueprint


@blueprint.post("/studio/owners/<path:key>")
def own(key: str) -> Response:
    """Set the owners of the processes of a diagram."""
    me = require_studio()
    require_admin(me)
    with database().session() as session:
        opened = open_file(session, me, "bpmn", key)
    for process in opened.live.definitions if opened.live is not None else ():
        set_owners(engine(), process, request.form.getlist("owner"), group=OWNER, actor=me.id)
    flash(gettext("已设置负责人。"), "good")
    return redirect(url_for("studio.edit", kind="bpmn", key=key))
