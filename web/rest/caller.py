"""Who calls: HTTP Basic with a person's password, or a bearer token; cookies count for nothing here."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b, sha256
from threading import Lock
from typing import cast

from flask import Request, current_app, g
from sqlalchemy import select, update

from engine.clock import monotonic_s
from engine.errors import Forbidden
from engine.storage.tables import ApiToken, User
from web.auth import sessions
from web.auth.person import Person, load_person
from web.auth.sign_in import sign_in
from web.current import database, person
from web.rest import tree

_VERIFIED = "opsbook_verified_passwords"
_VERIFIED_FOR_S = 300.0
_MOST_VERIFIED = 1000
_NOTE_USE_EVERY = timedelta(hours=1)


@dataclass(frozen=True)
class Token:
    """What a bearer token allows; the person's own rights are the limit in any case."""

    id: str
    scopes: frozenset[str]
    topics: frozenset[str]


def token() -> Token | None:
    """The token of this request; None for a person with their password."""
    return cast("Token | None", g.get("rest_token"))


def require_scope(scope: str) -> None:
    """Let those pass whose token allows the kind of operation; a password allows everything that the person may do.

    Raises:
        Forbidden: names the scope that is missing.
    """
    used = token()
    if used is not None and scope not in used.scopes:
        raise Forbidden(
            f"这个令牌没有“{scope}”权限。",
            f"This token lacks the scope {scope!r}.",
            permissionName=scope,
            resourceName="Token",
            resourceId=used.id,
        )


def require_topic(topic: str) -> None:
    """Let those pass who may work on external tasks of a topic: administrators, and tokens made for it.

    Raises:
        Forbidden: for everybody else.
    """
    used = token()
    if (topic not in used.topics) if used is not None else not person().is_admin:
        raise Forbidden(
            f"您无权领取主题“{topic}”的外部任务。",
            f"You may not work on external tasks of the topic {topic!r}.",
            permissionName="READ",
            resourceName="ExternalTask",
            resourceId=topic,
        )


def load(request: Request) -> Person | None:
    """The person of a request to this interface; None for a stranger, and for every other address."""
    sent = request.authorization
    if sent is None or not tree.asked():
        return None
    if sent.type == "bearer" and sent.token:
        return _by_token(sent.token)
    if sent.type == "basic" and sent.username and sent.password:
        return _by_password(sent.username, sent.password, request.remote_addr or "")
    return None


def _by_token(secret: str) -> Person | None:
    now = sessions.wall_now()
    with database().session() as reading:
        row = reading.scalar(select(ApiToken).where(ApiToken.secret_sha256 == sha256(secret.encode()).hexdigest()))
        if row is None or row.revoked_at is not None or row.expires_at <= now:
            return None
        found = load_person(reading, row.user_id)
    if found is None:
        return None
    if row.last_used_at is None or now - row.last_used_at > _NOTE_USE_EVERY:
        with database().transaction() as writing:
            writing.execute(update(ApiToken).where(ApiToken.id == row.id).values(last_used_at=now))
    g.rest_token = Token(row.id, frozenset(row.scopes), frozenset(row.topics))
    return found


def _by_password(user_id: str, password: str, address: str) -> Person | None:
    """Checking a password takes a tenth of a second on purpose; programs call often, so a right one is remembered for minutes."""
    if "\0" in user_id:
        return None
    with database().session() as reading:
        stored = reading.scalar(select(User.password_hash).where(User.id == user_id, User.active))
    verified = cast("_Verified", current_app.extensions.setdefault(_VERIFIED, _Verified()))
    if stored is None or not verified.knows(user_id, password, stored):
        try:
            sign_in(database(), user_id, password, address=address, now=sessions.wall_now())
        except Forbidden:
            return None
        if stored is not None:
            verified.remember(user_id, password, stored)
    with database().session() as reading:
        return load_person(reading, user_id)


class _Verified:
    """Passwords found right a short while ago, as keyed hashes; a changed password has another stored hash and is not found."""

    def __init__(self) -> None:
        self._until: OrderedDict[bytes, float] = OrderedDict()
        self._lock = Lock()

    def knows(self, user_id: str, password: str, stored: str) -> bool:
        with self._lock:
            return self._until.get(_key(user_id, password, stored), 0.0) > monotonic_s()

    def remember(self, user_id: str, password: str, stored: str) -> None:
        with self._lock:
            self._until[_key(user_id, password, stored)] = monotonic_s() + _VERIFIED_FOR_S
            while len(self._until) > _MOST_VERIFIED:
                self._until.popitem(last=False)


def _key(user_id: str, password: str, stored: str) -> bytes:
    secret = blake2b(str(current_app.secret_key).encode()).digest()
    return blake2b(f"{user_id}\0{password}\0{stored}".encode(), key=secret).digest()
