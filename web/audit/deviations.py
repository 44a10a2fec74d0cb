"""Where cases left their drawn way: each kind as a query over what the engine wrote anyway, answered from indexes."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, String, and_, exists, func, literal_column, or_, select, union
from sqlalchemy.orm import Session, aliased

from engine.storage.tables import ElementInstance, Event, ProcessInstance, UserTask

#: In the order in which they are offered; `late` is offered by itself.
DEVIATIONS = ("sent_back", "skipped", "moved", "migrated", "edited", "handed_over", "incident")
LATE = "late"

#: Most marks of one kind that are read for one page of cases.
_MOST = 500


class Mark(NamedTuple):
    """One place in a history where a case deviated."""

    root_id: str
    instance_id: str
    element_id: str | None
    sequence: int
    happened_at: datetime


def roots_with(kind: str, now: datetime) -> Any:
    """Ids of the cases that have such a mark; `kind` is LATE or one of DEVIATIONS."""
    if kind == "sent_back":
        return _done_again(UserTask, UserTask.root_id)
    if kind == LATE:
        due = select(UserTask.root_id).where(UserTask.state == "open", UserTask.due_at < now)
        return union(select(UserTask.root_id).where(_ended_late()), due, select(Event.root_id).where(_EVENTS[LATE](Event)))
    return select(Event.root_id).where(_EVENTS[kind](Event))


def marks(session: Session, kind: str, now: datetime, root_ids: Collection[str]) -> list[Mark]:
    """The marks of some cases, first to last."""
    event = events_of(root_ids)
    if kind == "sent_back":
        marked = and_(event.type == "UserTaskCreated", event.element_instance_id.in_(_done_again(UserTask, UserTask.id, root_ids)))
    elif kind == LATE:
        tasks = select(UserTask.id).where(UserTask.root_id.in_(root_ids))
        ended, still_open = tasks.where(_ended_late()), tasks.where(UserTask.state == "open", UserTask.due_at < now)
        end = and_(event.type.in_(("UserTaskCompleted", "ElementCancelled")), event.element_instance_id.in_(ended))
        begin = and_(event.type == "UserTaskCreated", event.element_instance_id.in_(still_open))
        marked = or_(end, begin, _EVENTS[LATE](event))
    else:
        marked = _EVENTS[kind](event)
    columns = (event.root_id, event.instance_id, event.element_id, event.sequence, event.happened_at)
    found = session.execute(select(*columns).where(marked).order_by(event.happened_at, event.instance_id, event.sequence).limit(_MOST))
    return [Mark(*row) for row in found]


def events_of(root_ids: Collection[str]) -> type[Event]:
    """The events of a few cases, read once before anything is asked of them: else a database may look through all events of a type."""
    own = select(Event).where(Event.root_id.in_(root_ids)).cte().prefix_with("MATERIALIZED")
    return aliased(Event, own)


def _done_again(again: Any, wanted: Any, root_ids: Collection[str] | None = None) -> Select[Any]:
    """User tasks that came up again after they had been completed; the rounds of a multi-instance activity are no going back."""
    before, run, around = aliased(UserTask), aliased(ElementInstance), aliased(ElementInstance)
    is_round = exists(
        select(run.id)
        .join(around, around.id == run.parent_id)
        .where(run.id == again.id, around.element_type == "multiInstanceBody", around.element_id == again.element_id)
    )
    query = select(wanted).join(
        before,
        and_(
            before.instance_id == again.instance_id,
            before.element_id == again.element_id,
            before.state == "completed",
            before.id != again.id,
            before.ended_at <= again.created_at,
        ),
    )
    few = _perhaps_repeated() if root_ids is None else select(ProcessInstance.id).where(ProcessInstance.root_id.in_(root_ids))
    return query.where(~is_round, again.instance_id.in_(few))


def _perhaps_repeated() -> Any:
    """Instances among which all are that repeated a task, read in the order of an index: the exact question is then asked of a few only."""
    task = aliased(UserTask)
    twice = select(task.instance_id).group_by(task.instance_id, task.state, task.element_id).having(func.count() > 1)
    return union(twice, select(task.instance_id).where(task.state.in_(("open", "cancelled"))))


def _ended_late() -> ColumnElement[bool]:
    """As the partial index of late tasks has it."""
    return UserTask.ended_at > UserTask.due_at


def _skipped(event: type[Event]) -> ColumnElement[bool]:
    cancels = event.data["instructions"].cast(String).like('%"cancel"%')
    return or_(event.type == "TimerSkipped", and_(event.type == "CaseModified", cancels))


def _edited(event: type[Event]) -> ColumnElement[bool]:
    """As the partial index of changes by hand has it: what a person sets comes from no element."""
    of_nothing = and_(event.type == literal_column("'VariableChanged'"), event.element_id.is_(None))
    return and_(of_nothing, event.data["reason"].as_string().is_not(None))


def _handed_over(event: type[Event]) -> ColumnElement[bool]:
    before, after = event.data["before"].as_string(), event.data["after"].as_string()
    return and_(event.type == "UserTaskAssigned", before.is_not(None), or_(after.is_(None), before != after))


def _deadline_fired(event: type[Event]) -> ColumnElement[bool]:
    """Timers beside an activity; others only wait."""
    beside = exists(
        select(ElementInstance.id).where(
            ElementInstance.element_id == event.element_id,
            ElementInstance.instance_id == event.instance_id,
            ElementInstance.element_type == "boundaryEvent",
        )
    )
    return and_(event.type == "TimerFired", beside)


def _of(kind: str) -> Callable[[type[Event]], ColumnElement[bool]]:
    return lambda event: event.type == kind


_EVENTS: dict[str, Callable[[type[Event]], ColumnElement[bool]]] = {
    "skipped": _skipped,
    "moved": _of("CaseModified"),
    "migrated": _of("CaseMigrated"),
    "edited": _edited,
    "handed_over": _handed_over,
    "incident": _of("IncidentOpened"),
    LATE: _deadline_fired,
}
