"""The page on which a draft is played: what waits, where the tokens are, what happened."""

from collections.abc import Callable, Sequence

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from engine.errors import DeploymentRefused, OpsbookError, Problem
from engine.studio import sandboxes
from engine.studio.sandboxes import Sandbox
from web.current import database, engine, person, working_on
from web.language import locale
from web.studio.access import open_file, require_may_edit, require_studio
from web.studio.library import title_of
from web.studio.live_names import handlers_by_topic
from web.studio.routes import blueprint
from web.studio.sandbox_view import view, waiting_handlers
from web.studio.trying import office


def own_sandbox(sandbox_id: str) -> Sandbox:
    """The person's sandbox.

    Raises:
        NotFound, Forbidden: there is none, it is somebody else's, or they may not change the procedure any more.
    """
    me = require_studio()
    found = Sandbox(sandboxes.find(engine().settings, sandbox_id, me.id), office())
    with database().session() as session:
        require_may_edit(session, me, found.record.key)
    return found


@blueprint.get("/studio/sandboxes/<sandbox_id>")
def sandbox(sandbox_id: str) -> str:
    """The run as it stands."""
    found = own_sandbox(sandbox_id)
    with database().session() as session:
        outdated = sandboxes.is_outdated(session, found)
        title = title_of(session, engine(), open_file(session, person(), "bpmn", found.record.key).live, found.record.key)
        described = handlers_by_topic(session)
    with found.opened() as playing, working_on(playing):
        values = view(found, playing, described, request.args.get("case"))
        state = Markup(current_app.jinja_env.get_template("studio/sandbox_state.html").render(values))  # noqa: S704 -- our own template
    return render_template("studio/sandbox.html", sandbox=found.record, title=title, state=state, outdated=outdated, **values)


@blueprint.post("/studio/sandboxes/<sandbox_id>/undo")
def undo_step(sandbox_id: str) -> Response:
    """Go back to before the last step."""
    return _again(found := own_sandbox(sandbox_id), found.undo)


@blueprint.post("/studio/sandboxes/<sandbox_id>/restart")
def restart(sandbox_id: str) -> Response:
    """Begin anew."""
    return _again(found := own_sandbox(sandbox_id), found.restart)


@blueprint.post("/studio/sandboxes/<sandbox_id>/repeat")
def repeat_steps(sandbox_id: str) -> Response:
    """Do the same steps in a new sandbox, on the drafts as they are now."""
    found = own_sandbox(sandbox_id)
    record = found.record
    try:
        new_id = sandboxes.begin(engine(), found.world, record.key, actor=record.owner, base=record.base, up_to=record.up_to)
    except DeploymentRefused:
        return redirect(url_for("studio.try_it", key=record.key))
    except OpsbookError as error:
        flash(gettext("没能开始：%(why)s", why=error.text(locale())), "bad")
        return redirect(url_for("studio.sandbox", sandbox_id=sandbox_id))
    anew = own_sandbox(new_id)
    stopped = anew.repeat(record.steps, record.stand_ins)
    if stopped is not None:
        done, why = len(anew.record.steps), stopped.text(locale())
        flash(gettext("重办到第 %(number)d 步，再往下走不通：%(why)s", number=done, why=why), "warn")
    sandboxes.remove(found.folder)
    return redirect(url_for("studio.sandbox", sandbox_id=new_id))


@blueprint.post("/studio/sandboxes/<sandbox_id>/end")
def end_try(sandbox_id: str) -> Response:
    """Throw the sandbox away."""
    found = own_sandbox(sandbox_id)
    sandboxes.remove(found.folder)
    return redirect(url_for("studio.edit", kind="bpmn", key=found.record.key))


@blueprint.get("/studio/sandboxes/<sandbox_id>/scenario")
def scenario(sandbox_id: str) -> str:
    """The run as a scenario, to be named and kept."""
    found = own_sandbox(sandbox_id)
    return _scenario_page(found, sandboxes.as_scenario(found, "…"))


@blueprint.post("/studio/sandboxes/<sandbox_id>/scenario")
def keep_scenario(sandbox_id: str) -> Response | tuple[str, int]:
    """Play the run as a scenario, and keep it beside the others if it goes the same way."""
    found = own_sandbox(sandbox_id)
    name, stem, about = (request.form.get(field, "").strip() for field in ("name", "stem", "about"))
    text, problems, told = "", [], ""
    try:
        sandboxes.checked_stem(stem)
        for every_answer in (False, True):
            text = sandboxes.as_scenario(found, name or stem, about, every_answer=every_answer)
            problems = sandboxes.trial_of(found, stem, text)
            if not problems:
                break
        if not problems and sandboxes.keep(engine(), found, stem, text) is not None:
            flash(gettext("场景“%(name)s”已保存，在草稿上通过。", name=name or stem), "good")
            return redirect(url_for("studio.sandbox", sandbox_id=sandbox_id))
        if not problems:
            told = gettext("流程文件夹不能写入。请复制下面的内容，交给管理员存为 %(file)s。", file=f"scenarios/{stem}.yaml")
    except OpsbookError as error:
        told = error.text(locale())
    return _scenario_page(found, text, problems, told), 400


def _scenario_page(found: Sandbox, text: str, problems: Sequence[Problem] = (), told: str = "") -> str:
    with found.opened() as playing, working_on(playing):
        waiting = waiting_handlers(found, playing)
    return render_template("studio/sandbox_scenario.html", sandbox=found.record, text=text, problems=problems, told=told, waiting=waiting)


def _again(found: Sandbox, go_back: Callable[[], None]) -> Response:
    try:
        go_back()
    except OpsbookError as error:
        flash(gettext("没能退回：%(why)s", why=error.text(locale())), "bad")
    return redirect(url_for("studio.sandbox", sandbox_id=found.record.id))
