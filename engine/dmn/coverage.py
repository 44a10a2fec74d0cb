"""Which rules of a table overlap, and which inputs no rule answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from engine.dmn.cells import Axis, Interval, intervals
from engine.dmn.table import DecisionTable, InputColumn
from engine.feel.numbers import number_text
from engine.feel.types import is_number

MAX_RULES = 1000
MAX_GAPS = 5
_MAX_VISITS = 20_000


@dataclass(frozen=True)
class Region:
    """Inputs for which something is wrong, told per column."""

    zh: str
    en: str


@dataclass(frozen=True)
class _Segment:
    """A piece of a column's values: all cells say the same about all of them."""

    kind: type
    axis: Axis
    number: int

    def told(self) -> tuple[str, str]:
        """The piece in Chinese and English."""
        point, exact = divmod(self.number, 2)
        points = self.axis.points
        if exact:
            return (f"= {_literal(points[point])}",) * 2
        if self.kind is str:
            return "为其他值", "is something else"
        low = f"> {_literal(points[point - 1])}" if point else ""
        high = f"< {_literal(points[point])}" if point < len(points) else ""
        return " 且 ".join(part for part in (low, high) if part) or "任意", " and ".join(part for part in (low, high) if part) or "anything"


class Coverage:
    """A table's conditions as sets of segments, one bit mask per rule and column."""

    def __init__(self, table: DecisionTable) -> None:
        """Args: table: at most 1,000 rules are looked at."""
        self._table = table
        self._rules = table.rules[:MAX_RULES]
        self._columns = [_Column(column, [rule.tests[n] for rule in self._rules]) for n, column in enumerate(table.inputs)]

    def overlaps(self) -> Iterator[tuple[int, int]]:
        """Pairs of rules (positions from 0) that surely match together for some input."""
        for first, second in combinations(range(len(self._rules)), 2):
            if all(
                column.masks[first] & column.masks[second] and not column.unsure[first] and not column.unsure[second]
                for column in self._columns
            ):
                yield first, second

    def hidden(self) -> Iterator[tuple[int, int]]:
        """Rules that surely never match first, each with an earlier one (positions from 0) that matches whenever it does."""
        for later in range(len(self._rules)):
            for earlier in range(later):
                if all(
                    column.masks[later] & ~column.masks[earlier] == 0 and not column.unsure[earlier] and not column.unsure[later]
                    for column in self._columns
                ):
                    yield earlier, later
                    break

    def gaps(self) -> list[Region]:
        """Inputs that surely no rule answers, a few of them."""
        found: list[Region] = []
        self._visits = 0
        self._search(0, (1 << len(self._rules)) - 1, [], found)
        return found

    def _search(self, depth: int, rules: int, path: list[_Segment], found: list[Region]) -> None:
        self._visits += 1
        if self._visits > _MAX_VISITS or len(found) >= MAX_GAPS:
            return
        if not rules:
            told = [(self._table.inputs[n].label, *segment.told()) for n, segment in enumerate(path)]
            region = Region("，".join(f"{label} {zh}" for label, zh, _ in told), ", ".join(f"{label} {en}" for label, _, en in told))
            if region not in found:
                found.append(region)
            return
        if depth == len(self._columns):
            return
        seen: set[int] = set()
        column = self._columns[depth]
        for segment, accepting in zip(column.segments, column.accepting, strict=True):
            left = rules & accepting
            if not left or left not in seen:
                seen.add(left)
                self._search(depth + 1, left, [*path, segment], found)


class _Column:
    def __init__(self, column: InputColumn, cells: list[Any]) -> None:
        found = [intervals(cell) for cell in cells]
        allowed = None if column.allowed is None else intervals(column.allowed)
        self.unsure = [item is None for item in found]
        self.segments = _segments([interval for item in (*found, allowed) for interval in item or ()], allowed)
        everything = (1 << len(self.segments)) - 1
        self.masks = [
            everything if not item else sum(1 << n for n, segment in enumerate(self.segments) if _covers(item, segment)) for item in found
        ]
        self.accepting = [sum(1 << rule for rule, mask in enumerate(self.masks) if mask >> n & 1) for n in range(len(self.segments))]


def _segments(found: list[Interval], allowed: list[Interval] | None) -> list[_Segment]:
    """The pieces into which the cells of a column cut its values: all of them, or only the allowed ones."""
    segments: list[_Segment] = []
    for kind in dict.fromkeys(interval.kind for interval in found):
        own = [interval for interval in found if interval.kind is kind]
        axis = Axis(own)
        if kind is bool:
            axis = Axis([Interval(bool, value, value) for value in (False, True)])
        numbers = range(1, axis.size, 2) if kind in (bool, type(None)) else range(axis.size)
        segments.extend(_Segment(kind, axis, number) for number in numbers)
    return [segment for segment in segments if not allowed or _covers(allowed, segment)]


def _covers(found: list[Interval], segment: _Segment) -> bool:
    return any(interval.kind is segment.kind and segment.number in segment.axis.segments(interval) for interval in found)


def _literal(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return number_text(value) if is_number(value) else f'"{value}"' if isinstance(value, str) else str(value)
