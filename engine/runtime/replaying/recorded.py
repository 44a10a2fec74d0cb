"""The history of one instance, read once from its first event to its last."""

from collections.abc import Callable, Iterator
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.storage.tables import Event


class Recorded:
    """Events in order, and how far they are reproduced."""

    def __init__(self, events: list[Event]) -> None:
        """Args: events: all of an instance, from the first."""
        self.events = events
        self.position = 0
        self._runs = {event.data["job_id"]: event.element_instance_id for event in events if event.type == "JobCreated"}

    def head(self) -> Event | None:
        """The first event that is not reproduced yet."""
        return self.events[self.position] if self.position < len(self.events) else None

    def take(self) -> Event:
        """The head is reproduced."""
        self.position += 1
        return self.events[self.position - 1]

    def next_of(self, kind: str) -> Event | None:
        """The next event of a type."""
        return next((event for event in self.events[self.position :] if event.type == kind), None)

    def peek_while(self, fits: Callable[[Event], bool]) -> Iterator[Event]:
        """The events from the head on, as long as they fit."""
        for event in self.events[self.position :]:
            if not fits(event):
                return
            yield event

    def bring_forward(self, fits: Callable[[Event], bool]) -> bool:
        """Of variables that were written together take this one next: PostgreSQL keeps the values of a form in an order of its own.

        Returns:
            whether there is one.
        """
        for number, event in enumerate(self.events[self.position :], start=self.position):
            if event.type != "VariableChanged":
                break
            if fits(event):
                self.events.insert(self.position, self.events.pop(number))
                return True
        return False

    def run_of_job(self, job_id: str) -> str | None:
        """The element run that a job worked for."""
        return self._runs.get(job_id)


def histories_of(session: Session, root_id: str) -> dict[str, Recorded]:
    """The histories of a case and of everything it called, by instance id."""
    events = session.scalars(select(Event).where(Event.root_id == root_id).order_by(Event.instance_id, Event.sequence))
    return {instance_id: Recorded(list(recorded)) for instance_id, recorded in groupby(events, lambda event: event.instance_id)}


def restart_of(session: Session, recorded: Recorded) -> Event | None:
    """What the finished case tells from which this one goes on."""
    first = recorded.events[0]
    told = select(Event).where(Event.root_id == first.data.get("restarted_from"), Event.type == "CaseRestarted")
    return next((event for event in session.scalars(told) if event.data["instance_id"] == first.instance_id), None)
