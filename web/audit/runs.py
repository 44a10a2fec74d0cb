"""A run as steps: each element with who did it, how long it took in working time, and what came of it."""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.storage.tables import ElementInstance, Event, ProcessInstance, UserTask
from web.audit.alignment import Step
from web.audit.paths import flow_title
from web.current import engine
from web.definitions import Definition
from web.directory import people_names


def steps_of(session: Session, instance: ProcessInstance, drawn: Definition, now: datetime) -> list[Step]:
    """The steps of an instance in the order in which they began, without events that have no name."""
    rows = session.execute(
        select(ElementInstance, UserTask.assignee, UserTask.completed_by)
        .outerjoin(UserTask, UserTask.id == ElementInstance.id)
        .where(ElementInstance.instance_id == instance.id)
    ).all()
    entered = sorted(rows, key=lambda row: (row.ElementInstance.entered_at, _number(row.ElementInstance.id)))
    told = _told(session, instance.id)
    names = people_names(session, (row.completed_by or row.assignee for row in rows))
    worked = _worked([instance.started_at, *(moment for row in rows for moment in (row.ElementInstance.entered_at, _left(row, now)))])
    steps = []
    for row in entered:
        if _is_nameless_event(drawn, row.ElementInstance.element_id):
            continue
        run, who = row.ElementInstance, row.completed_by or row.assignee
        happened = told.get(run.id, {})
        flow = drawn.process.flows.get(happened.get("flow", ""))
        is_choice = run.element_type.endswith("Gateway") and flow is not None and len(drawn.process.outgoing.get(run.element_id, ())) > 1
        begun = worked[run.entered_at]
        steps.append(
            Step(
                run.element_id,
                drawn.element_title(run.element_id),
                run.state,
                begun,
                worked[_left(row, now)] - begun,
                names.get(who or "", who or ""),
                flow_title(drawn, flow).rpartition(" → ")[2] if flow and is_choice else "",
                happened.get("values", {}),
                happened.get("event", 0),
            )
        )
    return steps


def _is_nameless_event(drawn: Definition, element_id: str) -> bool:
    """Whether an element would tell a reader nothing: where a sub-process begins or ends."""
    element = drawn.element(element_id)
    return element is not None and element.type.endswith("Event") and not element.name


def _told(session: Session, instance_id: str) -> dict[str, dict[str, Any]]:
    """By element run: the event by which it began, what was entered, and the flow taken afterwards."""
    events = select(Event).where(Event.instance_id == instance_id, Event.type.in_(("ElementEntered", "UserTaskCompleted", "FlowTaken")))
    found: dict[str, dict[str, Any]] = {}
    for event in session.scalars(events.order_by(Event.sequence)):
        run = found.setdefault(event.element_instance_id or "", {})
        run.update(_of_event(event))
    return found


def _of_event(event: Event) -> Iterator[tuple[str, Any]]:
    if event.type == "ElementEntered":
        yield "event", event.sequence
    elif event.type == "UserTaskCompleted":
        yield "values", event.data["values"]
    else:
        yield "flow", event.data["flow_id"]


def _worked(instants: list[datetime]) -> dict[datetime, float]:
    """Working seconds from the first of these instants to each."""
    calendar, total = engine().calendars.get(), 0.0
    ordered = sorted(set(instants))
    found = {ordered[0]: 0.0}
    for before, after in pairwise(ordered):
        total += calendar.working_time_between(before, after).total_seconds()
        found[after] = total
    return found


def _left(row: Any, now: datetime) -> datetime:
    left: datetime | None = row.ElementInstance.left_at
    return left or max(now, row.ElementInstance.entered_at)


def _number(run_id: str) -> int:
    return int(run_id.rpartition("-")[2])
