"""Signing in and out, passwords, sessions, and the set-up page of a new installation."""

from web.auth.routes import blueprint

__all__ = ["blueprint"]
