"""Service orders and matters: one problem, one matter, however often the customer calls."""

from datetime import date
from typing import Literal

from sqlalchemy import select

from engine.errors import NotFound
from engine.runtime.handlers import JobContext, handler
from handlers.customers.tables import Customer
from handlers.deadlines.promises import open_promises
from handlers.fields import Instant, Request, Result, in_utc, local_day
from handlers.numbers import daily_number
from handlers.orders.case import case_key, order_of
from handlers.orders.tables import Matter, ServiceOrder
from handlers.refusals import refusal

OrderKind = Literal[
    "emergency_repair",
    "general_fault",
    "preventive_maintenance",
    "technical_enquiry",
    "spare_part_replacement",
    "installation",
    "inspection",
    "alteration",
    "training",
    "complaint",
]


class CreateOrder(Request):
    """What the customer asked for, as the request form has it."""

    customer_id: str | None = None
    order_id: str | None = None
    """Default: the case's business key, else a new number."""
    order_kind: OrderKind = "general_fault"
    channel: str = "hotline"
    need_kind: str | None = None
    need_content: str | None = None
    device_serial: str | None = None
    device_model: str | None = None
    contract_no: str | None = None
    contact_person: str | None = None
    contact_phone: str | None = None
    address: str | None = None
    desired_resolution_time: Instant | None = None
    special_requirements: str | None = None
    matter_id: str | None = None
    """An open matter this belongs to; a new one otherwise."""
    first_request_at: Instant | None = None
    confirmed_with_customer: bool = False
    late_answer: bool = False
    request_key: str | None = None
    """The same key gives the same order; default: the job."""


class OrderCreated(Result):
    """The order."""

    order_id: str
    matter_id: str
    first_request_at: Instant
    order_date: date


@handler("orders.create", title="建服务单", title_en="Create a service order", errors=("CUSTOMER_REQUIRED",))
def create(ctx: JobContext, request: CreateOrder) -> OrderCreated:
    """Write a service order and, unless it belongs to an open one, its matter.

    Raises:
        BpmnError: CUSTOMER_REQUIRED, the customer is not known yet.
    """
    key = request.request_key or ctx.idempotency_key
    order = ctx.session.scalars(select(ServiceOrder).where(ServiceOrder.request_key == key)).first()
    if order is None:
        order = _new_order(ctx, request, key)
    return OrderCreated(
        order_id=order.id,
        matter_id=order.matter_id,
        first_request_at=order.first_request_at,
        order_date=local_day(ctx, order.first_request_at),
    )


def _new_order(ctx: JobContext, request: CreateOrder, key: str) -> ServiceOrder:
    customer = ctx.session.get(Customer, request.customer_id) if request.customer_id else None
    if customer is None:
        raise refusal("CUSTOMER_REQUIRED", "请先确定客户再建服务单。", "Find or register the customer before creating the order.")
    now = ctx.now()
    matter = ctx.session.get(Matter, request.matter_id) if request.matter_id else None
    if matter is None:
        matter = Matter(
            id=daily_number(ctx, "SX"), customer_id=customer.id, device_serial=request.device_serial, opened_at=now, contact_count=1
        )
        ctx.session.add(matter)
        ctx.session.flush()
    first_request_at = in_utc(ctx, request.first_request_at) or now
    order = ServiceOrder(
        id=_free_id(ctx, request.order_id),
        matter_id=matter.id,
        customer_id=customer.id,
        request_key=key,
        kind=request.order_kind,
        channel=request.channel,
        first_request_at=first_request_at,
        received_at=now,
        received_by=ctx.actor,
        need_kind=request.need_kind,
        need_content=request.need_content,
        device_serial=request.device_serial,
        device_model=request.device_model,
        contract_no=request.contract_no,
        contact_person=request.contact_person,
        contact_phone=request.contact_phone,
        address=request.address or customer.address,
        desired_at=in_utc(ctx, request.desired_resolution_time),
        special_requirements=request.special_requirements,
        urgency="emergency" if request.order_kind == "emergency_repair" else "normal",
        confirmed_with_customer=request.confirmed_with_customer,
        late_answer=request.late_answer,
        status="open",
        version=1,
    )
    ctx.session.add(order)
    ctx.session.flush()
    return order


def _free_id(ctx: JobContext, asked: str | None) -> str:
    """The order's id is the business key of its case; a second order of the same case gets a number of its own."""
    for candidate in (asked, ctx.business_key):
        if candidate and ctx.session.get(ServiceOrder, candidate) is None:
            return candidate
    return daily_number(ctx, "FW")


class UpdateOrder(Request):
    """What is different now; fields left out stay as they are."""

    order_id: str | None = None
    status: Literal["open", "in_progress", "waiting", "completed", "closed", "declined", "cancelled"] | None = None
    result: Literal["resolved", "open_items", "declined", "cancelled", "answered", "handed_on"] | None = None
    order_kind: OrderKind | None = None
    urgency: Literal["normal", "urgent", "emergency"] | None = None
    impact: str | None = None
    coverage: Literal["free", "paid"] | None = None
    paid_type: str | None = None
    service_mode: Literal["remote", "onsite", "send_in", "reply", "project"] | None = None
    confirmed_with_customer: bool | None = None
    expected_version: int | None = None


class OrderUpdated(Result):
    """Where the order stands."""

    order_version: int
    order_status: str


@handler("orders.update", title="改服务单", title_en="Change a service order", errors=("VERSION_CONFLICT", "OPEN_PROMISES"))
def update(ctx: JobContext, request: UpdateOrder) -> OrderUpdated:
    """Change an order; an order with open promises is not closed.

    Raises:
        BpmnError: VERSION_CONFLICT, somebody changed it since; OPEN_PROMISES, something promised is still to be done.
    """
    order = order_of(ctx, request.order_id)
    if request.expected_version is not None and request.expected_version != order.version:
        raise refusal("VERSION_CONFLICT", f"服务单 {order.id} 已被他人修改。", f"Order {order.id} was changed by somebody else.")
    if request.status == "closed" and (promises := open_promises(ctx, order.id)):
        texts = [promise.text for promise in promises]
        raise refusal(
            "OPEN_PROMISES",
            f"服务单 {order.id} 还有承诺未兑现：{'；'.join(texts)}。",
            f"Order {order.id} still has {len(texts)} open promise(s).",
            open_promises=texts,
        )
    changes = request.model_dump(exclude={"order_id", "expected_version", "order_kind"}, exclude_none=True)
    if request.order_kind is not None:
        changes["kind"] = request.order_kind
    changed = {name: value for name, value in changes.items() if getattr(order, name) != value}
    for name, value in changed.items():
        setattr(order, name, value)
    if changed:
        order.version += 1
    if changed.get("status") == "closed":
        order.closed_at = ctx.now()
    return OrderUpdated(order_version=order.version, order_status=order.status)


class LinkMatter(Request):
    """Which contact belongs to which matter."""

    matter_id: str
    order_id: str | None = None


class MatterLinked(Result):
    """How often the customer had to get in touch about it."""

    matter_id: str
    contact_count: int
    repeat_call: bool


@handler("orders.link_matter", title="并入同一事项", title_en="Link to the same matter")
def link_matter(ctx: JobContext, request: LinkMatter) -> MatterLinked:
    """Count another contact of a matter; an order that exists is moved into it.

    Raises:
        NotFound: there is no such matter.
    """
    matter = ctx.session.get(Matter, request.matter_id, with_for_update=True)
    if matter is None:
        raise NotFound(f"没有事项 {request.matter_id}。", f"There is no matter {request.matter_id}.", matter_id=request.matter_id)
    order = ctx.session.get(ServiceOrder, case_key(ctx, request.order_id)) if request.order_id or ctx.business_key else None
    if order is None or order.matter_id != matter.id:
        matter.contact_count += 1
    if order is not None:
        order.matter_id = matter.id
    return MatterLinked(matter_id=matter.id, contact_count=matter.contact_count, repeat_call=matter.contact_count > 1)
