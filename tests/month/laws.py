"""What must hold after a month, whatever people did."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from engine.runtime.engine import Engine
from engine.runtime.replaying import verify
from engine.scenarios.history import troubles
from engine.storage.tables import EventSubscription, ProcessInstance, Timer, UserTask
from handlers.deadlines.tables import Breach, Promise
from handlers.parts.ledger import OUR_PLACES
from handlers.parts.tables import LedgerEntry, Loan, StockItem


def violations(engine: Engine) -> list[str]:
    """Every law that is broken, in words."""
    with engine.database.session() as session:
        return [
            *troubles(session),
            *_unfinished(session),
            *_stock(session),
            *_loans(session),
            *_promises(session, engine.clock.now()),
        ]


def _unfinished(session: Session) -> Iterator[str]:
    """A case that has not ended, and what it waits for."""
    for instance in session.scalars(select(ProcessInstance).where(ProcessInstance.ended_at.is_(None)).order_by(ProcessInstance.id)):
        tasks = session.scalars(select(UserTask.element_id).where(UserTask.instance_id == instance.id, UserTask.state == "open")).all()
        awaited = session.scalars(select(EventSubscription.name).where(EventSubscription.instance_id == instance.id)).all()
        due = session.scalars(select(Timer.element_id).where(Timer.instance_id == instance.id, Timer.state == "waiting")).all()
        yield f"{instance.process_key} {instance.business_key} has not ended: tasks {tasks}, messages {awaited}, timers {due}"


def _stock(session: Session) -> Iterator[str]:
    """Every balance is the sum of its moves, and nothing is lost between our places."""
    moves: Counter[tuple[str, str]] = Counter()
    for row in session.execute(select(LedgerEntry.barcode, LedgerEntry.from_place, LedgerEntry.to_place, LedgerEntry.qty)):
        moves[row.barcode, row.from_place] -= row.qty
        moves[row.barcode, row.to_place] += row.qty
    balances = {(item.barcode, item.place): item.qty for item in session.scalars(select(StockItem))}
    for barcode, place in sorted(moves.keys() | balances.keys()):
        if place in OUR_PLACES and balances.get((barcode, place), 0) != moves[barcode, place]:
            yield f"stock of {barcode} at {place} is {balances.get((barcode, place), 0)}, its moves say {moves[barcode, place]}"


def _loans(session: Session) -> Iterator[str]:
    """What is on loan is what open loans say, and nobody has parts of two trips."""
    lent = Counter(
        dict(session.execute(select(Loan.barcode, func.sum(Loan.qty)).where(Loan.returned_at.is_(None)).group_by(Loan.barcode)).all())
    )
    at_loan = Counter({item.barcode: item.qty for item in session.scalars(select(StockItem).where(StockItem.place == "loan"))})
    for barcode in sorted(lent.keys() | at_loan.keys()):
        if lent[barcode] != at_loan[barcode]:
            yield f"{barcode}: {lent[barcode]} lent, {at_loan[barcode]} at the place for loans"
    trips: dict[str, set[str]] = {}
    for loan in session.scalars(select(Loan).where(Loan.returned_at.is_(None))):
        trips.setdefault(loan.engineer_id, set()).add(loan.trip_id)
    for engineer, found in trips.items():
        if len(found) > 1:
            yield f"{engineer} has parts of the trips {sorted(found)}"


def _promises(session: Session, now: datetime) -> Iterator[str]:
    """A promise that outlived its time, however it ended then, has its breach on record."""
    breached = set(session.scalars(select(Breach.order_id)))
    late = case((Promise.ended_at.is_(None), now), else_=Promise.ended_at) > Promise.due_at
    overdue = select(Promise).where(Promise.due_at.is_not(None), late)
    for promise in session.scalars(overdue.order_by(Promise.id)):
        if promise.order_id not in breached:
            yield f"promise {promise.kind} of {promise.order_id} was due {promise.due_at}, is {promise.state} ({promise.ended_at}), without a breach"


def cases(engine: Engine) -> Counter[str]:
    """How many cases there were of each process: what people, the clock and messages began, not what these called."""
    with engine.database.session() as session:
        return Counter(session.scalars(select(ProcessInstance.process_key).where(ProcessInstance.parent_id.is_(None))))


def replays(engine: Engine, *, every: int) -> Iterator[str]:
    """What is on record of a case follows from what came in: every so many are played again, and must come out the same."""
    roots = select(ProcessInstance.id, ProcessInstance.process_key).where(ProcessInstance.parent_id.is_(None)).order_by(ProcessInstance.id)
    with engine.database.session() as session:
        found = session.execute(roots).all()
    for root_id, process_key in found[::every]:
        if difference := verify(engine, root_id).difference:
            yield f"the replay of {process_key} {root_id} parts from its history at event {difference.sequence}: {difference.en}"
