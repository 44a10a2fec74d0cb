"""One maintenance visit: begun, measured, closed."""

from datetime import date, timedelta
from typing import Any, Literal

from sqlalchemy import select

from engine.errors import NotFound
from engine.runtime.handlers import JobContext, handler
from handlers.fields import Request, Result, local_day
from handlers.maintenance.tables import MaintenanceCycle, PlannedVisit
from handlers.numbers import daily_number
from handlers.orders.case import order_of
from handlers.parameters import parameter


class OpenVisit(Request):
    """Which planned visit, or of which order a visit that a customer asked for."""

    order_id: str | None = None
    visit_id: str | None = None
    maintenance_item: str | None = None


class VisitOpened(Result):
    """What to do, by which instruction, until when."""

    visit_id: str
    maintenance_item: str
    instruction: str
    checklist: list[dict[str, Any]]
    due_on: date


@handler("maintenance.open_visit", title="开始维保", title_en="Begin a maintenance visit")
def open_visit(ctx: JobContext, request: OpenVisit) -> VisitOpened:
    """Tie a visit to its order, once per order; without a plan the office's own checklist applies.

    Raises:
        NotFound: there is no such visit.
    """
    order = order_of(ctx, request.order_id)
    visit = ctx.session.scalars(select(PlannedVisit).where(PlannedVisit.order_id == order.id)).first()
    if visit is None and request.visit_id:
        visit = _visit(ctx, request.visit_id)
    if visit is None:
        lead = timedelta(days=int(parameter(ctx, "maintenance_lead_days")))
        visit = PlannedVisit(
            id=daily_number(ctx, "WB"),
            customer_id=order.customer_id,
            device_serial=order.device_serial,
            item=request.maintenance_item or "预防性维护",
            due_on=local_day(ctx, None) + lead,
        )
        ctx.session.add(visit)
    visit.order_id = order.id
    visit.state = "started"
    ctx.session.flush()
    cycle = ctx.session.get(MaintenanceCycle, visit.cycle_id) if visit.cycle_id else None
    return VisitOpened(
        visit_id=visit.id,
        maintenance_item=visit.item,
        instruction=cycle.instruction if cycle else "",
        checklist=cycle.checklist if cycle else list(parameter(ctx, "maintenance_checklist")),
        due_on=visit.due_on,
    )


class SaveRows(Request):
    """What was done and measured, row by row."""

    visit_id: str
    rows: list[dict[str, Any]]


class RowsSaved(Result):
    """What is in order, and what is not."""

    row_count: int
    defects: list[dict[str, Any]]


@handler("maintenance.save_rows", title="存维保记录", title_en="Save the maintenance record")
def save_rows(ctx: JobContext, request: SaveRows) -> RowsSaved:
    """Keep the rows of a visit; done again they replace the former.

    Raises:
        NotFound: there is no such visit.
    """
    _visit(ctx, request.visit_id).rows = request.rows
    return RowsSaved(row_count=len(request.rows), defects=[row for row in request.rows if row.get("ok") is False])


class CloseVisit(Request):
    """How the visit ended."""

    visit_id: str
    visit_state: Literal["done", "done_with_defects", "cancelled"]


class VisitClosed(Result):
    """When the next visit of the cycle is due, if there is one."""

    next_due_on: date | None = None


@handler("maintenance.close_visit", title="结束维保", title_en="Close a maintenance visit")
def close_visit(ctx: JobContext, request: CloseVisit) -> VisitClosed:
    """Close a visit and say when the next is due.

    Raises:
        NotFound: there is no such visit.
    """
    visit = _visit(ctx, request.visit_id)
    visit.state = request.visit_state
    visit.closed_at = visit.closed_at or ctx.now()
    cycle = ctx.session.get(MaintenanceCycle, visit.cycle_id) if visit.cycle_id else None
    return VisitClosed(next_due_on=visit.due_on + timedelta(days=cycle.interval_days) if cycle else None)


def _visit(ctx: JobContext, visit_id: str) -> PlannedVisit:
    visit = ctx.session.get(PlannedVisit, visit_id)
    if visit is None:
        raise NotFound(f"没有维保计划 {visit_id}。", f"There is no maintenance visit {visit_id}.", visit_id=visit_id)
    return visit
