"""What an indicator is to reach, and whether it does."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from pydantic import TypeAdapter

from engine.manuals.kpis import Kpi
from handlers.reports.measures import Measure, Unit

_AT_MOST = re.compile(r"<= (\S+)(?: working days)?")


@dataclass(frozen=True)
class Target:
    """A bound, a direction, or nothing."""

    kind: Literal["at_least", "at_most", "up", "down", "none"]
    bound: float | None = None  #: in the measure's unit
    parameter: str = ""  #: that sets it; with the kind `none` it is not set yet

    def is_met(self, value: float | None, before: float | None) -> bool | None:
        """Whether a value reaches it; None where nothing can be said.

        Args:
            value: of the period.
            before: of as many months before, for a direction.
        """
        if value is None or self.kind == "none":
            return None
        if self.kind in ("up", "down"):
            return None if before is None else (value >= before if self.kind == "up" else value <= before)
        assert self.bound is not None
        return value >= self.bound if self.kind == "at_least" else value <= self.bound


def target_of(kpi: Kpi, measure: Measure, parameters: Mapping[str, Any]) -> Target:
    """The target of an indicator's first measure; further ones are only told.

    Raises:
        ValueError: the catalogue writes it in a way that is not known.
    """
    if measure.part or kpi.target == "report":
        return Target("none")
    if kpi.target == "parameter":
        return _of_parameter(f"target_{kpi.id}", measure, parameters)
    if kpi.target == "up":
        return Target("up")
    if kpi.target == "down":
        return Target("down")
    if kpi.target == "0":
        return Target("at_most", 0)
    if kpi.target.endswith("%"):
        return Target("at_least", float(kpi.target[:-1]) / 100)
    if found := _AT_MOST.fullmatch(kpi.target):
        length = float(found[1]) if measure.unit is Unit.WORKING_DAYS else _seconds(found[1])
        return Target("at_most", length)
    message = f"the target {kpi.target!r} of {kpi.id} is not understood"
    raise ValueError(message)


def _of_parameter(name: str, measure: Measure, parameters: Mapping[str, Any]) -> Target:
    """A percentage that the office sets; 0 means that it has not."""
    percent = float(parameters.get(name, 0))
    if not percent:
        return Target("none", parameter=name)
    return Target("at_most" if measure.less_is_better else "at_least", percent / 100, name)


def _seconds(text: str) -> float:
    return TypeAdapter(timedelta).validate_python(text).total_seconds()
