"""Everything a case waits for at a time, and what of it happens next."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from engine.runtime.execution.effects import Effects
from engine.runtime.hindsight.entering import Entries
from engine.runtime.hindsight.outcome import Place, Stop
from engine.runtime.hindsight.past import Past
from engine.runtime.hindsight.waiting import Turn, Wait, at_least
from engine.runtime.step import OpenInstance
from engine.runtime.surroundings import Surroundings


class Waits:
    """The runs that wait, by the order in which they began to."""

    def __init__(self, past: Past, entries: Entries, surroundings: Surroundings, instances: dict[str, OpenInstance]) -> None:
        """Args: instances: all of the case."""
        self._past = past
        self._entries = entries
        self._surroundings = surroundings
        self._instances = instances
        self._waits: list[Wait] = []
        self._numbers: Counter[tuple[str, str, str]] = Counter()
        self._errors: dict[str, tuple[str, str]] = {}  #: what an incident says, by its job
        self._blocked: Stop | None = None

    def look(self, instance: OpenInstance, effects: Effects) -> None:
        """Note what an instance waits for since its last turn."""
        for incident in effects.incidents:
            said = (incident["message"], incident["message_en"])
            if incident["kind"] == "join":
                place, at = place_of(instance, incident["element_id"]), self._surroundings.now.isoformat()
                self._blocked = self._blocked or Stop("incident", place, at, zh=said[0], en=said[1])
            elif incident["job_id"] is not None:
                self._errors[incident["job_id"]] = said
        for row in effects.user_tasks.values():
            self._add(instance, "task", row["id"], row)
        for row in effects.jobs.values():
            self._add(instance, row["kind"], row["element_instance_id"], row)
        for row in effects.timers.values():
            self._add(instance, "timer", row["id"], row)
        for row in effects.subscriptions.values():
            self._add(instance, row["kind"], row["id"], row)
        self._waits = [wait for wait in self._waits if wait.token is not None]

    def next(self) -> tuple[Turn, Wait] | None:
        """What happens next to which of them."""
        turns = ((wait.turn(self._surroundings, self._past.ended_at), wait) for wait in self._waits if not self._is_held(wait))
        coming = ((at_least(turn, self._surroundings.now), wait) for turn, wait in turns if turn is not None)
        return min(coming, key=lambda item: (item[0].at, item[0].order), default=None)

    def stop(self) -> Stop | None:
        """Why the case stands: what has waited longest without an answer, before what only watches."""
        waiting = (wait for wait in self._waits if wait.kind != "timer")
        standing = [wait for wait in waiting if wait.turn(self._surroundings, self._past.ended_at) is None]
        wait = min(standing, key=lambda item: (item.watches, item.since), default=None)
        return self._blocked if wait is None or (self._blocked and wait.watches) else self._stop_at(wait)

    def unasked(self) -> Stop | None:
        """What the case waits for that nobody was ever asked for, if it does."""
        return next((self._stop_at(wait) for wait in self._waits if _never_asked(wait)), None)

    def _stop_at(self, wait: Wait) -> Stop:
        place, at = place_of(wait.instance, wait.element.id), wait.since.isoformat()
        if wait.refused is not None:
            return Stop("refused", place, (wait.refused_at or wait.since).isoformat(), fields=wait.refused)
        if wait.kind == "continue":
            zh, en = self._errors.get(wait.row["id"], ("", wait.row["error"] or ""))
            return Stop("incident", place, at, zh=zh, en=en)
        return Stop(wait.kind, place, at, is_new=wait.is_new)  # type: ignore[arg-type]  # a timer rings

    def _add(self, instance: OpenInstance, kind: str, run: str, row: dict[str, Any]) -> None:
        instance_id, element_id = instance.row["id"], row["element_id"]
        number = self._numbers[instance_id, element_id, kind]
        self._numbers[instance_id, element_id, kind] += 1
        wait = Wait(
            instance=instance,
            run=run,
            element=instance.execution.spec.process.elements[element_id],
            kind=kind,
            since=self._surroundings.now,
            past=self._past.nth(instance_id, element_id, kind, number),
            row=row,
            is_new=self._is_new(instance, element_id),
        )
        if wait.token is None:
            return
        if kind == "task" and wait.is_new:
            wait.given = self._entries.without_input(wait, self._surroundings)
        self._waits.append(wait)

    def _is_new(self, instance: OpenInstance, element_id: str) -> bool:
        """Whether an element was not there then; in a procedure that was not called then, whether the call was not there."""
        known = self._past.processes.get(instance.row["id"])
        if known is not None:
            return element_id in known.added
        caller = self._instances[instance.row["parent_id"]]
        call = caller.execution.tasks.get(instance.row["parent_element_instance_id"])
        return call is not None and self._is_new(caller, call.task_spec.element.id)

    # -- timers that say nothing -------------------------------------------------------------------------------------

    def _is_held(self, wait: Wait) -> bool:
        """Whether a timer only watches something that waits for what the past cannot give: that its time runs out says nothing."""
        if wait.kind != "timer" or not wait.watches or wait.token is None:
            return False
        host = wait.token.parent
        return any(
            host is around for other in self._waits if other.refused is not None or _never_asked(other) for around in self._around(other)
        )

    def _around(self, wait: Wait) -> Iterator[Any]:
        """The token of a wait and every scope around it, also in the instances that called it."""
        instance, token = wait.instance, wait.token
        while token is not None:
            yield token
            token = token.parent
            if token is None and instance.row["parent_id"] is not None:
                call = instance.row["parent_element_instance_id"]
                instance = self._instances[instance.row["parent_id"]]
                token = instance.execution.tasks.get(call)


def _never_asked(wait: Wait) -> bool:
    return wait.past is None and wait.given is None and wait.kind != "timer" and not wait.watches


def place_of(instance: OpenInstance, element_id: str) -> Place:
    """An element of an instance's process."""
    process = instance.execution.spec.process
    element = process.elements.get(element_id)
    return Place(process.id, element_id, element.label if element is not None else process.name)
