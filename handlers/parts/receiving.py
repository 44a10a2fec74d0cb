"""Deliveries: checked against what was asked for, put on the shelf, and kept back for whoever waits for them."""

from collections import Counter
from typing import Literal

from pydantic import Field
from sqlalchemy import func, select

from engine.errors import NotFound
from engine.runtime.handlers import JobContext, handler
from handlers.fields import Line, Names, Request, Result
from handlers.numbers import daily_number, next_in_series
from handlers.orders.case import newest_slip
from handlers.parts.centre import application_of
from handlers.parts.ledger import OUR_PLACES, post
from handlers.parts.lifecycle_tables import GoodsReceipt
from handlers.parts.stock import availability, keep, part_of_barcode
from handlers.parts.tables import Application, FailedLoan, Part, StockItem
from handlers.refusals import refusal

#: A form takes so many rows; what is beyond them is checked in with the next delivery.
_ROWS = 200


class ReceivedLine(Line):
    """What lies in the box."""

    part_no: str
    qty: int = Field(default=1, gt=0)
    barcode: str | None = None
    condition: Literal["good", "defective"] = "good"


class ExpectDelivery(Request):
    """For which application."""

    application_no: str


class ExpectedLine(Result):
    """One line to check: a serialised part is checked piece by piece, each with its own barcode."""

    part_no: str
    part_name: str
    qty: int
    barcode: str | None


class DeliveryExpected(Result):
    """What is still to come."""

    arrival_lines: list[ExpectedLine]
    outstanding: int


@handler("parts.expect_delivery", title="查应到备件", title_en="Look up what is to arrive")
def expect_delivery(ctx: JobContext, request: ExpectDelivery) -> DeliveryExpected:
    """The lines of an application that no delivery has brought yet.

    Raises:
        NotFound: no such application.
    """
    missing = _outstanding(ctx, application_of(ctx, request.application_no))
    lines = []
    for part_no, qty in sorted(missing.items()):
        part = ctx.session.get_one(Part, part_no)
        if part.is_serialised:
            lines += [ExpectedLine(part_no=part_no, part_name=part.name, qty=1, barcode=None)] * qty
        else:
            lines.append(ExpectedLine(part_no=part_no, part_name=part.name, qty=qty, barcode=part_no))
    return DeliveryExpected(arrival_lines=lines[:_ROWS], outstanding=missing.total())


class ReceiveParts(Request):
    """A delivery: what arrived, for which application."""

    application_no: str | None = None
    delivery_note: str = ""
    lines: list[ReceivedLine] = Field(min_length=1)
    accept_differences: bool = True
    claim: str | None = None
    """What was claimed from the sender because of the differences."""


class Difference(Result):
    """Ordered and received do not agree."""

    part_no: str
    ordered: int
    received: int


class PartsReceived(Result):
    """The goods receipt; `outstanding` is the number of pieces still to come."""

    goods_receipt_no: str
    differences: list[Difference]
    outstanding: int


@handler("parts.receive", title="到货入库", title_en="Receive parts into stock", errors=("QTY_MISMATCH", "BARCODE_INVALID"))
def receive(ctx: JobContext, request: ReceiveParts) -> PartsReceived:
    """Put a delivery on the shelf, once per application and delivery note.

    Raises:
        BpmnError: QTY_MISMATCH, another quantity than is still to come, when differences are not accepted; BARCODE_INVALID, a code of
            another part, of several pieces, or of a piece that is in the store already.
        NotFound: no such application or part.
    """
    application = application_of(ctx, request.application_no) if request.application_no else None
    receipt = _known(ctx, request)
    if receipt is None:
        differences = _differences(ctx, application, request) if application else []
        if differences and not request.accept_differences:
            parts = "、".join(f"{item.part_no} 应到 {item.ordered}、实到 {item.received}" for item in differences)
            parts_en = ", ".join(f"{item.part_no}: {item.ordered} expected, {item.received} here" for item in differences)
            raise refusal("QTY_MISMATCH", f"到货数量不符：{parts}。", f"The delivery differs: {parts_en}.")
        _check_barcodes(ctx, request.lines)
        receipt = GoodsReceipt(
            no=daily_number(ctx, "RK"),
            application_no=request.application_no,
            delivery_note=request.delivery_note,
            lines=[line.model_dump() for line in request.lines],
            differences=[item.model_dump() for item in differences],
            claim=request.claim,
            request_key=ctx.idempotency_key,
            received_at=ctx.now(),
            received_by=ctx.actor,
        )
        ctx.session.add(receipt)
        for line in request.lines:
            put_on_shelf(ctx, line, receipt.no)
        ctx.session.flush()
    outstanding = _close(ctx, application, receipt) if application else 0
    return PartsReceived(
        goods_receipt_no=receipt.no, differences=[Difference(**item) for item in receipt.differences], outstanding=outstanding
    )


def _known(ctx: JobContext, request: ReceiveParts) -> GoodsReceipt | None:
    found = select(GoodsReceipt).where(GoodsReceipt.request_key == ctx.idempotency_key)
    if request.application_no:
        same_note = (GoodsReceipt.application_no == request.application_no, GoodsReceipt.delivery_note == request.delivery_note)
        found = select(GoodsReceipt).where(*same_note)
    return ctx.session.scalars(found).first()


def _close(ctx: JobContext, application: Application, receipt: GoodsReceipt) -> int:
    missing = _outstanding(ctx, application).total()
    application.goods_receipt_no = receipt.no
    application.received_at = receipt.received_at
    if missing == 0:
        application.status = "received"
    return missing


def put_on_shelf(ctx: JobContext, line: ReceivedLine, reference: str) -> list[str]:
    """Bring pieces from the supplier into stock; serialised ones without a barcode get one each. The barcodes used."""
    part = _part(ctx, line.part_no)
    place = "shelf" if line.condition == "good" else "defective"
    if line.barcode or not part.is_serialised:
        pieces = [((line.barcode or part.no).upper(), line.qty)]
    else:
        pieces = [(f"{part.no}-{next_in_series(ctx.session, f'barcode {part.no}'):04d}", 1) for _ in range(line.qty)]
    for barcode, qty in pieces:
        post(ctx, "in", part_no=part.no, barcode=barcode, qty=qty, from_place="supplier", to_place=place, reference=reference)
    return [barcode for barcode, _ in pieces]


def _part(ctx: JobContext, part_no: str) -> Part:
    part = ctx.session.get(Part, part_no)
    if part is None:
        raise NotFound(f"没有备件 {part_no}。", f"There is no part {part_no}.", part_no=part_no)
    return part


def _check_barcodes(ctx: JobContext, lines: list[ReceivedLine]) -> None:
    seen: Counter[str] = Counter()
    for line in lines:
        if line.barcode is None:
            continue
        part, barcode = _part(ctx, line.part_no), line.barcode.upper()
        seen[barcode] += line.qty
        found = part_of_barcode(ctx, barcode)
        held = select(func.coalesce(func.sum(StockItem.qty), 0)).where(StockItem.barcode == barcode, StockItem.place.in_(OUR_PLACES))
        doubled = part.is_serialised and (seen[barcode] > 1 or ctx.session.scalar(held) != 0)
        if doubled or (found is not None and found.no != part.no) or (not part.is_serialised and barcode != part.no):
            raise refusal(
                "BARCODE_INVALID",
                f"条码 {barcode} 不能作为 {part.name}（{part.no}）入库：是别的备件，或已在库。",
                f"The barcode {barcode} cannot be received as {part.no}: it is of another part, or in the store already.",
                barcode=barcode,
            )


def _ordered(application: Application) -> Counter[str]:
    total: Counter[str] = Counter()
    for line in application.lines:
        total[line["part_no"]] += line["qty"]
    return total


def _outstanding(ctx: JobContext, application: Application) -> Counter[str]:
    """Pieces by part that were asked for and have not come."""
    missing = _ordered(application)
    for receipt in ctx.session.scalars(select(GoodsReceipt).where(GoodsReceipt.application_no == application.no)):
        for line in receipt.lines:
            missing[line["part_no"]] -= line["qty"]
    return +missing


def _differences(ctx: JobContext, application: Application, request: ReceiveParts) -> list[Difference]:
    expected = _outstanding(ctx, application)
    received: Counter[str] = Counter()
    for line in request.lines:
        received[line.part_no] += line.qty
    return [
        Difference(part_no=part_no, ordered=expected[part_no], received=received[part_no])
        for part_no in sorted(expected.keys() | received.keys())
        if expected[part_no] != received[part_no]
    ]


class AllotParts(Request):
    """What has arrived for which application, and who is known to wait."""

    application_no: str
    waiting_orders: Names = Field(default_factory=list)


class PartsAllotted(Result):
    """Who gets all that was asked for, who does not, and how many pieces are kept back."""

    served_orders: list[str]
    short_orders: list[str]
    allotted_count: int


@handler("parts.allot", title="到货分配", title_en="Allot what has arrived")
def allot(ctx: JobContext, request: AllotParts) -> PartsAllotted:
    """Keep what has arrived for the slips whose loans failed for want of it, the oldest first, as far as it goes.  An order whose loans
    are not known here is served when everything that was asked for has come.
    """
    application = application_of(ctx, request.application_no)
    failed = select(FailedLoan).where(FailedLoan.application_no == application.no).order_by(FailedLoan.failed_at, FailedLoan.no)
    served = dict.fromkeys(request.waiting_orders, not _outstanding(ctx, application))
    failed_loans = list(ctx.session.scalars(failed))
    served |= dict.fromkeys((loan.order_id for loan in failed_loans), True)
    kept: Counter[str] = Counter()
    for loan in failed_loans:
        slip = newest_slip(ctx, loan.order_id)
        qty = min(loan.qty, availability(ctx, loan.part_no, slip.id if slip else None).available)
        if slip and qty:
            keep(ctx, slip.id, loan.part_no, qty)
        served[loan.order_id] &= qty == loan.qty
        kept[loan.part_no] += qty if slip else 0
    return PartsAllotted(
        served_orders=[order for order, all_there in served.items() if all_there],
        short_orders=[order for order, all_there in served.items() if not all_there],
        allotted_count=kept.total(),
    )
