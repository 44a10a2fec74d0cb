"""Imports: a file is kept, shown as a plan, and carried out as a whole or not at all."""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

import orjson
from sqlalchemy import delete

from engine.errors import ChangedMeanwhile, Conflict, InvalidInput, NotFound
from engine.ids import new_id
from handlers.master_data.changing import carry_out
from handlers.master_data.description import Change, Kind
from handlers.master_data.planning import Outcome, RowPlan, counted, plan
from handlers.master_data.reading import Reading
from handlers.master_data.sheets.columns import lines
from handlers.master_data.sheets.loading import load
from handlers.master_data.tables import MasterDataImport
from handlers.numbers import daily_number
from handlers.outside import outside_of_cases

#: How long a file waits for its owner's word.
_KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Preview:
    """What an import would do."""

    plans: list[RowPlan]
    unknown: list[str]  #: heads of columns that are left aside

    @property
    def counts(self) -> dict[Outcome, int]:
        """How many rows there are of each outcome."""
        return counted(self.plans)

    @property
    def can_be_carried_out(self) -> bool:
        """Whether no row is faulty and at least one would be written."""
        counts = self.counts
        return not counts["faulty"] and bool(counts["new"] or counts["changed"])

    @property
    def fingerprint(self) -> str:
        """Tells whether the same file would still do the same."""
        told = [
            (item.line.number, item.outcome, [(change.column.name, change.before, change.after) for change in item.differences])
            for item in self.plans
        ]
        return sha256(orjson.dumps(told)).hexdigest()[:32]


def keep(reading: Reading, kind: Kind, change: Change, file_name: str, content: bytes) -> str:
    """Keep an uploaded file until its owner has seen what it would do; returns its id. Files nobody came back for are removed.

    Raises:
        InvalidInput: it cannot be read at all, or the reason is missing.
    """
    lines(kind, load(file_name, content))
    if kind.reason_needed and not change.reason:
        raise InvalidInput("请写明原因。", "Give the reason.")
    present = change.engine.clock.now()
    old = MasterDataImport.uploaded_at < present - _KEPT
    reading.session.execute(delete(MasterDataImport).where(old, MasterDataImport.content.is_not(None)))
    kept = MasterDataImport(
        id=new_id(),
        kind=kind.name,
        file_name=file_name[-255:],
        content=content,
        reason=change.reason,
        uploaded_at=present,
        uploaded_by=change.actor,
    )
    reading.session.add(kept)
    return kept.id


def own(reading: Reading, kind: Kind, import_id: str, actor: str, *, for_update: bool = False) -> MasterDataImport:
    """An import that the person uploaded.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    kept = reading.session.get(MasterDataImport, import_id, with_for_update=for_update)
    if kept is None or kept.uploaded_by != actor or kept.kind != kind.name:
        raise NotFound("没有这个导入，可能已过期，请重新上传。", "There is no such import; it may be too old. Upload the file again.")
    return kept


def preview(reading: Reading, kind: Kind, kept: MasterDataImport, *, for_update: bool = False) -> Preview:
    """What the kept file would do to the rows as they are now.

    Raises:
        Conflict: it is carried out already.
    """
    if kept.content is None:
        raise Conflict("这个文件已经导入过。", "This file is imported already.")
    found, unknown = lines(kind, load(kept.file_name, kept.content))
    return Preview(plan(reading, kind, found, for_update=for_update), unknown)


def confirm(reading: Reading, kind: Kind, change: Change, import_id: str, seen: str) -> MasterDataImport:
    """Carry an import out: all rows or none, and only what its owner has seen.

    Raises:
        ChangedMeanwhile: the rows changed since the preview.
        Conflict: it is carried out already, or a row is faulty.
    """
    change.engine.database.one_at_a_time(reading.session, f"import {kind.name}")
    kept = own(reading, kind, import_id, change.actor, for_update=True)
    found = preview(reading, kind, kept, for_update=True)
    if found.fingerprint != seen:
        raise ChangedMeanwhile("预览之后资料有变化，请再看一遍。", "The data changed since the preview: look at it again.")
    if not found.can_be_carried_out:
        raise Conflict("有错误的行，什么都没有导入。", "There are faulty rows; nothing was imported.")
    number = daily_number(outside_of_cases(change.engine, reading.session, work="import", actor=change.actor), "DR")
    as_import = Change(change.engine, change.session, change.actor, kept.reason, number)
    carry_out(reading, kind, as_import, found.plans)
    kept.content = None
    kept.done = {"number": number, "counts": found.counts}
    return kept
