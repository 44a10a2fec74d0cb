"""Sign in, sign out, change the password, choose the language, set up a new installation."""

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy import exists, select, update
from werkzeug.wrappers import Response

from engine.errors import Conflict, Forbidden, InvalidInput, NotFound
from engine.storage.tables import User
from web.auth import accounts, sessions
from web.auth.passwords import check_new_password, hash_password, verify_password
from web.auth.person import Person, load_person
from web.auth.sign_in import sign_in
from web.current import database, engine, person
from web.directory import group_names
from web.language import LOCALES, locale, remember

blueprint = Blueprint("auth", __name__, template_folder="templates")

#: Shown on the sign-in page of a demo, in the order of the story.
_OFFERED = ("hotline1", "coordinator1", "engineer1", "parts1", "callback1", "cashier1", "head1", "owner", "auditor", "admin")


@blueprint.get("/login")
def login() -> str | Response:
    """The sign-in page; the set-up page when nobody exists yet."""
    if current_user.is_authenticated:
        return redirect(url_for("inbox.index"))
    if _nobody_exists():
        return redirect(url_for("auth.setup"))
    return _login_page()


@blueprint.post("/login")
def check_login() -> str | Response | tuple[str, int]:
    """Check name and password and begin a session."""
    user_id = request.form.get("user", "").strip()
    try:
        found = sign_in(database(), user_id, request.form.get("password", ""), address=request.remote_addr or "", now=sessions.wall_now())
    except Forbidden as error:
        return _login_page(error=error.text(locale()), user=user_id), 403
    _begin(found)
    return redirect(_safe_next(request.form.get("next")))


@blueprint.post("/logout")
def logout() -> Response:
    """End the session."""
    language = locale()
    sessions.end()
    remember(language)
    return redirect(url_for("auth.login"))


@blueprint.get("/setup")
def setup() -> str:
    """The first page of a new installation: who administers it."""
    _require_nobody()
    return render_template("auth/setup.html", entered={})


@blueprint.post("/setup")
def create_first() -> str | Response | tuple[str, int]:
    """Make the first administrator and sign them in."""
    _require_nobody()
    entered = {key: request.form.get(key, "").strip() for key in ("user", "name")}
    try:
        accounts.create_first_administrator(
            database(),
            user_id=entered["user"],
            name=entered["name"],
            password=request.form.get("password", ""),
            locale=locale(),
            now=sessions.wall_now(),
        )
    except (InvalidInput, Conflict) as error:
        return render_template("auth/setup.html", entered=entered, error=error.text(locale())), 400
    _begin(entered["user"])
    return redirect(url_for("inbox.index"))


@blueprint.get("/account")
def account() -> str:
    """The person's own page: name, groups, password, language."""
    return _account_page()


@blueprint.post("/account/password")
def change_password() -> Response | tuple[str, int]:
    """Change the own password; every other session of the person ends."""
    me = person()
    new = request.form.get("new", "")
    try:
        _check_change(me, new)
    except InvalidInput as error:
        return _account_page(error.text(locale())), 400
    accounts.set_password(database(), me.id, hash_password(new))
    _begin(me.id)
    flash(gettext("密码已修改，其他设备上的登录已失效。"), "good")
    return redirect(url_for("auth.account"))


@blueprint.post("/language/<code>")
def choose_language(code: str) -> Response:
    """Speak this language from now on, for this person on every device."""
    if code not in LOCALES:
        raise NotFound("没有这种语言。", "There is no such language.")
    remember(code)
    if current_user.is_authenticated:
        with database().transaction() as session:
            session.execute(update(User).where(User.id == current_user.id).values(locale=code))
    return redirect(_safe_next(request.form.get("next")))


def _login_page(error: str | None = None, user: str = "") -> str:
    people = []
    if engine().settings.demo:
        with database().session() as session:
            names = {row.id: row.name for row in session.execute(select(User.id, User.name).where(User.id.in_(_OFFERED)))}
        people = [(user_id, names[user_id]) for user_id in _OFFERED if user_id in names]
    return render_template("auth/login.html", error=error, user=user, demo_people=people, next=request.values.get("next", ""))


def _check_change(me: Person, new: str) -> None:
    with database().session() as session:
        stored = session.scalar(select(User.password_hash).where(User.id == me.id))
    if not verify_password(stored, request.form.get("current", "")):
        raise InvalidInput("现在的密码不对。", "The present password is wrong.")
    if new != request.form.get("repeated", ""):
        raise InvalidInput("两次输入的新密码不一样。", "The two new passwords differ.")
    check_new_password(new, user_id=me.id, name=me.name)


def _account_page(error: str | None = None) -> str:
    with database().session() as session:
        groups = group_names(session, person().groups)
    return render_template("auth/account.html", groups=sorted(groups.values()), error=error)


def _begin(user_id: str) -> None:
    with database().session() as session:
        found = load_person(session, user_id)
    if found is None:
        raise Forbidden("登录名或密码不对。", "The sign-in name or the password is wrong.")
    sessions.begin(found)


def _nobody_exists() -> bool:
    with database().session() as session:
        return not session.scalar(select(exists().where(User.id.is_not(None))))


def _require_nobody() -> None:
    if engine().settings.demo or not _nobody_exists():
        raise NotFound("没有这个页面，或者您无权查看。", "There is no such page, or you may not see it.")


def _safe_next(target: str | None) -> str:
    """A path of our own, never somebody else's site."""
    parts = urlsplit(target or "")
    if target and target.startswith("/") and not target.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc:
        return target
    return url_for("inbox.index")
