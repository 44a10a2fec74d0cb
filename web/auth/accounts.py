"""Making and changing user accounts."""

import re
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from engine.errors import Conflict, InvalidInput, NotFound
from engine.storage.database import Database
from engine.storage.tables import Group, Membership, User
from web.auth.passwords import check_new_password, hash_password
from web.auth.person import ADMIN

_USER_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,63}")


def create_first_administrator(database: Database, *, user_id: str, name: str, password: str, locale: str, now: datetime) -> None:
    """Make the first account of a new installation.

    Raises:
        InvalidInput: the name or the password does not keep the rules.
        Conflict: somebody was faster.
    """
    hashed = _checked(user_id, name, password)
    with database.transaction() as session:
        if session.scalar(select(exists().where(User.id.is_not(None)))):
            raise Conflict("已经有用户了，请登录。", "There are users already; please sign in.")
        if session.get(Group, ADMIN) is None:
            session.add(Group(id=ADMIN, name="系统管理员", name_en="Administrators"))
        _add(session, user_id=user_id, name=name, password_hash=hashed, locale=locale, groups=[ADMIN], now=now)


def create_user(database: Database, *, user_id: str, name: str, password: str, locale: str, groups: Iterable[str], now: datetime) -> None:
    """Make an account.

    Raises:
        InvalidInput: the name or the password does not keep the rules.
        Conflict: the sign-in name is taken.
    """
    hashed = _checked(user_id, name, password)
    with database.transaction() as session:
        if session.get(User, user_id) is not None:
            raise Conflict(f"登录名“{user_id}”已被使用。", f"The sign-in name “{user_id}” is taken.")
        _add(session, user_id=user_id, name=name, password_hash=hashed, locale=locale, groups=groups, now=now)


def change_user(database: Database, user_id: str, *, name: str, groups: Iterable[str], active: bool) -> None:
    """Change name, groups and whether the person may sign in; a deactivated person's sessions end.

    Raises:
        NotFound: no such user.
        InvalidInput: the name is empty.
        Conflict: nobody would be left to administer.
    """
    if not name:
        raise InvalidInput("请填写姓名。", "Please enter the name.")
    wanted = set(groups)
    with database.transaction() as session:
        user = session.get(User, user_id)
        if user is None:
            raise NotFound("没有这个用户。", "There is no such user.")
        known = set(session.scalars(select(Group.id).where(Group.id.in_(wanted))))
        if not (active and ADMIN in known) and not _other_administrator(session, user_id):
            raise Conflict("至少要保留一位能登录的系统管理员。", "At least one administrator who can sign in must remain.")
        if user.active and not active:
            user.session_epoch += 1
        user.name, user.active = name, active
        session.execute(delete(Membership).where(Membership.user_id == user_id))
        session.add_all(Membership(user_id=user_id, group_id=group) for group in sorted(known))


def set_password(database: Database, user_id: str, password_hash: str) -> None:
    """Store a new hash, lift locks, and end all sessions of the person.

    Raises:
        NotFound: no such user.
    """
    with database.transaction() as session:
        changed = session.scalar(
            update(User)
            .where(User.id == user_id)
            .values(password_hash=password_hash, session_epoch=User.session_epoch + 1, failed_logins=0, locked_until=None)
            .returning(User.id)
        )
        if changed is None:
            raise NotFound("没有这个用户。", "There is no such user.")


def _checked(user_id: str, name: str, password: str) -> str:
    if not _USER_ID.fullmatch(user_id):
        raise InvalidInput(
            "登录名为 2–64 个字母、数字、点、下划线或连字符，以字母或数字开头。",
            "A sign-in name has 2–64 letters, digits, dots, underscores or hyphens and starts with a letter or digit.",
        )
    if not name:
        raise InvalidInput("请填写姓名。", "Please enter the name.")
    check_new_password(password, user_id=user_id, name=name)
    return hash_password(password)


def _add(session: Session, *, user_id: str, name: str, password_hash: str, locale: str, groups: Iterable[str], now: datetime) -> None:
    session.add(
        User(
            id=user_id, name=name, email=None, password_hash=password_hash, locale=locale, active=True,
            created_at=now, session_epoch=0, failed_logins=0, locked_until=None,
        )
    )  # fmt: skip
    session.flush()
    known = session.scalars(select(Group.id).where(Group.id.in_(set(groups))))
    session.add_all(Membership(user_id=user_id, group_id=group) for group in known.all())


def _other_administrator(session: Session, user_id: str) -> bool:
    return bool(
        session.scalar(
            select(exists().where(Membership.group_id == ADMIN, Membership.user_id != user_id, User.id == Membership.user_id, User.active))
        )
    )
