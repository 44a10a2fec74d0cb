"""After the count: books, vouchers, cards and goods are brought together, and the ledger is adjusted when that is approved."""

from typing import Literal

from engine.runtime.handlers import JobContext, handler
from handlers.fields import Request, Result
from handlers.parts.approvals import require_approval
from handlers.parts.ledger import balance, post
from handlers.parts.lifecycle_tables import Stocktake, StocktakeLine
from handlers.parts.stocktake import lines_of, stocktake_of
from handlers.refusals import refusal


class Reconcile(Request):
    """What the accountant finds."""

    stocktake_id: str
    book_ok: bool
    voucher_ok: bool
    card_ok: bool
    goods_ok: bool
    difference_reason: str | None = None
    loss_suspected: bool = False
    reconciled_by: str | None = None


class Reconciled(Result):
    """Whether the ledger has to be adjusted."""

    difference_remains: bool


@handler("parts.reconcile_stocktake", title="登记账证卡物核对", title_en="Record the reconciliation")
def reconcile(ctx: JobContext, request: Reconcile) -> Reconciled:
    """Write down whether books, vouchers, cards and goods agree.

    Raises:
        NotFound: no such count.
    """
    take = stocktake_of(ctx, request.stocktake_id)
    for name in ("book_ok", "voucher_ok", "card_ok", "goods_ok", "difference_reason", "loss_suspected"):
        setattr(take, name, getattr(request, name))
    take.reconciled_by = request.reconciled_by or ctx.actor
    return Reconciled(difference_remains=any(line.difference for line in lines_of(ctx, take.id)))


class AdjustStock(Request):
    """Whether the adjustment is approved, and by whom."""

    stocktake_id: str
    approved: bool
    approved_by: str | None = None


class StockAdjusted(Result):
    """The ledger entries of the adjustment."""

    ledger_nos: list[str]


@handler("parts.adjust_stock", title="按批准调账", title_en="Adjust the stock", errors=("NOT_APPROVED",))
def adjust_stock(ctx: JobContext, request: AdjustStock) -> StockAdjusted:
    """Bring the ledger to what was found, once per line of the count, and close the count.

    Raises:
        BpmnError: NOT_APPROVED, the head of the office did not approve it.
        NotFound: no such count.
    """
    take = stocktake_of(ctx, request.stocktake_id)
    if not request.approved:
        raise refusal("NOT_APPROVED", "调整没有获得批准。", "The adjustment was not approved.", stocktake_id=take.id)
    approved_by = require_approval(ctx, request.approved_by, "office_head", "NOT_APPROVED")
    differing = [line for line in lines_of(ctx, take.id) if line.difference]
    for line in differing:
        if line.ledger_no is None:
            line.ledger_no = _adjust(ctx, take, line)
    take.approved_by = approved_by
    _close(ctx, take, "adjusted")
    return StockAdjusted(ledger_nos=[line.ledger_no for line in differing if line.ledger_no])


def _adjust(ctx: JobContext, take: Stocktake, line: StocktakeLine) -> str | None:
    """Bring one line to what was found; a missing piece that has been lent or moved since the count is not missing, and None when none is."""
    from_place, to_place = ("difference", "shelf") if line.difference > 0 else ("shelf", "difference")
    qty = line.difference if line.difference > 0 else min(-line.difference, balance(ctx, line.barcode, "shelf"))
    if qty == 0:
        return None
    entry = post(
        ctx,
        "adjust",
        part_no=line.part_no,
        barcode=line.barcode,
        qty=qty,
        from_place=from_place,
        to_place=to_place,
        reference=take.id,
    )
    return entry.no


class CloseStocktake(Request):
    """How a count ends that adjusts nothing."""

    stocktake_id: str
    outcome: Literal["agreed", "left_open"]


class StocktakeClosed(Result):
    """The state."""

    stocktake_state: str


@handler("parts.close_stocktake", title="结束盘点", title_en="Close a stocktake")
def close_stocktake(ctx: JobContext, request: CloseStocktake) -> StocktakeClosed:
    """Close a count without touching the ledger.

    Raises:
        NotFound: no such count.
    """
    take = stocktake_of(ctx, request.stocktake_id)
    _close(ctx, take, request.outcome)
    return StocktakeClosed(stocktake_state=take.state)


def _close(ctx: JobContext, take: Stocktake, state: str) -> None:
    if take.state == "open":
        take.state, take.closed_at = state, ctx.now()
