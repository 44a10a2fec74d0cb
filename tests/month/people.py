"""Weeks in the office: calls and other requests come in, everybody does their tasks at random, the outside world answers in the end."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from engine.clock import SimulatedClock
from engine.errors import OpsbookError
from engine.feel import Environment
from engine.ids import Chance, seeded
from engine.runtime import assignment, executor, instances, jobs, messages, remarks, timers, user_tasks
from engine.runtime.engine import Engine
from engine.runtime.package import Package
from engine.runtime.task_context import task_context
from engine.scenarios.entering import FILES
from engine.storage.tables import (
    EventSubscription,
    FormDefinition,
    Membership,
    ProcessDefinition,
    StartSubscription,
    UserTask,
    UserTaskCandidate,
)
from tests.month.filling import CannotFill, Filler
from tests.month.knowledge import Office

#: Minutes until somebody gets round to a task, with how often that is so: at once, in the course of the day, days later.
_WAITS = ((1, 45, 80), (60, 400, 15), (1_000, 4_500, 5))
#: What somebody outside says with a message.
_SAID: dict[str, dict[str, Any]] = {
    "centre.answer": {"available": True},
    "level.answer": {"level_answer": "固件有此缺陷，升级即可"},
}
#: Tasks that stand open in case something happens, and how often something does.
_STANDING = {"report_event": 0.15}
#: What is not over by then never will be.
_PATIENCE = timedelta(days=200)


@dataclass
class Month:
    """So many requests within so many days; every decision follows from the seed."""

    engine: Engine
    package: Package
    seed: str
    requests: int
    days: int
    failures: list[str] = field(default_factory=list)
    _agenda: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)
    _numbers: int = 0

    def __post_init__(self) -> None:
        clock = self.engine.clock
        assert isinstance(clock, SimulatedClock)
        self._clock = clock
        self._chance: Chance = seeded(self.seed)
        self._office = Office(self.engine)
        thrown = [element for process in self.package.processes for element in process.elements.values() if _throws(element)]
        self._thrown = {element.message or (element.event.name if element.event else "") for element in thrown}
        self._members: dict[str, list[str]] = {}
        with self.engine.database.session() as session:
            for group, person in session.execute(select(Membership.group_id, Membership.user_id).order_by(Membership.user_id)):
                self._members.setdefault(group, []).append(person)
            self._startable = list(
                session.scalars(
                    select(ProcessDefinition)
                    .where(ProcessDefinition.startable, ProcessDefinition.state == "live")
                    .order_by(ProcessDefinition.key)
                )
            )

    def play(self) -> None:
        """Let the requests come in, then wait until all cases are over."""
        begins = self._clock.now()
        ends = begins + timedelta(days=self.days)
        for _ in range(self.requests):
            self._plan(begins + timedelta(minutes=self._chance.randrange(self.days * 24 * 60)), self._arrive)
        routine_is_over = False
        while (instant := self._next()) is not None and instant < begins + _PATIENCE:
            if not routine_is_over and instant >= ends:
                routine_is_over = True
                self._stop_routine()
            self._clock.set(max(instant, self._clock.now()))
            if self._agenda and self._agenda[0][0] <= self._clock.now():
                heapq.heappop(self._agenda)[2]()
            executor.run_until_idle(self.engine)
            self._look_round()
            if self._next() is None or self._chance.random() < 0.01:
                self._hear_from_outside()

    # -- time --------------------------------------------------------------------------------------------------------

    def _next(self) -> datetime | None:
        with self.engine.database.session() as session:
            waiting = [timers.next_due_at(session), jobs.next_due_at(session), self._agenda[0][0] if self._agenda else None]
        return min((instant for instant in waiting if instant is not None), default=None)

    def _plan(self, instant: datetime, action: Callable[[], None]) -> None:
        self._numbers += 1
        heapq.heappush(self._agenda, (instant, self._numbers, action))

    def _stop_routine(self) -> None:
        """Procedures that begin by the clock would begin for ever."""
        with self.engine.database.transaction() as session:
            session.execute(delete(StartSubscription).where(StartSubscription.kind == "timer"))

    # -- what comes in -----------------------------------------------------------------------------------------------

    def _arrive(self) -> None:
        if self._chance.random() < 0.6 or not self._startable:
            number = self._chance.choice(self._office.phones) if self._chance.random() < 0.9 else "13800000000"
            ringing = {"number": number, "rings": 2, "at": self._clock.now().isoformat()}
            self._numbers += 1
            messages.publish(self.engine, "call.incoming", f"call-{self._numbers}", ringing | {"call_id": f"call-{self._numbers}"})
            return
        definition = self._chance.choice(self._startable)
        people = [person for group in definition.starter_groups for person in self._members.get(group, ())] or ["head1"]
        values: dict[str, Any] = {}
        try:
            if definition.start_form:
                values = self._filler().fill(self._form(definition.start_form), {}, _refuse_to_attach)
            instances.start(self.engine, definition.key, values, actor=self._chance.choice(people))
        except (OpsbookError, CannotFill) as error:
            self.failures.append(f"start of {definition.key}: {error}")

    def _hear_from_outside(self) -> None:
        """Somebody outside says what a case waits for, where no procedure says it."""
        table = EventSubscription
        with self.engine.database.session() as session:
            awaited = [
                (row.name, row.correlation_key)
                for row in session.scalars(select(table).where(table.kind == "message").order_by(table.id))
                if row.name not in self._thrown
            ]
        if awaited:
            name, key = self._chance.choice(awaited)
            messages.publish(self.engine, name, key, _SAID.get(name, {}))
            executor.run_until_idle(self.engine)
            self._look_round()

    # -- the people --------------------------------------------------------------------------------------------------

    def _look_round(self) -> None:
        """Everybody sees the new tasks and decides when to do them."""
        query = select(UserTask).where(UserTask.state == "open", UserTask.created_at >= self._clock.now()).order_by(UserTask.id)
        with self.engine.database.session() as session:
            found = [task for task in session.scalars(query) if task.id not in self._seen]
        for task in found:
            self._seen.add(task.id)
            if self._chance.random() >= _STANDING.get(task.element_id, 1):
                continue
            low, high, _ = self._chance.choices(_WAITS, [share for _, _, share in _WAITS])[0]
            self._plan(self._clock.now() + timedelta(minutes=self._chance.randint(low, high)), lambda task=task: self._do(task.id))

    def _do(self, task_id: str) -> None:
        with self.engine.database.session() as session:
            task = session.get_one(UserTask, task_id)
            candidates = session.execute(
                select(UserTaskCandidate.kind, UserTaskCandidate.name).where(UserTaskCandidate.task_id == task_id)
            ).all()
            form = session.get(FormDefinition, task.form_definition_id) if task.form_definition_id else None
        if task.state != "open":
            return
        able = [person for kind, name in candidates for person in ([name] if kind == "user" else self._members.get(name, ()))]
        if task.assignee is None and not able:
            self.failures.append(f"{task.process_key}.{task.element_id}: nobody may do it ({candidates})")
            return
        person = task.assignee or self._chance.choice(able)
        try:
            if task.assignee is None:
                assignment.claim(self.engine, task_id, person)
            values: dict[str, Any] = {}
            if form is not None:
                context = task_context(self.engine, task_id)
                values = self._filler().fill(form.form_schema, context, lambda kind: self._attach(task_id, kind, person))
            user_tasks.complete(self.engine, task_id, values, person)
        except (OpsbookError, CannotFill) as error:
            if not self._is_open(task_id):
                return  # somebody was quicker, or the case has moved on
            self.failures.append(f"{task.process_key}.{task.element_id} by {person}: {error}")

    def _is_open(self, task_id: str) -> bool:
        with self.engine.database.session() as session:
            return session.get_one(UserTask, task_id).state == "open"

    def _attach(self, task_id: str, kind: str, person: str) -> str:
        name, content, stored_as = FILES[kind]
        return remarks.attach(self.engine, task_id, name, content, stored_as, person)

    def _filler(self) -> Filler:
        zone = self.engine.settings.time_zone
        env = Environment(now=self._clock.now(), time_zone=zone, calendar=self.engine.calendars.get())
        return Filler(self._chance, self._office.knows, self._clock.now(), env)

    def _form(self, key: str) -> dict[str, Any]:
        newest = select(FormDefinition.form_schema).where(FormDefinition.key == key).order_by(FormDefinition.version.desc()).limit(1)
        with self.engine.database.session() as session:
            return session.scalars(newest).one()


def _throws(element: Any) -> bool:
    is_message = bool(element.message) or (element.event is not None and element.event.kind == "message")
    return is_message and element.type in ("sendTask", "intermediateThrowEvent", "endEvent")


def _refuse_to_attach(kind: str) -> str:
    message = f"a start form has no place for a {kind}"
    raise CannotFill(message)
