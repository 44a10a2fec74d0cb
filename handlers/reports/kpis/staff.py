"""The staff: how much they get done, how long it takes, whether they read what changed, and work as the norm of their post says."""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import Row, func, select

from engine.storage.tables import Publication, PublicationReader
from handlers.orders.tables import ServiceOrder
from handlers.positions.tables import PositionCheck
from handlers.reports.kpis.people import engineer_of_order
from handlers.reports.measures import Kind, Unit, measure
from handlers.reports.observations import Observation, Scope


@measure("staff_efficiency", Kind.MEAN, Unit.CASES)
def orders_done(scope: Scope) -> Iterator[Observation]:
    """Orders done in the month per engineer who did any; of several months the mean of a month."""
    done = _done(scope)
    of_engineer = Counter(row.engineer for row in done)
    for row in done:
        yield Observation(row.id, row.closed_at, weight=1 / of_engineer[row.engineer], person=row.engineer)


@measure("staff_efficiency", Kind.MEAN, Unit.WORKING_TIME, part="duration", title=("平均用时", "Mean time"))
def time_taken(scope: Scope) -> Iterator[Observation]:
    """Working time from receiving an order to closing it, of the orders done in the month."""
    for row in _done(scope):
        yield Observation(row.id, row.closed_at, scope.worked(row.received_at, row.closed_at), person=row.engineer)


def _done(scope: Scope) -> list[Row[tuple[str, object, object, str]]]:
    """Orders closed in the month with a result for the customer; an order that nobody was sent out for is the work of whoever took it."""
    engineer = func.coalesce(engineer_of_order(ServiceOrder.id), ServiceOrder.received_by).label("engineer")
    query = select(ServiceOrder.id, ServiceOrder.received_at, ServiceOrder.closed_at, engineer)
    query = query.where(scope.within(ServiceOrder.closed_at), ServiceOrder.result.not_in(("declined", "cancelled")))
    return [row for row in scope.rows(query.order_by(ServiceOrder.id)) if row.engineer is not None]


@measure("manual_ack_rate", Kind.RATE, Unit.PERCENT)
def acknowledged(scope: Scope) -> Iterator[Observation]:
    """Everybody whom a change that went live in the month concerns, by change; confirmed or not yet."""
    query = select(Publication.title, PublicationReader.told_at, PublicationReader.user_id, PublicationReader.read_at)
    query = query.join(PublicationReader, PublicationReader.publication_id == Publication.id).where(scope.within(PublicationReader.told_at))
    for row in scope.rows(query.order_by(PublicationReader.told_at, Publication.id, PublicationReader.user_id)):
        confirmed = row.read_at is not None
        group = (row.title, row.title)
        yield Observation(row.title, row.told_at, float(confirmed), missed=not confirmed, person=row.user_id, group=group)


@measure("position_score", Kind.RATE, Unit.PERCENT)
def as_the_norm_says(scope: Scope) -> Iterator[Observation]:
    """Items looked at in the position checks of the month, by item; the check's score is the share of its own."""
    query = select(PositionCheck.id, PositionCheck.employee_id, PositionCheck.checked_at, PositionCheck.rows)
    for check in scope.rows(query.where(scope.within(PositionCheck.checked_at)).order_by(PositionCheck.checked_at, PositionCheck.id)):
        for row in check.rows:
            group = (row["item"], row["item_en"])
            yield Observation(check.id, check.checked_at, float(row["ok"]), missed=not row["ok"], person=check.employee_id, group=group)
