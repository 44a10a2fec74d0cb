"""Adding, changing and deactivating people; for administrators only."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import or_, select
from werkzeug.wrappers import Response

from engine.errors import Conflict, InvalidInput, NotFound
from engine.storage.tables import Group, Membership, User
from web.auth import accounts, sessions
from web.auth.passwords import check_new_password, hash_password
from web.current import database, person
from web.directory import group_names
from web.language import locale
from web.permissions import require_admin

blueprint = Blueprint("admin", __name__, template_folder="templates")


@blueprint.get("/people")
def index() -> str:
    """Everybody, with their groups."""
    require_admin(person())
    text = request.args.get("q", "").strip()[:100]
    with database().session() as session:
        query = select(User).order_by(User.active.desc(), User.id)
        if text:
            query = query.where(or_(User.id.icontains(text, autoescape=True), User.name.icontains(text, autoescape=True)))
        users = list(session.scalars(query))
        names = group_names(session)
        groups: dict[str, list[str]] = {}
        for row in session.execute(select(Membership.user_id, Membership.group_id).order_by(Membership.group_id)):
            groups.setdefault(row.user_id, []).append(names.get(row.group_id, row.group_id))
    return render_template("admin/index.html", users=users, groups=groups, text=text)


@blueprint.get("/people/new")
def new() -> str:
    """The form for a new person."""
    require_admin(person())
    return _edit_page(None, chosen=set())


@blueprint.post("/people")
def create() -> str | Response | tuple[str, int]:
    """Add a person."""
    require_admin(person())
    entered = {key: request.form.get(key, "").strip() for key in ("user", "name")}
    chosen = request.form.getlist("group")
    try:
        accounts.create_user(
            database(), user_id=entered["user"], name=entered["name"], password=request.form.get("password", ""), locale=locale(), groups=chosen,
            now=sessions.wall_now(),
        )  # fmt: skip
    except (InvalidInput, Conflict) as error:
        return _edit_page(None, chosen=set(chosen), entered=entered, error=error.text(locale())), 400
    flash(gettext("已添加 %(name)s。", name=entered["name"]), "good")
    return redirect(url_for("admin.index"))


@blueprint.get("/people/<user_id>")
def edit(user_id: str) -> str:
    """A person's name, groups, and whether they may sign in."""
    require_admin(person())
    with database().session() as session:
        user = session.get(User, user_id)
        chosen = set(session.scalars(select(Membership.group_id).where(Membership.user_id == user_id)))
    if user is None:
        raise NotFound("没有这个用户。", "There is no such user.")
    return _edit_page(user, chosen=chosen)


@blueprint.post("/people/<user_id>")
def change(user_id: str) -> Response:
    """Change a person."""
    require_admin(person())
    accounts.change_user(
        database(),
        user_id,
        name=request.form.get("name", "").strip(),
        groups=request.form.getlist("group"),
        active="active" in request.form,
    )
    flash(gettext("已保存。"), "good")
    return redirect(url_for("admin.index"))


@blueprint.post("/people/<user_id>/password")
def reset_password(user_id: str) -> Response:
    """Set a new password for a person; their sessions end."""
    require_admin(person())
    with database().session() as session:
        user = session.get(User, user_id)
    if user is None:
        raise NotFound("没有这个用户。", "There is no such user.")
    password = request.form.get("password", "")
    check_new_password(password, user_id=user.id, name=user.name)
    accounts.set_password(database(), user_id, hash_password(password))
    flash(gettext("已为 %(name)s 设置新密码。", name=user.name), "good")
    return redirect(url_for("admin.edit", user_id=user_id))


def _edit_page(user: User | None, *, chosen: set[str], entered: dict[str, str] | None = None, error: str | None = None) -> str:
    with database().session() as session:
        groups = [
            (group.id, group.name if locale() == "zh" else group.name_en) for group in session.scalars(select(Group).order_by(Group.id))
        ]
    return render_template("admin/edit.html", user=user, groups=groups, chosen=chosen, entered=entered or {}, error=error)
