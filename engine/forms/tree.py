"""Values at paths inside nested dictionaries and lists."""

from itertools import pairwise
from typing import Any, Final

from engine.forms.components import Path


class Missing:
    """The value of a path that leads nowhere; different from null."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = Missing()


def get(tree: Any, path: Path) -> Any:
    """The value at a path, or `MISSING`."""
    for part in path:
        if isinstance(part, int):
            if not isinstance(tree, list) or part >= len(tree):
                return MISSING
            tree = tree[part]
        elif isinstance(tree, dict) and part in tree:
            tree = tree[part]
        else:
            return MISSING
    return tree


def put(tree: dict[str, Any], path: Path, value: Any) -> None:
    """Set the value at a path, making what is missing on the way; lists grow by empty rows."""
    node: Any = tree
    for part, following in pairwise(path):
        node = _step(node, part, [] if isinstance(following, int) else {})
    last = path[-1]
    if isinstance(last, int):
        _grow(node, last, None)
    node[last] = value


def _step(node: Any, part: str | int, fresh: Any) -> Any:
    if isinstance(part, int):
        _grow(node, part, fresh)
        return node[part]
    if not isinstance(node.get(part), dict | list):
        node[part] = fresh
    return node[part]


def _grow(rows: list[Any], index: int, fresh: Any) -> None:
    while len(rows) <= index:
        rows.append({} if isinstance(fresh, dict) else fresh)
