"""Who is in charge of a slip."""

from typing import Literal

from sqlalchemy import select

from engine.ids import new_id
from engine.runtime.handlers import JobContext, handler
from handlers.dispatch.tables import Assignment, Employee
from handlers.dispatch.workload import available_engineers
from handlers.fields import Instant, Request, Result, in_utc, local_day
from handlers.orders.case import slip_of
from handlers.refusals import refusal


class AssignEngineer(Request):
    """Who takes which slip, and when they go."""

    engineer_id: str
    slip_id: str | None = None
    order_id: str | None = None
    assignment_kind: Literal["first_contact", "visit", "urgent", "project"] = "visit"
    visit_at: Instant | None = None
    assign_reason: str | None = None


class EngineerAssigned(Result):
    """The assignment; parts are borrowed for `trip_id`, which is one engineer's day out."""

    assignment_id: str
    engineer_id: str
    engineer_name: str
    engineer_mobile: str
    trip_id: str


@handler("dispatch.assign", title="分派工程师", title_en="Assign an engineer", errors=("ENGINEER_UNAVAILABLE",))
def assign(ctx: JobContext, request: AssignEngineer) -> EngineerAssigned:
    """Put an engineer in charge of a slip in place of whoever was; the same assignment again changes nothing.

    Raises:
        BpmnError: ENGINEER_UNAVAILABLE, not an engineer, no longer here or absent at that time.
    """
    slip = slip_of(ctx, request.slip_id, request.order_id)
    at = in_utc(ctx, request.visit_at) or ctx.now()
    engineer = ctx.session.get(Employee, request.engineer_id)
    if engineer is None or engineer not in available_engineers(ctx, at):
        raise refusal(
            "ENGINEER_UNAVAILABLE",
            f"{engineer.name if engineer else request.engineer_id} 届时不能上门，请另选。",
            f"{request.engineer_id} is not available at that time; choose somebody else.",
        )
    day = local_day(ctx, at)
    current = None
    for former in _open(ctx, slip.id):
        if (former.engineer_id, former.kind, former.visit_on) == (engineer.user_id, request.assignment_kind, day):
            current = former
        else:
            former.released_at = ctx.now()
    if current is None:
        current = Assignment(
            id=new_id(),
            order_id=slip.order_id,
            slip_id=slip.id,
            engineer_id=engineer.user_id,
            kind=request.assignment_kind,
            trip_id=f"{engineer.user_id}-{day:%Y%m%d}",
            visit_on=day,
            assigned_at=ctx.now(),
            assigned_by=ctx.actor,
            reason=request.assign_reason,
        )
        ctx.session.add(current)
        if request.assignment_kind != "first_contact" and slip.status in ("new", "contacted"):
            slip.status = "assigned"
    return EngineerAssigned(
        assignment_id=current.id,
        engineer_id=engineer.user_id,
        engineer_name=engineer.name,
        engineer_mobile=engineer.mobile,
        trip_id=current.trip_id,
    )


class ReleaseEngineers(Request):
    """Of which slip."""

    slip_id: str | None = None
    order_id: str | None = None


class EngineersReleased(Result):
    """How many assignments ended."""

    released_count: int


@handler("dispatch.release", title="结束分派", title_en="End the assignments")
def release(ctx: JobContext, request: ReleaseEngineers) -> EngineersReleased:
    """End all assignments of a slip, so that they no longer count as load."""
    slip = slip_of(ctx, request.slip_id, request.order_id)
    released = _open(ctx, slip.id)
    for assignment in released:
        assignment.released_at = ctx.now()
    return EngineersReleased(released_count=len(released))


def _open(ctx: JobContext, slip_id: str) -> list[Assignment]:
    return list(ctx.session.scalars(select(Assignment).where(Assignment.slip_id == slip_id, Assignment.released_at.is_(None))))
