"""One order for the events of a case and of everything it called: by their instants, and at one instant so that each could happen."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from engine.runtime.replaying.inputs import input_of, is_remark
from engine.runtime.replaying.recorded import Recorded
from engine.storage.tables import Event


def in_order(histories: Mapping[str, Recorded]) -> list[Event]:
    """All events, each instance's in its own order.

    What was called begins behind the call. What happened in it comes before the caller goes on from the call; where the caller ended it
    before its time, before what made the caller do so.
    """
    (root,) = (recorded.events for recorded in histories.values() if recorded.events[0].data["parent"] is None)
    return list(_merged(root, histories))


def _merged(events: list[Event], histories: Mapping[str, Recorded]) -> Iterator[Event]:
    ending: dict[int, list[str]] = defaultdict(list)  #: called instances that are over, by the place of what they precede
    called: dict[str, list[Event]] = {}
    for place, event in enumerate(events):
        before = [other for instance_id, others in called.items() for other in _until(others, event, is_last=instance_id in ending[place])]
        yield from sorted(before, key=lambda other: other.happened_at)
        yield event
        if event.type == "CalledInstanceStarted":
            instance_id = event.data["instance_id"]
            called[instance_id] = list(_merged(histories[instance_id].events, histories))
            ending[_end(events, place, was_cancelled=histories[instance_id].events[-1].type == "InstanceCancelled")].append(instance_id)
    yield from sorted((other for others in called.values() for other in others), key=lambda other: other.happened_at)


def _until(others: list[Event], event: Event, *, is_last: bool) -> Iterator[Event]:
    """Take from the head what comes before an event of the caller."""
    while others and (others[0].happened_at < event.happened_at or (is_last and others[0].happened_at == event.happened_at)):
        yield others.pop(0)


def _end(events: list[Event], start: int, *, was_cancelled: bool) -> int:
    """The place of what the events of a called instance precede: that its call is left, or the input by which the caller cancels it."""
    run = events[start].element_instance_id
    left = (place for place in range(start, len(events)) if events[place].element_instance_id == run and _leaves(events[place]))
    end = next(left, len(events))
    if not was_cancelled:
        return end
    inputs = (place for place in range(min(end, len(events) - 1), start, -1) if input_of(events[place]) and not is_remark(events[place]))
    return next(inputs, end)


def _leaves(event: Event) -> bool:
    return event.type in ("ElementCompleted", "ElementCancelled")
