"""查找: auditors find cases by what they are about and by what happened in them."""

from web.audit.routes import blueprint

__all__ = ["blueprint"]
