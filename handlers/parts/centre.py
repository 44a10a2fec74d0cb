"""The parts centre: what we ask of it and what arrives."""

from typing import Literal

from pydantic import Field
from sqlalchemy import select

from engine.errors import NotFound
from engine.runtime.handlers import JobContext, handler
from handlers.fields import Instant, Line, Request, Result
from handlers.numbers import daily_number, next_in_series
from handlers.orders.slips import PartQty
from handlers.orders.tables import ServiceOrder
from handlers.parameters import parameter
from handlers.parts.ledger import post
from handlers.parts.tables import Application, FailedLoan, Part
from handlers.refusals import refusal


class ApplyToCentre(Request):
    """What we need and why."""

    lines: list[PartQty] = Field(min_length=1)
    urgency: Literal["normal", "urgent"] = "normal"
    application_reason: Literal["failed_loan", "planning", "return_exchange"] = "failed_loan"
    order_id: str | None = None


class Applied(Result):
    """The application, and when the goods may be expected."""

    application_no: str
    expected_at: Instant


@handler("parts.apply_to_centre", title="向备件中心申请", title_en="Apply to the parts centre")
def apply_to_centre(ctx: JobContext, request: ApplyToCentre) -> Applied:
    """Ask the parts centre for parts, once per job; failed loans of the order then point to it."""
    application = ctx.session.scalars(select(Application).where(Application.request_key == ctx.idempotency_key)).first()
    if application is None:
        order_id = request.order_id or ctx.business_key
        order = ctx.session.get(ServiceOrder, order_id) if order_id else None
        days = int(parameter(ctx, "part_application_working_days"))
        application = Application(
            no=daily_number(ctx, "SQ"),
            order_id=order.id if order else None,
            lines=[line.model_dump() for line in request.lines],
            urgency=request.urgency,
            reason=request.application_reason,
            status="sent",
            request_key=ctx.idempotency_key,
            sent_at=ctx.now(),
            sent_by=ctx.actor,
            expected_at=ctx.calendars.get().add_days(ctx.now(), days).due_at,
        )
        ctx.session.add(application)
        ctx.session.flush()
        failed = select(FailedLoan).where(FailedLoan.order_id == application.order_id, FailedLoan.application_no.is_(None))
        for slip in ctx.session.scalars(failed.where(FailedLoan.part_no.in_(line.part_no for line in request.lines))):
            slip.application_no = application.no
    return Applied(application_no=application.no, expected_at=application.expected_at)


class ReceivedLine(Line):
    """What lies in the box."""

    part_no: str
    qty: int = Field(default=1, gt=0)
    barcode: str | None = None
    condition: Literal["good", "defective"] = "good"


class ReceiveParts(Request):
    """A delivery: what arrived, for which application."""

    application_no: str | None = None
    lines: list[ReceivedLine] = Field(min_length=1)
    accept_differences: bool = True


class Difference(Result):
    """Ordered and received do not agree."""

    part_no: str
    ordered: int
    received: int


class PartsReceived(Result):
    """The goods receipt."""

    goods_receipt_no: str
    differences: list[Difference]


@handler("parts.receive", title="到货入库", title_en="Receive parts into stock", errors=("QTY_MISMATCH",))
def receive(ctx: JobContext, request: ReceiveParts) -> PartsReceived:
    """Put a delivery on the shelf, once per application.

    Raises:
        BpmnError: QTY_MISMATCH, another quantity than ordered, when differences are not accepted.
        NotFound: no such application or part.
    """
    application = _application(ctx, request.application_no)
    differences = _differences(application, request) if application else []
    if application and application.goods_receipt_no:
        return PartsReceived(goods_receipt_no=application.goods_receipt_no, differences=differences)
    if differences and not request.accept_differences:
        parts = "、".join(difference.part_no for difference in differences)
        raise refusal("QTY_MISMATCH", f"到货与申请不符：{parts}。", f"The delivery differs from the application: {parts}.")
    receipt_no = daily_number(ctx, "RK")
    for line in request.lines:
        put_on_shelf(ctx, line, receipt_no)
    if application:
        application.status = "received"
        application.goods_receipt_no = receipt_no
        application.received_at = ctx.now()
    return PartsReceived(goods_receipt_no=receipt_no, differences=differences)


def put_on_shelf(ctx: JobContext, line: ReceivedLine, reference: str) -> list[str]:
    """Bring pieces from the supplier into stock; serialised ones without a barcode get one each. The barcodes used."""
    part = ctx.session.get(Part, line.part_no)
    if part is None:
        raise NotFound(f"没有备件 {line.part_no}。", f"There is no part {line.part_no}.", part_no=line.part_no)
    place = "shelf" if line.condition == "good" else "defective"
    if line.barcode or not part.is_serialised:
        pieces = [((line.barcode or part.no).upper(), line.qty)]
    else:
        pieces = [(f"{part.no}-{next_in_series(ctx.session, f'barcode {part.no}'):04d}", 1) for _ in range(line.qty)]
    for barcode, qty in pieces:
        post(ctx, "in", part_no=part.no, barcode=barcode, qty=qty, from_place="supplier", to_place=place, reference=reference)
    return [barcode for barcode, _ in pieces]


def _application(ctx: JobContext, number: str | None) -> Application | None:
    if number is None:
        return None
    application = ctx.session.get(Application, number, with_for_update=True)
    if application is None:
        raise NotFound(f"没有申请单 {number}。", f"There is no application {number}.", application_no=number)
    return application


def _differences(application: Application, request: ReceiveParts) -> list[Difference]:
    ordered: dict[str, int] = {}
    received: dict[str, int] = {}
    for wanted in application.lines:
        ordered[wanted["part_no"]] = ordered.get(wanted["part_no"], 0) + wanted["qty"]
    for line in request.lines:
        received[line.part_no] = received.get(line.part_no, 0) + line.qty
    return [
        Difference(part_no=part_no, ordered=ordered.get(part_no, 0), received=received.get(part_no, 0))
        for part_no in sorted(ordered.keys() | received.keys())
        if ordered.get(part_no, 0) != received.get(part_no, 0)
    ]
