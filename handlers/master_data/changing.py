"""Carries plans out and writes every change into the audit trail, in the transaction of its caller."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.exc import IntegrityError

from engine.errors import Conflict
from engine.ids import new_id
from handlers.master_data.description import Change, Kind
from handlers.master_data.planning import Difference, RowPlan
from handlers.master_data.reading import Reading
from handlers.master_data.records import key_text, plain_values
from handlers.master_data.tables import MasterDataChange


def carry_out(reading: Reading, kind: Kind, change: Change, plans: Sequence[RowPlan]) -> list[Any]:
    """Write the new and changed rows; gives the rows of all plans.

    Raises:
        Conflict: the database refuses a row, because of what somebody else wrote meanwhile; the transaction has to be given up.
    """
    try:
        rows = [_write(reading, kind, change, item) if item.outcome in ("new", "changed") else item.row for item in plans]
        change.session.flush()
    except IntegrityError as error:
        raise Conflict(
            "与别人刚写入的资料冲突，什么都没有保存。请再试一次。",
            "It contradicts what somebody else has just written; nothing was saved. Try again.",
        ) from error
    return rows


def _write(reading: Reading, kind: Kind, change: Change, item: RowPlan) -> Any:
    if item.row is None:
        values = _blanks(kind) | kind.initial(change) | item.values
        if kind.number:
            values[kind.key[0].name] = kind.number(change.session)
        row = kind.store(change, kind.table(), values)
        _remember(reading, kind, change, row, "created", item.differences)
    else:
        values = {difference.column.name: item.values[difference.column.name] for difference in item.differences}
        row = kind.store(change, item.row, values)
        _remember(reading, kind, change, row, "changed", item.differences)
    return row


def _blanks(kind: Kind) -> dict[str, Any]:
    return {item.name: item.type.blank for item in kind.columns}


def remove(reading: Reading, kind: Kind, change: Change, row: Any) -> None:
    """Remove a row that nothing refers to.

    Raises:
        Conflict: something does, or rows of this kind stay; the transaction has to be given up.
    """
    if not kind.removable:
        raise Conflict("这类资料不能删除。", "Records of this kind are not removed.")
    texts = plain_values(reading, kind, row)
    gone = [Difference(kind.by_name[name], text, "") for name, text in texts.items() if text]
    _remember(reading, kind, change, row, "removed", gone)
    change.session.delete(row)
    try:
        change.session.flush()
    except IntegrityError as error:
        raise Conflict("还有别的资料或单据引用它，不能删除。", "Other records refer to it: it cannot be removed.") from error


def _remember(reading: Reading, kind: Kind, change: Change, row: Any, action: str, differences: Sequence[Difference]) -> None:
    change.session.add(
        MasterDataChange(
            id=new_id(),
            kind=kind.name,
            key=key_text(reading, kind, row),
            action=action,
            changes=[{"column": item.column.name, "before": item.before, "after": item.after} for item in differences],
            reason=change.reason,
            reference=change.reference,
            changed_at=change.engine.clock.now(),
            changed_by=change.actor,
        )
    )
