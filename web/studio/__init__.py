"""流程: where owners change processes, forms and decision tables."""

from web.studio import (
    beginning,
    checks,
    compare,
    content,
    editor,
    folder,
    hindsight,
    history,
    owning,
    past,
    proposals,
    proposing,
    sandbox_pages,
    sandbox_steps,
    trials,
    trying,
    versions,
)
from web.studio.routes import blueprint

__all__ = [
    "beginning",
    "blueprint",
    "checks",
    "compare",
    "content",
    "editor",
    "folder",
    "hindsight",
    "history",
    "owning",
    "past",
    "proposals",
    "proposing",
    "sandbox_pages",
    "sandbox_steps",
    "trials",
    "trying",
    "versions",
]
