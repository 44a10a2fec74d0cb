"""流程: where owners change processes, forms and decision tables."""

from web.studio import checks, content, editor, history
from web.studio.routes import blueprint

__all__ = ["blueprint", "checks", "content", "editor", "history"]
