"""The price list."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from pydantic import Field
from sqlalchemy import or_, select

from engine.runtime.handlers import JobContext, handler
from handlers.billing.tables import PriceItem
from handlers.fields import Amount, Instant, Line, Option, Request, Result, local_day
from handlers.money import rounded, yuan
from handlers.refusals import refusal

PaidType = Literal[
    "hardware_upgrade",
    "technical_training",
    "software",
    "out_of_warranty_repair",
    "out_of_warranty_inspection",
    "man_made",
    "other_product",
]


class WantedItem(Line):
    """One item by its code."""

    code: str
    qty: Decimal = Field(default=Decimal(1), gt=0)


class LookupPrice(Request):
    """Items by code; without any, the standard items of the kind of service."""

    items: list[WantedItem] = Field(default_factory=list)
    paid_type: PaidType | None = None
    at: Instant | date | None = None


class PricedLine(Result):
    """One line of a quotation."""

    code: str
    item: str
    qty: Amount
    unit: str
    unit_price: Amount
    amount: Amount


class Priced(Result):
    """The lines with their total, and the whole list to choose from."""

    quote_lines: list[PricedLine]
    total: Amount
    currency: str = "CNY"
    price_options: list[Option]


@handler("billing.lookup_price", title="取价目", title_en="Look up prices", errors=("PRICE_MISSING",))
def lookup_price(ctx: JobContext, request: LookupPrice) -> Priced:
    """Price the items by the list of the day.

    Raises:
        BpmnError: PRICE_MISSING, an item that is not on the list, or no standard items for the kind of service.
    """
    day = local_day(ctx, request.at)
    listed = {item.code: item for item in _valid_on(ctx, day)}
    wanted = request.items or [
        WantedItem(code=item.code) for item in listed.values() if item.is_standard and item.paid_type in (None, request.paid_type)
    ]
    missing = [line.code for line in wanted if line.code not in listed]
    if missing or not wanted:
        raise refusal(
            "PRICE_MISSING",
            f"价目表里没有：{'、'.join(missing) or request.paid_type or '（未指定项目）'}，请服务经理定价。",
            f"Not on the price list: {', '.join(missing) or request.paid_type or '(no items)'}; the service manager sets the price.",
            missing_codes=missing,
        )
    lines = [_priced(listed[line.code], line.qty) for line in wanted]
    return Priced(
        quote_lines=lines,
        total=sum((line.amount for line in lines), Decimal()),
        price_options=[_option(item) for item in listed.values()],
    )


def _valid_on(ctx: JobContext, day: date) -> list[PriceItem]:
    """The newest price of each code that is valid on a day."""
    found = (
        select(PriceItem)
        .where(PriceItem.valid_from <= day, or_(PriceItem.valid_until.is_(None), PriceItem.valid_until >= day))
        .order_by(PriceItem.code, PriceItem.valid_from)
    )
    return list({item.code: item for item in ctx.session.scalars(found)}.values())


def _option(item: PriceItem) -> Option:
    words = f"{item.name} {yuan(item.price)}/{item.unit}"
    return Option(label=words, label_en=words, value=item.code)


def _priced(item: PriceItem, qty: Decimal) -> PricedLine:
    return PricedLine(code=item.code, item=item.name, qty=qty, unit=item.unit, unit_price=item.price, amount=rounded(item.price * qty))


class SetPrice(Request):
    """A price from today on."""

    code: str
    item: str | None = None
    """Default: its name so far, else the code."""
    price: Decimal = Field(ge=0)
    paid_type: PaidType | None = None
    unit: str | None = None


class PriceSet(Result):
    """The price."""

    code: str
    price: Amount


@handler("billing.set_price", title="定价", title_en="Set a price")
def set_price(ctx: JobContext, request: SetPrice) -> PriceSet:
    """Put an item on the price list, or give it a new price from today on; quotations made before keep theirs."""
    today = local_day(ctx, None)
    former = ctx.session.scalars(
        select(PriceItem).where(PriceItem.code == request.code).order_by(PriceItem.valid_from.desc()).limit(1)
    ).first()
    item = former if former and former.valid_from == today else PriceItem(code=request.code, valid_from=today)
    if former is not None and item is not former and former.valid_until is None:
        former.valid_until = today - timedelta(days=1)
    item.name = request.item or (former.name if former else request.code)
    item.paid_type = request.paid_type or (former.paid_type if former else None)
    item.unit = request.unit or (former.unit if former else "次")
    item.price = rounded(request.price)
    item.is_standard = former.is_standard if former else False
    item.set_by = ctx.actor
    ctx.session.add(item)
    return PriceSet(code=item.code, price=item.price)
