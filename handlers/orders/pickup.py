"""The customer takes a machine back: the receipt is checked, all copies of the repair form say so."""

from sqlalchemy import select

from engine.runtime.handlers import JobContext, handler
from handlers.fields import Instant, Request, Result, in_utc
from handlers.orders.case import newest_slip, order_of, repair_form_of
from handlers.orders.tables import Receipt
from handlers.refusals import refusal


class RegisterPickup(Request):
    """What the customer showed and signed."""

    order_id: str | None = None
    collected_at: Instant | None = None
    receipt_no: str | None = None
    """The customer's copy; who lost it shows who they are."""
    identity_check: str | None = None
    """How the identity was checked when the receipt is lost."""
    customer_sig: str | None = None
    repaired: bool = True


class PickupRegistered(Result):
    """When the machine left."""

    collected_at: Instant


@handler("custody.register_pickup", title="登记已取机", title_en="Register that a machine was collected", errors=("RECEIPT_MISSING",))
def register_pickup(ctx: JobContext, request: RegisterPickup) -> PickupRegistered:
    """Mark the order's receipt as returned, the repair form as collected and the order as completed; the first time counts.

    Raises:
        BpmnError: RECEIPT_MISSING, the number is not of this order's receipt and no identity check is given.
    """
    order = order_of(ctx, request.order_id)
    receipts = list(ctx.session.scalars(select(Receipt).where(Receipt.order_id == order.id).order_by(Receipt.no)))
    shown = [receipt for receipt in receipts if receipt.no == request.receipt_no]
    if not shown and not request.identity_check:
        raise refusal(
            "RECEIPT_MISSING",
            f"凭证 {request.receipt_no or '（未出示）'} 不是本单的凭证，请核对取机人身份。",
            f"The receipt {request.receipt_no or '(not shown)'} is not of this order; check who collects the machine.",
        )
    collected_at = in_utc(ctx, request.collected_at) or ctx.now()
    for receipt in shown or receipts:
        receipt.returned_at = receipt.returned_at or collected_at
    form = repair_form_of(ctx, order.id, newest_slip(ctx, order.id))
    if form is not None:
        collected = {"collected": True, "collected_at": collected_at.isoformat(), "customer_copy_receipt_no": request.receipt_no}
        form.content = {**form.content, **collected, "identity_check": request.identity_check, "pickup_sig": request.customer_sig}
        form.saved_at = ctx.now()
    order.status = "completed"
    order.result = "resolved" if request.repaired else "open_items"
    return PickupRegistered(collected_at=collected_at)
