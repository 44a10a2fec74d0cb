"""The audit trail of master data in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from handlers.master_data.description import Kind
from handlers.master_data.kinds import KINDS
from handlers.master_data.reading import Reading
from handlers.master_data.records import key_text, shown
from handlers.master_data.tables import MasterDataChange
from web.directory import people_names

#: Changes of one record on its page.
_MOST = 50


@dataclass(frozen=True)
class Told:
    """One change as people read it."""

    change: MasterDataChange
    kind: str
    who: str
    lines: list[tuple[str, str, str]]  #: column, before, after


def history(reading: Reading, kind: Kind, row: Any) -> list[Told]:
    """What became of a record, newest first."""
    found = reading.session.scalars(
        select(MasterDataChange)
        .where(MasterDataChange.kind == kind.name, MasterDataChange.key == key_text(reading, kind, row))
        .order_by(MasterDataChange.changed_at.desc(), MasterDataChange.id.desc())
        .limit(_MOST)
    )
    return tell(reading, list(found))


def tell(reading: Reading, changes: Iterable[MasterDataChange]) -> list[Told]:
    """Changes with the names of people and columns."""
    changes = list(changes)
    names = people_names(reading.session, (change.changed_by for change in changes))
    return [_told(reading, change, names.get(change.changed_by, change.changed_by)) for change in changes]


def _told(reading: Reading, change: MasterDataChange, who: str) -> Told:
    kind = KINDS.get(change.kind)
    lines = []
    for part in change.changes:
        item = kind.by_name.get(part["column"]) if kind else None
        before, after = (shown(reading, item, part[name]) if item else part[name] for name in ("before", "after"))
        lines.append((item.label(reading.locale) if item else part["column"], before, after))
    return Told(change, kind.label(reading.locale) if kind else change.kind, who, lines)
