"""Visits: in time, as promised, changed with notice, and enough at the first."""

from collections.abc import Iterator

from sqlalchemy import func, select

from handlers.dispatch.tables import Appointment
from handlers.orders.tables import ServiceOrder, Slip
from handlers.reports.kpis.people import engineer_of_order, engineer_of_slip
from handlers.reports.measures import Kind, Unit, measure
from handlers.reports.observations import NO_GROUP, Observation, Scope

_BANDS = {
    "in_area": ("服务区域内", "In the service area"),
    "within_80km": ("80 公里以内", "Within 80 km"),
    "agreed": ("协商确定", "As agreed"),
}
_REASONS = {
    "emergency": ("突发情况", "Emergency"),
    "part_missing": ("备件未到", "Part missing"),
    "engineer": ("工程师原因", "Engineer"),
    "customer_wish": ("客户要求", "Customer's wish"),
    "conditions_not_met": ("条件不具备", "Conditions not met"),
    "other": ("其他", "Other"),
}


@measure("arrival_compliance", Kind.RATE, Unit.PERCENT)
def arrived_in_time(scope: Scope) -> Iterator[Observation]:
    """The month's arrivals that had a latest time, by area."""
    query = select(Slip.order_id, Slip.arrived_at, Slip.due_arrival_at, Slip.band, engineer_of_slip(Slip.id).label("engineer"))
    for row in scope.rows(query.where(scope.within(Slip.arrived_at), Slip.due_arrival_at.is_not(None))):
        in_time = row.arrived_at <= row.due_arrival_at
        group = _BANDS.get(row.band or "", NO_GROUP)
        yield Observation(row.order_id, row.arrived_at, float(in_time), missed=not in_time, person=row.engineer, group=group)


@measure("punctuality", Kind.RATE, Unit.PERCENT)
def punctual(scope: Scope) -> Iterator[Observation]:
    """The month's arrivals for which the customer was told a time."""
    query = select(Slip.order_id, Slip.arrived_at, Slip.promised_visit_at, engineer_of_slip(Slip.id).label("engineer"))
    for row in scope.rows(query.where(scope.within(Slip.arrived_at), Slip.promised_visit_at.is_not(None))):
        punctual = row.arrived_at <= row.promised_visit_at
        yield Observation(row.order_id, row.arrived_at, float(punctual), missed=not punctual, person=row.engineer)


@measure("punctuality", Kind.TOTAL, Unit.CASES, part="no_show", title=("未到场", "No-shows"))
def no_shows(scope: Scope) -> Iterator[Observation]:
    """Visits promised for a time of the month that is over, and nobody came by the end of it; an order given up needs no visit."""
    late = Slip.arrived_at.is_(None) | (Slip.arrived_at >= scope.end)
    query = (
        select(Slip.order_id, Slip.promised_visit_at, engineer_of_slip(Slip.id).label("engineer"))
        .join(ServiceOrder, ServiceOrder.id == Slip.order_id)
        .where(scope.within(Slip.promised_visit_at), Slip.promised_visit_at < scope.until, late)
        .where(ServiceOrder.status.not_in(("declined", "cancelled")))
    )
    for row in scope.rows(query):
        yield Observation(row.order_id, row.promised_visit_at, missed=True, person=row.engineer)


@measure("reschedule_notice", Kind.RATE, Unit.PERCENT)
def told_ahead(scope: Scope) -> Iterator[Observation]:
    """The month's changed visits by reason; in an emergency short notice is no fault."""
    hours = scope.length("reschedule_notice") / 3600
    query = select(Appointment.order_id, Appointment.agreed_at, Appointment.agreed_by, Appointment.reason, Appointment.notice_hours)
    for row in scope.rows(
        query.add_columns(Appointment.notice_short).where(scope.within(Appointment.agreed_at), Appointment.notice_hours.is_not(None))
    ):
        ahead = row.notice_hours >= hours
        group = _REASONS.get(row.reason or "", NO_GROUP)
        yield Observation(row.order_id, row.agreed_at, float(ahead), missed=row.notice_short, person=row.agreed_by, group=group)


@measure("first_visit_fix_rate", Kind.RATE, Unit.PERCENT)
def fixed_at_first_visit(scope: Scope) -> Iterator[Observation]:
    """Orders with a visit that were closed in the month; fixed when one visit was enough to resolve them."""
    visits = select(Slip.order_id, func.count().label("visits")).where(Slip.arrived_at.is_not(None)).group_by(Slip.order_id).subquery()
    query = (
        select(
            ServiceOrder.id,
            ServiceOrder.closed_at,
            ServiceOrder.result,
            visits.c.visits,
            engineer_of_order(ServiceOrder.id).label("engineer"),
        )
        .join(visits, visits.c.order_id == ServiceOrder.id)
        .where(scope.within(ServiceOrder.closed_at))
    )
    for row in scope.rows(query):
        fixed = row.result == "resolved" and row.visits == 1
        yield Observation(row.id, row.closed_at, float(fixed), missed=not fixed, person=row.engineer)
