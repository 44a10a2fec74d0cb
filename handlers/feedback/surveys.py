"""Surveys and the improvements that follow from them."""

from datetime import date
from statistics import fmean
from typing import Literal

from pydantic import Field
from sqlalchemy import select

from engine.ids import new_id
from engine.runtime.handlers import JobContext, handler
from handlers.feedback.tables import ImprovementItem, Survey
from handlers.fields import Instant, Request, Result, local_day
from handlers.orders.case import order_of
from handlers.orders.tables import ServiceOrder
from handlers.parameters import duration_parameter
from handlers.refusals import refusal

_REQUIRED = ("ease_of_contact", "response_and_repair_speed", "technical_level", "attitude")
#: The questions that are answered with a mark (manual M3, 2.4.2), in Chinese and in English.
QUESTIONS = {
    "ease_of_contact": ("联络是否方便", "Ease of contact"),
    "response_and_repair_speed": ("响应与维修速度", "Speed of response and repair"),
    "technical_level": ("技术水平", "Technical level"),
    "attitude": ("服务态度", "Attitude"),
    "value_for_money": ("物有所值", "Value for money"),
    "cleanliness": ("清洁", "Cleanliness"),
}

Band = Literal["high", "middle", "low"]
Respondent = Literal["customer", "prospect", "former_staff", "agent", "staff", "management"]


class SaveSurvey(Request):
    """Answers from 1 to 5, or at least whether the customer is satisfied."""

    order_id: str | None = None
    subject: str | None = None
    """Who was asked, where it is about no order."""
    respondent: Respondent = "customer"
    round_no: str | None = None
    tool: str = "callback"
    satisfied: bool | None = None
    ease_of_contact: int | None = Field(default=None, ge=1, le=5)
    response_and_repair_speed: int | None = Field(default=None, ge=1, le=5)
    technical_level: int | None = Field(default=None, ge=1, le=5)
    attitude: int | None = Field(default=None, ge=1, le=5)
    value_for_money: int | None = Field(default=None, ge=1, le=5)
    cleanliness: int | None = Field(default=None, ge=1, le=5)
    named_employee: str | None = None
    improvement: str | None = None
    repurchase_p: float | None = Field(default=None, ge=0, le=1)
    loyalty_band: Band | None = None
    """As the decision table of loyalty tells."""


class SurveySaved(Result):
    """The mean of the answers, and the lowest of them."""

    survey_id: str
    survey_score: float | None = None
    lowest_mark: int | None = None
    lowest_question: str | None = None
    lowest_question_en: str | None = None


@handler("feedback.save_survey", title="存问卷", title_en="Save a survey", errors=("FIELDS_MISSING",))
def save_survey(ctx: JobContext, request: SaveSurvey) -> SurveySaved:
    """Keep somebody's answers, one set per order (or person), tool and day; a later set of the day replaces the earlier.

    Raises:
        BpmnError: FIELDS_MISSING, neither satisfaction nor the four questions that need an answer.
    """
    missing = [name for name in _REQUIRED if getattr(request, name) is None]
    if missing and (request.satisfied is None or len(missing) < len(_REQUIRED)):
        raise refusal("FIELDS_MISSING", "问卷还有必答题没有填。", f"The survey lacks: {', '.join(missing)}.", missing_fields=missing)
    order = None if request.subject else order_of(ctx, request.order_id)
    subject = order.id if order else str(request.subject)
    today = local_day(ctx, None)
    known = select(Survey).where(Survey.subject == subject, Survey.tool == request.tool, Survey.asked_on == today)
    survey = ctx.session.scalars(known).first()
    if survey is None:
        survey = Survey(id=new_id(), subject=subject, order_id=order.id if order else None, tool=request.tool, asked_on=today)
        ctx.session.add(survey)
    answers: dict[str, int] = request.model_dump(include=set(QUESTIONS), exclude_none=True)
    survey.respondent = request.respondent
    survey.round_no = request.round_no
    survey.satisfied = request.satisfied
    survey.answers = answers
    survey.score = round(fmean(answers.values()), 2) if answers else None
    survey.repurchase_p = request.repurchase_p
    survey.band = request.loyalty_band
    survey.named_employee = request.named_employee
    survey.improvement = request.improvement
    lowest = min(QUESTIONS, key=lambda name: answers.get(name, 6)) if answers else None
    zh, en = QUESTIONS[lowest] if lowest else (None, None)
    return SurveySaved(
        survey_id=survey.id,
        survey_score=survey.score,
        lowest_mark=answers[lowest] if lowest else None,
        lowest_question=zh,
        lowest_question_en=en,
    )


class AddImprovement(Request):
    """What is to be done better, by whom, until when; of an order, or on its own."""

    order_id: str | None = None
    source: str = "callback"
    item_text: str
    root: str | None = None
    owner: str | None = None
    due: Instant | date | None = None


class ImprovementAdded(Result):
    """The item; urgent when it has to be done before the next weekly meeting."""

    improvement_id: str
    improvement_urgent: bool


@handler("feedback.add_improvement_item", title="加改进项", title_en="Add an improvement item")
def add_improvement_item(ctx: JobContext, request: AddImprovement) -> ImprovementAdded:
    """Put something on the improvement list, once per order and source; asked again, the item is brought up to date."""
    order = _order_if_any(ctx, request.order_id)
    item = put_improvement(ctx, order.id if order else None, request.source, request.item_text)
    item.root = request.root
    item.owner = request.owner
    item.due_on = local_day(ctx, request.due) if request.due is not None else None
    next_meeting = local_day(ctx, ctx.now() + duration_parameter(ctx, "improvement_meeting_interval"))
    return ImprovementAdded(improvement_id=item.id, improvement_urgent=item.due_on is not None and item.due_on < next_meeting)


def put_improvement(ctx: JobContext, order_id: str | None, source: str, text: str) -> ImprovementItem:
    """The item of this order and source with this text; a new one when there is none."""
    known = select(ImprovementItem).where(ImprovementItem.order_id.is_not_distinct_from(order_id), ImprovementItem.source == source)
    item = ctx.session.scalars(known).first()
    if item is None:
        item = ImprovementItem(id=new_id(), order_id=order_id, source=source, added_at=ctx.now())
        ctx.session.add(item)
    item.text = text
    return item


def _order_if_any(ctx: JobContext, order_id: str | None) -> ServiceOrder | None:
    """The order that is named, which must be there; else the one that the case is about, if it is about one."""
    if order_id:
        return order_of(ctx, order_id)
    return ctx.session.get(ServiceOrder, ctx.business_key) if ctx.business_key else None
