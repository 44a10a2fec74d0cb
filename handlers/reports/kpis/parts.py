"""Spare parts on their way: used, lent, brought back, waited for."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import Executable, and_, exists, or_, select

from handlers.parts.tables import Application, FailedLoan, LedgerEntry, Loan, Part
from handlers.reports.measures import Kind, Unit, measure
from handlers.reports.observations import Observation, Scope

_DAY = timedelta(days=1)


@measure("part_consumption", Kind.TOTAL, Unit.PIECES)
def used(scope: Scope) -> Iterator[Observation]:
    """Pieces that stayed with customers or were scrapped in the month, by part."""
    for row in scope.rows(_used(scope)):
        yield Observation(row.order_id or row.reference, row.moved_at, row.qty, person=row.engineer_id, group=(row.name, row.name))


@measure("part_consumption", Kind.TOTAL, Unit.YUAN, part="value", title=("耗用金额", "Value of parts used"))
def value_used(scope: Scope) -> Iterator[Observation]:
    """What the pieces used cost."""
    for row in scope.rows(_used(scope)):
        value = row.qty * float(row.cost)
        yield Observation(row.order_id or row.reference, row.moved_at, value, person=row.engineer_id, group=(row.name, row.name))


def _used(scope: Scope) -> Executable:
    moves = select(LedgerEntry.reference, LedgerEntry.moved_at, LedgerEntry.qty, Part.name, Part.cost, Loan.order_id, Loan.engineer_id)
    moves = moves.join(Part, Part.no == LedgerEntry.part_no).outerjoin(Loan, Loan.id == LedgerEntry.reference)
    return moves.where(LedgerEntry.kind.in_(("consume", "scrap")), scope.within(LedgerEntry.moved_at))


@measure("part_hit_rate", Kind.RATE, Unit.PERCENT)
def met_from_stock(scope: Scope) -> Iterator[Observation]:
    """The month's requests for a part: lent at once or not there; what was lent after it had been missing is the same request."""
    failed_before = exists().where(and_(FailedLoan.order_id == Loan.order_id, FailedLoan.part_no == Loan.part_no))
    lent = select(Loan.order_id, Loan.issued_at, Loan.engineer_id, Part.name).join(Part, Part.no == Loan.part_no)
    for row in scope.rows(lent.where(scope.within(Loan.issued_at), ~failed_before)):
        yield Observation(row.order_id, row.issued_at, 1, person=row.engineer_id, group=(row.name, row.name))
    missing = select(FailedLoan.order_id, FailedLoan.failed_at, FailedLoan.engineer_id, Part.name).join(Part, Part.no == FailedLoan.part_no)
    for row in scope.rows(missing.where(scope.within(FailedLoan.failed_at))):
        yield Observation(row.order_id, row.failed_at, 0, missed=True, person=row.engineer_id, group=(row.name, row.name))


@measure("part_cycle", Kind.MEAN, Unit.DAYS)
def days_on_loan(scope: Scope) -> Iterator[Observation]:
    """Loans that came back in the month: days since they were issued."""
    query = select(Loan.order_id, Loan.issued_at, Loan.returned_at, Loan.due_at, Loan.engineer_id)
    for row in scope.rows(query.where(scope.within(Loan.returned_at))):
        took = (row.returned_at - row.issued_at) / _DAY
        yield Observation(row.order_id, row.returned_at, took, missed=row.returned_at > row.due_at, person=row.engineer_id)


@measure("part_cycle", Kind.MEAN, Unit.DAYS, part="supply", title=("申请到到货", "From application to receipt"))
def days_of_supply(scope: Scope) -> Iterator[Observation]:
    """Applications to the parts centre whose goods came in the month."""
    query = select(Application.no, Application.order_id, Application.sent_at, Application.received_at, Application.expected_at)
    for row in scope.rows(query.where(scope.within(Application.received_at))):
        took = (row.received_at - row.sent_at) / _DAY
        yield Observation(row.order_id or row.no, row.received_at, took, missed=row.received_at > row.expected_at)


@measure("loan_overdue", Kind.TOTAL, Unit.PIECES, is_state=True)
def overdue(scope: Scope) -> Iterator[Observation]:
    """Loans that should have been back by the end of the month and were not."""
    still_out = or_(Loan.returned_at.is_(None), Loan.returned_at >= scope.until)
    query = select(Loan.order_id, Loan.due_at, Loan.qty, Loan.engineer_id).where(Loan.due_at < scope.until, still_out)
    for row in scope.rows(query):
        yield Observation(row.order_id, row.due_at, row.qty, missed=True, person=row.engineer_id)
