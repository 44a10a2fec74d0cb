"""The first contact: calls, slips on their way to the coordinator, and the first call back."""

from collections.abc import Iterator

from sqlalchemy import func, select

from engine.storage.tables import ProcessInstance, UserTask
from handlers.orders.tables import ServiceOrder, Slip
from handlers.reports.kpis.people import engineer_of_slip
from handlers.reports.measures import Kind, Unit, measure
from handlers.reports.observations import Observation, Scope


@measure("response_time", Kind.MEAN, Unit.WORKING_TIME, with_percentile=True)
def response_time(scope: Scope) -> Iterator[Observation]:
    """Working time from the first request to the first contact, of the customers contacted in the month."""
    limit = scope.length("first_contact")
    engineer = engineer_of_slip(Slip.id, first="first_contact").label("engineer")
    query = select(Slip.order_id, Slip.contacted_at, ServiceOrder.first_request_at, engineer).join(
        ServiceOrder, ServiceOrder.id == Slip.order_id
    )
    for row in scope.rows(query.where(Slip.visit_no == 1, scope.within(Slip.contacted_at))):
        took = scope.worked(row.first_request_at, row.contacted_at)
        yield Observation(row.order_id, row.contacted_at, took, missed=took > limit, person=row.engineer)


@measure("contact_in_2h_rate", Kind.RATE, Unit.PERCENT)
def contact_in_time(scope: Scope) -> Iterator[Observation]:
    """The month's first slips; one that nobody has called about counts once its time is over, or not at all if the visit came first."""
    limit = scope.length("first_contact")
    engineer = engineer_of_slip(Slip.id, first="first_contact").label("engineer")
    query = select(Slip.order_id, Slip.filled_at, Slip.contacted_at, Slip.arrived_at, ServiceOrder.first_request_at, engineer)
    query = query.join(ServiceOrder, ServiceOrder.id == Slip.order_id).where(Slip.visit_no == 1, scope.within(Slip.filled_at))
    for row in scope.rows(query):
        if row.contacted_at is None and row.arrived_at is not None:
            continue
        in_time = scope.worked(row.first_request_at, row.contacted_at or scope.now) <= limit
        if row.contacted_at is not None or not in_time:
            yield Observation(row.order_id, row.filled_at, float(in_time), missed=not in_time, person=row.engineer)


@measure("slip_handover_time", Kind.MEAN, Unit.WORKING_TIME)
def slip_handover_time(scope: Scope) -> Iterator[Observation]:
    """Working time from the filling of a slip until the coordinator has it, of the slips filled in the month and handed over."""
    limit = scope.length("slip_handover")
    query = (
        select(Slip.order_id, Slip.filled_at, Slip.filled_by, UserTask.state, UserTask.ended_at, UserTask.completed_by)
        .join(ProcessInstance, (ProcessInstance.business_key == Slip.order_id) & (ProcessInstance.process_key == "hotline_service"))
        .join(UserTask, UserTask.instance_id == ProcessInstance.id)
        .where(Slip.visit_no == 1, scope.within(Slip.filled_at), UserTask.element_id == "hand_over_slip")
    )
    for row in scope.rows(query):
        if row.state != "completed":  # a condition of the query would tempt SQLite to read every completed task
            continue
        took = scope.worked(row.filled_at, row.ended_at)
        yield Observation(row.order_id, row.filled_at, took, missed=took > limit, person=row.completed_by or row.filled_by)


@measure("answer_in_3_rings", Kind.RATE, Unit.PERCENT)
def answered_in_time(scope: Scope) -> Iterator[Observation]:
    """The month's calls; late is what the hotline's form said of the rings."""
    query = select(ServiceOrder.id, ServiceOrder.received_at, ServiceOrder.received_by, ServiceOrder.late_answer)
    for row in scope.rows(query.where(ServiceOrder.channel == "hotline", scope.within(ServiceOrder.received_at))):
        yield Observation(row.id, row.received_at, float(not row.late_answer), missed=row.late_answer, person=row.received_by)


@measure("repeat_call_rate", Kind.RATE, Unit.PERCENT)
def repeated_calls(scope: Scope) -> Iterator[Observation]:
    """Matters that somebody called about in the month; repeated when it was not their first call."""
    called = select(ServiceOrder.matter_id).where(ServiceOrder.channel == "hotline", scope.within(ServiceOrder.received_at))
    query = (
        select(
            func.max(ServiceOrder.id).label("order_id"), func.max(ServiceOrder.received_at).label("called_at"), func.count().label("calls")
        )
        .where(ServiceOrder.matter_id.in_(called), ServiceOrder.channel == "hotline", ServiceOrder.received_at < scope.end)
        .group_by(ServiceOrder.matter_id)
    )
    for row in scope.rows(query):
        repeated = row.calls > 1
        yield Observation(row.order_id, row.called_at, float(repeated), missed=repeated)
