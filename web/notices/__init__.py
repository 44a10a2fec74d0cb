"""Notices: what the procedures tell a person without asking anything of them."""

from web.notices.routes import blueprint

__all__ = ["blueprint"]
