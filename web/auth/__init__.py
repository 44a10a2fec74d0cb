"""Signing in and out, passwords, sessions, tokens, and the set-up page of a new installation."""

import web.auth.token_routes  # noqa: F401 -- it adds its routes to the blueprint
from web.auth.routes import blueprint

__all__ = ["blueprint"]
