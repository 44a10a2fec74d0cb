"""What customers asked and what they were told."""

from typing import Literal

from sqlalchemy import select

from engine.errors import NotFound
from engine.ids import new_id
from engine.runtime.handlers import JobContext, handler
from handlers.enquiries.tables import EnquiryRecord
from handlers.fields import Instant, Request, Result, in_utc
from handlers.orders.case import case_key


class RecordEnquiry(Request):
    """A question, and the answer if it was given at once."""

    order_id: str | None = None
    customer_id: str | None = None
    enquiry_kind: Literal["technical", "pre_sale", "send_in"] = "technical"
    question: str
    sure: bool = False
    answer: str | None = None
    answer_en: str | None = None
    promised_text: str | None = None
    handed_to: str | None = None
    due_at: Instant | None = None


class EnquiryRecorded(Result):
    """The record."""

    enquiry_id: str


@handler("enquiries.record", title="登记咨询", title_en="Record an enquiry")
def record(ctx: JobContext, request: RecordEnquiry) -> EnquiryRecorded:
    """Write a question down, once per case and wording."""
    order_id = case_key(ctx, request.order_id)
    known = select(EnquiryRecord).where(EnquiryRecord.order_id == order_id, EnquiryRecord.question == request.question)
    enquiry = ctx.session.scalars(known).first()
    if enquiry is None:
        enquiry = EnquiryRecord(
            id=new_id(),
            order_id=order_id,
            customer_id=request.customer_id,
            kind=request.enquiry_kind,
            question=request.question,
            sure=request.sure,
            promised_text=request.promised_text,
            handed_to=request.handed_to,
            asked_at=ctx.now(),
            asked_by=ctx.actor,
            due_at=in_utc(ctx, request.due_at),
        )
        ctx.session.add(enquiry)
        if request.answer:
            enquiry.answer = request.answer
            enquiry.answer_en = request.answer_en
            enquiry.answered_at = ctx.now()
            enquiry.answered_by = ctx.actor
    return EnquiryRecorded(enquiry_id=enquiry.id)


class AnswerEnquiry(Request):
    """What the customer was told; the newest question of the case when none is named."""

    enquiry_id: str | None = None
    order_id: str | None = None
    answer: str
    answer_en: str | None = None
    answered_at: Instant | None = None
    understood: bool = True


class EnquiryAnswered(Result):
    """Whether the answer came in time."""

    enquiry_id: str
    answered_in_time: bool


@handler("enquiries.answer", title="登记答复", title_en="Record an answer")
def answer(ctx: JobContext, request: AnswerEnquiry) -> EnquiryAnswered:
    """Write the answer to a question down; a later answer takes the place of an earlier one.

    Raises:
        NotFound: there is no such question.
    """
    enquiry = ctx.session.get(EnquiryRecord, request.enquiry_id) if request.enquiry_id else _newest(ctx, case_key(ctx, request.order_id))
    if enquiry is None:
        raise NotFound("没有可答复的咨询记录。", "There is no enquiry to answer.", enquiry_id=request.enquiry_id)
    enquiry.answer = request.answer
    enquiry.answer_en = request.answer_en
    enquiry.answered_at = in_utc(ctx, request.answered_at) or ctx.now()
    enquiry.answered_by = ctx.actor
    enquiry.understood = request.understood
    in_time = enquiry.due_at is None or enquiry.answered_at <= enquiry.due_at
    return EnquiryAnswered(enquiry_id=enquiry.id, answered_in_time=in_time)


def _newest(ctx: JobContext, order_id: str) -> EnquiryRecord | None:
    asked = select(EnquiryRecord).where(EnquiryRecord.order_id == order_id)
    return ctx.session.scalars(asked.order_by(EnquiryRecord.asked_at.desc(), EnquiryRecord.id.desc()).limit(1)).first()
