"""Plays the weeks: the clock jumps from one thing that happens to the next; everything goes through the engine."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, event, func, select, text

from engine.clock import SimulatedClock
from engine.errors import Conflict, NotFound, OpsbookError
from engine.ids import seeded
from engine.runtime import assignment, executor, instances, jobs, messages, timers, user_tasks
from engine.runtime.engine import Engine
from engine.storage.database import Database
from engine.storage.tables import Event, ProcessInstance, UserTask, UserTaskCandidate
from handlers.customers.tables import Contact, Customer, Device
from handlers.demo.staff import STAFF
from handlers.demo.tables import DemoFill
from handlers.demo.weeks import (
    afterwards,
    calls,
    counter,
    emergencies,
    grievances,
    improvement,
    posts,
    requests,
    routine,
    store,
    surveys,
    visits,
    workshop,
)
from handlers.demo.weeks.moment import Moment
from handlers.demo.weeks.stories import Story, callers, tell
from handlers.demo.weeks.timing import due_to_act
from handlers.numbers import next_in_series

_WEEKS, _WEEK = 6, timedelta(weeks=1)
#: There is one fill.
_FILL = 1
_ANSWERS = (
    calls.ANSWERS
    | visits.ANSWERS
    | workshop.ANSWERS
    | counter.ANSWERS
    | afterwards.ANSWERS
    | store.ANSWERS
    | emergencies.ANSWERS
    | requests.ANSWERS
    | surveys.ANSWERS
    | grievances.ANSWERS
    | posts.ANSWERS
    | improvement.ANSWERS
)
#: Work of the office itself, about which nobody called.
_OWN_WORK = ("satisfaction_survey", *routine.PROCESSES)
_CALLS_A_DAY = (2, 3, 3, 4)
#: So much working time into a week sales pass a complaint on.
_SALES_TELL = timedelta(hours=3)
_RUSH, _RUSH_DAYS = 3, timedelta(days=4)
#: After this task the customer brings the device, so much working time later.
_WILL_BRING, _NEXT_DAY = "send_in_farewell", timedelta(hours=8)
#: Per cent of the tasks of those last days that nobody has got round to.
_FORGOTTEN = 10


def play(engine: Engine, say: Callable[[str], None], weeks: int = _WEEKS, calls_a_day: tuple[int, ...] = _CALLS_A_DAY) -> list[str]:
    """Play the weeks up to the engine's present, once; a play that was interrupted goes on where it stopped.

    Returns:
        What people could not do because a form or the engine refused it; such tasks stay open. Empty when diagrams and demo agree.
    """
    with engine.database.session() as turn:
        if engine.database.is_postgres:
            turn.execute(text("SET LOCAL lock_timeout = 0"))  # of several servers that start together, the others wait for the whole play
        engine.database.one_at_a_time(turn, "demo")
        end = engine.clock.now()
        begins = _begin(engine.database, end - timedelta(weeks=weeks))
        if begins is None:
            return []
        database = _hasty(engine.database)
        try:
            clock = SimulatedClock(_reached(database) or begins)
            settings = replace(engine.settings, smtp_url="")  # nobody gets mail about invented visits
            played = replace(engine, database=database, clock=clock, settings=settings)
            failures = Weeks(played, clock, begins, end, calls_a_day).run(say)
        finally:
            database.dispose()
        with engine.database.transaction() as session:
            session.get_one(DemoFill, _FILL).finished_at = engine.clock.now()
    return failures


def _begin(database: Database, begins: datetime) -> datetime | None:
    """Where the play begins or began; None when there is nothing to play, because it was played or the database is in use."""
    with database.transaction() as session:
        fill = session.get(DemoFill, _FILL)
        if fill is None:
            if session.scalars(select(ProcessInstance.id).limit(1)).first() is not None:
                return None
            fill = DemoFill(id=_FILL, begins_at=begins, finished_at=None)
            session.add(fill)
        return None if fill.finished_at else fill.begins_at


def _reached(database: Database) -> datetime | None:
    """How far an interrupted play came."""
    with database.session() as session:
        return session.scalar(select(func.max(Event.happened_at)))


def _hasty(database: Database) -> Database:
    """The same database without waiting for the disk at every commit: a demo that is cut short by a power failure is simply made again."""
    hasty = Database(database.url)
    pragma = "SET synchronous_commit TO off" if database.is_postgres else "PRAGMA synchronous = OFF"

    def relax(connection: Any, _record: object) -> None:
        connection.cursor().execute(pragma)
        connection.commit()  # PostgreSQL would take the setting back at the first rollback

    event.listen(hasty.engine, "connect", relax)
    return hasty


def _still_to_come() -> Select[str | None, datetime | None]:
    """Cases in which the hotline told the customer to bring a device that has not come yet, and when it was told."""
    here = select(ProcessInstance.business_key).where(ProcessInstance.process_key == "walkin_service")
    return (
        select(ProcessInstance.business_key, ProcessInstance.ended_at)
        .where(ProcessInstance.end_element_id == "send_in_expected", ProcessInstance.business_key.not_in(here))
        .order_by(ProcessInstance.ended_at)
    )


@dataclass
class Weeks:
    """The office during these weeks."""

    engine: Engine
    clock: SimulatedClock
    begins: datetime
    end: datetime
    calls_a_day: tuple[int, ...]
    stories: dict[str, Story] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    _agenda: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    _numbers: int = 0
    _seen: set[str] = field(default_factory=set)
    _callers: list[tuple[Customer, Contact, Device]] = field(default_factory=list)
    _own_work: dict[str, Story] = field(default_factory=dict)

    def run(self, say: Callable[[str], None]) -> list[str]:
        """Play to the end; what is open then stays open."""
        weeks = round((self.end - self.begins) / _WEEK)
        if self.clock.now() > self.begins:
            say(f"演示：上次没有完成，从第 {self._week() + 1} 周接着 / demo: was interrupted, goes on in week {self._week() + 1}")
            self._recall()
        for called_at in self._phone_calls():
            self._plan(called_at, lambda at=called_at: self._ring(at))  # type: ignore[misc]
        halfway = self.begins + (self.end - self.begins) / 2  # the clock of the quarter does not strike within these weeks
        if halfway > self.clock.now():
            self._plan(self.engine.calendars.get().add_time(halfway, timedelta()).due_at, self._ask_customers)
        for week in range(1, weeks):
            if (told_at := self._sales_tell_at(week)) > self.clock.now():
                self._plan(told_at, lambda at=told_at: self._pass_on(at))  # type: ignore[misc]
        for begins_at, due in routine.occasions(self.clock.now(), self.end, ZoneInfo(self.engine.settings.time_zone)):
            self._plan(begins_at, lambda due=due: self._begin_routine(due))  # type: ignore[misc]
        week = self._week()
        while (instant := self._next()) is not None and instant <= self.end:
            self.clock.set(max(instant, self.clock.now()))
            if self._agenda and self._agenda[0][0] <= self.clock.now():
                heapq.heappop(self._agenda)[2]()
            executor.run_until_idle(self.engine)
            self._look_round()
            if self._week() > week:
                week = self._week()
                say(f"演示：第 {week} 周已完成，共 {weeks} 周 / demo: week {week} of {weeks} is played")
        say(f"演示：{len(self.stories)} 个来电已办到今天 / demo: {len(self.stories)} calls played up to today")
        return self.failures

    def _week(self) -> int:
        """How many weeks are behind us."""
        return (self.clock.now() - self.begins) // _WEEK

    def _recall(self) -> None:
        """Take up what an interrupted play left behind: who called, and what waits for people."""
        with self.engine.database.session() as session:
            calls = select(ProcessInstance.business_key, ProcessInstance.started_at).where(
                ProcessInstance.parent_id.is_(None), ProcessInstance.process_key == "hotline_service"
            )
            for key, called_at in session.execute(calls.order_by(ProcessInstance.started_at)):
                self._hear(str(key), called_at)
            for key, told_at in session.execute(_still_to_come()):
                self._plan(self._brought_at(told_at or self.begins), lambda key=key: self._bring(str(key)))  # type: ignore[misc]
        self._look_round(since=self.begins)

    def _next(self) -> datetime | None:
        with self.engine.database.session() as session:
            waiting = [timers.next_due_at(session), jobs.next_due_at(session), self._agenda[0][0] if self._agenda else None]
        return min((instant for instant in waiting if instant is not None), default=None)

    def _plan(self, instant: datetime, action: Callable[[], None]) -> None:
        self._numbers += 1
        heapq.heappush(self._agenda, (instant, self._numbers, action))

    # -- the telephone -----------------------------------------------------------------------------------------------

    def _phone_calls(self) -> Iterator[datetime]:
        zone = ZoneInfo(self.engine.settings.time_zone)
        calendar = self.engine.calendars.get()
        chance = seeded("opsbook demo telephone")
        day: date = self.begins.astimezone(zone).date()
        last = self.end.astimezone(zone).date()
        while day <= last:
            midnight = datetime.combine(day, time.min, zone)
            busy = _RUSH if last - day < _RUSH_DAYS else 1  # so that there is something to do for whoever opens the demo
            for _ in range(busy * chance.choice(self.calls_a_day)):
                called_at = midnight + timedelta(minutes=chance.randint(9 * 60, 17 * 60 + 20))
                if calendar.is_working(called_at) and called_at > self.clock.now():
                    yield called_at
            day += timedelta(days=1)

    def _ring(self, called_at: datetime) -> None:
        local = called_at.astimezone(ZoneInfo(self.engine.settings.time_zone))
        key = self._next_number("FW")
        story = self._hear(key, called_at)
        ringing = {"number": story.phone, "call_id": key, "rings": 2, "at": local.isoformat(timespec="minutes")}
        messages.publish(self.engine, "call.incoming", key, ringing)

    def _next_number(self, prefix: str) -> str:
        series = f"{prefix}{self.clock.now().astimezone(ZoneInfo(self.engine.settings.time_zone)):%Y%m%d}"
        with self.engine.database.transaction() as session:
            return f"{series}-{next_in_series(session, series):04d}"

    def _hear(self, key: str, called_at: datetime) -> Story:
        """Who calls, and why: the same for the same key."""
        self.stories[key] = self._tell(key, called_at)
        return self.stories[key]

    def _tell(self, key: str, called_at: datetime) -> Story:
        if not self._callers:
            with self.engine.database.session() as session:
                self._callers = callers(session)
        chance = seeded(f"opsbook demo {key}")
        return tell(key, called_at, chance.choice(self._callers), chance)

    # -- the office's own work ---------------------------------------------------------------------------------------

    def _ask_customers(self) -> None:
        instances.start(self.engine, "satisfaction_survey", {}, self._next_number("DC"), "callback1")

    def _begin_routine(self, due: routine.Routine) -> None:
        if self.engine.calendars.get().is_working(self.clock.now()):
            instances.start(self.engine, due.process, {} if self._has_begun(due) else dict(due.at_first), actor=due.starter)

    def _has_begun(self, due: routine.Routine) -> bool:
        """Whether there is a case of it that is nobody's call."""
        with self.engine.database.session() as session:
            keys = session.scalars(select(ProcessInstance.business_key).where(ProcessInstance.process_key == due.process)).all()
        return any(key not in self.stories for key in keys)

    def _story(self, task: UserTask) -> Story | None:
        """Who called about this; of the office's own work, somebody who might have."""
        key = task.business_key or task.process_key
        if task.process_key in _OWN_WORK and key not in self.stories and key not in self._own_work:
            self._own_work[key] = self._tell(key, self.clock.now())
        return self.stories.get(key) or self._own_work.get(key)

    # -- sales -------------------------------------------------------------------------------------------------------

    def _sales_tell_at(self, week: int) -> datetime:
        """Once a week, in working time, sales pass on what a customer complains of."""
        return self.engine.calendars.get().add_time(self.begins + week * _WEEK, _SALES_TELL).due_at

    def _pass_on(self, told_at: datetime) -> None:
        with self.engine.database.session() as session:
            told = grievances.passed_on(session, self.stories.keys(), seeded(f"opsbook demo sales {told_at:%Y%m%d}"))
        if told is not None:
            messages.publish(self.engine, "complaint.received", told["order_id"], told | {"received_at": told_at.isoformat()})

    # -- the counter -------------------------------------------------------------------------------------------------

    def _brought_at(self, told_at: datetime) -> datetime:
        """Who was told to bring a device comes the next working day, at the same time of day."""
        return self.engine.calendars.get().add_time(told_at, _NEXT_DAY).due_at

    def _bring(self, key: str) -> None:
        messages.publish(self.engine, "device.brought", key, {"order_id": key})

    # -- the people --------------------------------------------------------------------------------------------------

    def _look_round(self, since: datetime | None = None) -> None:
        """Everybody sees the new tasks, or those since an instant, and decides when to do them."""
        with self.engine.database.session() as session:
            found = session.scalars(
                select(UserTask).where(UserTask.state == "open", UserTask.created_at >= (since or self.clock.now())).order_by(UserTask.id)
            ).all()
        for task in found:
            story = self._story(task)
            if task.id in self._seen or story is None or task.element_id not in _ANSWERS:
                continue
            self._seen.add(task.id)
            moment = Moment(self.engine, task, story, self._who(task, story))
            if self.end - self.clock.now() < _RUSH_DAYS and moment.happens(_FORGOTTEN):
                continue
            self._plan(due_to_act(moment), lambda moment=moment: self._act(moment))  # type: ignore[misc]

    def _who(self, task: UserTask, story: Story) -> str:
        """The assignee, else somebody of a candidate group."""
        if task.assignee:
            return task.assignee
        with self.engine.database.session() as session:
            groups = set(
                session.scalars(
                    select(UserTaskCandidate.name).where(UserTaskCandidate.task_id == task.id, UserTaskCandidate.kind == "group")
                )
            )
        able = [person.user_id for person in STAFF if groups & set(person.groups)]
        return story.chance.choice(able) if able else "head1"

    def _act(self, planned: Moment) -> None:
        """Do a task as it is now; somebody may have ended it in the meantime."""
        with self.engine.database.session() as session:
            task = session.get_one(UserTask, planned.task.id)
        if task.state != "open":
            return
        moment = Moment(self.engine, task, planned.story, task.assignee or planned.actor)
        try:
            if task.assignee is None and moment.happens(50):
                assignment.claim(self.engine, task.id, moment.actor)
            values = moment.routine() | _ANSWERS[task.element_id](moment)
            user_tasks.complete(self.engine, task.id, values, moment.actor)
            if task.element_id == _WILL_BRING:
                self._plan(self._brought_at(self.clock.now()), lambda: self._bring(str(task.business_key)))
        except (Conflict, NotFound):
            return  # a timer was faster
        except OpsbookError as error:
            self.failures.append(f"{task.process_key}.{task.element_id} {task.business_key}: {error.en} {error.details}")
