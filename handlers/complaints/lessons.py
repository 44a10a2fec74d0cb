"""What stays of complaints: lines in the station head's log, and case studies that the department discusses."""

from datetime import date
from typing import Literal

from sqlalchemy import select

from engine.ids import new_id
from engine.runtime.handlers import JobContext, handler
from handlers.complaints.cases import complaint_of
from handlers.complaints.tables import CaseStudy, HeadLogEntry
from handlers.fields import Instant, Request, Result, local_day


class WriteHeadLog(Request):
    """What the head should know of."""

    kind: Literal["complaint", "promise", "heard", "incident"] = "complaint"
    text: str
    customer_unit: str | None = None
    order_id: str | None = None
    due: Instant | date | None = None


class HeadLogWritten(Result):
    """The line."""

    head_log_id: str


@handler("complaints.write_head_log", title="写站长留言本", title_en="Write in the head's log")
def write_head_log(ctx: JobContext, request: WriteHeadLog) -> HeadLogWritten:
    """Add a line to the station head's log; a repeated job writes it once."""
    entry = ctx.session.scalars(select(HeadLogEntry).where(HeadLogEntry.key == ctx.idempotency_key)).first()
    if entry is None:
        entry = HeadLogEntry(
            id=new_id(),
            key=ctx.idempotency_key,
            kind=request.kind,
            text=request.text,
            customer_unit=request.customer_unit,
            order_id=request.order_id or ctx.business_key,
            due_on=local_day(ctx, request.due) if request.due is not None else None,
            written_at=ctx.now(),
            written_by=ctx.actor,
        )
        ctx.session.add(entry)
    return HeadLogWritten(head_log_id=entry.id)


class PublishCaseStudy(Request):
    """The case study of a complaint."""

    complaint_id: str
    course: str
    cause: str
    handling: str
    lessons: str


class CaseStudyPublished(Result):
    """The case study."""

    case_study_id: str


@handler("complaints.publish_case_study", title="发布案例", title_en="Publish a case study")
def publish_case_study(ctx: JobContext, request: PublishCaseStudy) -> CaseStudyPublished:
    """Publish the case study of a complaint; it has one, which is brought up to date when it is published again."""
    study = _study(ctx, request.complaint_id)
    if study is None:
        study = CaseStudy(
            id=new_id(), complaint_id=complaint_of(ctx, request.complaint_id).id, published_at=ctx.now(), published_by=ctx.actor
        )
        ctx.session.add(study)
    for name, value in request.model_dump(exclude={"complaint_id"}).items():
        setattr(study, name, value)
    return CaseStudyPublished(case_study_id=study.id)


class RecordDiscussion(Request):
    """What the department made of the case study."""

    complaint_id: str
    discussion: str


class DiscussionRecorded(Result):
    """Whether there was a case study to discuss."""

    discussed: bool


@handler("complaints.record_discussion", title="记案例讨论", title_en="Record the discussion of a case study")
def record_discussion(ctx: JobContext, request: RecordDiscussion) -> DiscussionRecorded:
    """Write down what the department learnt when it discussed the case study of a complaint."""
    study = _study(ctx, request.complaint_id)
    if study is None:
        return DiscussionRecorded(discussed=False)
    study.discussion = request.discussion
    study.discussed_at = study.discussed_at or ctx.now()
    return DiscussionRecorded(discussed=True)


def _study(ctx: JobContext, complaint_id: str) -> CaseStudy | None:
    return ctx.session.scalars(select(CaseStudy).where(CaseStudy.complaint_id == complaint_id)).first()
