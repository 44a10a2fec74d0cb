"""The page of one's tokens: making one, seeing its secret once, revoking it; administrators see everybody's."""

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from engine.errors import InvalidInput, OpsbookError
from web.auth import api_tokens, sessions
from web.auth.routes import blueprint
from web.current import database, person
from web.directory import people_names
from web.language import locale


@blueprint.get("/account/tokens")
def tokens() -> str:
    """The tokens that the person may revoke, and the form for a new one."""
    return _page()


@blueprint.post("/account/tokens")
def create_token() -> str | tuple[str, int]:
    """Make a token; this answer is the only one that shows its secret."""
    me = person()
    try:
        made = api_tokens.create(
            database(),
            user_id=request.form.get("user", "").strip() or me.id,
            name=request.form.get("name", "").strip(),
            scopes=request.form.getlist("scope"),
            topics=request.form.get("topics", "").replace(",", " ").replace("，", " ").split(),
            valid_for=timedelta(days=_days()),
            now=sessions.wall_now(),
            by=me,
        )
    except OpsbookError as error:
        return _page(error=error.text(locale())), 400
    return _page(secret=made.secret)


@blueprint.post("/account/tokens/<token_id>/revoke")
def revoke_token(token_id: str) -> Response:
    """End a token at once."""
    api_tokens.revoke(database(), token_id, now=sessions.wall_now(), by=person())
    flash(gettext("令牌已撤销，立即失效。"), "good")
    return redirect(url_for("auth.tokens"))


def _days() -> int:
    try:
        return int(request.form.get("days", "90"))
    except ValueError:
        raise InvalidInput("有效天数应为整数。", "The number of days must be whole.") from None


def _page(secret: str | None = None, error: str | None = None) -> str:
    me, now = person(), sessions.wall_now()
    found = api_tokens.listed(database(), me)
    with database().session() as session:
        names = people_names(session, [token.user_id for token in found])
    scopes = {
        "read": gettext("查看"),
        "tasks": gettext("发起流程、办理任务"),
        "operate": gettext("挂起、取消、迁移案例，处理异常"),
        "deploy": gettext("部署流程"),
    }
    if me.is_admin:
        scopes["external-tasks"] = gettext("领取外部任务")
    return render_template("auth/tokens.html", tokens=found, names=names, scopes=scopes, now=now, secret=secret, error=error)
