"""Writes what a step did: a handful of bulk statements per step, however many elements ran."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from engine.errors import ChangedMeanwhile
from engine.ids import new_id
from engine.runtime import state
from engine.runtime.execution.effects import ThrownMessage, ThrownSignal
from engine.runtime.queues import queue_of
from engine.runtime.surroundings import Surroundings
from engine.storage.tables import (
    ElementInstance,
    Event,
    EventSubscription,
    Incident,
    Job,
    Message,
    ProcessInstance,
    StartSubscription,
    Timer,
    UserTask,
    UserTaskCandidate,
)

Row = dict[str, Any]

_INSTANCES, _ELEMENTS = ProcessInstance.__table__, ElementInstance.__table__
# Statements of every step are built once: to build one costs more than to run it.
_INSERT = {
    model: insert(model.__table__)
    for model in (ProcessInstance, ElementInstance, UserTask, UserTaskCandidate, Job, Timer, EventSubscription, Incident, Event)
}
_UPDATE_INSTANCE = update(_INSTANCES).where(_INSTANCES.c.id == bindparam("this_id"), _INSTANCES.c.revision == bindparam("read_revision"))
_LEAVE_ELEMENT = (
    update(_ELEMENTS).where(_ELEMENTS.c.id == bindparam("row_id")).values(state=bindparam("new_state"), left_at=bindparam("new_left_at"))
)


def write(session: Session, surroundings: Surroundings, instances: list[Any]) -> bool:
    """Write all opened instances; returns whether there is now work for the executor."""
    for instance in instances:
        _write_instance(session, instance)
    rows = _Rows()
    for instance in instances:
        rows.collect(instance, surroundings)
    rows.write(session)
    for instance in instances:
        for message in instance.execution.effects.messages:
            send(session, surroundings, message, instance.row["id"])
        for signal in instance.execution.effects.signals:
            broadcast(session, surroundings, signal)
    if rows.subscriptions:
        deliver_waiting(
            session, surroundings, {(row["name"], row["correlation_key"]) for row in rows.subscriptions if row["kind"] == "message"}
        )
    thrown = any(item.execution.effects.messages or item.execution.effects.signals for item in instances)
    return bool(rows.jobs or rows.timers or rows.subscriptions or thrown)


def _write_instance(session: Session, instance: Any) -> None:
    row = instance.row
    effects = instance.execution.effects
    revision = row["revision"]
    first_event = row["event_count"]
    row.update(revision=revision + 1, event_count=first_event + len(effects.events))
    values = row | {"runtime_state": state.save(instance.execution)}
    if instance.is_new:
        session.execute(_INSERT[ProcessInstance], values)
        return
    changed = ("state", "end_element_id", "ended_at", "revision", "event_count", "runtime_state", "process_definition_id", "business_key")
    this = {"this_id": row["id"], "read_revision": revision}
    done = session.connection().execute(_UPDATE_INSTANCE, this | {name: values[name] for name in changed})
    if done.rowcount != 1:
        raise ChangedMeanwhile("这个案例刚被别人改动，请重试。", "Somebody else has just changed this case; please retry.", id=row["id"])


class _Rows:
    """The rows of all instances of a step, by table."""

    def __init__(self) -> None:
        self.events: list[Row] = []
        self.elements: list[Row] = []
        self.elements_left: list[Row] = []
        self.user_tasks: list[Row] = []
        self.candidates: list[Row] = []
        self.user_tasks_cancelled: list[str] = []
        self.jobs: list[Row] = []
        self.jobs_cancelled: list[str] = []
        self.timers: list[Row] = []
        self.timers_cancelled: list[str] = []
        self.subscriptions: list[Row] = []
        self.subscriptions_closed: list[str] = []
        self.incidents: list[Row] = []
        self.incidents_settled: list[str] = []
        self.ended: list[str] = []

    def collect(self, instance: Any, surroundings: Surroundings) -> None:
        row, effects, now = instance.row, instance.execution.effects, surroundings.now
        ids = {"instance_id": row["id"], "root_id": row["root_id"]}
        first = row["event_count"] - len(effects.events) + 1
        for sequence, event in enumerate(effects.events, start=first):
            self.events.append(
                ids
                | {
                    "sequence": sequence,
                    "type": event.type,
                    "happened_at": now,
                    "actor": surroundings.actor,
                    "element_id": event.element_id,
                    "element_instance_id": event.element_instance_id,
                    "data": event.data,
                }
            )
        self.elements += [item | {"instance_id": row["id"]} for item in effects.elements.values()]
        self.elements_left += [
            {"row_id": task_id, "new_state": item["state"], "new_left_at": item["left_at"]}
            for task_id, item in effects.elements_left.items()
        ]
        for task in effects.user_tasks.values():
            candidates = task.pop("candidates")
            definition = {
                "process_key": row["process_key"],
                "process_definition_id": row["process_definition_id"],
                "business_key": row["business_key"],
                "queue": queue_of(row["process_key"], candidates),
            }
            self.user_tasks.append(task | ids | definition)
            self.candidates += [{"task_id": task["id"], "kind": kind, "name": name} for kind, name in candidates]
        self.user_tasks_cancelled += effects.user_tasks_cancelled
        self.jobs += [item | ids for item in effects.jobs.values()]
        self.jobs_cancelled += effects.jobs_cancelled
        self.timers += [item | ids for item in effects.timers.values()]
        self.timers_cancelled += effects.timers_cancelled
        self.subscriptions += [item | ids for item in effects.subscriptions.values()]
        self.subscriptions_closed += effects.subscriptions_closed
        self.ended += [row["id"]] if effects.ended is not None else []
        self.incidents_settled += effects.incidents_settled
        self.incidents += [{"id": new_id(), "state": "open", "opened_at": now} | item | ids for item in effects.incidents]

    def write(self, session: Session) -> None:
        now = self.events[0]["happened_at"] if self.events else None
        for model, rows in (
            (ElementInstance, self.elements),
            (UserTask, self.user_tasks),
            (UserTaskCandidate, self.candidates),
            (Job, self.jobs),
            (Timer, self.timers),
            (EventSubscription, self.subscriptions),
            (Incident, self.incidents),
            (Event, self.events),
        ):
            if rows:
                session.execute(_INSERT[model], rows)
        if self.elements_left:
            session.connection().execute(_LEAVE_ELEMENT, self.elements_left)
        if self.user_tasks_cancelled:
            tasks = UserTask.__table__
            session.execute(
                update(tasks)
                .where(tasks.c.id.in_(self.user_tasks_cancelled), tasks.c.state == "open")
                .values(state="cancelled", ended_at=now)
            )
        if self.jobs_cancelled:
            jobs = Job.__table__
            session.execute(
                update(jobs)
                .where(jobs.c.id.in_(self.jobs_cancelled), jobs.c.state.in_(("ready", "leased", "failed")))
                .values(state="cancelled")
            )
            incidents = Incident.__table__
            session.execute(
                update(incidents)
                .where(incidents.c.job_id.in_(self.jobs_cancelled), incidents.c.state == "open")
                .values(state="resolved", resolved_at=now)
            )
        if self.ended:
            incidents = Incident.__table__
            session.execute(
                update(incidents)
                .where(incidents.c.instance_id.in_(self.ended), incidents.c.state == "open")
                .values(state="resolved", resolved_at=now)
            )
        if self.incidents_settled:
            incidents = Incident.__table__
            session.execute(
                update(incidents)
                .where(incidents.c.id.in_(self.incidents_settled), incidents.c.state == "open")
                .values(state="resolved", resolved_at=now)
            )
        if self.timers_cancelled:
            timers = Timer.__table__
            session.execute(
                update(timers).where(timers.c.id.in_(self.timers_cancelled), timers.c.state != "fired").values(state="cancelled")
            )
        if self.subscriptions_closed:
            table = EventSubscription.__table__
            session.execute(delete(table).where(table.c.id.in_(self.subscriptions_closed)))


def send(session: Session, surroundings: Surroundings, message: ThrownMessage, thrown_by: str | None) -> str:
    """Put a message on the table with the job that delivers it; returns the message's id."""
    message_id = new_id()
    session.execute(
        insert(Message.__table__),
        {
            "id": message_id,
            "name": message.name,
            "correlation_key": message.correlation_key,
            "variables": message.variables,
            "state": "waiting",
            "thrown_by_instance_id": thrown_by,
            "received_by_instance_id": None,
            "created_at": surroundings.now,
            "expires_at": message.expires_at,
            "actor": surroundings.actor,
        },
    )
    add_job(session, surroundings, "message", {"message_id": message_id})
    return message_id


def deliver_waiting(session: Session, surroundings: Surroundings, awaited: set[tuple[str, str | None]]) -> None:
    """A receiver opened: deliver the messages that have waited for it."""
    if not awaited:
        return
    table = Message.__table__
    matches = or_(*((table.c.name == name) & (table.c.correlation_key == key) for name, key in sorted(awaited, key=str)))
    still = (table.c.state == "waiting", table.c.expires_at > surroundings.now)
    for message_id in session.scalars(select(table.c.id).where(*still, matches).order_by(table.c.created_at)).all():
        add_job(session, surroundings, "message", {"message_id": message_id})


def broadcast(session: Session, surroundings: Surroundings, signal: ThrownSignal) -> None:
    """One job for everybody who waits for a signal now (BPMN 2.0 §10.5.1: signals do not wait)."""
    waiting = EventSubscription.__table__
    for row in session.execute(select(waiting).where(waiting.c.kind == "signal", waiting.c.name == signal.name)).all():
        if row.instance_id == signal.thrown_by and state.number(row.id) >= signal.before:
            continue
        if signal.only_for not in (None, row.instance_id):
            continue
        add_job(
            session,
            surroundings,
            "signal",
            {"subscription_id": row.id, "variables": signal.variables},
            row,
        )
    if signal.only_for is not None:
        return
    starts = StartSubscription.__table__
    for row in session.execute(select(starts).where(starts.c.kind == "signal", starts.c.name == signal.name)).all():
        add_job(session, surroundings, "start", {"subscription_id": row.id, "variables": signal.variables})


def add_job(
    session: Session, surroundings: Surroundings, kind: str, content: Row, at: Any = None, available_at: datetime | None = None
) -> None:
    """A job of the engine's own; `at` has the instance_id, root_id and element_id it is for, if any."""
    session.execute(insert(Job.__table__), new_job(surroundings, kind, content, at, available_at))


def new_job(
    surroundings: Surroundings, kind: str, content: Row, at: Any = None, available_at: datetime | None = None, priority: int = 0
) -> Row:
    """The row of such a job, for those who insert many at once."""
    return {
        "id": new_id(),
        "kind": kind,
        "topic": None,
        "instance_id": None if at is None else at.instance_id,
        "root_id": None if at is None else at.root_id,
        "element_instance_id": None,
        "element_id": None if at is None else at.element_id,
        "input": content,
        "state": "ready",
        "suspended": False,
        "priority": priority,
        "retries": 3,
        "retry_cycle": None,
        "attempt": 0,
        "available_at": available_at or surroundings.now,
        "leased_by": None,
        "leased_until": None,
        "created_at": surroundings.now,
        "actor": surroundings.actor,
        "error": None,
    }
