"""How a kind of master data is described; list, form, import and export are made from nothing else."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import Boolean, Date, Float, Integer, String
from sqlalchemy import Text as LongText
from sqlalchemy.orm import InstrumentedAttribute, Session

from engine.errors import FieldProblem
from engine.runtime.engine import Engine
from engine.storage.base import Base, UtcInstant
from handlers.master_data.reading import Reading
from handlers.master_data.types import Amount, ColumnType, Day, Degrees, Flag, Moment, Text, Whole
from handlers.money import Money

#: Values of one row by column.
Values = Mapping[str, Any]

#: Finds what is wrong with a row as a whole: column and problem. Rows that stay as they are, are not asked.
Rule = Callable[[Values, Reading], Iterable[tuple[str, FieldProblem]]]


@dataclass(frozen=True)
class Column:
    """One column of a table, as people see it."""

    name: str
    zh: str
    en: str
    type: ColumnType
    required: bool
    unique: bool
    is_key: bool
    listed: bool  #: shown in the list
    searched: bool
    fixed: bool  #: cannot be changed once the row is there
    help_zh: str
    help_en: str

    def label(self, locale: str) -> str:
        """What people call it."""
        return self.zh if locale.startswith("zh") else self.en


def column(
    table: type[Base],
    name: str,
    zh: str,
    en: str,
    kind: ColumnType | None = None,
    *,
    listed: bool = True,
    searched: bool = False,
    fixed: bool = False,
    required: bool | None = None,
    help_zh: str = "",
    help_en: str = "",
) -> Column:
    """Describe a column; its type, length, and whether it may be left blank come from the table unless said otherwise."""
    found = table.__table__.c[name]
    return Column(
        name=name,
        zh=zh,
        en=en,
        type=kind or _type_of(found.type),
        required=not found.nullable if required is None else required,
        unique=bool(found.unique),
        is_key=found.primary_key,
        listed=listed,
        searched=searched,
        fixed=fixed or found.primary_key,
        help_zh=help_zh,
        help_en=help_en,
    )


def _type_of(found: Any) -> ColumnType:
    simple: dict[type, ColumnType] = {
        Boolean: Flag(),
        Date: Day(),
        Money: Amount(),
        Integer: Whole(),
        Float: Degrees(180),
        UtcInstant: Moment(),
        LongText: Text(lines=True),
    }
    for known, kind in simple.items():
        if isinstance(found, known):
            return kind
    if isinstance(found, String):
        return Text(longest=found.length or 255)
    message = f"say of which type a column of {found!r} is"
    raise TypeError(message)


@dataclass(frozen=True)
class Change:
    """What one row gets: who gives it and why."""

    engine: Engine
    session: Session
    actor: str
    reason: str | None = None
    reference: str | None = None  #: the import or correction it belongs to


def _store(change: Change, row: Base, values: Values) -> Base:
    for name, value in values.items():
        setattr(row, name, value)
    change.session.add(row)
    return row


@dataclass(frozen=True)
class Kind:
    """One kind of master data."""

    name: str  #: in addresses
    zh: str
    en: str
    table: type[Base]
    columns: tuple[Column, ...]
    readers: frozenset[str]  #: groups
    editors: frozenset[str]
    icon: str
    named_by: str = ""  #: the column people know a row by; its key unless said otherwise
    order: tuple[str, ...] = ()  #: of the list; that of the key unless said otherwise
    customer: str | None = None  #: the column that says whose data it is, when looking at it is logged
    natural_key: tuple[str, ...] = ()  #: finds a row whose number is not given
    number: Callable[[Session], str] | None = None  #: makes the key of a new row
    related: tuple[str, ...] = ()  #: kinds whose rows point here
    rules: tuple[Rule, ...] = ()
    initial: Callable[[Change], dict[str, Any]] = field(default=lambda _change: {})  #: of columns that nobody fills in
    store: Callable[[Change, Any, Values], Base] = _store  #: gives the row as it then is
    stored: Callable[[Engine], None] | None = None  #: called when it is committed
    reason_needed: bool = False
    creatable: bool = True
    removable: bool = True

    @cached_property
    def key(self) -> tuple[Column, ...]:
        """The columns of the primary key, in its order."""
        return tuple(self.by_name[name] for name in (key.name for key in self.table.__table__.primary_key))

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """The columns by name."""
        return {item.name: item for item in self.columns}

    @cached_property
    def title(self) -> Column:
        """The column people know a row by."""
        return self.by_name[self.named_by] if self.named_by else self.key[0]

    def label(self, locale: str) -> str:
        """What people call it."""
        return self.zh if locale.startswith("zh") else self.en

    def attribute(self, name: str) -> InstrumentedAttribute[Any]:
        """A column of the table, for statements."""
        found: InstrumentedAttribute[Any] = getattr(self.table, name)
        return found

    def key_of(self, row: Base) -> dict[str, Any]:
        """The key of a row, by column."""
        return {item.name: getattr(row, item.name) for item in self.key}
