"""Who is checked next: everybody in turn, a few at a time."""

from collections.abc import Iterator
from datetime import datetime

from pydantic import Field
from sqlalchemy import or_, select

from engine.runtime.handlers import JobContext, handler
from engine.storage.tables import Membership
from handlers.dispatch.tables import Employee
from handlers.fields import Instant, Request, Result, in_utc
from handlers.numbers import daily_number
from handlers.positions.norms import POSTS, norm_of
from handlers.positions.tables import PositionCheck, PostNorm


class OpenRound(Request):
    """Since when somebody needs no further check, and how many are checked at a time."""

    checked_since: Instant
    at_most: int = Field(ge=1)


class OpenedCheck(Result):
    """A check that begins."""

    check_id: str
    employee_id: str


class RoundOpened(Result):
    """The checks of the round, who waited longest first."""

    opened_checks: list[OpenedCheck]
    opened_count: int


@handler("positions.open_round", title="排岗位检查", title_en="Open a round of position checks")
def open_round(ctx: JobContext, request: OpenRound) -> RoundOpened:
    """Open checks of people at work who have a post with a norm and were not checked for so long, or not by the norm in force."""
    checks = list(ctx.session.scalars(select(PositionCheck).where(PositionCheck.request_key == ctx.idempotency_key)))
    if not checks:
        since = in_utc(ctx, request.checked_since) or ctx.now()
        due = sorted(_due(ctx, since), key=lambda found: (found[0], found[1].user_id))
        checks = [_opened(ctx, person, norm) for _, person, norm in due[: request.at_most]]
    opened = [OpenedCheck(check_id=check.id, employee_id=check.employee_id) for check in sorted(checks, key=lambda check: check.id)]
    return RoundOpened(opened_checks=opened, opened_count=len(opened))


def _due(ctx: JobContext, since: datetime) -> Iterator[tuple[str, Employee, PostNorm]]:
    """When each was checked last, as text that sorts, with the norm of their post."""
    norms = {post: norm_of(ctx, post) for post in POSTS}
    present = or_(Employee.absent_until.is_(None), Employee.absent_until <= ctx.now())
    members: dict[str, set[str]] = {}
    for user_id, group in ctx.session.execute(select(Membership.user_id, Membership.group_id).where(Membership.group_id.in_(POSTS))):
        members.setdefault(user_id, set()).add(group)
    for person in ctx.session.scalars(select(Employee).where(Employee.active, present, Employee.user_id.in_(members))):
        norm = next(norms[post] for post in POSTS if post in members[person.user_id])
        last = _last_check(ctx, person.user_id)
        if not norm.items:
            continue  # the manuals in force say nothing of this post
        if last is None or last.opened_at < since or (last.confirmed_at is not None and _is_outdated(last, norm)):
            yield last.opened_at.isoformat() if last else "", person, norm


def _last_check(ctx: JobContext, employee_id: str) -> PositionCheck | None:
    checks = select(PositionCheck).where(PositionCheck.employee_id == employee_id)
    return ctx.session.scalars(checks.order_by(PositionCheck.opened_at.desc(), PositionCheck.id.desc()).limit(1)).first()


def _is_outdated(check: PositionCheck, norm: PostNorm) -> bool:
    return (check.post, check.norm_version) != (norm.post, norm.version)


def _opened(ctx: JobContext, person: Employee, norm: PostNorm) -> PositionCheck:
    check = PositionCheck(
        id=daily_number(ctx, "GW"),
        employee_id=person.user_id,
        post=norm.post,
        norm_version=norm.version,
        rows=[],
        request_key=ctx.idempotency_key,
        opened_at=ctx.now(),
    )
    ctx.session.add(check)
    ctx.session.flush()
    return check
