"""Emergencies: raised at once, led by somebody, over only with a report."""

from typing import Literal

from sqlalchemy import select

from engine.errors import NotFound
from engine.runtime.handlers import JobContext, handler
from handlers.emergencies.tables import Emergency
from handlers.fields import Instant, Line, Request, Result, in_utc
from handlers.numbers import daily_number
from handlers.orders.case import case_key, order_of


class OpenEmergency(Request):
    """The order that raised it."""

    order_id: str | None = None


class EmergencyOpened(Result):
    """The number of the emergency."""

    emergency_id: str


@handler("emergencies.open", title="立应急事件", title_en="Open an emergency")
def open_emergency(ctx: JobContext, request: OpenEmergency) -> EmergencyOpened:
    """Open the emergency of an order, which has one; the order is an emergency repair in progress from then on."""
    order = order_of(ctx, request.order_id)
    emergency = _of_order(ctx, order.id)
    if emergency is None:
        emergency = Emergency(id=daily_number(ctx, "YJ"), order_id=order.id, opened_at=ctx.now())
        ctx.session.add(emergency)
        order.kind, order.urgency, order.status = "emergency_repair", "emergency", "in_progress"
        order.version += 1
    return EmergencyOpened(emergency_id=emergency.id)


class TakeCharge(Request):
    """Who leads, and how they judge it."""

    order_id: str | None = None
    commander: str
    trigger: Literal["safety_accident", "major_production_loss", "system_paralysis"]
    assessment: str
    hazard: str
    people_at_risk: bool
    first_measures: str


class ChargeTaken(Result):
    """When somebody took charge."""

    taken_at: Instant


@handler("emergencies.take_charge", title="登记接管指挥", title_en="Record who leads the emergency")
def take_charge(ctx: JobContext, request: TakeCharge) -> ChargeTaken:
    """Keep the command sheet; a later one replaces it, the instant of the first stays.

    Raises:
        NotFound: no emergency was opened for the order.
    """
    emergency = _required(ctx, request.order_id)
    emergency.commander = request.commander
    emergency.trigger_kind = request.trigger
    emergency.assessment = request.assessment
    emergency.hazard = request.hazard
    emergency.people_at_risk = request.people_at_risk
    emergency.first_measures = request.first_measures
    emergency.taken_at = emergency.taken_at or ctx.now()
    return ChargeTaken(taken_at=emergency.taken_at)


class Happening(Line):
    """Something that happened, and when."""

    at: str
    event: str


class ReportEmergency(Request):
    """The incident report."""

    order_id: str | None = None
    cause: str
    course: list[Happening]
    losses: str | None = None
    measures: str
    prevention: str
    lessons: str
    stabilised_at: Instant | None = None


class EmergencyReported(Result):
    """Of which emergency, and when."""

    emergency_id: str
    reported_at: Instant


@handler("emergencies.report", title="存突发事件报告", title_en="Save the incident report")
def report(ctx: JobContext, request: ReportEmergency) -> EmergencyReported:
    """Keep the incident report (manual M2, duties of the chief engineer); a later one replaces it.

    Raises:
        NotFound: no emergency was opened for the order.
    """
    emergency = _required(ctx, request.order_id)
    emergency.cause = request.cause
    emergency.course = [item.model_dump() for item in request.course]
    emergency.losses = request.losses
    emergency.measures = request.measures
    emergency.prevention = request.prevention
    emergency.lessons = request.lessons
    emergency.stabilised_at = in_utc(ctx, request.stabilised_at)
    emergency.reported_at = emergency.reported_at or ctx.now()
    emergency.reported_by = ctx.actor
    return EmergencyReported(emergency_id=emergency.id, reported_at=emergency.reported_at)


def _of_order(ctx: JobContext, order_id: str) -> Emergency | None:
    return ctx.session.scalars(select(Emergency).where(Emergency.order_id == order_id)).first()


def _required(ctx: JobContext, order_id: str | None) -> Emergency:
    key = case_key(ctx, order_id)
    emergency = _of_order(ctx, key)
    if emergency is None:
        raise NotFound(f"服务单 {key} 没有应急事件。", f"The order {key} has no emergency.", order_id=key)
    return emergency
