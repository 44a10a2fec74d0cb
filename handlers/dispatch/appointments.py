"""Visits agreed with customers, and how much notice a change was given."""

from datetime import timedelta
from typing import Literal

from engine.ids import new_id
from engine.runtime.handlers import JobContext, handler
from handlers.dispatch.tables import Appointment
from handlers.fields import Instant, Request, Result, in_utc
from handlers.orders.case import newest_slip, order_of
from handlers.parameters import duration_parameter


class RecordAppointment(Request):
    """The visit as it was, as it is now, and why it moved."""

    order_id: str | None = None
    slip_id: str | None = None
    appointment_at: Instant | None = None
    """The visit as agreed before."""
    new_time: Instant | None = None
    """The visit as agreed now."""
    resched_initiator: Literal["us", "customer"] | None = None
    resched_reason: Literal["emergency", "part_missing", "engineer", "customer_wish", "conditions_not_met", "other"] | None = None
    reason_text: str | None = None
    notified_at: Instant | None = None
    cancelled: bool = False
    in_project: bool = False


class AppointmentRecorded(Result):
    """The entry; `notice_short` when the customer heard of a change later than the rule asks, real emergencies apart."""

    appointment_id: str
    notice_hours: float | None = None
    notice_short: bool


@handler("dispatch.record_appointment", title="登记预约", title_en="Record an appointment")
def record_appointment(ctx: JobContext, request: RecordAppointment) -> AppointmentRecorded:
    """Write down what was agreed, and for a change how long before the visit the customer was told."""
    order = order_of(ctx, request.order_id)
    former = in_utc(ctx, request.appointment_at)
    notified_at = in_utc(ctx, request.notified_at) or ctx.now()
    notice = former - notified_at if former else None
    short = notice is not None and notice < duration_parameter(ctx, "reschedule_notice") and request.resched_reason != "emergency"
    slip = newest_slip(ctx, order.id)
    appointment = Appointment(
        id=new_id(),
        order_id=order.id,
        slip_id=request.slip_id or (slip.id if slip else None),
        visit_at=None if request.cancelled else in_utc(ctx, request.new_time),
        changed_from=former,
        initiator=request.resched_initiator,
        reason=request.resched_reason,
        reason_text=request.reason_text,
        notified_at=notified_at if former else None,
        notice_hours=_hours(notice),
        notice_short=short,
        in_project=request.in_project,
        agreed_at=ctx.now(),
        agreed_by=ctx.actor,
    )
    ctx.session.add(appointment)
    return AppointmentRecorded(appointment_id=appointment.id, notice_hours=appointment.notice_hours, notice_short=short)


def _hours(notice: timedelta | None) -> float | None:
    return None if notice is None else round(notice / timedelta(hours=1), 1)
