"""Measures: how a figure of an indicator is counted. Each is one small function, registered under the indicator's id."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from handlers.reports.observations import Observation, Scope, Words


class Kind(StrEnum):
    """How observations become one value."""

    RATE = "rate"  #: the share of those with value 1
    MEAN = "mean"
    TOTAL = "total"


class Unit(StrEnum):
    """In what a value is given."""

    PERCENT = "percent"  #: a share, 0 to 1
    WORKING_TIME = "working_time"  #: seconds
    WORKING_DAYS = "working_days"
    DAYS = "days"
    CASES = "cases"
    PIECES = "pieces"
    YUAN = "yuan"
    POINTS = "points"  #: 1 to 5


@dataclass(frozen=True)
class Measure:
    """One figure of an indicator; the first of an indicator is the one its target is about."""

    kpi: str
    part: str  #: '' for the first
    title: Words  #: of a further one
    kind: Kind
    unit: Unit
    observe: Callable[[Scope], Iterable[Observation]]
    is_state: bool  #: it tells how things stand at the end of a month; of several months the last stands
    with_percentile: bool  #: whether the ninetieth percentile is told beside the mean
    less_is_better: bool  #: of two values, where the target is a parameter

    @property
    def id(self) -> str:
        """Indicator and part."""
        return f"{self.kpi}/{self.part}" if self.part else self.kpi


MEASURES: dict[str, Measure] = {}


def measure(
    kpi: str,
    kind: Kind,
    unit: Unit,
    *,
    part: str = "",
    title: Words = ("", ""),
    is_state: bool = False,
    with_percentile: bool = False,
    less_is_better: bool = False,
) -> Callable[[Callable[[Scope], Iterable[Observation]]], Callable[[Scope], Iterable[Observation]]]:
    """Register a function as the measure of an indicator; see Measure for the arguments."""

    def register(observe: Callable[[Scope], Iterable[Observation]]) -> Callable[[Scope], Iterable[Observation]]:
        made = Measure(kpi, part, title, kind, unit, observe, is_state, with_percentile, less_is_better)
        assert made.id not in MEASURES, made.id
        MEASURES[made.id] = made
        return observe

    return register
