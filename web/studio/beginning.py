"""New processes, forms and decision tables: from a template or from a file; and taking files away."""

from io import BytesIO

from flask import Response, flash, make_response, redirect, render_template, request, send_file, url_for
from flask_babel import gettext
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as BaseResponse

from engine.errors import Conflict, InvalidInput
from engine.studio.beginnings import begin, bring_in, patterns, place_of
from engine.studio.bundles import bundle
from engine.studio.drafts import drafts_of
from engine.studio.live import live_files
from engine.studio.together import live_package, with_drafts
from web.current import database, engine
from web.language import locale
from web.studio.access import MOST_BYTES, open_file, require_may_edit, require_studio
from web.studio.content import MEDIA_TYPES, standing_content
from web.studio.routes import blueprint


@blueprint.get("/studio/new")
def new() -> str:
    """The templates to choose from."""
    require_studio()
    return _page()


@blueprint.post("/studio/new")
def create() -> BaseResponse | tuple[str, int]:
    """Begin a draft and open it."""
    me, sent = require_studio(), request.form
    try:
        if sent.get("folder"):
            with database().session() as session:
                require_may_edit(session, me, f"{sent['folder']}/new")
        kind, key = begin(
            engine(),
            sent.get("pattern", ""),
            sent.get("id", "").strip(),
            name=sent.get("name", "").strip(),
            folder=_known_folder(sent.get("folder", "")),
            locale=locale(),
            actor=me.id,
        )
    except (InvalidInput, Conflict) as error:
        return _page(error.text(locale())), 409 if isinstance(error, Conflict) else 400
    return redirect(url_for("studio.edit", kind=kind, key=key))


@blueprint.post("/studio/import")
def bring() -> BaseResponse | tuple[str, int]:
    """Take files in as drafts; what cannot be read is refused by name, and then nothing is taken."""
    me = require_studio()
    sent = [file for file in request.files.getlist("file") if file.filename]
    contents = [(file.filename or "", file.read(MOST_BYTES + 1)) for file in sent]
    if any(len(content) > MOST_BYTES for _, content in contents):
        raise RequestEntityTooLarge
    if not contents:
        return _page(gettext("请选择文件。")), 400
    try:
        with database().session() as session:
            taken = [(*place_of(session, name, content), content) for name, content in contents]
            for _, key, _ in taken:
                require_may_edit(session, me, key)
    except InvalidInput as error:
        return _page(error.text(locale())), 400
    for kind, key, content in taken:
        bring_in(engine(), kind, key, content, actor=me.id)
    kind, key, _ = taken[0]
    flash(gettext("已导入为草稿。"), "good")
    return redirect(url_for("studio.edit", kind=kind, key=key) if len(taken) == 1 else url_for("studio.index", state="draft"))


@blueprint.get("/studio/export/<kind>/<path:key>")
def export(kind: str, key: str) -> Response:
    """The file as the person has it; of a process also everything it uses, as a ZIP file."""
    me = require_studio()
    with database().session() as session:
        opened = open_file(session, me, kind, key)
        if kind == "bpmn" and request.args.get("with") == "all":
            package = with_drafts(live_package(engine(), session), drafts_of(session, me.id))
            name = key.rpartition("/")[2].removesuffix(".bpmn")
            return send_file(BytesIO(bundle(package, key)), "application/zip", as_attachment=True, download_name=f"{name}.zip")
        answer = make_response(standing_content(session, opened))
    answer.mimetype = MEDIA_TYPES[kind]
    answer.headers.set("Content-Disposition", "attachment", filename=key.rpartition("/")[2])
    return answer


def _known_folder(folder: str) -> str:
    """A folder that there is; anything else is left to the pattern."""
    return folder if folder in _folders() else ""


def _folders() -> list[str]:
    with database().session() as session:
        return sorted({key.rpartition("/")[0] for key in live_files(session) if "/" in key})


def _page(error: str = "") -> str:
    return render_template("studio/new.html", patterns=patterns(), folders=_folders(), error=error, entered=request.form)
