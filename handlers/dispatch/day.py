"""The coordinator's day: which slips wait for somebody, what tomorrow needs, and what became of today's visits."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pydantic import Field
from sqlalchemy import ColumnElement, and_, exists, or_, select

from engine.runtime.handlers import JobContext, handler
from engine.storage.tables import ProcessInstance
from handlers.dispatch.tables import Assignment, Employee
from handlers.fields import Instant, Request, Result, in_utc, local_day, local_text
from handlers.orders.case import slip_of
from handlers.orders.tables import Slip
from handlers.parts.stock import availability
from handlers.parts.tables import Part

_UNFINISHED = and_(Slip.status.not_in(("done", "archived")), Slip.arrived_at.is_(None))
#: Somebody goes there, by an assignment that has not ended.
_ASSIGNED = exists().where(Assignment.slip_id == Slip.id, Assignment.released_at.is_(None), Assignment.kind != "first_contact")


class DaySlip(Result):
    """A slip as lists of the day show it."""

    slip_id: str
    order_id: str
    address: str
    visit_at: Instant | None
    slip_text: str
    slip_text_en: str


class OpenSlipsQuery(Request):
    """How far to look back."""

    lookback_working_days: int = Field(default=2, ge=0)


class SlipsListed(Result):
    """The slips, what comes first first, and all of them in words."""

    slips: list[DaySlip]
    slip_count: int
    slips_text: str
    slips_text_en: str


@handler("dispatch.list_open_slips", title="列未分派的派工单", title_en="List slips nobody is sent to")
def list_open_slips(ctx: JobContext, request: OpenSlipsQuery) -> SlipsListed:
    """Slips of the last working days that nobody went to or is assigned to, and whose promise can still be kept.

    Specially handled ones come first, then by the time they are due.
    """
    since = _working_days_ago(ctx, request.lookback_working_days)
    in_time = or_(Slip.due_arrival_at.is_(None), Slip.due_arrival_at >= ctx.now())
    return _listed(ctx, and_(_UNFINISHED, ~_ASSIGNED, Slip.filled_at >= since, in_time))


class UnpassedQuery(Request):
    """How long a slip may be on its way."""

    older_than: timedelta


@handler("dispatch.list_unpassed_slips", title="列未传递的派工单", title_en="List slips not handed over")
def list_unpassed_slips(ctx: JobContext, request: UnpassedQuery) -> SlipsListed:
    """Slips that were filled a while ago and have not begun an on-site service."""
    passed = exists().where(
        ProcessInstance.process_key == "onsite_service",
        ProcessInstance.business_key == Slip.order_id,
        ProcessInstance.started_at >= Slip.filled_at,
    )
    return _listed(ctx, and_(Slip.status == "new", Slip.filled_at <= ctx.now() - request.older_than, ~passed))


class NextDayQuery(Request):
    """Whose next day; everybody's when left out."""

    engineer_id: str | None = None


class SlipGroup(Result):
    """Visits of one part of the day and one distance."""

    key: str
    slips: list[DaySlip]


class PartLine(Result):
    """A part one of the visits needs."""

    slip_id: str
    order_id: str
    part_no: str
    part_name: str
    qty: int
    stock_text: str
    stock_text_en: str


class NextDay(Result):
    """The visits of the next working day."""

    next_day: date
    groups: list[SlipGroup]
    plan_text: str
    plan_text_en: str
    part_lines: list[PartLine]


@handler("dispatch.classify_slips", title="按时间和远近分类", title_en="Group slips by time and distance")
def classify_slips(ctx: JobContext, request: NextDayQuery) -> NextDay:
    """The visits agreed for the next working day, by requested time and distance, and the parts they need."""
    day = local_day(ctx, ctx.calendars.get().add_days(ctx.now(), 1).due_at)
    condition = and_(_UNFINISHED, _visited_on(ctx, day))
    if request.engineer_id:
        theirs = exists().where(
            Assignment.slip_id == Slip.id, Assignment.released_at.is_(None), Assignment.engineer_id == request.engineer_id
        )
        condition = and_(condition, theirs)
    slips = _ordered(ctx, condition)
    groups: dict[str, list[Slip]] = {}
    for slip in slips:
        groups.setdefault(_group(ctx, slip), []).append(slip)
    return NextDay(
        next_day=day,
        groups=[SlipGroup(key=key, slips=[_day_slip(ctx, slip) for slip in found]) for key, found in sorted(groups.items())],
        plan_text="\n".join(f"{_GROUPS[key][0]}：{'；'.join(_text(ctx, slip) for slip in found)}" for key, found in sorted(groups.items())),
        plan_text_en="\n".join(
            f"{_GROUPS[key][1]}: {'; '.join(_text_en(ctx, slip) for slip in found)}" for key, found in sorted(groups.items())
        ),
        part_lines=[_part_line(ctx, slip, line["part_no"], line["qty"]) for slip in slips for line in slip.parts_needed or []],
    )


#: Groups of visits: half of the day, then band of distance.
_GROUPS = {
    f"{number}{half}_{band}": (f"{zh}，{band_zh}", f"{en}, {band_en}")
    for number, (half, zh, en) in enumerate((("am", "上午", "morning"), ("pm", "下午", "afternoon")))
    for band, band_zh, band_en in (("far", "区外", "outside the area"), ("near", "区内", "in the area"))
}


def _group(ctx: JobContext, slip: Slip) -> str:
    at = slip.promised_visit_at
    local = at.astimezone(ZoneInfo(ctx.settings.time_zone)) if at else None
    half = "1pm" if local and local.hour >= time(12).hour else "0am"
    return f"{half}_{'near' if slip.band in (None, 'in_area') else 'far'}"


def _part_line(ctx: JobContext, slip: Slip, part_no: str, qty: int) -> PartLine:
    part = ctx.session.get(Part, part_no)
    count = availability(ctx, part_no, slip.id)
    return PartLine(
        slip_id=slip.id,
        order_id=slip.order_id,
        part_no=part_no,
        part_name=part.name if part else part_no,
        qty=qty,
        stock_text=f"在库 {count.on_hand}，他单留件 {count.reserved}",
        stock_text_en=f"{count.on_hand} on hand, {count.reserved} kept for other slips",
    )


class DayQuery(Request):
    """Which day; today when left out."""

    day: Instant | date | None = None


@handler("dispatch.list_day_visits", title="列当天上门的派工单", title_en="List the visits of a day")
def list_day_visits(ctx: JobContext, request: DayQuery) -> SlipsListed:
    """The slips whose visit was agreed for, or assigned to, a day and that are not filed."""
    day = local_day(ctx, request.day)
    assigned = exists().where(Assignment.slip_id == Slip.id, Assignment.kind != "first_contact", Assignment.visit_on == day)
    return _listed(ctx, and_(Slip.status != "archived", or_(_visited_on(ctx, day), assigned)))


class PutFirst(Request):
    """Which slip."""

    slip_id: str | None = None
    order_id: str | None = None


@handler("dispatch.put_first", title="派工单优先", title_en="Put a slip first")
def put_first(ctx: JobContext, request: PutFirst) -> DaySlip:
    """Mark a slip for special handling, so that it heads every list.

    Raises:
        NotFound: no such slip.
    """
    slip = slip_of(ctx, request.slip_id, request.order_id)
    slip.special_handling = True
    return _day_slip(ctx, slip)


def _visited_on(ctx: JobContext, day: date) -> ColumnElement[bool]:
    midnight = datetime.combine(day, time.min, ZoneInfo(ctx.settings.time_zone))
    return and_(Slip.promised_visit_at >= in_utc(ctx, midnight), Slip.promised_visit_at < in_utc(ctx, midnight + timedelta(days=1)))


def _working_days_ago(ctx: JobContext, days: int) -> datetime:
    """The beginning of the day so many working days before today."""
    calendar, zone = ctx.calendars.get(), ZoneInfo(ctx.settings.time_zone)
    midnight = datetime.combine(local_day(ctx, None), time.min, zone)
    while days:
        midnight -= timedelta(days=1)
        days -= bool(calendar.working_time_between(midnight, midnight + timedelta(days=1)))
    return in_utc(ctx, midnight) or midnight


def _ordered(ctx: JobContext, condition: ColumnElement[bool]) -> list[Slip]:
    due = (Slip.due_arrival_at.is_(None), Slip.due_arrival_at, Slip.promised_visit_at, Slip.distance_km, Slip.id)
    return list(ctx.session.scalars(select(Slip).where(condition).order_by(Slip.special_handling.desc(), *due)))


def _listed(ctx: JobContext, condition: ColumnElement[bool]) -> SlipsListed:
    slips = _ordered(ctx, condition)
    return SlipsListed(
        slips=[_day_slip(ctx, slip) for slip in slips],
        slip_count=len(slips),
        slips_text=_lines(_text(ctx, slip) for slip in slips),
        slips_text_en=_lines(_text_en(ctx, slip) for slip in slips),
    )


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(texts)


def _day_slip(ctx: JobContext, slip: Slip) -> DaySlip:
    return DaySlip(
        slip_id=slip.id,
        order_id=slip.order_id,
        address=slip.address,
        visit_at=slip.promised_visit_at or slip.requested_at,
        slip_text=_text(ctx, slip),
        slip_text_en=_text_en(ctx, slip),
    )


def _text(ctx: JobContext, slip: Slip) -> str:
    return _described(ctx, slip, "【优先】", "，")


def _text_en(ctx: JobContext, slip: Slip) -> str:
    return _described(ctx, slip, "[first] ", ", ")


def _described(ctx: JobContext, slip: Slip, mark: str, comma: str) -> str:
    number = f"{mark if slip.special_handling else ''}{slip.id}"
    parts = (number, slip.customer_unit, slip.device_model, slip.fault, local_text(ctx, slip.promised_visit_at), _who(ctx, slip))
    return comma.join(part for part in parts if part)


def _who(ctx: JobContext, slip: Slip) -> str:
    """The engineer who goes there."""
    current = select(Employee.name).join(Assignment, Assignment.engineer_id == Employee.user_id).where(Assignment.slip_id == slip.id)
    newest = current.where(Assignment.released_at.is_(None)).order_by(Assignment.assigned_at.desc()).limit(1)
    return ctx.session.scalar(newest) or ""
