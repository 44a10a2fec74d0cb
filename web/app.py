"""Builds the web application around an engine; starts nothing."""

from typing import TYPE_CHECKING

from flask import Flask
from flask.json.provider import DefaultJSONProvider

from engine.clock import Clock, SystemClock
from web import (
    admin,
    assets,
    audit,
    auth,
    cases,
    console,
    demo_clock,
    display,
    errors,
    exports,
    inbox,
    incidents,
    kpis,
    language,
    mail,
    manuals,
    master_data,
    mining,
    notices,
    operations,
    replay,
    security,
    start,
    status,
    studio,
    tasks,
)
from web.auth import sessions
from web.current import EXTENSION
from web.rest import mount

if TYPE_CHECKING:
    from engine.runtime.engine import Engine


def create_app(engine: "Engine", *, wall_clock: Clock | None = None, secret_key: str | None = None) -> Flask:
    """The application with every page.

    Args:
        engine: what it serves.
        wall_clock: tells when sessions end; it stays the real one when the engine's clock is simulated.
        secret_key: signs sessions; default is the engine's setting.

    Raises:
        ValueError: there is no key to sign sessions with.
    """
    app = Flask(__name__)
    app.extensions[EXTENSION] = engine
    app.json = _readable_json(app)
    app.secret_key = secret_key or engine.settings.secret_key
    if not app.secret_key:
        message = "sessions need a key: set OPSBOOK_SECRET_KEY"
        raise ValueError(message)
    security.protect(app)
    errors.register(app)
    assets.register(app)
    language.register(app)
    display.register(app)
    sessions.register(app, wall_clock or SystemClock())
    for package in (
        auth,
        inbox,
        tasks,
        start,
        cases,
        replay,
        audit,
        exports,
        operations,
        manuals,
        notices,
        incidents,
        mail,
        admin,
        master_data,
        mining,
        studio,
        kpis,
    ):
        app.register_blueprint(package.blueprint)
    app.register_blueprint(status.blueprint)
    app.register_blueprint(console.blueprint)
    mount.register(app)
    if engine.settings.demo:
        app.register_blueprint(demo_clock.blueprint)
    return app


def _readable_json(app: Flask) -> DefaultJSONProvider:
    """Chinese as Chinese, and keys in the order that their author gave them."""
    provider = DefaultJSONProvider(app)
    provider.ensure_ascii, provider.sort_keys = False, False
    return provider
