"""What it takes to read and show values: the reader's language and time zone, and the names behind numbers."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from engine.errors import FieldProblem
from engine.storage.base import Base

_T = TypeVar("_T")

#: Databases limit the values of one statement.
_CHUNK = 500


def chunks(items: Sequence[_T]) -> Iterator[Sequence[_T]]:
    """The items in pieces that fit into one statement."""
    return (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))


class Unreadable(Exception):
    """A text that is no value of its column."""

    def __init__(self, zh: str, en: str) -> None:
        """Keep what is wrong, in both languages."""
        super().__init__(en)
        self.problem = FieldProblem(zh, en)


@dataclass(frozen=True)
class Target:
    """Rows that a column points to: their key and the name that people know them by."""

    table: type[Base]
    key: str
    name: str
    name_en: str = ""  #: column of the English name, where there is one

    @property
    def key_column(self) -> InstrumentedAttribute[Any]:
        """The column of the key."""
        return self._column(self.key)

    @property
    def name_column(self) -> InstrumentedAttribute[Any]:
        """The column of the name."""
        return self._column(self.name)

    @property
    def english_column(self) -> InstrumentedAttribute[Any]:
        """The column of the English name, or of the only one."""
        return self._column(self.name_en or self.name)

    def _column(self, name: str) -> InstrumentedAttribute[Any]:
        column: InstrumentedAttribute[Any] = getattr(self.table, name)
        return column


@dataclass
class Reading:
    """One request's or one import's way of reading; remembers the names it looked up."""

    session: Session
    zone: ZoneInfo
    locale: str
    _names: dict[Target, dict[str, tuple[str, str]]] = field(default_factory=dict)
    _asked: dict[Target, set[str]] = field(default_factory=dict)

    def say(self, zh: str, en: str) -> str:
        """The reader's one of two texts."""
        return zh if self.locale.startswith("zh") else en

    def look_up(self, target: Target, texts: Iterable[str]) -> None:
        """Find the rows with these keys or names, all at once."""
        asked = self._asked.setdefault(target, set())
        names = self._names.setdefault(target, {})
        new = sorted(set(texts) - asked)
        asked.update(new)
        for some in chunks(new):
            columns = (target.key_column, target.name_column, target.english_column)
            found = self.session.execute(select(*columns).where(or_(*(column.in_(some) for column in columns))))
            names.update((key, (name, name_en)) for key, name, name_en in found)

    def key_of(self, target: Target, text: str) -> str:
        """The key that a text means: the key itself, or a name that only one row has.

        Raises:
            Unreadable: no row, or more than one.
        """
        self.look_up(target, (text,))
        names = self._names[target]
        if text in names:
            return text
        found = [key for key, both in names.items() if text in both]
        if not found:
            raise Unreadable(f"没有“{text}”。", f"There is no “{text}”.")
        if len(found) > 1:
            raise Unreadable(f"有 {len(found)} 个“{text}”，请写编号。", f"There are {len(found)} named “{text}”: write the number.")
        return found[0]

    def name_of(self, target: Target, key: str) -> str:
        """The name behind a key; empty when there is none or it is the key."""
        self.look_up(target, (key,))
        name = self.say(*self._names[target].get(key, ("", "")))
        return "" if name == key else name


def options(reading: Reading, target: Target, text: str = "", most: int = 200) -> list[tuple[str, str]]:
    """Rows whose key or name contains a text, by name: key and name."""
    name = target.name_column if reading.say("zh", "en") == "zh" else target.english_column
    query: Any = select(target.key_column, name).order_by(name, target.key_column).limit(most)
    if text:
        query = query.where(or_(target.key_column.icontains(text, autoescape=True), name.icontains(text, autoescape=True)))
    return [(key, found) for key, found in reading.session.execute(query)]
