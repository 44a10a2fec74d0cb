"""How much of each part to keep: what was used, what is proposed and approved, what is short or too much."""

from datetime import datetime, timedelta
from typing import Any

from pydantic import Field
from sqlalchemy import func, select

from engine.runtime.handlers import JobContext, handler
from handlers.customers.tables import Device
from handlers.fields import Line, Request, Result
from handlers.money import yuan
from handlers.parameters import parameter
from handlers.parts.approvals import require_approval
from handlers.parts.lifecycle_tables import StockLevel
from handlers.parts.stock import availability
from handlers.parts.tables import Application, FailedLoan, LedgerEntry, Loan, Part
from handlers.refusals import refusal

_YEAR = timedelta(days=365)


class UsageQuery(Request):
    """How far to look back."""

    months: int = Field(default=12, gt=0)


class PartUsage(Result):
    """A part's figures in the period; fault rate: pieces used per installed device and year; lead time: days until the centre delivers."""

    part_no: str
    part_name: str
    traits: str
    used: int
    requests: int
    hits: int
    cycle_days: float | None
    utilised: bool
    installed_base: int
    fault_rate: float
    lead_time: int
    on_hand: int
    min_qty: int
    max_qty: int


class UsageComputed(Result):
    """All parts."""

    usage: list[PartUsage]


@handler("parts.compute_usage", title="算备件用量", title_en="Compute the use of parts")
def compute_usage(ctx: JobContext, request: UsageQuery) -> UsageComputed:
    """Use, requests, hits, time on loan and installed base of every part, from the ledger, the loans and the devices."""
    since = ctx.now() - _YEAR * request.months / 12
    used = _by_part(ctx, LedgerEntry.part_no, func.sum(LedgerEntry.qty), LedgerEntry.kind == "consume", LedgerEntry.moved_at >= since)
    hits = _by_part(ctx, Loan.part_no, func.count(), Loan.issued_at >= since)
    failed = _by_part(ctx, FailedLoan.part_no, func.count(), FailedLoan.failed_at >= since)
    installed = dict(ctx.session.execute(select(Device.model, func.count()).group_by(Device.model)).all())
    lead_times = _lead_times(ctx, since)
    usual = _usual_lead_time(ctx)
    rows = []
    for part in ctx.session.scalars(select(Part).order_by(Part.no)):
        base = sum(installed.get(model, 0) for model in part.applies_to)
        rows.append(
            PartUsage(
                part_no=part.no,
                part_name=part.name,
                traits=part.trait,
                used=used.get(part.no, 0),
                requests=hits.get(part.no, 0) + failed.get(part.no, 0),
                hits=hits.get(part.no, 0),
                cycle_days=_days_on_loan(ctx, part.no, since),
                utilised=used.get(part.no, 0) > 0,
                installed_base=base,
                fault_rate=round(used.get(part.no, 0) * 12 / request.months / base, 4) if base else 0,
                lead_time=lead_times.get(part.no, usual),
                on_hand=availability(ctx, part.no, None).on_hand,
                min_qty=part.min_qty,
                max_qty=part.max_qty,
            )
        )
    return UsageComputed(usage=rows)


def _by_part(ctx: JobContext, part_no: Any, figure: Any, *conditions: Any) -> dict[str, int]:
    found = ctx.session.execute(select(part_no, figure).where(*conditions).group_by(part_no))
    return {str(number): int(total) for number, total in found}


def _days_on_loan(ctx: JobContext, part_no: str, since: datetime) -> float | None:
    returned = select(Loan).where(Loan.part_no == part_no, Loan.issued_at >= since, Loan.returned_at.is_not(None))
    spans = [(loan.returned_at - loan.issued_at) / timedelta(days=1) for loan in ctx.session.scalars(returned) if loan.returned_at]
    return round(sum(spans) / len(spans), 1) if spans else None


def _lead_times(ctx: JobContext, since: datetime) -> dict[str, int]:
    """The longest the parts centre took for each part, in days."""
    longest: dict[str, int] = {}
    received = select(Application).where(Application.sent_at >= since, Application.status == "received")
    for application in ctx.session.scalars(received):
        took = ((application.received_at or application.sent_at) - application.sent_at).days
        for line in application.lines:
            longest[line["part_no"]] = max(took, longest.get(line["part_no"], 0))
    return longest


def _usual_lead_time(ctx: JobContext) -> int:
    """What the parameters say, in days."""
    days = int(parameter(ctx, "part_application_working_days"))
    return (ctx.calendars.get().add_days(ctx.now(), days).due_at - ctx.now()).days


class Level(Line):
    """Least and most pieces to keep of a part."""

    part_no: str
    min_qty: int = Field(ge=0)
    max_qty: int = Field(ge=0)
    reason: str | None = None


class CheckLevels(Request):
    """The levels as reviewed."""

    levels: list[Level]


class LevelsChecked(Result):
    """What would change, part by part."""

    change_count: int
    levels_text: str
    levels_text_en: str


@handler("parts.check_levels", title="核对库存上下限", title_en="Check the stock levels", errors=("LEVELS_INVALID",))
def check_levels(ctx: JobContext, request: CheckLevels) -> LevelsChecked:
    """Compare levels with those in force.

    Raises:
        BpmnError: LEVELS_INVALID, a minimum above its maximum.
    """
    wrong = [level.part_no for level in request.levels if level.min_qty > level.max_qty]
    if wrong:
        raise refusal("LEVELS_INVALID", f"下限高于上限：{'、'.join(wrong)}。", f"The minimum is above the maximum: {', '.join(wrong)}.")
    changed = []
    for level in request.levels:
        part = ctx.session.get_one(Part, level.part_no)
        if (part.min_qty, part.max_qty) != (level.min_qty, level.max_qty):
            changed.append((part, level, f"{part.min_qty}–{part.max_qty} → {level.min_qty}–{level.max_qty}"))
    return LevelsChecked(
        change_count=len(changed),
        levels_text="\n".join(f"{part.name}（{part.no}）{change} {level.reason or ''}".rstrip() for part, level, change in changed),
        levels_text_en="\n".join(f"{part.no}: {change} {level.reason or ''}".rstrip() for part, level, change in changed),
    )


class SetLevels(Request):
    """The levels, and who approved them."""

    levels: list[Level]
    approved_by: str | None = None


class ShortPart(Result):
    """A part below its minimum, and how many pieces bring it to the maximum."""

    part_no: str
    qty: int


class LevelsSet(Result):
    """What is short now, and what ties up money."""

    below_min: list[ShortPart]
    overstock_count: int
    overstock_text: str
    overstock_text_en: str


@handler("parts.set_stock_levels", title="写库存上下限", title_en="Set the stock levels", errors=("NOT_APPROVED",))
def set_stock_levels(ctx: JobContext, request: SetLevels) -> LevelsSet:
    """Put approved levels in force; the same levels again change nothing.

    Raises:
        BpmnError: NOT_APPROVED, no service manager approved them.
    """
    approved_by = require_approval(ctx, request.approved_by, "service_manager", "NOT_APPROVED")
    for level in request.levels:
        part = ctx.session.get_one(Part, level.part_no, with_for_update=True)
        if (part.min_qty, part.max_qty) == (level.min_qty, level.max_qty):
            continue
        part.min_qty, part.max_qty = level.min_qty, level.max_qty
        ctx.session.add(StockLevel(valid_from=ctx.now(), approved_by=approved_by, **level.model_dump()))
    ctx.session.flush()
    short, over = [], []
    coming = _on_order(ctx)
    for part in ctx.session.scalars(select(Part).order_by(Part.no)):
        on_hand = availability(ctx, part.no, None).on_hand
        expected = on_hand + coming.get(part.no, 0)
        if expected < part.min_qty:
            short.append(ShortPart(part_no=part.no, qty=part.max_qty - expected))
        if on_hand > part.max_qty:
            over.append((part, on_hand - part.max_qty))
    return LevelsSet(
        below_min=short,
        overstock_count=len(over),
        overstock_text="\n".join(f"{part.name}（{part.no}）多 {extra} {part.unit}，占用 {yuan(part.cost * extra)}" for part, extra in over),
        overstock_text_en="\n".join(f"{part.no}: {extra} too many, {yuan(part.cost * extra)} tied up" for part, extra in over),
    )


def _on_order(ctx: JobContext) -> dict[str, int]:
    """Pieces that the parts centre or a supplier still owes us."""
    coming: dict[str, int] = {}
    for application in ctx.session.scalars(select(Application).where(Application.status == "sent")):
        for line in application.lines:
            coming[line["part_no"]] = coming.get(line["part_no"], 0) + line["qty"]
    return coming
