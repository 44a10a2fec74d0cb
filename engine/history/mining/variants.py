"""Paths by frequency: cases that passed the same flows and elements of the top level."""

from dataclasses import dataclass, field

from engine.history.mining.samples import Samples
from engine.history.mining.traces import Case

#: What a path is told by; gateways and most events are on the way only.
_STEPS = frozenset((
    "task", "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "scriptTask", "businessRuleTask", "callActivity",
    "subProcess", "transaction", "adHocSubProcess", "boundaryEvent", "endEvent",
))  # fmt: skip


@dataclass
class Step:
    """One step of a path; a loop is one step with how often it was done."""

    element: str
    fewest: int
    most: int


@dataclass
class Variant:
    """The cases of one path."""

    path: str
    cases: list[int] = field(default_factory=list)
    finished: int = 0
    durations: Samples = field(default_factory=Samples)  #: working seconds of the finished ones
    steps: dict[str, Step] = field(default_factory=dict)  #: in the order in which the first case came to them


class Variants:
    """Sorts cases by their paths."""

    def __init__(self) -> None:
        """None yet."""
        self._found: dict[str, Variant] = {}

    def add(self, number: int, case: Case, duration: float) -> None:
        """A case with its place in the survey and its working seconds so far."""
        variant = self._found.setdefault(case.path, Variant(case.path))
        variant.cases.append(number)
        if case.trace.ended is not None:
            variant.finished += 1
            variant.durations.add(duration, number)
        for element, times in _times(case).items():
            step = variant.steps.setdefault(element, Step(element, times, times))
            step.fewest, step.most = min(step.fewest, times), max(step.most, times)

    def by_frequency(self) -> list[Variant]:
        """The most frequent first; of equally frequent ones that which came first."""
        return sorted(self._found.values(), key=lambda variant: (-len(variant.cases), variant.cases[0]))


def happy_path(variants: list[Variant]) -> Variant | None:
    """The way most cases go to their end."""
    return max((variant for variant in variants if variant.finished), key=lambda variant: variant.finished, default=None)


def _times(case: Case) -> dict[str, int]:
    found: dict[str, int] = {}
    for run in case.trace.runs:
        if run.top and case.trace.types.get(run.element) in _STEPS:
            found[run.element] = found.get(run.element, 0) + 1
    return found
