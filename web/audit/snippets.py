"""The neighbourhood of a text that was searched for."""

from collections.abc import Iterator
from typing import Any

#: Characters shown on either side.
_AROUND = 18


def snippet(value: Any, text: str) -> str:
    """The piece of a text, or of the first text within a JSON value that has it, around what was searched for."""
    found = next((item for item in _texts(value) if text.lower() in item.lower()), "")
    at = found.lower().find(text.lower())
    first, last = max(0, at - _AROUND), at + len(text) + _AROUND
    return f"{'…' if first else ''}{found[first:last].strip()}{'…' if last < len(found) else ''}"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif value is not None:
        yield str(value)
