"""A complaint from the moment it is heard: written down, classified, recorded step by step, closed with its answer."""

from datetime import timedelta
from typing import Literal

from pydantic import Field
from sqlalchemy import func, select

from engine.errors import NotFound
from engine.runtime.handlers import JobContext, handler
from handlers.complaints.tables import CaseStudy, Complaint
from handlers.deadlines.promises import open_promises
from handlers.fields import Instant, Request, Result, in_utc
from handlers.numbers import daily_number
from handlers.orders.case import order_of
from handlers.refusals import refusal


class OpenComplaint(Request):
    """Who complains about what, on the occasion of which order."""

    order_id: str | None = None
    source: Literal["customer", "sales", "staff", "suggestion_box", "callback", "survey", "media"]
    about: Literal["service", "product", "staff", "other_customer"]
    facts: str
    received_at: Instant | None = None
    emotion_calmed: bool = False
    repeated_back: bool = False
    threatens_public: bool = False
    in_media: bool = False


class ComplaintOpened(Result):
    """The number of the complaint."""

    complaint_id: str
    own_order: bool
    """Whether the order is there for the complaint alone, and so is over with it."""


@handler("complaints.open", title="立投诉案", title_en="Open a complaint")
def open_complaint(ctx: JobContext, request: OpenComplaint) -> ComplaintOpened:
    """Write a complaint down, once per job."""
    order = order_of(ctx, request.order_id)
    complaint = ctx.session.scalars(select(Complaint).where(Complaint.key == ctx.idempotency_key)).first()
    if complaint is None:
        complaint = Complaint(
            id=daily_number(ctx, "TS"),
            key=ctx.idempotency_key,
            order_id=order.id,
            matter_id=order.matter_id,
            received_at=min(in_utc(ctx, request.received_at) or ctx.now(), ctx.now()),
            repeat_rounds=0,
            class_history=[],
            **request.model_dump(exclude={"order_id", "received_at"}),
        )
        ctx.session.add(complaint)
    return ComplaintOpened(complaint_id=complaint.id, own_order=order.kind == "complaint")


class CountPrior(Request):
    """Which complaint, and how far back to look."""

    complaint_id: str
    days: int = Field(ge=0)


class PriorCounted(Result):
    """How often the matter was complained of before, and how often the customer was not content with an answer."""

    repeat_count: int


@handler("complaints.count_prior", title="查同一事项的投诉", title_en="Count earlier complaints")
def count_prior(ctx: JobContext, request: CountPrior) -> PriorCounted:
    """Earlier complaints of the same matter, and the rounds of this one."""
    complaint = complaint_of(ctx, request.complaint_id)
    since = complaint.received_at - timedelta(days=request.days)
    earlier = select(func.count()).where(
        Complaint.matter_id == complaint.matter_id,
        Complaint.id < complaint.id,
        Complaint.received_at >= since,
        Complaint.received_at <= complaint.received_at,
    )
    return PriorCounted(repeat_count=(ctx.session.scalar(earlier) or 0) + complaint.repeat_rounds)


class Classify(Request):
    """Which class the decision table gave."""

    complaint_id: str
    complaint_class: int = Field(ge=1, le=3)


class Classified(Result):
    """The class."""

    complaint_class: int


@handler("complaints.classify", title="记投诉类别", title_en="Record the class of a complaint")
def classify(ctx: JobContext, request: Classify) -> Classified:
    """Note the class of a complaint; what it was before stays in its history."""
    complaint = complaint_of(ctx, request.complaint_id)
    if complaint.complaint_class != request.complaint_class:
        complaint.complaint_class = request.complaint_class
        entry = {"class": request.complaint_class, "at": ctx.now().isoformat()}
        complaint.class_history = [*complaint.class_history, entry]
    return Classified(complaint_class=request.complaint_class)


class RecordCourse(Request):
    """What is known now; fields left out stay as they are."""

    complaint_id: str
    repeat_rounds: int | None = Field(default=None, ge=0)
    threatens_public: bool | None = None
    in_media: bool | None = None
    our_fault: bool | None = None
    promised_answer_at: Instant | None = None
    sales_answered_at: Instant | None = None
    solution: str | None = None
    responsible: str | None = None
    nature: Literal["isolated", "careless", "systemic"] | None = None
    sanction: str | None = None
    root_cause: str | None = None
    measures: str | None = None
    answered_customer_at: Instant | None = None


class CourseRecorded(Result):
    """Of which complaint."""

    complaint_id: str


@handler("complaints.record", title="记投诉经过", title_en="Record the course of a complaint")
def record(ctx: JobContext, request: RecordCourse) -> CourseRecorded:
    """Add what was learnt and done to a complaint; what is said later takes the place of what was said before."""
    complaint = complaint_of(ctx, request.complaint_id)
    for name, value in request.model_dump(exclude={"complaint_id"}, exclude_none=True).items():
        setattr(complaint, name, in_utc(ctx, value) if name.endswith("_at") else value)
    return CourseRecorded(complaint_id=complaint.id)


class CloseComplaint(Request):
    """How it ended."""

    complaint_id: str
    outcome: Literal["resolved", "resolved_by_third_party", "withdrawn"] = "resolved"


class ComplaintClosed(Result):
    """How it ended."""

    complaint_outcome: str


@handler("complaints.close", title="关闭投诉", title_en="Close a complaint", errors=("COMPLAINT_INCOMPLETE",))
def close(ctx: JobContext, request: CloseComplaint) -> ComplaintClosed:
    """Close a complaint: its customer is answered and every promise is settled; of class 3 there is a case study.

    Raises:
        BpmnError: COMPLAINT_INCOMPLETE, something of this is missing.
    """
    complaint = complaint_of(ctx, request.complaint_id)
    lacking = _lacking(ctx, complaint)
    if lacking:
        raise refusal(
            "COMPLAINT_INCOMPLETE",
            f"投诉 {complaint.id} 还不能关闭：{'、'.join(zh for zh, _ in lacking)}。",
            f"The complaint {complaint.id} cannot be closed yet: {', '.join(en for _, en in lacking)}.",
        )
    complaint.outcome = request.outcome
    if complaint.closed_at is None:
        complaint.closed_at = ctx.now()
        complaint.closed_by = ctx.actor
    return ComplaintClosed(complaint_outcome=request.outcome)


def _lacking(ctx: JobContext, complaint: Complaint) -> list[tuple[str, str]]:
    lacking = []
    if complaint.answered_customer_at is None:
        lacking.append(("还没有答复客户", "the customer is not answered"))
    if open_promises(ctx, complaint.id):
        lacking.append(("还有承诺未兑现", "a promise is open"))
    if complaint.complaint_class == 3:
        study = ctx.session.scalars(select(CaseStudy.id).where(CaseStudy.complaint_id == complaint.id)).first()
        if study is None:
            lacking.append(("三类投诉还没有写成案例", "the case study is missing"))
    return lacking


def complaint_of(ctx: JobContext, complaint_id: str) -> Complaint:
    """The complaint of that number.

    Raises:
        NotFound: there is none.
    """
    complaint = ctx.session.get(Complaint, complaint_id)
    if complaint is None:
        raise NotFound(f"没有投诉 {complaint_id}。", f"There is no complaint {complaint_id}.", complaint_id=complaint_id)
    return complaint
