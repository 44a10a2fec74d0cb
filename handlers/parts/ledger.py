"""The stock ledger: the only way a piece moves.

Every move is one row, from a place to a place; `StockItem` holds the balance of our own places and is written here only, together with
the row that changes it. So a balance is always the sum of the ledger, and nothing appears or disappears.
"""

from sqlalchemy import case, func, select

from engine.errors import IntegrityViolated
from engine.runtime.handlers import JobContext
from handlers.numbers import daily_number
from handlers.parts.tables import LedgerEntry, StockItem

#: Places whose balance is kept; at the others pieces come from or go to the world outside.
OUR_PLACES = ("shelf", "loan", "defective")


def post(
    ctx: JobContext, kind: str, *, part_no: str, barcode: str, qty: int, from_place: str, to_place: str, reference: str
) -> LedgerEntry:
    """Move pieces: one ledger row, and the balances of both ends.

    Raises:
        IntegrityViolated: fewer pieces than that are at the place they should come from.
    """
    if from_place in OUR_PLACES:
        _change(ctx, part_no, barcode, from_place, -qty)
    if to_place in OUR_PLACES:
        _change(ctx, part_no, barcode, to_place, qty)
    entry = LedgerEntry(
        no=daily_number(ctx, "TZ"),
        kind=kind,
        part_no=part_no,
        barcode=barcode,
        qty=qty,
        from_place=from_place,
        to_place=to_place,
        reference=reference,
        moved_at=ctx.now(),
        moved_by=ctx.actor,
    )
    ctx.session.add(entry)
    ctx.session.flush()
    return entry


def _change(ctx: JobContext, part_no: str, barcode: str, place: str, by: int) -> None:
    item = ctx.session.get(StockItem, (barcode, place), with_for_update=True)
    if item is None:
        item = StockItem(barcode=barcode, place=place, part_no=part_no, qty=0)
        ctx.session.add(item)
    if item.part_no != part_no or item.qty + by < 0:
        raise IntegrityViolated(
            f"库存不符：{place} 处的 {barcode} 只有 {item.qty} 件。",
            f"Stock does not agree: only {item.qty} of {barcode} at {place}.",
            part_no=part_no,
            barcode=barcode,
            place=place,
        )
    item.qty += by


def balance(ctx: JobContext, barcode: str, place: str) -> int:
    """What the ledger says is at a place; `StockItem.qty` must say the same."""
    moved = case((LedgerEntry.to_place == place, LedgerEntry.qty), else_=0) - case(
        (LedgerEntry.from_place == place, LedgerEntry.qty), else_=0
    )
    return ctx.session.scalar(select(func.coalesce(func.sum(moved), 0)).where(LedgerEntry.barcode == barcode)) or 0
