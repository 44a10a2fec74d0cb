"""Orders: resolved, repaired again, brought in, asked."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, select

from engine.storage.tables import ProcessInstance, UserTask
from handlers.enquiries.tables import EnquiryRecord
from handlers.orders.tables import CustodyMove, RepairForm, ServiceOrder
from handlers.reports.kpis.people import engineer_of_order
from handlers.reports.measures import Kind, Unit, measure
from handlers.reports.observations import Observation, Scope

_RESULTS = {
    "resolved": ("已解决", "Resolved"),
    "open_items": ("有遗留", "Items left open"),
    "declined": ("未接受", "Declined"),
    "cancelled": ("已取消", "Cancelled"),
    "answered": ("已答复", "Answered"),
    "handed_on": ("已转出", "Handed on"),
}
_FAULTS = {"hardware": ("硬件", "Hardware"), "software": ("软件", "Software"), "man_made": ("人为", "Caused by people")}


@measure("resolve_rate", Kind.RATE, Unit.PERCENT)
def resolved(scope: Scope) -> Iterator[Observation]:
    """Orders closed in the month, by result."""
    query = select(ServiceOrder.id, ServiceOrder.closed_at, ServiceOrder.result, ServiceOrder.received_by)
    query = query.add_columns(engineer_of_order(ServiceOrder.id).label("engineer")).where(scope.within(ServiceOrder.closed_at))
    for row in scope.rows(query):
        is_resolved = row.result == "resolved"
        group = _RESULTS.get(row.result or "", ("未注明", "Not said"))
        person = row.engineer or row.received_by
        yield Observation(row.id, row.closed_at, float(is_resolved), missed=not is_resolved, person=person, group=group)


@measure("repeat_repair_rate", Kind.RATE, Unit.PERCENT, less_is_better=True)
def repaired_again(scope: Scope) -> Iterator[Observation]:
    """Orders whose repair was written down in the month; again when the device had a fault of the same kind under an earlier order."""
    back = timedelta(days=scope.days("repair_history_days"))
    fault = (ServiceOrder.device_serial, RepairForm.fault_type)
    forms = select(*fault, RepairForm.order_id).join(ServiceOrder, ServiceOrder.id == RepairForm.order_id)
    forms = forms.where(RepairForm.fault_type.in_(_FAULTS))
    earlier = forms.where(
        RepairForm.saved_at >= scope.begin - back, RepairForm.saved_at < scope.begin, ServiceOrder.device_serial.is_not(None)
    )
    known: dict[tuple[str, str], set[str]] = {}
    for row in scope.rows(earlier.distinct()):
        known.setdefault((row.device_serial, row.fault_type), set()).add(row.order_id)
    of_month = forms.add_columns(RepairForm.saved_at, engineer_of_order(ServiceOrder.id).label("engineer"))
    counted: dict[str, Observation] = {}
    for row in scope.rows(of_month.where(scope.within(RepairForm.saved_at)).order_by(RepairForm.saved_at, RepairForm.no)):
        before = known.setdefault((row.device_serial, row.fault_type), set()) if row.device_serial else set()
        again = bool(before - {row.order_id})
        before.add(row.order_id)
        counted[row.order_id] = Observation(
            row.order_id, row.saved_at, float(again), missed=again, person=row.engineer, group=_FAULTS[row.fault_type]
        )
    yield from counted.values()


@measure("sendin_turnaround", Kind.MEAN, Unit.WORKING_DAYS)
def turnaround(scope: Scope) -> Iterator[Observation]:
    """Devices brought in that were ready in the month: working time from the counter until the customer could be called, in days of eight hours."""
    received = select(func.min(CustodyMove.moved_at)).where(
        CustodyMove.order_id == ProcessInstance.business_key, CustodyMove.to_place == "counter"
    )
    ready = func.min(UserTask.created_at)
    query = (
        select(ProcessInstance.business_key, received.scalar_subquery().label("received_at"), ready.label("ready_at"))
        .join(UserTask, UserTask.instance_id == ProcessInstance.id)
        .where(ProcessInstance.process_key == "walkin_service", UserTask.element_id == "call_for_pickup")
        .group_by(ProcessInstance.id, ProcessInstance.business_key)
        .having(ready >= scope.begin, ready < scope.end)
    )
    days = scope.days("pickup_working_days")
    for row in scope.rows(query):
        if row.received_at is None:
            continue
        took = scope.worked(row.received_at, row.ready_at) / timedelta(hours=8).total_seconds()
        late = row.ready_at > scope.calendar.add_days(row.received_at, days).due_at
        yield Observation(row.business_key, row.ready_at, took, missed=late)


@measure("enquiry_in_1d_rate", Kind.RATE, Unit.PERCENT)
def answered_in_a_day(scope: Scope) -> Iterator[Observation]:
    """The month's technical questions that the first person asked was not sure of; an open one counts once its time is over."""
    days = scope.days("hard_question_working_days")
    query = select(EnquiryRecord.order_id, EnquiryRecord.asked_at, EnquiryRecord.answered_at, EnquiryRecord.due_at)
    query = query.add_columns(EnquiryRecord.answered_by).where(
        scope.within(EnquiryRecord.asked_at), EnquiryRecord.kind == "technical", EnquiryRecord.sure.is_(False)
    )
    for row in scope.rows(query):
        due_at = row.due_at or scope.calendar.add_days(row.asked_at, days).due_at
        in_time = (row.answered_at or scope.now) <= due_at
        if row.answered_at is not None or not in_time:
            yield Observation(row.order_id, row.asked_at, float(in_time), missed=not in_time, person=row.answered_by)
