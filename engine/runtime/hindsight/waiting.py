"""What a case waits for while its past is done again on tried files, and when the past answers."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from SpiffWorkflow.task import Task

from engine.diagrams.model import Element
from engine.runtime import cycles, due
from engine.runtime.execution.execution import is_token
from engine.runtime.hindsight.past import PastRun
from engine.runtime.step import OpenInstance
from engine.runtime.surroundings import Surroundings
from engine.runtime.timers import missed_of
from engine.storage.tables import Event

#: Of two things at one instant: what was recorded comes first, in its order; then what the case does by itself.
RECORDED, _BY_ITSELF = 0, 1


@dataclass(frozen=True)
class Turn:
    """The next thing that happens to a run."""

    at: datetime
    order: tuple[int, int]
    event: Event
    goes_on: bool = False  #: of a timer: it waits for another repetition


@dataclass
class Wait:
    """A run that waits. `kind`: task, handler, continue, timer, message or signal."""

    instance: OpenInstance
    run: str
    element: Element
    kind: str
    since: datetime
    past: PastRun | None  #: the run that waited there then
    row: dict[str, Any]  #: as it would be written
    is_new: bool  #: whether the past knows no such element
    given: dict[str, Any] | None = None  #: what completes a new user task whose form asks for nothing
    refused: dict[str, dict[str, str]] | None = None  #: fields of its form that do not take what was entered
    refused_at: datetime | None = None
    fired: int = 0

    @property
    def token(self) -> Task | None:
        """Where it waits, as long as it does."""
        token = self.instance.execution.tasks.get(self.run)
        if token is None or self.instance.row["state"] != "active":
            return None
        if self.kind in ("handler", "continue"):
            return token if token.internal_data.get("job") == self.row["id"] else None
        if self.kind in ("timer", "message", "signal"):
            return token if token.internal_data.get("armed") else None
        return token

    @property
    def watches(self) -> bool:
        """Whether it only watches something else that goes on without it."""
        token = self.token
        return token is not None and not is_token(token)

    def turn(self, surroundings: Surroundings, past_ended_at: datetime) -> Turn | None:
        """What happens next by the past or by itself; None when nothing ever does."""
        if self.refused is not None:
            return None
        if self.kind == "timer":
            return self._ring(surroundings, past_ended_at)
        if self.past is not None and self.past.answers:
            place, event = self.past.answers[0]
            late = max(self.since - self.past.since, timedelta())
            waits_for_people = self.kind in ("task", "handler", "continue")  # they need as long as they needed, and begin later
            return Turn(event.happened_at + late if waits_for_people else event.happened_at, (RECORDED, place), event)
        if self.given is not None:
            return Turn(self.since, (_BY_ITSELF, 0), self._made("UserTaskCompleted", values=self.given))
        if self.kind == "continue" and self.row["state"] == "ready":
            return Turn(self.since, (_BY_ITSELF, 0), self._made("JobContinued"))
        return None

    def happened(self, turn: Turn, surroundings: Surroundings) -> None:
        """The turn was taken; a timer may be set for another."""
        if self.past is not None and self.past.answers and self.past.answers[0][1] is turn.event:
            self.past.answers.popleft()
        if self.kind == "timer":
            self.fired += 1
            if turn.goes_on:
                self._set_again(turn, surroundings)

    # -- timers ------------------------------------------------------------------------------------------------------

    @property
    def _as_then(self) -> dict[str, Any] | None:
        """How the timer was set then, if it is set the same now."""
        if self.past is None or self.fired >= len(self.past.due):
            return None
        told = self.past.due[self.fired]
        same = told["due_at"] == self.row["due_at"].isoformat() and told.get("cycle") == self.row["cycle"]
        return told if same else None

    def _ring(self, surroundings: Surroundings, past_ended_at: datetime) -> Turn | None:
        due_at: datetime = self.row["due_at"]
        if self._as_then is not None and self.past is not None:
            if self.past.answers:
                place, event = self.past.answers[0]
                return Turn(event.happened_at, (RECORDED, place), event, self.fired + 1 < len(self.past.due))
            due_at = max(due_at, self.past.over_at or due_at)  # it was due, and something else came first
        if self.row["cycle"] is None:
            return Turn(due_at, (_BY_ITSELF, 1), self._made("TimerFired"))
        if due_at > past_ended_at:
            return None  # it would remind for ever
        goes_on = self._repetition(surroundings).following is not None and not self.element.interrupting
        return Turn(due_at, (_BY_ITSELF, 1), self._made("TimerFired"), goes_on)

    def _set_again(self, turn: Turn, surroundings: Surroundings) -> None:
        following = self._repetition(surroundings)
        if turn.order[0] == RECORDED and self.past is not None and following.following is not None:
            due_at = datetime.fromisoformat(self.past.due[self.fired]["due_at"])  # after an outage it was not the next one
            self.row = self.row | {"due_at": due_at, "remaining": following.remaining}
        elif following.following is not None:
            self.row = self.row | {"due_at": following.following.due_at, "remaining": following.remaining}

    def _repetition(self, surroundings: Surroundings) -> cycles.Turn:
        """What becomes of a cycle at the instant at which it is due."""
        due_at: datetime = self.row["due_at"]
        rhythm = due.rhythm(surroundings, self.element, self.row["cycle"])
        return rhythm.turn(due_at, self.row["remaining"], due_at, missed_of(self.element))

    def _made(self, kind: str, **data: Any) -> Event:
        return Event(
            instance_id=self.instance.row["id"], type=kind, element_id=self.element.id, element_instance_id=self.run, actor=None, data=data
        )


def at_least(turn: Turn, now: datetime) -> Turn:
    """A turn that does not lie behind us."""
    return turn if turn.at >= now else replace(turn, at=now)
