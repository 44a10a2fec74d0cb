"""流程: where owners change processes, forms and decision tables."""

from web.studio import checks, compare, content, editor, history, proposals, proposing, versions
from web.studio.routes import blueprint

__all__ = ["blueprint", "checks", "compare", "content", "editor", "history", "proposals", "proposing", "versions"]
