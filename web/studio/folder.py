"""Files of the processes folder that say something else than what is live."""

from difflib import unified_diff

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from engine.errors import NotFound
from engine.studio.folder import changed_files, overwrite, read_file, take_over
from engine.studio.live import content_of, live_file
from engine.studio.names import names_of
from engine.studio.past import what_changes
from engine.studio.together import live_package
from web.current import database, engine
from web.language import locale
from web.studio.access import require_may_edit, require_studio
from web.studio.library import title_of
from web.studio.routes import blueprint

#: Most lines of a difference that are shown.
_MOST_LINES = 2000


@blueprint.get("/studio/folder/<kind>/<path:key>")
def in_folder(kind: str, key: str) -> str:
    """What the folder says otherwise, in words and line by line."""
    require_studio()
    with database().session() as session:
        found, content = changed_files(engine(), session).get(key), read_file(engine(), key)
        if found is None or found.kind != kind or content is None:
            raise NotFound("文件夹里的文件与现行版本相同。", "The file in the folder is as what is live.", key=key)
        live = live_file(session, key)
        before = content_of(session, live.resource_id) if live is not None else b""
        return render_template(
            "studio/folder.html",
            found=found,
            live=live,
            title=title_of(session, engine(), live, key),
            changes=what_changes(session, key, content, names_of(engine(), session, live_package(engine(), session))),
            lines=list(unified_diff(_lines(before), _lines(content), "live", "folder", lineterm=""))[:_MOST_LINES],
            language=locale(),
        )


@blueprint.post("/studio/folder/<kind>/<path:key>/take")
def take(kind: str, key: str) -> Response:
    """Go on with what the folder says, as the person's draft."""
    me = require_studio()
    with database().session() as session:
        require_may_edit(session, me, key)
    take_over(engine(), key, actor=me.id)
    flash(gettext("文件内容已作为您的草稿。"), "good")
    return redirect(url_for("studio.edit", kind=kind, key=key))


@blueprint.post("/studio/folder/<kind>/<path:key>/overwrite")
def put_back(kind: str, key: str) -> Response:
    """Let the folder say what is live again."""
    me = require_studio()
    with database().session() as session:
        require_may_edit(session, me, key)
    if overwrite(engine(), key, actor=me.id):
        flash(gettext("文件已恢复为现行版本。"), "good")
    else:
        flash(gettext("文件夹不能写入，文件没有改动。"), "bad")
    return redirect(url_for("studio.index", kind=kind))


def _lines(content: bytes) -> list[str]:
    return content.decode("utf-8", "replace").splitlines()
