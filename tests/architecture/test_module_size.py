"""Modules stay small enough to read in one sitting."""

from pathlib import Path

import pytest

LIMIT = 350
ROOT = Path(__file__).parents[2]

MODULES = sorted(
    path
    for folder in ("engine", "handlers", "web", "bench", "tests")
    for path in (ROOT / folder).rglob("*.py")
    if "node_modules" not in path.parts
)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_module_is_short(module: Path) -> None:
    """No module is longer than the limit: a longer one does two things."""
    assert len(module.read_text("utf-8").splitlines()) <= LIMIT
