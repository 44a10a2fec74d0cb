"""Trying a draft: choosing how the run begins, and opening its sandbox."""

from dataclasses import replace

from flask import redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from engine.errors import DeploymentRefused, OpsbookError
from engine.scenarios.world import World
from engine.studio import sandboxes
from engine.studio.drafts import drafts_of
from engine.studio.findings import shown
from engine.studio.together import live_package, with_drafts
from handlers.scenarios import world
from web.current import database, engine
from web.language import locale
from web.studio.access import open_file, require_may_edit, require_studio
from web.studio.library import title_of
from web.studio.routes import blueprint


def office() -> World:
    """The demo office with the handlers of this installation."""
    return replace(world(), handlers=engine().handlers)


@blueprint.get("/studio/try/<path:key>")
def try_it(key: str) -> str:
    """How the run shall begin; of a form or decision table, which procedure shall be tried; or why the draft cannot be."""
    me, kind = require_studio(), key.rpartition(".")[2]
    with database().session() as session:
        opened = open_file(session, me, kind, key)
        require_may_edit(session, me, key)
        package = with_drafts(live_package(engine(), session), drafts_of(session, me.id))
        title = title_of(session, engine(), opened.live, key)
        if kind != "bpmn":
            using = [(name, package.diagrams[name].processes[0].name) for name in sandboxes.procedures_using(package, key)]
            return render_template("studio/try_where.html", opened=opened, title=title, using=using)
        findings = sandboxes.refusals(engine(), session, key, me.id)
    beginnings = [] if findings else sandboxes.beginnings(engine(), office(), key)
    names = {element.id: element.label for process in package.processes for element in process.elements.values()}
    return render_template("studio/try.html", opened=opened, title=title, findings=findings, beginnings=beginnings, names=names, told="")


@blueprint.post("/studio/try/<path:key>")
def begin_try(key: str) -> Response | tuple[str, int]:
    """Open a sandbox for the person's draft."""
    me = require_studio()
    with database().session() as session:
        opened = open_file(session, me, "bpmn", key)
        require_may_edit(session, me, key)
        title = title_of(session, engine(), opened.live, key)
    base, _, up_to = request.form.get("like", "").partition("|")
    try:
        sandbox_id = sandboxes.begin(engine(), office(), key, actor=me.id, base=base or None, up_to=up_to or None)
    except DeploymentRefused as refused:
        with database().session() as session:
            package = with_drafts(live_package(engine(), session), drafts_of(session, me.id))
        findings = [shown(problem, package) for problem in refused.problems if problem.severity == "error"]
        return render_template("studio/try.html", opened=opened, title=title, findings=findings, beginnings=[], names={}, told=""), 400
    except OpsbookError as error:
        beginnings = sandboxes.beginnings(engine(), office(), key)
        told = gettext("没能开始：%(why)s", why=error.text(locale()))
        return render_template("studio/try.html", opened=opened, title=title, findings=[], beginnings=beginnings, names={}, told=told), 400
    sandboxes.sweep(engine().settings, me.id)
    return redirect(url_for("studio.sandbox", sandbox_id=sandbox_id))
