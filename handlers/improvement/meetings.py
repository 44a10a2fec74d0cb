"""The weekly meeting: what there is to talk about, and what was agreed."""

from datetime import date, datetime, timedelta
from typing import Literal

from pydantic import Field
from sqlalchemy import Select, select

from engine.runtime.handlers import JobContext, handler
from handlers.complaints.tables import Complaint, HeadLogEntry
from handlers.customers.tables import Customer
from handlers.feedback.tables import Callback, ImprovementItem
from handlers.fields import Instant, Line, Names, Option, Request, Result, local_day
from handlers.improvement.items import ItemUnderWay, TakeUp, begin
from handlers.improvement.people import people_options, staff
from handlers.improvement.sources import kind_of
from handlers.improvement.tables import ImprovementMeeting
from handlers.orders.tables import ServiceOrder

_LABEL_LENGTH = 60


class GatherAgenda(Request):
    """How many days to look back on."""

    days: int = Field(gt=0)


class AgendaLine(Line):
    """Something to talk about; with an id when it is on the improvement list."""

    source: str
    agenda_text: str
    improvement_id: str | None = None


class AgendaGathered(Result):
    """What is new; the items that could be meant; what is under way; who could do something."""

    agenda: list[AgendaLine]
    item_options: list[Option]
    under_way_text: str
    people_options: list[Option]


@handler("improvement.gather_agenda", title="汇集议题", title_en="Gather what to talk about")
def gather_agenda(ctx: JobContext, request: GatherAgenda) -> AgendaGathered:
    """Improvements that no case has taken up yet, then of the last days what customers complained of and nobody has made an improvement of, and the head's log."""
    new = list(ctx.session.scalars(_open().where(ImprovementItem.case_id.is_(None)).order_by(ImprovementItem.added_at, ImprovementItem.id)))
    under_way = ctx.session.scalars(
        _open().where(ImprovementItem.case_id.is_not(None)).order_by(ImprovementItem.due_on, ImprovementItem.id)
    )
    since = ctx.now() - timedelta(days=request.days)
    names = dict(staff(ctx))
    return AgendaGathered(
        agenda=[
            *(AgendaLine(source=kind_of(item.source), agenda_text=_text(item), improvement_id=item.id) for item in new),
            *_complaints(ctx, since),
            *_head_log(ctx, since),
            *_dissatisfied(ctx, since),
        ],
        item_options=[Option(label=_label(item), label_en=_label(item), value=item.id) for item in new],
        under_way_text="\n".join(f"{_text(item)} · {names.get(item.owner or '', item.owner)} · {item.due_on}" for item in under_way),
        people_options=people_options(ctx),
    )


class Point(Line):
    """What was agreed about one point."""

    source: str
    point_text: str
    improvement_id: str | None = None
    measure: str
    owner: str
    due: Instant | date


class RecordMeeting(Request):
    """The minutes."""

    held_on: date | None = None
    staff_tool: Literal["weekly_meeting", "interview", "internal_card", "staff_forum", "suggestions", "opinion_survey"]
    attendees: Names
    points: list[Point]
    held_by: str | None = None


class MeetingRecorded(Result):
    """The improvements this case carries out from now on, and the minutes in words."""

    items: list[ItemUnderWay]
    minutes_text: str


@handler("improvement.record_meeting", title="存会议纪要", title_en="Record a meeting")
def record_meeting(ctx: JobContext, request: RecordMeeting) -> MeetingRecorded:
    """Keep the minutes, one set per case; every point becomes an improvement in the hands of this case, unless another case has it."""
    meeting = ctx.session.get(ImprovementMeeting, ctx.instance_id)
    if meeting is None:
        meeting = ImprovementMeeting(id=ctx.instance_id)
        ctx.session.add(meeting)
    meeting.held_on = local_day(ctx, request.held_on)
    meeting.held_by = request.held_by or ctx.actor
    meeting.staff_tool = request.staff_tool
    meeting.attendees = request.attendees
    meeting.points = [point.model_dump(mode="json") for point in request.points]
    begun = [begin(ctx, _wanted(point), f"{point.source}:{ctx.instance_id}:{number}") for number, point in enumerate(request.points, 1)]
    return MeetingRecorded(
        items=[line for line in begun if line is not None],
        minutes_text="\n".join(f"{number}. {point.point_text} → {point.measure}" for number, point in enumerate(request.points, 1)),
    )


def _wanted(point: Point) -> TakeUp:
    return TakeUp(
        improvement_id=point.improvement_id,
        item_source=point.source,
        item_text=point.point_text,
        measure=point.measure,
        owner=point.owner,
        due=point.due,
    )


def _open() -> Select[ImprovementItem]:
    return select(ImprovementItem).where(ImprovementItem.closed_at.is_(None))


def _text(item: ImprovementItem) -> str:
    return f"{item.text}（{item.order_id}）" if item.order_id else item.text


def _label(item: ImprovementItem) -> str:
    text = _text(item)
    return text if len(text) <= _LABEL_LENGTH else f"{text[:_LABEL_LENGTH]}…"


def _complaints(ctx: JobContext, since: datetime) -> list[AgendaLine]:
    """Complaints received."""
    query = select(Complaint.order_id, Complaint.facts, Customer.unit_name).join(ServiceOrder, ServiceOrder.id == Complaint.order_id)
    query = query.join(Customer, Customer.id == ServiceOrder.customer_id)
    query = query.where(Complaint.received_at >= since, Complaint.order_id.not_in(_with_item()))
    rows = ctx.session.execute(query.order_by(Complaint.received_at, Complaint.id))
    return [AgendaLine(source="complaint", agenda_text=f"{row.unit_name}：{row.facts}（{row.order_id}）") for row in rows]


def _head_log(ctx: JobContext, since: datetime) -> list[AgendaLine]:
    """What the head's log says beyond complaints, which are there themselves."""
    query = select(HeadLogEntry.text).where(HeadLogEntry.written_at >= since, HeadLogEntry.kind != "complaint")
    texts = ctx.session.scalars(query.order_by(HeadLogEntry.written_at, HeadLogEntry.id))
    return [AgendaLine(source="head_log", agenda_text=text) for text in texts]


def _dissatisfied(ctx: JobContext, since: datetime) -> list[AgendaLine]:
    """Callbacks in which the customer was not satisfied."""
    query = select(Callback.order_id, Callback.reason, Callback.words, Customer.unit_name)
    query = query.join(ServiceOrder, ServiceOrder.id == Callback.order_id).join(Customer, Customer.id == ServiceOrder.customer_id)
    query = query.where(Callback.satisfied.is_(False), Callback.called_at >= since, Callback.order_id.not_in(_with_item()))
    rows = ctx.session.execute(query.order_by(Callback.called_at, Callback.id))
    return [
        AgendaLine(source="callback", agenda_text=f"{row.unit_name}：{row.reason or row.words or ''}（{row.order_id}）") for row in rows
    ]


def _with_item() -> Select[str | None]:
    return select(ImprovementItem.order_id).where(ImprovementItem.order_id.is_not(None))
