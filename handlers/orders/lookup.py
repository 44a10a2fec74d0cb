"""An order that is known already: what was written down when the customer announced it."""

from sqlalchemy import select

from engine.runtime.handlers import JobContext, handler
from handlers.billing.tables import Quotation
from handlers.customers.tables import Customer
from handlers.fields import Amount, Request, Result
from handlers.orders.tables import ServiceOrder
from handlers.refusals import refusal


class LookUpOrder(Request):
    """Its number, as the customer says it."""

    order_id: str | None = None


class OrderKnown(Result):
    """The customer, the device and the need of the order; the quotation the customer accepted, if there is one."""

    order_id: str
    matter_id: str
    customer_id: str
    customer_unit: str
    contact_person: str | None
    contact_phone: str | None
    address: str | None
    device_model: str | None
    device_serial: str | None
    need_content: str | None
    quotation_id: str | None
    quotation_total: Amount | None


@handler("orders.lookup", title="查服务单", title_en="Look up a service order", errors=("ORDER_UNKNOWN",))
def lookup(ctx: JobContext, request: LookUpOrder) -> OrderKnown:
    """Read an order by its number.

    Raises:
        BpmnError: ORDER_UNKNOWN, there is none of that number.
    """
    number = (request.order_id or ctx.business_key or "").upper()
    order = ctx.session.get(ServiceOrder, number)
    if order is None:
        raise refusal("ORDER_UNKNOWN", f"没有服务单 {number or '（未给）'}。", f"There is no service order {number or '(none)'}.")
    accepted = select(Quotation).where(Quotation.order_id == order.id, Quotation.state == "accepted").order_by(Quotation.made_at.desc())
    quotation = ctx.session.scalars(accepted).first()
    return OrderKnown(
        order_id=order.id,
        matter_id=order.matter_id,
        customer_id=order.customer_id,
        customer_unit=ctx.session.get_one(Customer, order.customer_id).unit_name,
        contact_person=order.contact_person,
        contact_phone=order.contact_phone,
        address=order.address,
        device_model=order.device_model,
        device_serial=order.device_serial,
        need_content=order.need_content,
        quotation_id=quotation.id if quotation else None,
        quotation_total=quotation.total if quotation else None,
    )
