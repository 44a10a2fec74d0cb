"""Money: received, and offered."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import or_, select

from handlers.billing.tables import Payment, Quotation
from handlers.reports.measures import Kind, Unit, measure
from handlers.reports.observations import Observation, Scope

_TYPES = {
    "hardware_upgrade": ("硬件升级", "Hardware upgrade"),
    "technical_training": ("技术培训", "Technical training"),
    "software": ("软件服务", "Software"),
    "out_of_warranty_repair": ("保外维修", "Repair out of warranty"),
    "out_of_warranty_inspection": ("保外检测", "Inspection out of warranty"),
    "man_made": ("人为损坏", "Damage by people"),
    "other_product": ("非本公司产品", "Other product"),
}
_UNKNOWN = ("未报价", "Not quoted")


@measure("paid_revenue", Kind.TOTAL, Unit.YUAN)
def revenue(scope: Scope) -> Iterator[Observation]:
    """Payments received in the month, by kind of service."""
    query = select(Payment.order_id, Payment.paid_at, Payment.amount, Payment.received_by, Quotation.paid_type)
    query = query.outerjoin(Quotation, Quotation.id == Payment.quotation_id).where(scope.within(Payment.paid_at))
    for row in scope.rows(query):
        group = _TYPES.get(row.paid_type or "", _UNKNOWN)
        yield Observation(row.order_id, row.paid_at, float(row.amount), person=row.received_by, group=group)


@measure("quote_acceptance", Kind.RATE, Unit.PERCENT)
def accepted(scope: Scope) -> Iterator[Observation]:
    """Quotations answered in the month, and those that ran out in it without an answer; one that was replaced is left out."""
    ran_out = (Quotation.state == "open") & scope.on_days(Quotation.valid_until)
    query = select(
        Quotation.order_id, Quotation.answered_at, Quotation.valid_until, Quotation.state, Quotation.made_by, Quotation.paid_type
    )
    for row in scope.rows(query.where(or_(ran_out, Quotation.state.in_(("accepted", "declined")) & scope.within(Quotation.answered_at)))):
        at = row.answered_at or scope.noon(row.valid_until + timedelta(days=1))
        if row.state == "open" and row.valid_until >= scope.day(scope.now):
            continue
        is_accepted = row.state == "accepted"
        group = _TYPES.get(row.paid_type, _UNKNOWN)
        yield Observation(row.order_id, at, float(is_accepted), missed=not is_accepted, person=row.made_by, group=group)
