"""Praise in public: the award of the committee, small successes, friendly colleagues (manual M3, 2.4.2 step 4 and 2.4.3)."""

from typing import Literal

from sqlalchemy import select

from engine.ids import new_id
from engine.runtime.handlers import JobContext, handler
from engine.storage.tables.people import User
from handlers.fields import Line, Request, Result
from handlers.improvement.tables import Recognition


class Praise(Line):
    """Who is praised for what."""

    employee: str
    kind: Literal["award", "small_success", "friendly"] = "award"
    deed: str
    reward: str | None = None


class RecordRecognition(Request):
    """Everybody who is praised this time."""

    recognitions: list[Praise]
    proposed_by: str | None = None


class RecognitionRecorded(Result):
    """What is told to everybody."""

    praise_text: str


@handler("improvement.record_recognition", title="登记表彰", title_en="Record praise")
def record_recognition(ctx: JobContext, request: RecordRecognition) -> RecognitionRecorded:
    """Keep who is praised for what, once per case, person and kind."""
    known = {
        (row.employee, row.kind): row for row in ctx.session.scalars(select(Recognition).where(Recognition.case_id == ctx.instance_id))
    }
    for praise in request.recognitions:
        row = known.get((praise.employee, praise.kind))
        if row is None:
            row = Recognition(id=new_id(), case_id=ctx.instance_id, employee=praise.employee, kind=praise.kind, awarded_at=ctx.now())
            known[praise.employee, praise.kind] = row
            ctx.session.add(row)
        row.deed = praise.deed
        row.reward = praise.reward
        row.proposed_by = request.proposed_by or ctx.actor
    names = dict(
        ctx.session.execute(select(User.id, User.name).where(User.id.in_([praise.employee for praise in request.recognitions]))).all()
    )
    return RecognitionRecorded(
        praise_text="\n".join(f"{names.get(praise.employee, praise.employee)}：{praise.deed}" for praise in request.recognitions)
    )
