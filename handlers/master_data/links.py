"""Types of columns that point to other rows, or hold several texts."""

import re
from dataclasses import dataclass
from typing import Any

from handlers.master_data.reading import Reading, Target, Unreadable
from handlers.master_data.types import ColumnType

#: Between the texts of a list; people also write the others.
_BETWEEN = "；"
_WAYS = re.compile(r"[；;、\n]")


@dataclass(frozen=True)
class Reference(ColumnType):
    """The key of a row of another table; people may write its name instead."""

    target: Target
    many: bool = False  #: too many rows to choose from a list
    field = "reference"

    def read(self, text: str, reading: Reading) -> str:
        """The key that the text means."""
        return reading.key_of(self.target, text)

    def show(self, value: Any, reading: Reading) -> str:
        """The name behind the key, with the key when that says more."""
        name = reading.name_of(self.target, value)
        return f"{name} · {value}" if name else str(value)

    def cell(self, value: Any, reading: Reading) -> str:  # noqa: ARG002 -- the name has a cell of its own
        """The key."""
        return str(value)


@dataclass(frozen=True)
class Texts(ColumnType):
    """Several texts, or several keys of another table."""

    target: Target | None = None

    @property
    def blank(self) -> list[str]:
        """No texts."""
        return []

    @property
    def field(self) -> str:  # type: ignore[override]
        """Boxes to tick, or one text a line."""
        return "ticks" if self.target else "lines"

    def read(self, text: str, reading: Reading) -> list[str]:
        """The texts between semicolons (or 、 or line breaks), each once."""
        found = dict.fromkeys(part.strip() for part in _WAYS.split(text) if part.strip())
        if not found:
            raise Unreadable("没有内容。", "There is nothing in it.")
        return [reading.key_of(self.target, part) for part in found] if self.target else list(found)

    def plain(self, value: Any, reading: Reading) -> str:  # noqa: ARG002
        """With semicolons between."""
        return _BETWEEN.join(value)

    def show(self, value: Any, reading: Reading) -> str:
        """The names behind the keys."""
        if self.target is None:
            return _BETWEEN.join(value)
        reading.look_up(self.target, value)
        return _BETWEEN.join(reading.name_of(self.target, key) or key for key in value)
