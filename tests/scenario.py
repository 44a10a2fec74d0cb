"""Plays a case the way people do: by task names and form values, with a clock that moves only when told.

Every command goes through an engine that was built anew, so everything is saved and read back between any two steps.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from engine.clock import SimulatedClock
from engine.runtime import executor, instances, jobs, messages, timers, user_tasks
from engine.runtime.engine import Engine
from engine.storage.tables import Event, Incident, Message, ProcessInstance, Timer, UserTask


class Scenario:
    """One database, one clock, and the people in front of it."""

    def __init__(self, make_engine: Callable[[], Engine], clock: SimulatedClock) -> None:
        """Args: make_engine: builds an engine with empty caches on the same database."""
        self._make_engine = make_engine
        self.clock = clock

    @property
    def engine(self) -> Engine:
        """An engine that remembers nothing."""
        return self._make_engine()

    # -- acting ------------------------------------------------------------------------------------------------------

    def start(self, key: str, business_key: str | None = None, actor: str | None = "tester", **variables: Any) -> str:
        """Start a process and run what can run; returns the instance's id."""
        instance_id = instances.start(self.engine, key, variables, business_key, actor)
        self.run()
        return instance_id

    def message(self, name: str, business_key: str | None = None, **variables: Any) -> None:
        """Publish a message and run what can run."""
        messages.publish(self.engine, name, business_key, variables)
        self.run()

    def complete(self, element_id: str, actor: str = "tester", instance: str | None = None, **values: Any) -> None:
        """Complete the one open task of an element and run what can run."""
        task = self.task(element_id, instance)
        user_tasks.complete(self.engine, task.id, values, task.assignee or actor)
        self.run()

    def advance(self, **delta: float) -> None:
        """Let time pass, stopping at every timer on the way as a running server would."""
        until = self.clock.now() + timedelta(**delta)
        while (due_at := self._next_due()) is not None and due_at <= until:
            self.clock.set(max(due_at, self.clock.now()))
            self.run()
        self.clock.set(until)
        self.run()

    def run(self) -> None:
        """Deliver messages, do jobs, fire timers until nothing is due."""
        executor.run_until_idle(self.engine)

    # -- looking -----------------------------------------------------------------------------------------------------

    def task(self, element_id: str, instance: str | None = None) -> UserTask:
        """The one open task of an element."""
        found = [task for task in self.tasks(instance) if task.element_id == element_id]
        assert len(found) == 1, (
            f"{len(found)} open tasks of {element_id}; open are {[task.element_id for task in self.tasks()]}; {self.incidents()}"
        )
        return found[0]

    def tasks(self, instance: str | None = None) -> list[UserTask]:
        """All open tasks, or those of one instance."""
        query = select(UserTask).where(UserTask.state == "open").order_by(UserTask.created_at, UserTask.id)
        return self._all(query.where(UserTask.instance_id == instance) if instance else query)

    def open_elements(self, instance: str | None = None) -> list[str]:
        """Element ids of the open tasks, sorted."""
        return sorted(task.element_id for task in self.tasks(instance))

    def instances(self, key: str | None = None) -> list[ProcessInstance]:
        """Instances in the order they started, of one process or of all."""
        query = select(ProcessInstance).order_by(ProcessInstance.started_at, ProcessInstance.id)
        return self._all(query.where(ProcessInstance.process_key == key) if key else query)

    def state(self, instance_id: str) -> tuple[str, str | None]:
        """(state, end event) of an instance."""
        with self.engine.database.session() as session:
            row = session.get_one(ProcessInstance, instance_id)
            return row.state, row.end_element_id

    def variables(self, instance_id: str) -> dict[str, Any]:
        """The process variables of an instance."""
        return instances.variables(self.engine, instance_id)

    def events(self, instance_id: str, *types: str) -> list[Event]:
        """The history of an instance, or its events of some types."""
        query = select(Event).where(Event.instance_id == instance_id).order_by(Event.sequence)
        return self._all(query.where(Event.type.in_(types)) if types else query)

    def path(self, instance_id: str) -> list[str]:
        """Elements in the order they were completed."""
        return [str(event.element_id) for event in self.events(instance_id, "ElementCompleted")]

    def timers(self) -> list[Timer]:
        """Waiting timers, next first."""
        return self._all(select(Timer).where(Timer.state == "waiting").order_by(Timer.due_at))

    def incidents(self) -> list[str]:
        """Texts of the open incidents."""
        return [f"{row.element_id}: {row.message}" for row in self._all(select(Incident).where(Incident.state == "open"))]

    def waiting_messages(self) -> list[str]:
        """Names of messages that nobody has received yet."""
        return [row.name for row in self._all(select(Message).where(Message.state == "waiting").order_by(Message.created_at))]

    def _all(self, query: Any) -> list[Any]:
        with self.engine.database.session() as session:
            return list(session.scalars(query))

    def _next_due(self) -> datetime | None:
        with self.engine.database.session() as session:
            found = [instant for instant in (timers.next_due_at(session), jobs.next_due_at(session)) if instant is not None]
        return min(found, default=None)
