"""The path of a case: where its tokens went from each run of an element. Two paths are compared element by element, whatever ran beside."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

#: Instance, and the element from which tokens go ("" for the start of the instance), and the event by which they go ("" along a flow).
Way = tuple[str, str, str]
#: Instead of an event: the element calls another procedure.
CALL = "call"


@dataclass(frozen=True)
class Move:
    """A token goes from a run of an element to another element."""

    at: datetime
    way: Way
    run: str
    target: str


@dataclass
class Leaving:
    """Everything that goes from one run."""

    at: datetime
    place: int  #: in the path
    targets: set[str]


class Path:
    """All moves of a case, by the ways on which they go."""

    def __init__(self, moves: Iterable[Move], passed_over: Mapping[str, Collection[str]]) -> None:
        """Args: passed_over: for each instance the elements that the other path cannot know: a way through them counts as one past them."""
        self._ways: dict[Way, list[Leaving]] = defaultdict(list)
        runs: dict[tuple[Way, str], Leaving] = {}
        for place, move in enumerate(moves):
            leaving = runs.get((move.way, move.run))
            if leaving is None:
                leaving = runs[move.way, move.run] = Leaving(move.at, place, set())
                self._ways[move.way].append(leaving)
            leaving.targets.add(move.target)
        self._pass_over(passed_over)

    def ways(self) -> Iterable[Way]:
        """Every way that was taken."""
        return self._ways.keys()

    def of(self, way: Way) -> list[Leaving]:
        """The runs that left by a way, in order."""
        return self._ways.get(way, [])

    def _pass_over(self, passed_over: Mapping[str, Collection[str]]) -> None:
        inside: dict[tuple[str, str], list[Leaving]] = defaultdict(list)
        for way in list(self._ways):
            if way[1] in passed_over.get(way[0], ()):
                leavings = self._ways.pop(way)
                inside[way[0], way[1]] += leavings if way[2] != CALL else []
        for leavings in inside.values():
            leavings.sort(key=lambda leaving: leaving.place)
        for (instance_id, _, _), leavings in self._ways.items():
            for leaving in leavings:
                while through := [target for target in leaving.targets if inside[instance_id, target]]:
                    for target in through:
                        leaving.targets.remove(target)
                        leaving.targets |= inside[instance_id, target].pop(0).targets


@dataclass(frozen=True)
class Fork:
    """Where two paths first part: a run went to some elements and, on the other path, to others."""

    way: Way
    at: datetime
    to: frozenset[str]
    instead: frozenset[str]


def first_fork(before: Path, after: Path, unfinished: Mapping[str, Collection[str]] | None) -> Fork | None:
    """Where a case first leaves its path.

    Args:
        before: how it went.
        after: how it would go.
        unfinished: for a case that stops on its way, elements that nothing has left so far for each instance: nothing is missing then.
    """
    extra = [
        (leaving, way, number)
        for way in after.ways()
        for number, leaving in enumerate(after.of(way))
        if _differs(before, way, number, leaving, unfinished)
    ]
    if extra:
        leaving, way, number = min(extra, key=lambda item: item[0].place)
        was = before.of(way)[number].targets if number < len(before.of(way)) else _left_out(before, after, way)
        return Fork(way, leaving.at, frozenset(leaving.targets - was), frozenset(was - leaving.targets))
    if unfinished is not None:
        return None
    missing = [(leaving, way) for way in before.ways() for leaving in before.of(way)[len(after.of(way)) :]]
    if not missing:
        return None
    leaving, way = min(missing, key=lambda item: item[0].place)
    return Fork(way, leaving.at, frozenset(), frozenset(leaving.targets))


def _differs(before: Path, way: Way, number: int, leaving: Leaving, unfinished: Mapping[str, Collection[str]] | None) -> bool:
    if number >= len(before.of(way)):
        return True
    waiting = leaving.targets & set((unfinished or {}).get(way[0], ()))
    return bool(before.of(way)[number].targets != leaving.targets and not waiting)


def _left_out(before: Path, after: Path, way: Way) -> set[str]:
    """Where the element's runs went that now go another way."""
    ordinary = (way[0], way[1], "")
    runs = before.of(ordinary)[len(after.of(ordinary)) :]
    return set(runs[0].targets) if way[2] and runs else set()
