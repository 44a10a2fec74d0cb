"""A deadline passed: it is written down, and people are told."""

from pydantic import Field
from sqlalchemy import func, select

from engine.ids import new_id
from engine.runtime.handlers import JobContext, handler
from handlers.deadlines.tables import Breach
from handlers.fields import Instant, Names, Request, Result, in_utc, local_text
from handlers.notify.notices import Notice, put_notice, recipients
from handlers.orders.case import case_key


class RecordBreach(Request):
    """Which activity of which order is late, and who must know."""

    activity: str
    activity_en: str | None = None
    order_id: str | None = None
    due_at: Instant | None = None
    slip_id: str | None = None
    notify_roles: Names = Field(default_factory=list)
    notify_users: Names = Field(default_factory=list)
    note: str | None = None
    note_en: str | None = None


class BreachRecorded(Result):
    """The breach; `breach_count` counts all of this order."""

    breach_id: str
    breach_count: int
    second_notice: bool


@handler("deadlines.record_breach", title="记违约并通知", title_en="Record a missed deadline and notify")
def record_breach(ctx: JobContext, request: RecordBreach) -> BreachRecorded:
    """Keep a missed deadline once; asked again for the same one, only the notices go out again, marked as a reminder."""
    breach, is_reminder = put_breach(ctx, request)
    count = ctx.session.scalar(select(func.count()).select_from(Breach).where(Breach.order_id == breach.order_id)) or 0
    return BreachRecorded(breach_id=breach.id, breach_count=count, second_notice=is_reminder)


def put_breach(ctx: JobContext, request: RecordBreach) -> tuple[Breach, bool]:
    """The breach, kept once, and whether people were told of it before; they are told now."""
    order_id = case_key(ctx, request.order_id)
    breach = _known(ctx, order_id, request)
    people = recipients(ctx, request.notify_roles, request.notify_users)
    if breach is None:
        breach = Breach(
            id=new_id(),
            process_key=ctx.process_key,
            activity=request.activity,
            activity_en=request.activity_en,
            order_id=order_id,
            slip_id=request.slip_id,
            due_at=in_utc(ctx, request.due_at) or ctx.now(),
            noticed_at=ctx.now(),
            notices=0,
            notified=people,
            note=request.note,
            note_en=request.note_en,
        )
        ctx.session.add(breach)
    reminder = breach.notices > 0
    notice = _notice(request, order_id, local_text(ctx, breach.due_at), reminder=reminder)
    told = [put_notice(ctx, user_id, notice, order_id) for user_id in people]
    if any(told) or not reminder:
        breach.notices += 1
    breach.notified = sorted({*breach.notified, *people})
    ctx.session.flush()
    return breach, reminder


def _notice(request: RecordBreach, order_id: str, due: str, *, reminder: bool) -> Notice:
    mark, mark_en = ("第二次提醒 · ", "Second reminder · ") if reminder else ("", "")
    return Notice(
        subject=f"{mark}超时：{request.activity}（{order_id}）",
        text=f"应于 {due} 前完成。{request.note or ''}",
        severity="warning",
        subject_en=f"{mark_en}Overdue: {request.activity_en or request.activity} ({order_id})",
        text_en=f"Due by {due}. {request.note_en or request.note or ''}".strip(),
    )


def _known(ctx: JobContext, order_id: str, request: RecordBreach) -> Breach | None:
    """The same activity of the same order; a deadline that was set anew is another one."""
    found = select(Breach).where(Breach.process_key == ctx.process_key, Breach.activity == request.activity, Breach.order_id == order_id)
    if request.due_at is not None:
        found = found.where(Breach.due_at == in_utc(ctx, request.due_at))
    return ctx.session.scalars(found.order_by(Breach.due_at.desc()).limit(1)).first()
