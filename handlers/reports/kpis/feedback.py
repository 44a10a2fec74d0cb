"""What customers say afterwards, and what they were promised."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, select

from engine.storage.tables import Group
from handlers.deadlines.tables import Promise
from handlers.feedback.tables import Callback, Survey
from handlers.reports.kpis.people import engineer_of_order
from handlers.reports.measures import Kind, Unit, measure
from handlers.reports.observations import Observation, Scope, Words

_REACHED = ("reached", "closed")
_BANDS: dict[str, Words] = {"high": ("高档", "High"), "middle": ("中档", "Middle"), "low": ("低档", "Low")}


@measure("satisfaction", Kind.RATE, Unit.PERCENT)
def satisfied(scope: Scope) -> Iterator[Observation]:
    """The callbacks of the month in which the customer said whether they are satisfied."""
    query = select(Callback.order_id, Callback.called_at, Callback.satisfied, engineer_of_order(Callback.order_id).label("engineer"))
    for row in scope.rows(query.where(scope.within(Callback.called_at), Callback.state.in_(_REACHED), Callback.satisfied.is_not(None))):
        yield Observation(row.order_id, row.called_at, float(row.satisfied), missed=not row.satisfied, person=row.engineer)


@measure("satisfaction", Kind.MEAN, Unit.POINTS, part="score", title=("问卷平均分", "Mean score of surveys"))
def score(scope: Scope) -> Iterator[Observation]:
    """The month's surveys, each the mean of its answers."""
    query = select(Survey.subject, Survey.asked_on, Survey.score, engineer_of_order(Survey.order_id).label("engineer"))
    for row in scope.rows(query.where(scope.on_days(Survey.asked_on), Survey.score.is_not(None))):
        yield Observation(row.subject, scope.noon(row.asked_on), row.score, person=row.engineer)


@measure("loyalty_band", Kind.TOTAL, Unit.CASES)
def loyalty(scope: Scope) -> Iterator[Observation]:
    """The month's answers by band; without an answer, or below the lowest band, there is none."""
    for row in _banded(scope):
        yield Observation(row.subject, scope.noon(row.asked_on), missed=row.band == "low", person=row.engineer, group=_BANDS[row.band])


@measure("loyalty_band", Kind.RATE, Unit.PERCENT, part="high", title=("高档占比", "Share of high"))
def loyal(scope: Scope) -> Iterator[Observation]:
    """The month's answers to whether they would buy again, as far as they have a band."""
    for row in _banded(scope):
        yield Observation(row.subject, scope.noon(row.asked_on), float(row.band == "high"), person=row.engineer)


def _banded(scope: Scope) -> list[Row[Any]]:
    query = select(Survey.subject, Survey.asked_on, Survey.band, engineer_of_order(Survey.order_id).label("engineer"))
    return scope.rows(query.where(scope.on_days(Survey.asked_on), Survey.band.is_not(None)).order_by(Survey.id))


@measure("callback_in_week_rate", Kind.RATE, Unit.PERCENT)
def called_back_in_time(scope: Scope) -> Iterator[Observation]:
    """Services completed in the month; one that nobody has called about counts once its time is over."""
    query = select(Callback.order_id, Callback.completed_at, Callback.called_at, Callback.due_at, Callback.called_by)
    for row in scope.rows(query.where(scope.within(Callback.completed_at))):
        in_time = (row.called_at or scope.now) <= row.due_at
        if row.called_at is not None or not in_time:
            yield Observation(row.order_id, row.completed_at, float(in_time), missed=not in_time, person=row.called_by)


@measure("callback_reach_rate", Kind.RATE, Unit.PERCENT)
def reached(scope: Scope) -> Iterator[Observation]:
    """Callbacks that ended with a call of the month."""
    query = select(Callback.order_id, Callback.called_at, Callback.called_by, Callback.state)
    for row in scope.rows(query.where(scope.within(Callback.called_at), Callback.state != "queued")):
        is_reached = row.state in _REACHED
        yield Observation(row.order_id, row.called_at, float(is_reached), missed=not is_reached, person=row.called_by)


@measure("promise_kept_rate", Kind.RATE, Unit.PERCENT)
def promises_kept(scope: Scope) -> Iterator[Observation]:
    """Promises due in the month by role; one that a new promise took the place of is not counted, an open one once it is due."""
    query = (
        select(Promise.order_id, Promise.due_at, Promise.state, Promise.ended_at, Promise.owner_role, Group.name, Group.name_en)
        .outerjoin(Group, Group.id == Promise.owner_role)
        .where(scope.within(Promise.due_at), Promise.state != "replaced")
    )
    for row in scope.rows(query):
        kept = row.state == "kept" and row.ended_at <= row.due_at
        if row.state != "open" or row.due_at < scope.now:
            group = (row.name or row.owner_role, row.name_en or row.owner_role)
            yield Observation(row.order_id, row.due_at, float(kept), missed=not kept, group=group)
