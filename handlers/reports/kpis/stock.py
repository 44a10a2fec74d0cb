"""The store at the end of a month: useful, not too full, and as the books say."""

from collections.abc import Iterator

from sqlalchemy import case, func, select

from handlers.parts.lifecycle_tables import StockLevel, Stocktake, StocktakeLine
from handlers.parts.tables import LedgerEntry, Part
from handlers.reports.measures import Kind, Unit, measure
from handlers.reports.observations import Observation, Scope


@measure("part_utilisation", Kind.RATE, Unit.PERCENT, is_state=True)
def utilised(scope: Scope) -> Iterator[Observation]:
    """The parts on the shelf at the end of the month, and those used up in it; useful when at least one piece was used."""
    was_used = select(LedgerEntry.part_no).where(LedgerEntry.kind == "consume", scope.within(LedgerEntry.moved_at)).distinct()
    used = set(scope.session.scalars(was_used))
    shelf = _on_shelf(scope)
    for part in scope.session.scalars(select(Part).order_by(Part.no)):
        if shelf.get(part.no, 0) > 0 or part.no in used:
            yield Observation(part.no, scope.until, float(part.no in used), missed=part.no not in used, group=(part.name, part.name))


@measure("overstock", Kind.TOTAL, Unit.PIECES, is_state=True)
def too_many(scope: Scope) -> Iterator[Observation]:
    """Pieces on the shelf above the most that was to be kept at the end of the month."""
    for part, pieces in _above(scope):
        yield Observation(part.no, scope.until, pieces, missed=True, group=(part.name, part.name))


@measure("overstock", Kind.TOTAL, Unit.YUAN, part="value", title=("占用资金", "Tied-up value"), is_state=True)
def tied_up(scope: Scope) -> Iterator[Observation]:
    """What those pieces cost."""
    for part, pieces in _above(scope):
        yield Observation(part.no, scope.until, pieces * float(part.cost), missed=True, group=(part.name, part.name))


@measure("stock_accuracy", Kind.RATE, Unit.PERCENT)
def counted_as_booked(scope: Scope) -> Iterator[Observation]:
    """The lines of counts that were closed in the month; right when as many pieces were found as the books say."""
    query = (
        select(StocktakeLine, Stocktake.closed_at, Stocktake.reconciled_by, Part.name)
        .join(Stocktake, Stocktake.id == StocktakeLine.stocktake_id)
        .join(Part, Part.no == StocktakeLine.part_no)
        .where(scope.within(Stocktake.closed_at))
    )
    for row in scope.rows(query):
        right = row.StocktakeLine.difference == 0
        group = (row.name, row.name)
        yield Observation(row.StocktakeLine.part_no, row.closed_at, float(right), missed=not right, person=row.reconciled_by, group=group)


def _on_shelf(scope: Scope) -> dict[str, int]:
    """Pieces of each part on the shelf at the end of the month, from the ledger."""
    moved = case((LedgerEntry.to_place == "shelf", LedgerEntry.qty), (LedgerEntry.from_place == "shelf", -LedgerEntry.qty), else_=0)
    query = select(LedgerEntry.part_no, func.sum(moved).label("qty")).where(LedgerEntry.moved_at < scope.end)
    return {row.part_no: int(row.qty) for row in scope.rows(query.group_by(LedgerEntry.part_no))}


def _above(scope: Scope) -> Iterator[tuple[Part, int]]:
    """Parts of which more are there than should be; the most is the level that was approved last by then, else what the part says."""
    levels = select(StockLevel.part_no, StockLevel.max_qty).where(StockLevel.valid_from < scope.end).order_by(StockLevel.valid_from)
    most = {row.part_no: row.max_qty for row in scope.rows(levels)}
    shelf = _on_shelf(scope)
    for part in scope.session.scalars(select(Part).order_by(Part.no)):
        pieces = shelf.get(part.no, 0) - most.get(part.no, part.max_qty)
        if pieces > 0:
            yield part, pieces
