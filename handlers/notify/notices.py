"""Notices to our own people, shown when they are signed in."""

from dataclasses import dataclass
from typing import Literal

from pydantic import Field
from sqlalchemy import select

from engine.ids import new_id
from engine.runtime.handlers import JobContext, handler
from engine.storage.tables.people import Membership, User
from handlers.fields import Names, Request, Result
from handlers.notify.tables import Notification

#: What the column takes; a longer subject is cut.
_SUBJECT_LENGTH = 200


@dataclass(frozen=True)
class Notice:
    """What to tell; without English, the Chinese is shown to everybody."""

    subject: str
    text: str
    severity: str
    subject_en: str | None = None
    text_en: str | None = None


class SendNotice(Request):
    """Whom to tell what."""

    to_roles: Names = Field(default_factory=list)
    to_users: Names = Field(default_factory=list)
    subject: str
    subject_en: str | None = None
    text: str = ""
    text_en: str | None = None
    order_id: str | None = None
    severity: Literal["info", "warning"] = "info"


class NoticeSent(Result):
    """Who was told."""

    notified: list[str]
    notification_count: int


@handler("notify.send", title="站内通知", title_en="Notify our people")
def send(ctx: JobContext, request: SendNotice) -> NoticeSent:
    """Put a notice before everybody of the roles and the people named; a repeated job tells nobody twice."""
    people = recipients(ctx, request.to_roles, request.to_users)
    order_id = request.order_id or ctx.business_key
    notice = Notice(request.subject, request.text, request.severity, request.subject_en, request.text_en)
    for user_id in people:
        put_notice(ctx, user_id, notice, order_id)
    return NoticeSent(notified=people, notification_count=len(people))


def recipients(ctx: JobContext, roles: list[str], users: list[str]) -> list[str]:
    """The active people of these groups, and these people, by sign-in name."""
    members = select(Membership.user_id).where(Membership.group_id.in_(roles))
    found = select(User.id).where(User.active, User.id.in_(members) | User.id.in_(users)).order_by(User.id)
    return list(ctx.session.scalars(found))


def put_notice(ctx: JobContext, user_id: str, notice: Notice, order_id: str | None) -> bool:
    """Add one notice; False when this job has told this person already."""
    told = select(Notification.id).where(Notification.user_id == user_id, Notification.key == ctx.idempotency_key)
    if ctx.session.scalars(told).first() is not None:
        return False
    ctx.session.add(
        Notification(
            id=new_id(),
            user_id=user_id,
            key=ctx.idempotency_key,
            severity=notice.severity,
            subject=notice.subject[:_SUBJECT_LENGTH],
            subject_en=notice.subject_en[:_SUBJECT_LENGTH] if notice.subject_en else None,
            text=notice.text,
            text_en=notice.text_en,
            order_id=order_id,
            instance_id=ctx.instance_id,
            sent_at=ctx.now(),
        )
    )
    return True
