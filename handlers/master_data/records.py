"""Rows of master data: found, paged, and as plain texts that can be compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Select, Text, cast, false, func, or_, select, tuple_

from engine.errors import NotFound
from engine.storage.base import Base
from handlers.master_data.description import Column, Kind
from handlers.master_data.links import Reference, Texts
from handlers.master_data.reading import Reading, Unreadable, chunks
from handlers.master_data.types import Text as TextType

#: Rows on one page.
PAGE_SIZE = 50


@dataclass(frozen=True)
class Page:
    """One page of a list."""

    rows: list[Any]
    total: int
    number: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PAGE_SIZE))


def page(reading: Reading, kind: Kind, text: str, number: int) -> Page:
    """The rows that contain a text, in the order of the kind."""
    total = reading.session.scalar(select(func.count()).select_from(_found(kind, text).subquery())) or 0
    number = min(number, max(1, -(-total // PAGE_SIZE)))
    rows = list(reading.session.scalars(_found(kind, text).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)))
    look_up_names(reading, kind, rows)
    return Page(rows, total, number)


def everything(reading: Reading, kind: Kind, text: str) -> list[Any]:
    """All rows that contain a text."""
    rows = list(reading.session.scalars(_found(kind, text)))
    look_up_names(reading, kind, rows)
    return rows


def _found(kind: Kind, text: str) -> Select[Any]:
    order = [kind.attribute(name) for name in dict.fromkeys((*kind.order, *(item.name for item in kind.key)))]
    query = select(kind.table).order_by(*order)
    return query.where(or_(false(), *(_contains(kind, item, text) for item in kind.columns if item.searched))) if text else query


def _contains(kind: Kind, item: Column, text: str) -> ColumnElement[bool]:
    attribute = kind.attribute(item.name)
    if isinstance(item.type, TextType):
        return attribute.icontains(text, autoescape=True)
    found: ColumnElement[bool] = cast(attribute, Text).icontains(text, autoescape=True)
    if isinstance(item.type, Reference):
        target = item.type.target
        return or_(found, attribute.in_(select(target.key_column).where(target.name_column.icontains(text, autoescape=True))))
    return found


def look_up_names(reading: Reading, kind: Kind, rows: Sequence[Any]) -> None:
    """Find the names behind all references of these rows at once."""
    for item in kind.columns:
        values = [getattr(row, item.name) for row in rows]
        if isinstance(item.type, Reference):
            reading.look_up(item.type.target, (value for value in values if value is not None))
        elif isinstance(item.type, Texts) and item.type.target:
            reading.look_up(item.type.target, (key for value in values for key in value or ()))


def row_of(reading: Reading, kind: Kind, key: Mapping[str, str], *, for_update: bool = False) -> Any:
    """The row with this key, given as plain texts.

    Raises:
        NotFound: there is none.
    """
    try:
        values = tuple(item.type.read(key.get(item.name, ""), reading) for item in kind.key)
    except Unreadable:
        values = ()
    found = rows_of(reading, kind, [values], for_update=for_update).get(values) if values else None
    if not found:
        raise NotFound("没有这条资料，可能已被删除。", "There is no such record; it may have been removed.")
    return found[0]


def rows_of(
    reading: Reading, kind: Kind, keys: Sequence[tuple[Any, ...]], names: Sequence[str] = (), *, for_update: bool = False
) -> dict[tuple[Any, ...], list[Base]]:
    """The rows with these keys, or with these values of other columns, by them."""
    names = names or [item.name for item in kind.key]
    attributes = [kind.attribute(name) for name in names]
    found: dict[tuple[Any, ...], list[Base]] = {}
    for some in chunks(list(dict.fromkeys(keys))):
        query = select(kind.table).where(tuple_(*attributes).in_(some))
        for row in reading.session.scalars(query.with_for_update() if for_update else query):
            found.setdefault(tuple(getattr(row, name) for name in names), []).append(row)
    return found


def plain(reading: Reading, item: Column, value: Any) -> str:
    """A value as canonical text; empty for none."""
    return "" if value is None else item.type.plain(value, reading)


def plain_values(reading: Reading, kind: Kind, row: Any) -> dict[str, str]:
    """A row as canonical texts, by column."""
    return {item.name: plain(reading, item, getattr(row, item.name)) for item in kind.columns}


def shown(reading: Reading, item: Column, text: str) -> str:
    """A canonical text as people read the value; as it is when it can no longer be read."""
    try:
        return item.type.show(item.type.read(text, reading), reading) if text else ""
    except Unreadable:
        return text


def key_text(reading: Reading, kind: Kind, row: Any) -> str:
    """A row's key as the audit trail names it."""
    return " ".join(plain(reading, item, getattr(row, item.name)) for item in kind.key)


def fingerprint(texts: Mapping[str, str]) -> str:
    """Tells whether a row is still as somebody saw it."""
    return sha256(orjson.dumps(texts, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]
