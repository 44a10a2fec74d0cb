"""Maintenance that contracts promise."""

from collections.abc import Iterator

from sqlalchemy import select

from handlers.maintenance.tables import PlannedVisit
from handlers.reports.kpis.people import engineer_of_order
from handlers.reports.measures import Kind, Unit, measure
from handlers.reports.observations import Observation, Scope

_DONE = ("done", "done_with_defects")


@measure("maintenance_completion", Kind.RATE, Unit.PERCENT)
def done_as_planned(scope: Scope) -> Iterator[Observation]:
    """Visits planned for the month whose day is over or that are done; as planned when done with results by that day. Cancelled ones are left out."""
    query = select(PlannedVisit, engineer_of_order(PlannedVisit.order_id).label("engineer"))
    query = query.where(scope.on_days(PlannedVisit.due_on), PlannedVisit.cycle_id.is_not(None), PlannedVisit.state != "cancelled")
    for row in scope.rows(query.order_by(PlannedVisit.due_on, PlannedVisit.id)):
        visit: PlannedVisit = row.PlannedVisit
        done = visit.state in _DONE
        if not done and visit.due_on >= scope.day(scope.now):
            continue
        kept = done and bool(visit.rows) and visit.closed_at is not None and scope.day(visit.closed_at) <= visit.due_on
        group = (visit.item, visit.item)
        yield Observation(
            visit.order_id or visit.id, scope.noon(visit.due_on), float(kept), missed=not kept, person=row.engineer, group=group
        )
