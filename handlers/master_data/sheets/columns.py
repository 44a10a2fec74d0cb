"""Which column of a file is which column of a kind, and the rows of a kind as a file has them."""

from collections.abc import Sequence
from typing import Any

from engine.errors import InvalidInput
from handlers.master_data.description import Kind
from handlers.master_data.links import Reference
from handlers.master_data.planning import Line
from handlers.master_data.reading import Reading
from handlers.master_data.sheets.loading import Sheet
from handlers.master_data.types import Cell

#: Head of the column that names what a number stands for; it is for people and not read back.
_NAME_OF = ("（名称）", " (name)")


def head(reading: Reading, kind: Kind) -> list[str]:
    """The heads of an exported file."""
    names: list[str] = []
    for item in kind.columns:
        label = item.label(reading.locale)
        names += [label, label + reading.say(*_NAME_OF)] if isinstance(item.type, Reference) else [label]
    return names


def cells(reading: Reading, kind: Kind, row: Any) -> list[Cell]:
    """One row of an exported file."""
    found: list[Cell] = []
    for item in kind.columns:
        value = getattr(row, item.name)
        found.append(None if value is None else item.type.cell(value, reading))
        if isinstance(item.type, Reference):
            found.append(None if value is None else reading.name_of(item.type.target, value) or value)
    return found


def lines(kind: Kind, sheet: Sheet) -> tuple[list[Line], list[str]]:
    """The rows of a file by column, and the heads of columns that mean nothing here.

    Raises:
        InvalidInput: a column is there twice, or without the given ones no row can be told from another.
    """
    known = {word.casefold(): item.name for item in kind.columns for word in (item.name, item.zh, item.en)}
    names = [known.get(text.strip("* ").casefold()) for text in sheet.head]
    _refuse_unusable(kind, [name for name in names if name])
    unknown = [text for text, name in zip(sheet.head, names, strict=True) if name is None and text and not text.endswith(_NAME_OF)]
    found = []
    for number, texts in sheet.rows:
        padded = [*texts, *[""] * (len(names) - len(texts))]
        found.append(Line(number, {name: text for name, text in zip(names, padded, strict=False) if name}))
    return found, unknown


def _refuse_unusable(kind: Kind, names: Sequence[str]) -> None:
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        item = kind.by_name[twice]
        raise InvalidInput(f"“{item.zh}”列出现了两次。", f"The column “{item.en}” is there twice.")
    ways = [[key.name for key in kind.key], *([list(kind.natural_key)] if kind.natural_key else [])]
    if not any(set(way) <= set(names) for way in ways):
        missing = [kind.by_name[name] for name in ways[-1] if name not in names]
        zh, en = "、".join(item.zh for item in missing), ", ".join(item.en for item in missing)
        raise InvalidInput(f"第一行要有列名；缺少：{zh}。", f"The first line must name the columns; missing: {en}.")
