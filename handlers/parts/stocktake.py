"""Counting the shelves: what the books say, what is found, and who counted."""

from typing import Literal

from pydantic import Field
from sqlalchemy import select

from engine.errors import NotFound
from engine.runtime.handlers import JobContext, handler
from handlers.fields import Line, Request, Result
from handlers.numbers import daily_number
from handlers.parts.ledger import balance
from handlers.parts.lifecycle_tables import Stocktake, StocktakeLine
from handlers.parts.tables import Part, StockItem
from handlers.refusals import refusal

#: One sheet is one form; a rack with more barcodes has several.
_LINES = 100


class OpenStocktake(Request):
    """Of all shelves."""


class SheetLine(Result):
    """One barcode to count; how many there should be is not told."""

    part_no: str
    part_name: str
    barcode: str
    location: str


class CountSheet(Result):
    """Lines of one rack."""

    rack: str
    lines: list[SheetLine]


class StocktakeOpened(Result):
    """The count and its sheets."""

    stocktake_id: str
    sheets: list[CountSheet]


@handler("parts.open_stocktake", title="开盘点", title_en="Open a stocktake", errors=("STOCKTAKE_OPEN",))
def open_stocktake(ctx: JobContext, request: OpenStocktake) -> StocktakeOpened:  # noqa: ARG001 - every count is of all shelves
    """Freeze what the books say and make the count sheets of every rack, once per job.

    Raises:
        BpmnError: STOCKTAKE_OPEN, the last count is not finished.
    """
    take = ctx.session.scalars(select(Stocktake).where(Stocktake.request_key == ctx.idempotency_key)).first()
    if take is None:
        if (former := ctx.session.scalars(select(Stocktake.id).where(Stocktake.state == "open")).first()) is not None:
            raise refusal("STOCKTAKE_OPEN", f"上次盘点 {former} 还没有结束。", f"The count {former} is not finished.", stocktake_id=former)
        take = Stocktake(
            id=daily_number(ctx, "PD"), state="open", request_key=ctx.idempotency_key, opened_at=ctx.now(), opened_by=ctx.actor
        )
        ctx.session.add(take)
        ctx.session.flush()
        shelf = select(StockItem, Part).join(Part, Part.no == StockItem.part_no).where(StockItem.place == "shelf", StockItem.qty > 0)
        ctx.session.add_all(
            StocktakeLine(stocktake_id=take.id, barcode=item.barcode, part_no=part.no, location=part.location, book_qty=item.qty)
            for item, part in ctx.session.execute(shelf).all()
        )
        ctx.session.flush()
    racks: dict[str, list[SheetLine]] = {}
    for line in lines_of(ctx, take.id):
        racks.setdefault(line.location.partition("-")[0], []).append(_to_count(ctx, line))
    sheets = [
        CountSheet(rack=rack, lines=lines[first : first + _LINES])
        for rack, lines in racks.items()
        for first in range(0, len(lines), _LINES)
    ]
    return StocktakeOpened(stocktake_id=take.id, sheets=sheets)


def _to_count(ctx: JobContext, line: StocktakeLine) -> SheetLine:
    name = ctx.session.get_one(Part, line.part_no).name
    return SheetLine(part_no=line.part_no, part_name=name, barcode=line.barcode, location=line.location)


class CountedLine(Line):
    """What was found of one barcode in one condition; bulk goods have their part number as barcode."""

    part_no: str
    barcode: str | None = None
    counted_qty: int = Field(ge=0)
    condition: Literal["good", "damaged"] = "good"


class CountedSheet(Line):
    """A rack, and who counted it."""

    counted_by: str | None = None
    lines: list[CountedLine]


class RecordCounts(Request):
    """The sheets that were counted."""

    stocktake_id: str
    counts: list[CountedSheet]


class DamagedPiece(Result):
    """A piece found damaged on the shelf."""

    part_no: str
    barcode: str
    qty: int


class CountCompared(Result):
    """Where shelf and books do not agree, and what lies there damaged."""

    difference_count: int
    difference_lines: list[SheetLine]
    differences_text: str
    differences_text_en: str
    damaged_pieces: list[DamagedPiece]


@handler("parts.record_counts", title="登记清点结果", title_en="Record the counts")
def record_counts(ctx: JobContext, request: RecordCounts) -> CountCompared:
    """Compare the sheets with the books as they are now; a barcode that nobody found counts as missing.

    Raises:
        NotFound: no such count or part.
    """
    take = stocktake_of(ctx, request.stocktake_id)
    for sheet in request.counts:
        for line, found, damaged in _found(ctx, take, sheet.lines):
            line.counted_qty, line.damaged_qty = found, damaged
            line.counted_by = sheet.counted_by or ctx.actor
    ctx.session.flush()
    for line in lines_of(ctx, take.id):
        line.expected_qty = balance(ctx, line.barcode, "shelf")
    return compared(ctx, take)


class RecordRecount(Request):
    """What the second person found."""

    stocktake_id: str
    lines: list[CountedLine]
    counted_by: str | None = None


@handler("parts.record_recount", title="登记复点结果", title_en="Record the second count", errors=("SAME_COUNTER",))
def record_recount(ctx: JobContext, request: RecordRecount) -> CountCompared:
    """Put the second count in place of the first.

    Raises:
        BpmnError: SAME_COUNTER, whoever counts again counted the first time.
        NotFound: no such count or part.
    """
    take = stocktake_of(ctx, request.stocktake_id)
    counter = request.counted_by or ctx.actor
    counted = _found(ctx, take, request.lines)
    if any(line.counted_by == counter for line, _, _ in counted):
        raise refusal("SAME_COUNTER", "复点须由另一人进行。", "Somebody else has to count again.", counted_by=counter)
    for line, found, damaged in counted:
        line.recounted_qty, line.damaged_qty, line.recounted_by = found, damaged, counter
    ctx.session.flush()
    return compared(ctx, take)


def stocktake_of(ctx: JobContext, stocktake_id: str) -> Stocktake:
    """A count, held against others.

    Raises:
        NotFound: there is none of that number.
    """
    take = ctx.session.get(Stocktake, stocktake_id, with_for_update=True)
    if take is None:
        raise NotFound(f"没有盘点 {stocktake_id}。", f"There is no stocktake {stocktake_id}.", stocktake_id=stocktake_id)
    return take


def lines_of(ctx: JobContext, stocktake_id: str) -> list[StocktakeLine]:
    """The lines of a count, shelf by shelf."""
    lines = select(StocktakeLine).where(StocktakeLine.stocktake_id == stocktake_id)
    return list(ctx.session.scalars(lines.order_by(StocktakeLine.location, StocktakeLine.barcode)))


def _found(ctx: JobContext, take: Stocktake, lines: list[CountedLine]) -> list[tuple[StocktakeLine, int, int]]:
    """Pieces found and damaged ones among them, by line; good and damaged pieces of one barcode stand in two lines of the sheet."""
    by_barcode: dict[str, list[CountedLine]] = {}
    for counted in lines:
        by_barcode.setdefault(_line(ctx, take, counted).barcode, []).append(counted)
    return [
        (
            _line(ctx, take, same[0]),
            sum(counted.counted_qty for counted in same),
            sum(counted.counted_qty for counted in same if counted.condition == "damaged"),
        )
        for same in by_barcode.values()
    ]


def _line(ctx: JobContext, take: Stocktake, found: CountedLine) -> StocktakeLine:
    """The line of a barcode; a piece the books do not know gets one."""
    part = ctx.session.get(Part, found.part_no)
    if part is None:
        raise NotFound(f"没有备件 {found.part_no}。", f"There is no part {found.part_no}.", part_no=found.part_no)
    barcode = (found.barcode or part.no).upper()
    line = ctx.session.get(StocktakeLine, (take.id, barcode))
    if line is None:
        line = StocktakeLine(stocktake_id=take.id, barcode=barcode, part_no=part.no, location=part.location, book_qty=0)
        ctx.session.add(line)
        ctx.session.flush()
    return line


def compared(ctx: JobContext, take: Stocktake) -> CountCompared:
    """Where a count stands against the books."""
    lines = lines_of(ctx, take.id)
    differing = [line for line in lines if line.difference]
    return CountCompared(
        difference_count=len(differing),
        difference_lines=[_to_count(ctx, line) for line in differing],
        differences_text="\n".join(_difference_text(ctx, line) for line in differing),
        differences_text_en="\n".join(f"{line.part_no} {line.barcode} ({line.location}): {line.difference:+d}" for line in differing),
        damaged_pieces=[
            DamagedPiece(part_no=line.part_no, barcode=line.barcode, qty=line.damaged_qty) for line in lines if line.damaged_qty
        ],
    )


def _difference_text(ctx: JobContext, line: StocktakeLine) -> str:
    return f"{ctx.session.get_one(Part, line.part_no).name} {line.barcode}（{line.location}）：{line.difference:+d}"
