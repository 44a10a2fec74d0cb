"""Parts the centre does not have are bought: with an approval, and with the invoice in the books."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select

from engine.errors import NotFound
from engine.runtime.handlers import JobContext, handler
from handlers.fields import Amount, Instant, Request, Result, in_utc, local_day
from handlers.money import rounded
from handlers.numbers import daily_number
from handlers.parts.approvals import require_approval
from handlers.parts.centre import application_of, expect
from handlers.parts.lifecycle_tables import PurchaseOrder


class CreatePurchaseOrder(Request):
    """Where to buy what the centre does not have, for how much, and who approved it."""

    application_no: str
    supplier: str
    price: Amount
    deliver_on: Instant | date
    approved_by: str | None = None


class PurchaseOrderMade(Result):
    """The order, and when the goods are expected now."""

    purchase_order_no: str
    expected_at: Instant


@handler("parts.create_purchase_order", title="出采购单", title_en="Make a purchase order", errors=("APPROVAL_MISSING",))
def create_purchase_order(ctx: JobContext, request: CreatePurchaseOrder) -> PurchaseOrderMade:
    """Order an application's parts from a supplier, once per application.

    Raises:
        BpmnError: APPROVAL_MISSING, no service manager approved it.
        NotFound: no such application.
    """
    application = application_of(ctx, request.application_no)
    order = ctx.session.scalars(select(PurchaseOrder).where(PurchaseOrder.application_no == application.no)).first()
    if order is None:
        approved_by = require_approval(ctx, request.approved_by, "service_manager", "APPROVAL_MISSING")
        order = PurchaseOrder(
            no=daily_number(ctx, "CG"),
            application_no=application.no,
            lines=application.lines,
            supplier=request.supplier,
            price=rounded(request.price),
            deliver_on=local_day(ctx, request.deliver_on),
            approved_by=approved_by,
            ordered_at=ctx.now(),
            ordered_by=ctx.actor,
        )
        ctx.session.add(order)
        expect(application, in_utc(ctx, _end_of_work(ctx, order.deliver_on)))
    return PurchaseOrderMade(purchase_order_no=order.no, expected_at=application.expected_at)


def _end_of_work(ctx: JobContext, day: date) -> datetime:
    return datetime.combine(day, time.fromisoformat(ctx.parameters["end_of_shift"]).replace(tzinfo=None), ZoneInfo(ctx.settings.time_zone))


class BookPurchase(Request):
    """The supplier's invoice."""

    purchase_order_no: str
    invoice_no: str
    invoice_amount: Amount


class PurchaseBooked(Result):
    """What the invoice asks beyond the order's price."""

    price_difference: Amount


@handler("parts.book_purchase", title="采购入账", title_en="Book a purchase")
def book_purchase(ctx: JobContext, request: BookPurchase) -> PurchaseBooked:
    """Put the invoice of a purchase into the books; the same invoice again changes nothing.

    Raises:
        NotFound: no such purchase order.
    """
    order = ctx.session.get(PurchaseOrder, request.purchase_order_no, with_for_update=True)
    if order is None:
        number = request.purchase_order_no
        raise NotFound(f"没有采购单 {number}。", f"There is no purchase order {number}.", purchase_order_no=number)
    amount = rounded(request.invoice_amount)
    if (order.invoice_no, order.invoice_amount) != (request.invoice_no, amount):
        order.invoice_no, order.invoice_amount = request.invoice_no, amount
        order.booked_at, order.booked_by = ctx.now(), ctx.actor
    return PurchaseBooked(price_difference=amount - order.price)
