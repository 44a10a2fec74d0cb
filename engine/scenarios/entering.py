"""What a form takes where a scenario writes a word: `photo`, `signature` and `file` become attachments, figures in text fields text."""

from collections.abc import Callable
from typing import Any

from engine.forms.components import ATTACHMENT_LISTS, TEXTS, Component, walk
from engine.runtime import remarks
from engine.runtime.engine import Engine

#: A white picture of 2 × 2 dots.
_PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000200000002080000000057dd52f80000000e4944415478da63f8ff9fe1ff7f000bfa03fdfd4dc4660000000049454e44ae426082"
)
#: Word of a scenario to name, content and kind of the file that it stands for.
FILES = {
    "photo": ("photo.png", _PICTURE, "photo"),
    "signature": ("signature.png", _PICTURE, "signature"),
    "file": ("file.txt", "随附文件\n".encode(), "file"),
}


def entered(engine: Engine, task_id: str, schema: Component, values: dict[str, Any], person: str) -> dict[str, Any]:
    """The values as the form's fields take them; what is attached is attached to the task."""

    def attach(value: Any) -> Any:
        if isinstance(value, list):
            return [attach(item) for item in value]
        if value not in FILES:
            return value
        name, content, kind = FILES[value]
        return remarks.attach(engine, task_id, name, content, kind, person)

    for placed in walk(schema):
        kind = placed.component.get("type")
        if kind == "signature":
            values = _changed(values, placed.path, attach)
        elif kind in ATTACHMENT_LISTS:
            values = _changed(values, placed.path, lambda value: attach(_listed(value)))
        elif kind in TEXTS:
            values = _changed(values, placed.path, _as_text)
    return values


def _changed(values: Any, path: tuple[str, ...], change: Callable[[Any], Any]) -> Any:
    """The values with one field changed, in every row of the lists on the way."""
    if isinstance(values, list):
        return [_changed(row, path, change) for row in values]
    if not isinstance(values, dict) or path[0] not in values:
        return values
    inside = values[path[0]]
    return values | {path[0]: change(inside) if len(path) == 1 else _changed(inside, path[1:], change)}


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
