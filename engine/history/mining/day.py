"""One day of a process: which tokens moved along which flows, and how long they stayed where."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.history.mining.traces import Case

A_DAY_S = 86_400


@dataclass
class Day:
    """What happened from its midnight on. Instants are seconds since then."""

    moves: list[tuple[float, str]] = field(default_factory=list)  #: when, and along which flow; in order
    stays: list[tuple[str, float, float]] = field(default_factory=list)  #: element, from, to; what had no duration is left out
    cases: int = 0


def day_of(cases: Iterable[Case], midnight_ms: int, length_s: float = A_DAY_S, version: str | None = None) -> Day:
    """What cases did in a day.

    Args:
        cases: with their traces.
        midnight_ms: when it begins, in milliseconds since 1970.
        length_s: how long it is; days of 23 and 25 hours exist.
        version: a definition, when only what happened on it is wanted.
    """
    day = Day()
    for case in cases:
        trace = case.trace
        offset = trace.began - midnight_ms
        only = None if version is None else trace.versions.index(version) if version in trace.versions else -1
        moves = [
            ((offset + item.at) / 1000, item.flow)
            for item in trace.passages
            if only in (None, item.version) and 0 <= offset + item.at < length_s * 1000
        ]
        stays = [
            (
                run.last_element,
                max(0.0, (offset + run.entered) / 1000),
                length_s if run.left is None else min(length_s, (offset + run.left) / 1000),
            )
            for run in trace.runs
            if only in (None, run.last_version) and run.left != run.entered
        ]
        there = [stay for stay in stays if stay[1] < stay[2]]
        day.moves += moves
        day.stays += there
        day.cases += bool(moves or there)
    day.moves.sort()
    return day
