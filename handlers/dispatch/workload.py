"""Who works how much, and who is where."""

from datetime import datetime

from sqlalchemy import func, or_, select

from engine.runtime.handlers import JobContext
from handlers.dispatch.tables import Assignment, Employee
from handlers.orders.tables import Slip


def available_engineers(ctx: JobContext, at: datetime) -> list[Employee]:
    """Active engineers who are not absent at that instant, by name."""
    found = select(Employee).where(Employee.is_engineer, Employee.active, or_(Employee.absent_until.is_(None), Employee.absent_until <= at))
    return list(ctx.session.scalars(found.order_by(Employee.user_id)))


def loads(ctx: JobContext) -> dict[str, int]:
    """Open assignments by engineer."""
    jobs = func.coalesce(Assignment.slip_id, Assignment.order_id)
    counted = select(Assignment.engineer_id, func.count(jobs.distinct())).where(Assignment.released_at.is_(None))
    return dict(ctx.session.execute(counted.group_by(Assignment.engineer_id)).all())


def on_the_road(ctx: JobContext) -> set[str]:
    """Engineers who are on a visit now."""
    visits = select(Assignment.engineer_id).join(Slip, Slip.id == Assignment.slip_id)
    return set(ctx.session.scalars(visits.where(Assignment.released_at.is_(None), Slip.status.in_(("on_the_way", "on_site")))))
