"""From the contracts to the visits that are due."""

from datetime import date, timedelta

from sqlalchemy import select

from engine.runtime.handlers import JobContext, handler
from handlers.customers.tables import Contract, Customer, Device
from handlers.fields import Instant, Request, Result, local_day
from handlers.maintenance.tables import MaintenanceCycle, PlannedVisit
from handlers.numbers import daily_number


class GeneratePlan(Request):
    """Until which day; to the end of the year when left out."""

    until: Instant | date | None = None


class PlanGenerated(Result):
    """How many visits are new in the plan."""

    planned_count: int


@handler("maintenance.generate_plan", title="按合同生成维保计划", title_en="Plan the maintenance from the contracts")
def generate_plan(ctx: JobContext, request: GeneratePlan) -> PlanGenerated:
    """Plan every visit that running contracts promise from today on, each once."""
    today = local_day(ctx, None)
    until = local_day(ctx, request.until) if request.until is not None else date(today.year, 12, 31)
    running = (
        select(MaintenanceCycle, Contract)
        .join(Contract, Contract.contract_no == MaintenanceCycle.contract_no)
        .where(Contract.starts_on <= until, Contract.ends_on >= today)
        .order_by(MaintenanceCycle.id)
    )
    count = 0
    for cycle, contract in ctx.session.execute(running).all():
        planned = set(ctx.session.scalars(select(PlannedVisit.due_on).where(PlannedVisit.cycle_id == cycle.id)))
        due_on = cycle.first_due_on
        while due_on <= min(until, contract.ends_on):
            if due_on >= today and due_on not in planned:
                ctx.session.add(_visit(ctx, cycle, contract.customer_id, due_on))
                count += 1
            due_on += timedelta(days=cycle.interval_days)
    ctx.session.flush()
    return PlanGenerated(planned_count=count)


def _visit(ctx: JobContext, cycle: MaintenanceCycle, customer_id: str, due_on: date) -> PlannedVisit:
    return PlannedVisit(
        id=daily_number(ctx, "WB"),
        cycle_id=cycle.id,
        customer_id=customer_id,
        device_serial=cycle.device_serial,
        item=cycle.item,
        due_on=due_on,
        state="planned",
    )


class DueQuery(Request):
    """Visits due within so many days from today."""

    lead_days: int = 0


class DueVisit(Result):
    """A visit that has to be arranged, and where."""

    visit_id: str
    customer_id: str
    customer_unit: str
    address: str
    device_serial: str | None
    device_model: str | None
    maintenance_item: str
    due_on: date


class DueVisits(Result):
    """The visits, the earliest first."""

    due_visits: list[DueVisit]
    due_count: int


@handler("maintenance.due_visits", title="查到期维保", title_en="Find the maintenance that is due")
def due_visits(ctx: JobContext, request: DueQuery) -> DueVisits:
    """Planned visits that nobody has begun and that fall due soon."""
    until = local_day(ctx, None) + timedelta(days=request.lead_days)
    found = (
        select(PlannedVisit, Customer)
        .join(Customer, Customer.id == PlannedVisit.customer_id)
        .where(PlannedVisit.state == "planned", PlannedVisit.due_on <= until)
        .order_by(PlannedVisit.due_on, PlannedVisit.id)
    )
    visits = []
    for visit, customer in ctx.session.execute(found).all():
        device = ctx.session.get(Device, visit.device_serial) if visit.device_serial else None
        visits.append(
            DueVisit(
                visit_id=visit.id,
                customer_id=customer.id,
                customer_unit=customer.unit_name,
                address=customer.address,
                device_serial=visit.device_serial,
                device_model=device.model if device else None,
                maintenance_item=visit.item,
                due_on=visit.due_on,
            )
        )
    return DueVisits(due_visits=visits, due_count=len(visits))
