"""Mounts the interface: every operation under each prefix, with its own way to tell who calls."""

from typing import Any

from web.current import EXTENSION
from web.rest import caller, resources
from web.rest.dispatch import make_blueprint
from web.rest.openapi import kind_of
from web.rest.resources.external_task.waiting_room import open_room
from web.rest.tree import PREFIXES
from web.security import csrf

__all__ = ["register", "resources"]


def register(app: Any) -> None:
    """Mount the interface. Cookies are not looked at there, so no other page's form can act for anybody."""
    open_room(app, app.extensions[EXTENSION])
    app.login_manager.request_loader(caller.load)
    app.jinja_env.filters["kind_of"] = kind_of
    blueprint = make_blueprint()
    csrf.exempt(blueprint)
    for prefix in PREFIXES:
        app.register_blueprint(blueprint, url_prefix=prefix, name=f"rest{prefix.replace('/', '_')}")
