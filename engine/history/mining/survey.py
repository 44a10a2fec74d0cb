"""What the cases of a process come to, per element and per flow, in working time."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from engine.history.mining.samples import Marks, Samples
from engine.history.mining.trace import CANCELLED, COMPLETED, OPEN, Run, Trace
from engine.history.mining.traces import Case
from engine.history.mining.variants import Variant, Variants
from engine.working_time.worked import WorkedTime

_USER_TASK = "userTask"


@dataclass
class ElementFigures:
    """One element in all cases. Times are working seconds of completed runs; waiting and handling are of user tasks."""

    entered: Marks = field(default_factory=Marks)
    again: Marks = field(default_factory=Marks)  #: entered though the case had been there before
    breached: Marks = field(default_factory=Marks)
    standing: Marks = field(default_factory=Marks)  #: cases that are there now
    cancelled: int = 0
    total: Samples = field(default_factory=Samples)
    waiting: Samples = field(default_factory=Samples)  #: until somebody touched it
    handling: Samples = field(default_factory=Samples)  #: from then on


@dataclass
class FlowFigures:
    """One flow in all cases."""

    taken: Marks = field(default_factory=Marks)
    waiting: Samples = field(default_factory=Samples)  #: working seconds until what it led to was taken up


@dataclass
class Survey:
    """Some cases of a process, all versions of it or one."""

    version: str | None  #: only what happened on this definition counts
    ids: list[str] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    elements: dict[str, ElementFigures] = field(default_factory=dict)
    flows: dict[str, FlowFigures] = field(default_factory=dict)
    durations: Samples = field(default_factory=Samples)  #: of the finished cases
    breached: set[int] = field(default_factory=set)  #: cases with a breach
    variants: list[Variant] = field(default_factory=list)

    @property
    def finished(self) -> int:
        """How many cases are over."""
        return sum(state not in ("active", "suspended") for state in self.states)


def survey(cases: Iterable[Case], worked: WorkedTime, now: datetime, version: str | None = None) -> Survey:
    """Add up cases, which come in the order in which they began.

    Args:
        cases: with their traces.
        worked: covers everything that happened in them until now.
        now: until when open work has lasted.
        version: a definition; every event counts on the version on which it happened. All of them without one.
    """
    found, variants, now_ms = Survey(version), Variants(), round(now.timestamp() * 1000)
    for case in cases:
        trace = case.trace
        if version is not None and version not in trace.versions:
            continue
        number = len(found.ids)
        found.ids.append(case.id)
        found.states.append(case.state)
        counting = _Counting(found, number, trace, worked, now_ms)
        counting.count()
        lasted = now_ms - trace.began if trace.ended is None else trace.ended
        duration = worked.between(trace.began / 1000, (trace.began + lasted) / 1000)
        if trace.ended is not None:
            found.durations.add(duration, number)
        variants.add(number, case, duration)
    found.variants = variants.by_frequency()
    return found


class _Counting:
    """One case on its way into the survey."""

    def __init__(self, found: Survey, number: int, trace: Trace, worked: WorkedTime, now_ms: int) -> None:
        self._found = found
        self._number = number
        self._trace = trace
        self._worked = worked
        self._now = now_ms - trace.began
        self._only = None if found.version is None else trace.versions.index(found.version)

    def count(self) -> None:
        for run in self._trace.runs:
            if self._only is None or self._only == run.version:
                self._count_entry(run)
            if self._only is None or self._only == run.last_version:
                self._count_end(run)
        for flow, version, at, taken_up, _ in self._trace.passages:
            if self._only is None or self._only == version:
                figures = self._found.flows.get(flow) or self._found.flows.setdefault(flow, FlowFigures())
                figures.taken.add(self._number)
                if taken_up is not None:
                    figures.waiting.add(self._between(at, taken_up), self._number)

    def _count_entry(self, run: Run) -> None:
        figures = self._element(run.element)
        figures.entered.add(self._number)
        if run.again:
            figures.again.add(self._number)

    def _count_end(self, run: Run) -> None:
        figures = self._element(run.last_element)
        if run.is_breached(self._now):
            figures.breached.add(self._number)
            self._found.breached.add(self._number)
        if run.outcome == OPEN:
            figures.standing.add(self._number)
        elif run.outcome == CANCELLED:
            figures.cancelled += 1
        elif run.outcome == COMPLETED and run.left is not None:
            figures.total.add(self._between(run.entered, run.left), self._number)
            if self._trace.types.get(run.last_element) == _USER_TASK and run.touched is not None:
                figures.waiting.add(self._between(run.entered, run.touched), self._number)
                figures.handling.add(self._between(run.touched, run.left), self._number)

    def _element(self, element_id: str) -> ElementFigures:
        return self._found.elements.get(element_id) or self._found.elements.setdefault(element_id, ElementFigures())

    def _between(self, begin: int, end: int) -> float:
        if begin == end:
            return 0.0
        began = self._trace.began
        return self._worked.between((began + begin) / 1000, (began + end) / 1000)
