"""What goes between processes: messages, signals, calls, and the errors and escalations that nobody inside catches."""

from collections.abc import Collection, Iterable, Mapping

from engine.diagrams.model import Element, EventKind, Process

_CATCHES = ("startEvent", "intermediateCatchEvent", "boundaryEvent")
_THROWS = ("intermediateThrowEvent", "endEvent")


class Traffic:
    """Of all processes that run together."""

    def __init__(self, processes: Iterable[Process] = (), errors: Mapping[str, Collection[str]] | None = None) -> None:
        """Args: processes: all of them. errors: topic of each handler to the codes of the errors it may report."""
        self.processes = {process.id: process for process in processes}
        self._errors = errors or {}
        elements = [element for process in self.processes.values() for element in process.elements.values()]
        self.sent = {(kind, name) for element in elements for kind, name in sent_by(element)}
        self.awaited = {(kind, name) for element in elements for kind, name in awaited_by(element)}

    def callers(self, key: str) -> list[tuple[Process, Element]]:
        """The call activities that call a process."""
        return [
            (process, element)
            for process in self.processes.values()
            for element in process.elements.values()
            if element.type == "callActivity" and element.called_element == key
        ]

    def thrown_in(self, process: Process, scope: str, kind: EventKind, *, seen: frozenset[str] = frozenset()) -> frozenset[str] | None:
        """The codes of errors or escalations that can leave a level; None when that cannot be told."""
        found = set[str]()
        for element in process.members.get(scope, []):
            thrown = self.thrown_by(process, element, kind, seen=seen)
            if thrown is None:
                return None
            caught = {
                item.event.name for item in process.boundaries.get(element.id, []) if item.event is not None and item.event.kind == kind
            }
            found |= set() if "" in caught else thrown - caught
        caught_here = {
            start.event.name
            for item in process.event_sub_processes(scope)
            for start in process.start_events(item.id)
            if start.event is not None and start.event.kind == kind
        }
        return frozenset() if "" in caught_here else frozenset(found - caught_here)

    def thrown_by(
        self, process: Process, element: Element, kind: EventKind, *, seen: frozenset[str] = frozenset()
    ) -> frozenset[str] | None:
        """The codes that an element itself throws: an event, a handler, a sub-process or a called process."""
        if element.type in _THROWS and element.event is not None and element.event.kind == kind:
            return frozenset((element.event.name,))
        topic = element.camunda.get("topic", "")
        if topic and kind == "error":
            return frozenset(self._errors[topic]) if topic in self._errors else None
        if element.type == "callActivity":
            called = self.processes.get(element.called_element)
            if called is None:
                return None
            return frozenset() if called.id in seen else self.thrown_in(called, called.id, kind, seen=seen | {called.id})
        return self.thrown_in(process, element.id, kind, seen=seen) if process.members.get(element.id) else frozenset()

    def catches(self, process: Process, scope: str, kind: EventKind, code: str, *, seen: frozenset[str] = frozenset()) -> bool:
        """Whether an error or escalation that leaves a step of a level is caught there, further out, or by a process that calls."""
        current: str | None = scope
        while current is not None:
            starts = [start for item in process.event_sub_processes(current) for start in process.start_events(item.id)]
            if _matches((*starts, *process.boundaries.get(current, [])), kind, code):
                return True
            owner = process.elements.get(current)
            current = owner.scope if owner is not None else None
        calls = [] if process.id in seen else self.callers(process.id)
        return any(
            _matches(caller.boundaries.get(element.id, []), kind, code)
            or self.catches(caller, element.scope, kind, code, seen=seen | {process.id})
            for caller, element in calls
        )


def sent_by(element: Element) -> list[tuple[str, str]]:
    """The message or signal that an element sends, with its kind."""
    if element.type == "sendTask" and element.message:
        return [("message", element.message)]
    thrown = element.type in _THROWS and element.event is not None and element.event.kind in ("message", "signal")
    return [(element.event.kind, element.event.name)] if thrown and element.event is not None else []


def awaited_by(element: Element) -> list[tuple[str, str]]:
    """The message or signal that an element waits for, with its kind."""
    if element.type == "receiveTask":
        return [("message", element.message)]
    caught = element.type in _CATCHES and element.event is not None and element.event.kind in ("message", "signal")
    return [(element.event.kind, element.event.name)] if caught and element.event is not None else []


def _matches(handlers: Iterable[Element], kind: EventKind, code: str) -> bool:
    return any(item.event is not None and item.event.kind == kind and item.event.name in ("", code) for item in handlers)
