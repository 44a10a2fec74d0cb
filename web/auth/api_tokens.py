"""Tokens by which programs act for a person: made, listed and revoked; the secret itself is shown once and never kept."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import select

from engine.errors import Forbidden, InvalidInput, NotFound
from engine.ids import new_id, new_secret
from engine.storage.database import Database
from engine.storage.tables import ApiToken, User
from web.auth.person import Person

#: What a token may allow. `external-tasks` means fetching and finishing the external tasks of its topics.
SCOPES = ("read", "tasks", "external-tasks", "deploy", "operate")
LONGEST = timedelta(days=366)
#: Makes a leaked token recognisable to scanners of repositories and logs.
_PREFIX = "opsbook_"
_MOST_TOPICS = 50


@dataclass(frozen=True)
class NewToken:
    """A token that was just made, with the secret that nobody will see again."""

    id: str
    secret: str


def create(
    database: Database,
    *,
    user_id: str,
    name: str,
    scopes: Collection[str],
    topics: Collection[str],
    valid_for: timedelta,
    now: datetime,
    by: Person | None,
) -> NewToken:
    """Make a token for a person.

    Args:
        database: where it is kept.
        user_id: for whom it acts.
        name: what it is for.
        scopes: what it allows, within the person's own rights.
        topics: of the external tasks it may fetch.
        valid_for: until it expires.
        now: the wall clock.
        by: who makes it; None on the command line.

    Raises:
        Forbidden: external tasks, or a token for somebody else, are for administrators to give.
        InvalidInput: no name, an unknown scope, topics without their scope, or a validity beyond a year.
        NotFound: no such person.
    """
    if by is not None and not by.is_admin and (user_id != by.id or "external-tasks" in scopes):
        raise Forbidden(
            "为他人或为外部任务建令牌，只有系统管理员可以。", "Only administrators make tokens for others or for external tasks."
        )
    _check(name, scopes, topics, valid_for)
    secret = _PREFIX + new_secret()
    with database.transaction() as session:
        user = session.get(User, user_id)
        if user is None or not user.active:
            raise NotFound(f"没有用户“{user_id}”。", f"There is no user {user_id!r}.")
        token = ApiToken(
            id=new_id(), user_id=user_id, name=name, secret_sha256=sha256(secret.encode()).hexdigest(), scopes=sorted(scopes),
            topics=sorted(topics), created_at=now, created_by=by.id if by else None, expires_at=now + valid_for,
        )  # fmt: skip
        session.add(token)
    return NewToken(token.id, secret)


def listed(database: Database, person: Person) -> list[ApiToken]:
    """The tokens that a person may revoke, the newest first: their own, and for administrators everybody's."""
    with database.session() as session:
        query = select(ApiToken).order_by(ApiToken.created_at.desc(), ApiToken.id.desc())
        return list(session.scalars(query if person.is_admin else query.where(ApiToken.user_id == person.id)))


def revoke(database: Database, token_id: str, *, now: datetime, by: Person | None) -> None:
    """End a token at once; one that has ended stays as it is.

    Raises:
        NotFound: there is none that the person may revoke.
    """
    with database.transaction() as session:
        token = session.get(ApiToken, token_id)
        if token is None or (by is not None and not by.is_admin and token.user_id != by.id):
            raise NotFound("没有这个令牌。", "There is no such token.")
        if token.revoked_at is None:
            token.revoked_at, token.revoked_by = now, by.id if by else None


def _check(name: str, scopes: Collection[str], topics: Collection[str], valid_for: timedelta) -> None:
    if not 0 < len(name) <= 100:
        raise InvalidInput("请写明令牌的用途（最多 100 字）。", "Say what the token is for (at most 100 characters).")
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        raise InvalidInput("请选择令牌的权限。", f"Choose what the token allows: {', '.join(SCOPES)}.", unknown=unknown)
    if bool(topics) != ("external-tasks" in scopes) or len(topics) > _MOST_TOPICS or any(not 0 < len(topic) <= 255 for topic in topics):
        raise InvalidInput("外部任务的权限和主题要一起给。", "External tasks need their topics, and topics the scope external-tasks.")
    if not timedelta() < valid_for <= LONGEST:
        raise InvalidInput(f"有效期最多 {LONGEST.days} 天。", f"A token is valid for at most {LONGEST.days} days.")
