"""Does the steps of a scenario in an office: people act, messages arrive, handlers are answered for, the clock moves."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from engine.clock import SimulatedClock
from engine.errors import Conflict, FormRejected, InvalidInput
from engine.feel.durations import DaysTime, parse_duration
from engine.runtime import executor, instances, messages, timers
from engine.runtime.engine import Engine
from engine.runtime.task_context import task_context
from engine.scenarios import answering, history, people
from engine.scenarios.model import Answer, Complete, Given, Publish, Start, Step, Until, Wait
from engine.scenarios.preparing import prepare_by
from engine.scenarios.values import Values
from engine.scenarios.world import World
from engine.storage.tables import Job, ProcessDefinition, ProcessInstance, UserTask


class Acting:
    """The doers of an office, with what was named so far."""

    def __init__(self, engine: Engine, world: World) -> None:
        """Args: engine: of the office; its clock moves only when told."""
        clock = engine.clock
        assert isinstance(clock, SimulatedClock)
        self.engine, self.world, self._clock = engine, world, clock
        #: Elements whose handlers wait for an answer; None: all of them.
        self.answered: Collection[str] | None = ()
        self.results: dict[str, Any] = {}  #: what handlers gave, by the name that it was given
        self.cases: dict[str, str] = {}  #: instances by the name that they were given
        with engine.database.session() as session:
            self._processes = list(session.scalars(select(ProcessDefinition.key).distinct()))

    @property
    def values(self) -> Values:
        """Resolves what a step writes."""
        names: dict[str, Callable[[], Any]] = {key: partial(self._variables_of, key) for key in self._processes}
        names["case"] = self._variables_of
        names |= {name: partial(_same, result) for name, result in self.results.items()}
        names |= {name: partial(instances.variables, self.engine, instance_id) for name, instance_id in self.cases.items()}
        return Values(self.engine, names)

    def prepare(self, given: Given) -> None:
        """What is there before the first step, or happens elsewhere."""
        result = prepare_by(self.engine, self.world, given.do, self.values.resolve(given.values), given.by)
        if given.name is not None:
            self.results[given.name] = result

    def act(self, step: Step) -> None:
        """Do a step, and whatever follows from it by itself.

        Raises:
            OpsbookError: it cannot be done.
        """
        if isinstance(step, Start):
            self._start(step)
        elif isinstance(step, Publish):
            key = self.values.resolve(step.key)
            messages.publish(self.engine, step.message, None if key is None else str(key), self.values.resolve(step.values))
        elif isinstance(step, Complete):
            self._complete(step)
        elif isinstance(step, Given):
            self.prepare(step)
        elif isinstance(step, Answer):
            answering.answer(self.engine, self._job(step), step, self.values.resolve(step.values))
        elif isinstance(step, Wait):
            self._pass_time(self._clock.now() + _duration(step.wait))
        elif isinstance(step, Until):
            self._pass_time(datetime.fromisoformat(self.values.resolve(step.until)))
        self._settle()

    def next_due(self) -> datetime | None:
        """When something happens by itself, if time passes."""
        waits: ColumnElement[bool] = Job.topic.in_(self.engine.embedded_topics)
        if self.answered is not None:
            waits = or_(waits, Job.element_id.not_in(self.answered))
        due = select(Job.available_at).where(Job.state == "ready", Job.suspended.is_(False), or_(Job.kind != "handler", waits))
        with self.engine.database.session() as session:
            found = [timers.next_due_at(session), session.scalars(due.order_by(Job.available_at).limit(1)).one_or_none()]
        return min((instant for instant in found if instant is not None), default=None)

    def _start(self, step: Start) -> None:
        key = self.values.resolve(step.key)
        values = self.values.resolve(step.values)
        instance_id = people.start(self.engine, step.start, values, None if key is None else str(key), step.by)
        if step.name is not None:
            self.cases[step.name] = instance_id

    def _complete(self, step: Complete) -> None:
        task = self._task(step)
        context = {"task": lambda: task_context(self.engine, task.id)}
        values, person = self.values.resolve(step.enter, **context), str(self.values.resolve(step.by, **context))
        if step.refused is None:
            people.complete(self.engine, task, values, person)
            return
        try:
            people.complete(self.engine, task, values, person)
        except FormRejected as error:
            if sorted(error.fields) != sorted(step.refused):
                raise
        else:
            raise Conflict("表单应被退回，却被接受了。", "The form should have been refused, but it was taken.")

    def _task(self, step: Complete) -> UserTask:
        """The one open task that is meant.

        Raises:
            Conflict: there is none, or there are several.
        """
        open_now = people.open_tasks(self.engine)
        found = [task for task in open_now if task.element_id == step.complete and step.process in (None, task.process_key)]
        if len(found) == 1 or (step.nth is not None and step.nth <= len(found)):
            return found[(step.nth or 1) - 1]
        listed = "、".join(task.element_id for task in open_now)
        if not found:
            raise Conflict(
                f"“{step.complete}”没有待办，待办有：{listed or '（无）'}。",
                f"No task of “{step.complete}” is open; open are: {listed or 'none'}.",
            )
        raise Conflict(
            f"“{step.complete}”有 {len(found)} 个待办，用 nth 或 process 说明是哪一个。",
            f"{len(found)} tasks of “{step.complete}” are open; say which one with `nth` or `process`.",
        )

    def _job(self, step: Answer) -> Job:
        """The one job that waits for the answer.

        Raises:
            Conflict: there is none, or there are several.
        """
        waiting = answering.waiting_jobs(self.engine)
        found = [job for job in waiting if job.element_id == step.answer]
        if step.process is not None:
            of_process = select(ProcessInstance.id).where(ProcessInstance.process_key == step.process)
            with self.engine.database.session() as session:
                members = set(session.scalars(of_process))
            found = [job for job in found if job.instance_id in members]
        if len(found) == 1 or (step.nth is not None and step.nth <= len(found)):
            return found[(step.nth or 1) - 1]
        listed = "、".join(str(job.element_id) for job in waiting)
        raise Conflict(
            f"“{step.answer}”有 {len(found)} 件等着回答；等着的有：{listed or '（无）'}。",
            f"{len(found)} jobs of “{step.answer}” wait for an answer; waiting are: {listed or 'none'}.",
        )

    def _pass_time(self, until: datetime) -> None:
        """Stop at everything that falls due on the way, as a running server would."""
        if until < self._clock.now():
            raise InvalidInput("时间不能倒退。", "Time does not run backwards.")
        while (due_at := self.next_due()) is not None and due_at <= until:
            self._clock.set(max(due_at, self._clock.now()))
            self._settle()
        self._clock.set(until)

    def _settle(self) -> None:
        """Let everything happen that waits for nobody."""
        executor.run_until_idle(self.engine)
        while (job := self._unanswered_job()) is not None:
            answering.answer(self.engine, job, Answer(answer=str(job.element_id)), None)
            executor.run_until_idle(self.engine)

    def _unanswered_job(self) -> Job | None:
        """A job that is due, whose handler is left to answers, and for which no answer will come."""
        if self.answered is None:
            return None
        left = self.engine.external_topics
        now = self._clock.now()
        return next(
            (
                job
                for job in (answering.waiting_jobs(self.engine) if left else ())
                if job.topic in left and job.state == "ready" and job.available_at <= now and job.element_id not in self.answered
            ),
            None,
        )

    def _variables_of(self, process: str | None = None) -> dict[str, Any]:
        """The variables of the newest instance of a process, or of the very first instance; empty when there is none."""
        with self.engine.database.session() as session:
            found = history.instances_of(session, process)
        return instances.variables(self.engine, found[-1 if process else 0].id) if found else {}


def _same(result: Any) -> Any:
    return result


def _duration(text: str) -> timedelta:
    """Raises: InvalidInput: no duration of days, hours and minutes."""
    found = parse_duration(text)
    if not isinstance(found, DaysTime):
        raise InvalidInput(f"“{text}”不是时长，如 P1D、PT2H。", f"“{text}” is no duration such as P1D or PT2H.")
    return timedelta(microseconds=found.nanos / 1000)
