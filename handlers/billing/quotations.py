"""Quotations: what it costs, and what the customer said."""

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field
from sqlalchemy import select

from engine.errors import NotFound
from engine.runtime.handlers import JobContext, handler
from handlers.billing.prices import PaidType
from handlers.billing.tables import Quotation
from handlers.fields import Amount, Instant, Line, Request, Result, local_day
from handlers.money import rounded, yuan
from handlers.numbers import daily_number
from handlers.orders.case import order_of
from handlers.parameters import duration_parameter
from handlers.refusals import refusal


class QuoteLine(Line):
    """One line; the amount follows from quantity and price when it is left out."""

    code: str = ""
    item: str
    qty: Decimal = Field(default=Decimal(1), gt=0)
    unit: str = "次"
    unit_price: Decimal | None = Field(default=None, ge=0)
    amount: Decimal | None = Field(default=None, ge=0)


class MakeQuotation(Request):
    """What is offered to whom."""

    order_id: str | None = None
    paid_type: PaidType
    quote_lines: list[QuoteLine] = Field(min_length=1)
    valid_until: Instant | date | None = None


class QuotationMade(Result):
    """The quotation, also in words for the phone."""

    quotation_id: str
    total: Amount
    valid_until: date
    quotation_text: str
    quotation_text_en: str


@handler("billing.make_quotation", title="出报价", title_en="Make a quotation", errors=("PRICE_MISSING",))
def make_quotation(ctx: JobContext, request: MakeQuotation) -> QuotationMade:
    """Offer a paid service; the order's open quotation is replaced, unless it says the same.

    Raises:
        BpmnError: PRICE_MISSING, a line without a price.
    """
    order = order_of(ctx, request.order_id)
    unpriced = [line.item for line in request.quote_lines if line.unit_price is None and line.amount is None]
    if unpriced:
        raise refusal(
            "PRICE_MISSING", f"没有单价：{'、'.join(unpriced)}。", f"No price for: {', '.join(unpriced)}.", missing_codes=unpriced
        )
    lines = [_computed(line) for line in request.quote_lines]
    total = sum((Decimal(str(line["amount"])) for line in lines), Decimal())
    today = local_day(ctx, None)
    valid_until = local_day(ctx, request.valid_until) if request.valid_until else today + duration_parameter(ctx, "quotation_validity")
    quotation = ctx.session.scalars(select(Quotation).where(Quotation.order_id == order.id, Quotation.state == "open")).first()
    if quotation is not None and (
        quotation.lines != lines or quotation.paid_type != request.paid_type or quotation.valid_until != valid_until
    ):
        quotation.state = "replaced"
        quotation = None
    if quotation is None:
        quotation = Quotation(
            id=daily_number(ctx, "BJ"),
            order_id=order.id,
            paid_type=request.paid_type,
            lines=lines,
            total=total,
            valid_until=valid_until,
            state="open",
            made_at=ctx.now(),
            made_by=ctx.actor,
        )
        ctx.session.add(quotation)
    words = [(f"{line['item']} ×{line['qty']:g}", yuan(Decimal(str(line["amount"])))) for line in lines]
    return QuotationMade(
        quotation_id=quotation.id,
        total=total,
        valid_until=valid_until,
        quotation_text="\n".join([*(f"{item}：{amount}" for item, amount in words), f"合计 {yuan(total)}，有效期至 {valid_until}"]),
        quotation_text_en="\n".join([*(f"{item}: {amount}" for item, amount in words), f"Total {yuan(total)}, valid until {valid_until}"]),
    )


def _computed(line: QuoteLine) -> dict[str, str | float]:
    amount = line.amount if line.amount is not None else rounded((line.unit_price or Decimal()) * line.qty)
    unit_price = line.unit_price if line.unit_price is not None else rounded(amount / line.qty)
    return {
        "code": line.code,
        "item": line.item,
        "qty": float(line.qty),
        "unit": line.unit,
        "unit_price": float(unit_price),
        "amount": float(amount),
    }


class RecordAcceptance(Request):
    """What the customer said, and how it is proved."""

    quotation_id: str
    accepted: bool
    consent_evidence: Literal["phone", "signature", "message"] | None = None
    accepted_by: str | None = None
    alternatives: str | None = None


class AcceptanceRecorded(Result):
    """Where the quotation stands."""

    quotation_state: Literal["accepted", "declined"]


@handler("billing.record_acceptance", title="记是否接受", title_en="Record the answer to a quotation", errors=("EXPIRED",))
def record_acceptance(ctx: JobContext, request: RecordAcceptance) -> AcceptanceRecorded:
    """Keep the customer's answer; accepting marks the order as paid service.

    Raises:
        BpmnError: EXPIRED, the quotation is no longer valid and cannot be accepted.
        NotFound: there is no such quotation.
    """
    quotation = ctx.session.get(Quotation, request.quotation_id)
    if quotation is None:
        raise NotFound(f"没有报价 {request.quotation_id}。", f"There is no quotation {request.quotation_id}.")
    state: Literal["accepted", "declined"] = "accepted" if request.accepted else "declined"
    if quotation.state == state:
        return AcceptanceRecorded(quotation_state=state)
    if request.accepted and (quotation.state == "replaced" or local_day(ctx, None) > quotation.valid_until):
        raise refusal(
            "EXPIRED",
            f"报价 {quotation.id} 已失效（有效期至 {quotation.valid_until}），请重新报价。",
            f"The quotation {quotation.id} is no longer valid (until {quotation.valid_until}); quote again.",
            quotation_id=quotation.id,
        )
    quotation.state = state
    quotation.answered_at = ctx.now()
    quotation.answered_by = request.accepted_by
    quotation.evidence = request.consent_evidence
    quotation.alternatives = request.alternatives
    if request.accepted:
        order = order_of(ctx, quotation.order_id)
        order.coverage = "paid"
        order.paid_type = quotation.paid_type
    return AcceptanceRecorded(quotation_state=state)
