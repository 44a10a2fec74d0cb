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
from handlers.refusals import refusal

_REQUIRED = ("ease_of_contact", "response_and_repair_speed", "technical_level", "attitude")
_ANSWERS = (*_REQUIRED, "value_for_money", "cleanliness")


class SaveSurvey(Request):
    """Answers from 1 to 5, or at least whether the customer is satisfied."""

    order_id: str | None = None
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


class SurveySaved(Result):
    """The mean of the answers, and how likely the customer is to come back."""

    survey_id: str
    survey_score: float | None = None
    loyalty_band: Literal["high", "middle", "low"] | None = None


@handler("feedback.save_survey", title="存问卷", title_en="Save a survey", errors=("FIELDS_MISSING",))
def save_survey(ctx: JobContext, request: SaveSurvey) -> SurveySaved:
    """Keep a customer's answers, one set per order, tool and day; a later set of the day replaces the earlier.

    Raises:
        BpmnError: FIELDS_MISSING, neither satisfaction nor the four questions that need an answer.
    """
    missing = [name for name in _REQUIRED if getattr(request, name) is None]
    if missing and (request.satisfied is None or len(missing) < len(_REQUIRED)):
        raise refusal("FIELDS_MISSING", "问卷还有必答题没有填。", f"The survey lacks: {', '.join(missing)}.", missing_fields=missing)
    order = order_of(ctx, request.order_id)
    today = local_day(ctx, None)
    known = select(Survey).where(Survey.order_id == order.id, Survey.tool == request.tool, Survey.asked_on == today)
    survey = ctx.session.scalars(known).first()
    if survey is None:
        survey = Survey(id=new_id(), order_id=order.id, tool=request.tool, asked_on=today)
        ctx.session.add(survey)
    answers = request.model_dump(include=set(_ANSWERS), exclude_none=True)
    band = _band(request.repurchase_p)
    survey.satisfied = request.satisfied
    survey.answers = answers
    survey.score = round(fmean(answers.values()), 2) if answers else None
    survey.repurchase_p = request.repurchase_p
    survey.band = band
    survey.named_employee = request.named_employee
    survey.improvement = request.improvement
    return SurveySaved(survey_id=survey.id, survey_score=survey.score, loyalty_band=band)


def _band(probability: float | None) -> Literal["high", "middle", "low"] | None:
    """Loyalty by the probability of buying again (manual M3, 2.8): from one half high, from one tenth middle."""
    if probability is None:
        return None
    if probability >= 0.5:
        return "high"
    return "middle" if probability >= 0.1 else "low"


class AddImprovement(Request):
    """What is to be done better, by whom, until when."""

    order_id: str | None = None
    source: str = "callback"
    item_text: str
    root: str | None = None
    owner: str | None = None
    due: Instant | date | None = None


class ImprovementAdded(Result):
    """The item."""

    improvement_id: str


@handler("feedback.add_improvement_item", title="加改进项", title_en="Add an improvement item")
def add_improvement_item(ctx: JobContext, request: AddImprovement) -> ImprovementAdded:
    """Put something on the improvement list, once per order and source; asked again, the item is brought up to date."""
    order = order_of(ctx, request.order_id)
    known = select(ImprovementItem).where(ImprovementItem.order_id == order.id, ImprovementItem.source == request.source)
    item = ctx.session.scalars(known).first()
    if item is None:
        item = ImprovementItem(id=new_id(), order_id=order.id, source=request.source, added_at=ctx.now())
        ctx.session.add(item)
    item.text = request.item_text
    item.root = request.root
    item.owner = request.owner
    item.due_on = local_day(ctx, request.due) if request.due is not None else None
    return ImprovementAdded(improvement_id=item.id)
