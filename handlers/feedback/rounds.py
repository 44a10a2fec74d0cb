"""Surveys by sample: who is asked, and what all answers together say."""

from datetime import datetime, timedelta
from statistics import fmean
from typing import Literal

from pydantic import Field
from sqlalchemy import ColumnElement, select

from engine.ids import seeded
from engine.runtime.handlers import JobContext, handler
from handlers.customers.tables import Customer
from handlers.feedback.callbacks import contact_of
from handlers.feedback.surveys import QUESTIONS, Respondent
from handlers.feedback.tables import Survey
from handlers.fields import Line, Request, Result, local_day
from handlers.numbers import daily_number
from handlers.orders.tables import ServiceOrder

_SERVED = ("completed", "closed")


class Other(Line):
    """Somebody who is asked besides the customers."""

    subject: str
    respondent: Respondent


class SampleCustomers(Request):
    """How many customers to draw, and from which."""

    sample_size: int = Field(ge=1, le=200)
    customer_level: Literal["any", "ordinary", "key", "vip"] = "any"
    served_within_days: int = Field(ge=1)
    others: list[Other] = Field(default_factory=list)
    seed: str | None = None
    """The same seed draws the same sample; default: the number of the round."""


class Asked(Result):
    """Somebody to ask, and about which service."""

    respondent: Respondent
    subject: str | None = None
    order_id: str | None = None
    need_content: str | None = None
    customer_unit: str
    contact_person: str
    contact_phone: str


class SampleDrawn(Result):
    """The round, and everybody who is asked in it."""

    round_no: str
    respondents: list[Asked]
    respondent_count: int


@handler("feedback.sample_customers", title="抽样", title_en="Draw a sample of customers")
def sample_customers(ctx: JobContext, request: SampleCustomers) -> SampleDrawn:
    """Draw customers served of late, each with the last service; who was asked in a round within the same time is left alone."""
    round_no = ctx.business_key or daily_number(ctx, "DC")
    since = ctx.now() - timedelta(days=request.served_within_days)
    orders = _last_orders(ctx, request, since)
    chance = seeded(request.seed or round_no)
    chosen = chance.sample(sorted(orders), min(request.sample_size, len(orders)))
    asked = [_customer(ctx, orders[customer_id]) for customer_id in chosen]
    asked += [
        Asked(
            respondent=other.respondent, subject=other.subject, customer_unit=other.subject, contact_person=other.subject, contact_phone=""
        )
        for other in request.others
    ]
    return SampleDrawn(round_no=round_no, respondents=asked, respondent_count=len(asked))


def _last_orders(ctx: JobContext, request: SampleCustomers, since: datetime) -> dict[str, ServiceOrder]:
    """The last service of each customer who may be asked."""
    wanted: list[ColumnElement[bool]] = [ServiceOrder.status.in_(_SERVED), ServiceOrder.received_at >= since]
    if request.customer_level != "any":
        wanted.append(Customer.level == request.customer_level)
    lately = (
        select(ServiceOrder.customer_id)
        .join(Survey, Survey.order_id == ServiceOrder.id)
        .where(Survey.round_no.is_not(None), Survey.asked_on >= local_day(ctx, since))
    )
    query = select(ServiceOrder).join(Customer, Customer.id == ServiceOrder.customer_id)
    found = query.where(*wanted, ServiceOrder.customer_id.not_in(lately)).order_by(ServiceOrder.received_at, ServiceOrder.id)
    return {order.customer_id: order for order in ctx.session.scalars(found)}


def _customer(ctx: JobContext, order: ServiceOrder) -> Asked:
    person, phone = contact_of(ctx, order)
    return Asked(
        respondent="customer",
        order_id=order.id,
        need_content=order.need_content,
        customer_unit=ctx.session.get_one(Customer, order.customer_id).unit_name,
        contact_person=person,
        contact_phone=phone,
    )


class EvaluateRound(Request):
    """Which round, and below which mean something has to be done."""

    round_no: str
    low_score: float


class RoundEvaluated(Result):
    """What all answers together say."""

    answered_count: int
    round_score: float | None = None
    round_low: bool
    low_text: str
    low_text_en: str
    round_text: str
    round_text_en: str


@handler("feedback.evaluate_round", title="汇总问卷", title_en="Evaluate a round of surveys")
def evaluate_round(ctx: JobContext, request: EvaluateRound) -> RoundEvaluated:
    """The means of a round, over all and by question, the loyalty bands, and which means are low."""
    surveys = list(ctx.session.scalars(select(Survey).where(Survey.round_no == request.round_no).order_by(Survey.id)))
    scores = [survey.score for survey in surveys if survey.score is not None]
    mean = round(fmean(scores), 2) if scores else None
    low = [
        (words, found) for name, words in QUESTIONS.items() if (found := _mean_of(surveys, name)) is not None and found < request.low_score
    ]
    bands = {band: sum(survey.band == band for survey in surveys) for band in ("high", "middle", "low")}
    return RoundEvaluated(
        answered_count=len(surveys),
        round_score=mean,
        round_low=bool(low) or (mean is not None and mean < request.low_score),
        low_text="，".join(f"{words[0]} {found:g} 分" for words, found in low),
        low_text_en=", ".join(f"{words[1]} {found:g}" for words, found in low),
        round_text=f"答复 {len(surveys)} 份，平均 {_shown(mean)} 分；再购意愿高 {bands['high']}、中 {bands['middle']}、低 {bands['low']}",
        round_text_en=(
            f"{len(surveys)} answered, mean {_shown(mean)} of 5; loyalty high {bands['high']}, middle {bands['middle']}, low {bands['low']}"
        ),
    )


def _mean_of(surveys: list[Survey], question: str) -> float | None:
    marks = [survey.answers[question] for survey in surveys if question in survey.answers]
    return round(fmean(marks), 2) if marks else None


def _shown(mean: float | None) -> str:
    return "—" if mean is None else f"{mean:g}"
