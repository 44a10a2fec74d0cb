"""What the request at hand works with: the engine, the person signed in, the present instant."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from flask import current_app, g
from flask_login import current_user

from engine.storage.database import Database

if TYPE_CHECKING:
    from engine.runtime.engine import Engine
    from web.auth.person import Person

#: Key of the engine in `app.extensions`.
EXTENSION = "opsbook"


def engine() -> "Engine":
    """The engine that this application serves, or the one that this request works on in its place."""
    return cast("Engine", g.get(EXTENSION) or current_app.extensions[EXTENSION])


@contextmanager
def working_on(other: "Engine") -> Iterator[None]:
    """Let everything within read and write another engine: that of a sandbox."""
    g.setdefault(EXTENSION, other)
    try:
        yield
    finally:
        g.pop(EXTENSION)


def database() -> Database:
    """The database of the engine."""
    return engine().database


def now() -> datetime:
    """The present instant of the engine's clock, in UTC."""
    return engine().clock.now()


def office_zone() -> ZoneInfo:
    """The time zone in which the office reads its clock."""
    return ZoneInfo(engine().settings.time_zone)


def person() -> "Person":
    """Who is signed in; only for routes that demand it."""
    return cast("Person", current_user._get_current_object())  # noqa: SLF001 — Flask-Login offers no public way past its proxy
