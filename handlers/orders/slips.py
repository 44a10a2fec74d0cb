"""Dispatch slips: no visit without one, and no blanks in it."""

from typing import Any, Literal

from pydantic import Field
from sqlalchemy import func, select

from engine.runtime.handlers import JobContext, handler
from handlers.fields import Instant, Line, Request, Result, in_utc
from handlers.numbers import daily_number
from handlers.orders.case import order_of, slip_of
from handlers.orders.tables import Slip
from handlers.refusals import refusal

#: Part A: every field needs an answer (the manuals allow no blanks); what the customer need not have is not listed.
_PART_A = {
    "customer_unit": "客户单位",
    "address": "地址",
    "contact_person": "联系人",
    "contact_phone": "联系电话",
    "device_model": "机型",
    "fault": "故障现象",
    "fault_type_guess": "故障初判",
    "in_warranty": "是否保修",
    "in_onsite_period": "是否上门期",
    "paid": "是否有偿",
}

SlipStatus = Literal["new", "contacted", "assigned", "on_the_way", "on_site", "done", "unfinished_red", "archived"]


class PartQty(Line):
    """So many of a part."""

    part_no: str
    qty: int = Field(default=1, gt=0)


class CreateSlip(Request):
    """Part A of the slip; blanks are not refused here but listed by FIELDS_MISSING."""

    order_id: str | None = None
    customer_unit: str | None = None
    address: str | None = None
    contact_person: str | None = None
    contact_phone: str | None = None
    device_model: str | None = None
    device_serial: str | None = None
    fault: str | None = None
    fault_type_guess: Literal["hardware", "software", "unknown"] | None = None
    in_warranty: bool | None = None
    in_onsite_period: bool | None = None
    paid: bool | None = None
    requested_time: Instant | None = None
    special_request: str | None = None
    special_handling: bool = False
    visit_no: int | None = Field(default=None, gt=0)
    """The same number gives the same slip; default: the next one."""


class SlipCreated(Result):
    """The slip."""

    slip_id: str
    visit_no: int
    slip_filled_at: Instant


@handler("orders.create_slip", title="建派工单", title_en="Create a dispatch slip", errors=("FIELDS_MISSING",))
def create_slip(ctx: JobContext, request: CreateSlip) -> SlipCreated:
    """Write the slip of the next visit of an order.

    Raises:
        BpmnError: FIELDS_MISSING, with the names of the blank fields.
    """
    missing = [name for name in _PART_A if getattr(request, name) is None]
    if missing:
        labels = "、".join(_PART_A[name] for name in missing)
        raise refusal(
            "FIELDS_MISSING",
            f"派工单不得留空，还缺：{labels}。",
            f"A dispatch slip has no blanks; missing: {', '.join(missing)}.",
            missing_fields=missing,
            missing_text=labels,
        )
    order = order_of(ctx, request.order_id)
    last = ctx.session.scalar(select(func.max(Slip.visit_no)).where(Slip.order_id == order.id)) or 0
    visit_no = request.visit_no or last + 1
    slip = ctx.session.scalars(select(Slip).where(Slip.order_id == order.id, Slip.visit_no == visit_no)).first()
    if slip is None:
        values = request.model_dump(include={*_PART_A, "device_serial", "special_request", "special_handling"})
        slip = Slip(
            id=daily_number(ctx, "PG"),
            order_id=order.id,
            visit_no=visit_no,
            status="new",
            colour="none",
            version=1,
            requested_at=in_utc(ctx, request.requested_time),
            filled_at=ctx.now(),
            filled_by=ctx.actor,
            **values,
        )
        ctx.session.add(slip)
        ctx.session.flush()
        order.status = "in_progress"
    return SlipCreated(slip_id=slip.id, visit_no=slip.visit_no, slip_filled_at=slip.filled_at)


class UpdateSlip(Request):
    """Parts B and C; fields left out stay as they are."""

    slip_id: str | None = None
    order_id: str | None = None
    received_at: Instant | None = None
    contacted_at: Instant | None = None
    judged_fault: str | None = None
    band: Literal["in_area", "within_80km", "agreed"] | None = None
    distance_km: float | None = Field(default=None, ge=0)
    due_arrival_at: Instant | None = None
    promised_visit_at: Instant | None = None
    same_day: bool | None = None
    parts_needed: list[PartQty] | None = None
    departed_at: Instant | None = None
    arrived_at: Instant | None = None
    finished_at: Instant | None = None
    service_content: str | None = None
    visit_result: Literal["repaired", "unrepaired", "not_reproduced", "declined"] | None = None
    parts_used: list[PartQty] | None = None
    next_step: str | None = None
    customer_sig: str | None = None
    """The attachment of the signature."""
    part_returned: bool | None = None
    exception_approved_by: str | None = None
    confirmed_at: Instant | None = None


class SlipUpdated(Result):
    """The slip."""

    slip_id: str
    slip_version: int


@handler("orders.update_slip", title="续填派工单", title_en="Fill in parts B and C of a slip")
def update_slip(ctx: JobContext, request: UpdateSlip) -> SlipUpdated:
    """Add to a slip what the coordinator and the engineer learnt."""
    slip = slip_of(ctx, request.slip_id, request.order_id)
    changed = False
    for name in request.model_fields_set - {"slip_id", "order_id"}:
        value = _for_column(ctx, getattr(request, name))
        if getattr(slip, name) != value:
            setattr(slip, name, value)
            changed = True
    if changed:
        slip.version += 1
    return SlipUpdated(slip_id=slip.id, slip_version=slip.version)


def _for_column(ctx: JobContext, value: Any) -> Any:
    if isinstance(value, list):
        return [line.model_dump() for line in value]
    return in_utc(ctx, value) if hasattr(value, "tzinfo") else value


class MarkSlip(Request):
    """How a slip stands in the status table."""

    slip_id: str | None = None
    order_id: str | None = None
    slip_status: SlipStatus
    colour: Literal["none", "red"] = "none"
    class_code: str | None = None


class SlipMarked(Result):
    """The status."""

    slip_status: SlipStatus


@handler("orders.mark_slip_status", title="标注派工单状态", title_en="Mark the status of a slip")
def mark_slip_status(ctx: JobContext, request: MarkSlip) -> SlipMarked:
    """Set status, colour and class of a slip in the status table."""
    slip = slip_of(ctx, request.slip_id, request.order_id)
    slip.status = request.slip_status
    slip.colour = request.colour
    slip.class_code = request.class_code or slip.class_code
    return SlipMarked(slip_status=request.slip_status)
