"""Where a customer's machine is, and the receipt the customer holds for it."""

from typing import Literal

from pydantic import Field
from sqlalchemy import select

from engine.ids import new_id
from engine.runtime.handlers import JobContext, handler
from handlers.documents.papers import receipt_paper
from handlers.documents.render import store_paper
from handlers.fields import Line, Request, Result, local_day
from handlers.numbers import daily_number
from handlers.orders.case import order_of
from handlers.orders.tables import CustodyMove, Receipt
from handlers.refusals import refusal

Place = Literal["customer", "counter", "store", "bench", "repaired_area", "company"]
_PLACES_ZH = {"customer": "客户处", "counter": "前台", "store": "待修库", "bench": "维修台", "repaired_area": "已修区", "company": "公司"}


class MoveCustody(Request):
    """From where to where; the last known place when `from_place` is left out."""

    order_id: str | None = None
    device_serial: str | None = None
    from_place: Place | None = None
    to_place: Place


class CustodyMoved(Result):
    """The entry."""

    custody_id: str


@handler("custody.move", title="登记机器去向", title_en="Register where a machine went", errors=("WRONG_LOCATION",))
def move(ctx: JobContext, request: MoveCustody) -> CustodyMoved:
    """Write down that the machine of an order went to another place.

    Raises:
        BpmnError: WRONG_LOCATION, the machine is not where it should come from.
    """
    order = order_of(ctx, request.order_id)
    last = ctx.session.scalars(
        select(CustodyMove).where(CustodyMove.order_id == order.id).order_by(CustodyMove.moved_at.desc(), CustodyMove.id.desc()).limit(1)
    ).first()
    here = last.to_place if last else "customer"
    if last and here == request.to_place and request.from_place in (None, last.from_place):
        return CustodyMoved(custody_id=last.id)
    if request.from_place not in (None, here):
        raise refusal(
            "WRONG_LOCATION",
            f"机器登记在{_PLACES_ZH[here]}，不在{_PLACES_ZH[str(request.from_place)]}。",
            f"The machine is registered at {here}, not at {request.from_place}.",
            registered_place=here,
        )
    entry = CustodyMove(
        id=new_id(),
        order_id=order.id,
        device_serial=request.device_serial or order.device_serial,
        from_place=here,
        to_place=request.to_place,
        moved_at=ctx.now(),
        moved_by=ctx.actor,
    )
    ctx.session.add(entry)
    return CustodyMoved(custody_id=entry.id)


class ReceiptItem(Line):
    """One thing taken."""

    item: str
    qty: int = Field(default=1, gt=0)
    serial: str | None = None


class IssueReceipt(Request):
    """What was taken; the order's device when nothing is listed."""

    order_id: str | None = None
    receipt_kind: Literal["pickup", "take_back"] = "take_back"
    items: list[ReceiptItem] = Field(default_factory=list)


class ReceiptIssued(Result):
    """The receipt, with its paper for the customer."""

    receipt_no: str
    document_id: str


@handler("custody.issue_receipt", title="出带回凭证", title_en="Issue a receipt for a machine")
def issue_receipt(ctx: JobContext, request: IssueReceipt) -> ReceiptIssued:
    """Make the receipt for a machine we keep: one of each kind per order."""
    order = order_of(ctx, request.order_id)
    receipt = ctx.session.scalars(select(Receipt).where(Receipt.order_id == order.id, Receipt.kind == request.receipt_kind)).first()
    if receipt is None:
        items = request.items or [ReceiptItem(item=order.device_model or "设备", serial=order.device_serial)]
        receipt = Receipt(
            no=daily_number(ctx, "PZ"),
            order_id=order.id,
            kind=request.receipt_kind,
            items=[item.model_dump() for item in items],
            issued_on=local_day(ctx, None),
            issued_by=ctx.actor,
        )
        ctx.session.add(receipt)
        ctx.session.flush()
    document = store_paper(ctx, order.id, None, receipt_paper(ctx, order, receipt))
    return ReceiptIssued(receipt_no=receipt.no, document_id=document.id)
