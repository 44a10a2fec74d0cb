"""Signed-in sessions: begun at sign-in, ended after 8 idle hours, after 24 hours, or from afar."""

from datetime import datetime, timedelta
from typing import cast

from flask import Flask, current_app, request, session
from flask_login import LoginManager, current_user, login_user, logout_user
from werkzeug.wrappers import Response as BaseResponse

from engine.clock import Clock
from web.auth.person import Person, load_person
from web.current import database
from web.errors import sign_in_needed
from web.rest import tree

IDLE = timedelta(hours=8)
ABSOLUTE = timedelta(hours=24)

_WALL_CLOCK = "opsbook_wall_clock"
_EPOCH, _BEGAN, _SEEN = "epoch", "began", "seen"
_OPEN_TO_STRANGERS = frozenset(
    (
        "auth.login",
        "auth.check_login",
        "auth.setup",
        "auth.create_first",
        "auth.choose_language",
        "static",
        "dist",
        "console.webapps",
        "status.healthz",
        "status.readyz",
        "status.metrics",
    )
)
#: How stale the time of the last request may get, so that not every answer sets a cookie.
_SEEN_EVERY = timedelta(minutes=5)


def register(app: Flask, wall_clock: Clock) -> None:
    """Load the person of each request and end old sessions."""
    app.extensions[_WALL_CLOCK] = wall_clock
    manager = LoginManager(app)
    manager.session_protection = None  # a phone changes its address all day
    manager.user_loader(_load)
    app.before_request(_require_sign_in)


def _require_sign_in() -> BaseResponse | None:
    """Everything is closed to strangers, except what is listed."""
    if tree.asked() or request.endpoint is None or request.endpoint in _OPEN_TO_STRANGERS or current_user.is_authenticated:
        return None  # the REST interface asks by itself; an unknown address has no endpoint and answers 404
    return sign_in_needed()


def wall_now() -> datetime:
    """The real present instant, in UTC, also when the engine's clock is simulated."""
    return cast("Clock", current_app.extensions[_WALL_CLOCK]).now()


def begin(person: Person) -> None:
    """Start a fresh session; nothing of the one before sign-in survives, except that it was theirs to begin."""
    session.clear()
    login_user(person)
    now = wall_now().timestamp()
    session[_EPOCH], session[_BEGAN], session[_SEEN] = person.session_epoch, now, now


def end() -> None:
    """Forget the person and everything else that the session holds."""
    logout_user()
    session.clear()


def _load(user_id: str) -> Person | None:
    if request.path.startswith("/static/") or tree.asked():
        return None  # a cookie counts for nothing at the REST interface
    now = wall_now().timestamp()
    began, seen = session.get(_BEGAN, 0.0), session.get(_SEEN, 0.0)
    if now - began > ABSOLUTE.total_seconds() or now - seen > IDLE.total_seconds():
        return None
    with database().session() as reading:
        person = load_person(reading, user_id)
    if person is None or person.session_epoch != session.get(_EPOCH):
        return None
    refreshes_itself = request.method == "GET" and "HX-Request" in request.headers
    if now - seen > _SEEN_EVERY.total_seconds() and not refreshes_itself:  # an open inbox does not keep its session alive
        session[_SEEN] = now
    return person
