"""人员: who may sign in, and which groups they belong to."""

from web.admin.routes import blueprint

__all__ = ["blueprint"]
