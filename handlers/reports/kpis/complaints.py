"""Complaints: how many, of which class and about what; how often again; how fast sales were answered."""

from collections.abc import Iterator

from sqlalchemy import select

from handlers.complaints.tables import Complaint
from handlers.orders.tables import ServiceOrder
from handlers.reports.measures import Kind, Unit, measure
from handlers.reports.observations import Observation, Scope, Words

_ABOUT = {
    "service": ("服务", "service"),
    "product": ("产品", "product"),
    "staff": ("员工", "staff"),
    "other_customer": ("其他客户", "another customer"),
}
_CLASS = {1: ("一类", "Class 1"), 2: ("二类", "Class 2"), 3: ("三类", "Class 3"), None: ("未分级", "No class yet")}


@measure("complaint_count", Kind.TOTAL, Unit.CASES)
def complaints(scope: Scope) -> Iterator[Observation]:
    """The complaints of the month, by class and subject."""
    query = select(Complaint.order_id, Complaint.received_at, Complaint.complaint_class, Complaint.about)
    for row in scope.rows(query.where(scope.within(Complaint.received_at))):
        yield Observation(
            row.order_id, row.received_at, missed=_is_grave(row.complaint_class), group=_group(row.complaint_class, row.about)
        )


@measure(
    "complaint_count",
    Kind.MEAN,
    Unit.CASES,
    part="per_100_orders",
    title=("每百单投诉数", "Complaints per 100 orders"),
    less_is_better=True,
)
def per_hundred_orders(scope: Scope) -> Iterator[Observation]:
    """The complaints of the month for every hundred orders that came in."""
    for row in scope.rows(select(ServiceOrder.id, ServiceOrder.received_at).where(scope.within(ServiceOrder.received_at))):
        yield Observation(row.id, row.received_at, value=0)
    for row in scope.rows(select(Complaint.order_id, Complaint.received_at).where(scope.within(Complaint.received_at))):
        yield Observation(row.order_id, row.received_at, value=100, weight=0, missed=True)


@measure("complaint_repeat_rate", Kind.RATE, Unit.PERCENT)
def repeated(scope: Scope) -> Iterator[Observation]:
    """The month's complaints that were of class 2 or 3, because they came again or went outside."""
    query = select(Complaint.order_id, Complaint.received_at, Complaint.complaint_class, Complaint.about)
    for row in scope.rows(query.where(scope.within(Complaint.received_at), Complaint.complaint_class.is_not(None))):
        again = _is_grave(row.complaint_class)
        group = _group(row.complaint_class, row.about)
        yield Observation(row.order_id, row.received_at, float(again), missed=again, group=group)


@measure("sales_feedback_30m", Kind.RATE, Unit.PERCENT)
def sales_answered(scope: Scope) -> Iterator[Observation]:
    """The month's complaints that sales passed on; one without an answer counts once its time is over."""
    allowed = scope.length("complaint_sales_answer")
    query = select(Complaint.order_id, Complaint.received_at, Complaint.sales_answered_at)
    for row in scope.rows(query.where(scope.within(Complaint.received_at), Complaint.source == "sales")):
        in_time = scope.worked(row.received_at, row.sales_answered_at or scope.now) <= allowed
        if row.sales_answered_at is not None or not in_time:
            yield Observation(row.order_id, row.received_at, float(in_time), missed=not in_time)


def _is_grave(complaint_class: int | None) -> bool:
    return complaint_class is not None and complaint_class >= 2


def _group(complaint_class: int | None, about: str) -> Words:
    (zh, en), (subject_zh, subject_en) = _CLASS[complaint_class], _ABOUT[about]
    return f"{zh} · {subject_zh}", f"{en} · {subject_en}"
