"""Cells of decision tables that depend on their input value only, as sets of intervals.

An interval of constants can be looked up instead of being evaluated, and compared with other cells to find overlaps and gaps.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.feel import CompiledTests, ast
from engine.feel.compiler.building import constant_call
from engine.feel.durations import DaysTime, YearsMonths
from engine.feel.temporals import Date

#: kinds whose equality and order are Python's own; times with zones are not among them
CONSTANT_KINDS = (Decimal, str, bool, type(None), Date, DaysTime, YearsMonths)
_UNKNOWN = object()


@dataclass(frozen=True)
class Interval:
    """Values of one kind between two ends; an end of None with `…_open` is infinity."""

    kind: type
    low: Any
    high: Any
    low_included: bool = True
    high_included: bool = True
    low_open: bool = False
    high_open: bool = False


def intervals(cell: CompiledTests) -> list[Interval] | None:
    """The intervals that a cell accepts; an empty list accepts everything (`-`); None when the cell is more than constants."""
    if cell.tree.negated:
        return None
    found = []
    for test in cell.tree.tests:
        interval = _interval(test)
        if interval is None:
            return None
        found.append(interval)
    return found


def _interval(test: ast.Node) -> Interval | None:
    if isinstance(test, ast.UnaryTest):
        value = constant(test.operand)
        return None if value is _UNKNOWN else _one_sided(test.op, value)
    if isinstance(test, ast.RangeOf):
        if test.start is None or test.end is None:
            bound = test.end if test.start is None else test.start
            value = _UNKNOWN if bound is None else constant(bound)
            return None if value is _UNKNOWN else _one_sided(test.op, value)
        low, high = constant(test.start), constant(test.end)
        if test.op or low.__class__ is not high.__class__ or low.__class__ not in CONSTANT_KINDS or low is None:
            return None
        return Interval(low.__class__, low, high, test.start_included, test.end_included)
    value = constant(test)
    return Interval(value.__class__, value, value) if value.__class__ in CONSTANT_KINDS else None


def _one_sided(op: str, value: Any) -> Interval | None:
    kind = value.__class__
    if kind not in CONSTANT_KINDS:
        return None
    if op == "=":
        return Interval(kind, value, value)
    if op == "!=" or kind in (bool, type(None)):
        return None
    if op in ("<", "<="):
        return Interval(kind, None, value, high_included=op == "<=", low_open=True)
    return Interval(kind, value, None, low_included=op == ">=", high_open=True)


def constant(node: ast.Node) -> Any:
    """The value of a literal, also of `date("…")` and `duration("…")`; an object that is of no constant kind for anything else."""
    if isinstance(node, ast.Literal):
        return node.value
    value = constant_call(node) if isinstance(node, ast.Call) else None
    return _UNKNOWN if value is None else value


class Axis:
    """The values of one kind cut at every point that a cell names: segment 2i+1 is the point i, 2i lies before it."""

    def __init__(self, found: list[Interval]) -> None:
        """Args: found: intervals of one kind."""
        ends = {end for interval in found for end in (interval.low, interval.high) if not _is_infinity(interval, end)}
        self.points: list[Any] = list(ends) if len(ends) < 2 else sorted(ends)
        self._positions = {point: position for position, point in enumerate(self.points)}

    @property
    def size(self) -> int:
        """The number of segments."""
        return 2 * len(self.points) + 1

    def segments(self, interval: Interval) -> range:
        """The segments that an interval covers."""
        first = 0 if interval.low_open else 2 * self._positions[interval.low] + (1 if interval.low_included else 2)
        last = self.size - 1 if interval.high_open else 2 * self._positions[interval.high] + (1 if interval.high_included else 0)
        return range(first, last + 1)


def _is_infinity(interval: Interval, end: Any) -> bool:
    return end is None and interval.kind is not type(None)
