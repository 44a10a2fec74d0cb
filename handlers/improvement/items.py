"""Improvements under way: taken up with a measure, carried out, and closed only when the measure had an effect."""

from datetime import date

from sqlalchemy import select

from engine.errors import NotFound
from engine.ids import new_id
from engine.runtime.handlers import JobContext, handler
from handlers.feedback.surveys import put_improvement
from handlers.feedback.tables import ImprovementItem
from handlers.fields import Instant, Line, Option, Request, Result, local_day
from handlers.improvement.people import people_options
from handlers.improvement.sources import kind_of
from handlers.improvement.tables import ImprovementMeasure
from handlers.orders.tables import ServiceOrder


class ItemUnderWay(Line):
    """One improvement and the measure that is tried now."""

    improvement_id: str
    item_text: str
    measure: str
    owner: str
    due_on: date
    round: int


class ReadItem(Request):
    """Which improvement; none: somebody thinks of a new one."""

    improvement_id: str | None = None


class ItemRead(Result):
    """What is known of it, and who could do it."""

    item_source: str | None = None
    item_text: str | None = None
    item_root: str | None = None
    item_owner: str | None = None
    item_due: date | None = None
    order_id: str | None = None
    people_options: list[Option]


@handler("improvement.read_item", title="读改进项", title_en="Read an improvement")
def read_item(ctx: JobContext, request: ReadItem) -> ItemRead:
    """What the list says of an improvement.

    Raises:
        NotFound: it is not on the list.
    """
    people = people_options(ctx)
    if request.improvement_id is None:
        return ItemRead(people_options=people)
    item = _item(ctx, request.improvement_id)
    return ItemRead(
        item_source=kind_of(item.source),
        item_text=item.text,
        item_root=item.root,
        item_owner=item.owner,
        item_due=item.due_on,
        order_id=item.order_id,
        people_options=people,
    )


class TakeUp(Request):
    """What is done, by whom, until when; an item of the list, or one that is put on it now."""

    improvement_id: str | None = None
    item_source: str = "other"
    item_text: str
    order_id: str | None = None
    measure: str
    owner: str
    due: Instant | date


class TakenUp(Result):
    """The item for this case to carry out; none when another case does so."""

    items: list[ItemUnderWay]


@handler("improvement.take_up", title="安排改进项", title_en="Take up an improvement")
def take_up(ctx: JobContext, request: TakeUp) -> TakenUp:
    """Put an improvement into the hands of this case; one that another case has is left to it."""
    line = begin(ctx, request, f"{request.item_source}:{ctx.instance_id}")
    return TakenUp(items=[] if line is None else [line])


def begin(ctx: JobContext, request: TakeUp, source: str) -> ItemUnderWay | None:
    """Begin the first measure of an item; `source` names one that is not on the list yet. None when another case has the item."""
    item = _item(ctx, request.improvement_id) if request.improvement_id else _new_item(ctx, request, source)
    if item.case_id not in (None, ctx.instance_id):
        return None
    item.case_id = ctx.instance_id
    ctx.session.flush()
    return _try(ctx, item, request.measure, request.owner, local_day(ctx, request.due))


class RecordResult(Request):
    """What became of a measure."""

    improvement_id: str
    done: bool
    result: str


class ResultRecorded(Result):
    """Since when the measure waits for the check of its effect."""

    item_finished_at: Instant


@handler("improvement.record_result", title="登记落实结果", title_en="Record the result of a measure")
def record_result(ctx: JobContext, request: RecordResult) -> ResultRecorded:
    """Keep what came of the measure that is tried now."""
    item = _item(ctx, request.improvement_id)
    attempt = _newest(ctx, item)
    attempt.done = request.done
    attempt.result = item.result = request.result
    attempt.finished_at = ctx.now()
    return ResultRecorded(item_finished_at=attempt.finished_at)


class RecordCheck(Request):
    """Whether a measure had an effect; if not, what is tried next."""

    improvement_id: str
    effective: bool
    measure: str | None = None
    owner: str | None = None
    due: Instant | date | None = None
    checked_by: str | None = None


class CheckRecorded(Result):
    """The item as it stands now."""

    item: ItemUnderWay


@handler("improvement.record_check", title="登记效果", title_en="Record the effect of a measure")
def record_check(ctx: JobContext, request: RecordCheck) -> CheckRecorded:
    """Close an improvement whose measure had an effect; else begin another round, with a new measure where one is given."""
    item = _item(ctx, request.improvement_id)
    attempt = _newest(ctx, item)
    attempt.effective = request.effective
    attempt.checked_at = ctx.now()
    attempt.checked_by = request.checked_by or ctx.actor
    if request.effective:
        item.closed_at = ctx.now()
        return CheckRecorded(item=_line(item, attempt))
    due_on = local_day(ctx, request.due) if request.due else attempt.due_on
    ctx.session.flush()
    return CheckRecorded(item=_try(ctx, item, request.measure or attempt.measure, request.owner or attempt.owner, due_on))


def _item(ctx: JobContext, improvement_id: str) -> ImprovementItem:
    item = ctx.session.get(ImprovementItem, improvement_id)
    if item is None:
        raise NotFound(f"没有改进项 {improvement_id}。", f"There is no improvement item {improvement_id}.", improvement_id=improvement_id)
    return item


def _new_item(ctx: JobContext, request: TakeUp, source: str) -> ImprovementItem:
    order = ctx.session.get(ServiceOrder, request.order_id) if request.order_id else None
    return put_improvement(ctx, order.id if order else None, source, request.item_text)


def _newest(ctx: JobContext, item: ImprovementItem) -> ImprovementMeasure:
    attempts = select(ImprovementMeasure).where(ImprovementMeasure.item_id == item.id).order_by(ImprovementMeasure.round.desc())
    return ctx.session.scalars(attempts.limit(1)).one()


def _try(ctx: JobContext, item: ImprovementItem, measure: str, owner: str, due_on: date) -> ItemUnderWay:
    """Begin the next round; a round that nobody has finished yet is brought up to date instead."""
    attempts = select(ImprovementMeasure).where(ImprovementMeasure.item_id == item.id).order_by(ImprovementMeasure.round.desc())
    newest = ctx.session.scalars(attempts.limit(1)).first()
    if newest is None or newest.checked_at is not None:
        number = 1 if newest is None else newest.round + 1
        newest = ImprovementMeasure(id=new_id(), item_id=item.id, round=number)
        ctx.session.add(newest)
    newest.measure = measure
    newest.owner = item.owner = owner
    newest.due_on = item.due_on = due_on
    return _line(item, newest)


def _line(item: ImprovementItem, attempt: ImprovementMeasure) -> ItemUnderWay:
    return ItemUnderWay(
        improvement_id=item.id,
        item_text=item.text,
        measure=attempt.measure,
        owner=attempt.owner,
        due_on=attempt.due_on,
        round=attempt.round,
    )
