"""Who may approve what moves parts or money."""

from sqlalchemy import select

from engine.runtime.handlers import JobContext
from engine.storage.tables.people import Membership, User
from handlers.refusals import refusal


def require_approval(ctx: JobContext, approved_by: str | None, group: str, code: str) -> str:
    """The approver's user id; refuses with `code` when there is none, or nobody of that group."""
    members = select(Membership.user_id).join(User, User.id == Membership.user_id).where(User.active, Membership.group_id == group)
    if approved_by is None or ctx.session.scalars(members.where(User.id == approved_by)).first() is None:
        raise refusal(code, "没有有效的批准，不能办理。", "There is no valid approval; this is not done.", approved_by=approved_by)
    return approved_by
