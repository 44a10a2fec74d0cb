"""Finds the rules of a table that match without asking every cell.

For every column and kind of value the constants of all cells cut the values into segments; each segment has a bit mask of the rules that
accept it. A value is found by bisection, and the masks of the columns are intersected. Only cells that are more than constants are evaluated,
and only for rules that are still possible.
"""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from engine.dmn.cells import CONSTANT_KINDS, Axis, Interval, intervals
from engine.feel import CompiledTests
from engine.feel.scope import Frame


class TableIndex:
    """The condition cells of a table."""

    def __init__(self, rows: Sequence[tuple[CompiledTests, ...]], width: int) -> None:
        """Args: rows: the cells of every rule; width: the number of columns."""
        self._rows = rows
        self._all = (1 << len(rows)) - 1
        self._columns = [_Column([row[n] for row in rows]) for n in range(width)]

    def matches(self, frame: Frame, values: Sequence[Any], *, first_only: bool) -> list[int]:
        """The positions (from 0) of the rules whose cells accept the values."""
        candidates = self._all
        asked = []  # per column the rules whose cell must be evaluated
        for column, value in zip(self._columns, values, strict=True):
            accepting, unsure = column.look_up(value)
            candidates &= accepting | unsure
            asked.append(unsure & ~accepting)
            if not candidates:
                return []
        matched = []
        while candidates:
            bit = candidates & -candidates
            candidates ^= bit
            position = bit.bit_length() - 1
            cells = self._rows[position]
            if all(not unsure & bit or cells[n].accepts(frame, values[n]) is True for n, unsure in enumerate(asked)):
                matched.append(position)
                if first_only:
                    break
        return matched


class _Column:
    def __init__(self, cells: list[CompiledTests]) -> None:
        self._everything = 0  # rules whose cell is `-`
        self._evaluated = 0  # rules whose cell is more than constants
        self._all = (1 << len(cells)) - 1
        by_kind: dict[type, list[tuple[int, Interval]]] = {}
        for position, cell in enumerate(cells):
            found = intervals(cell)
            if found is None:
                self._evaluated |= 1 << position
            elif not found:
                self._everything |= 1 << position
            for interval in found or ():
                by_kind.setdefault(interval.kind, []).append((1 << position, interval))
        self._axes = {kind: _masks(found) for kind, found in by_kind.items()}

    def look_up(self, value: Any) -> tuple[int, int]:
        """The rules that surely accept the value, and those whose cell must be evaluated."""
        kind = value.__class__
        if kind not in CONSTANT_KINDS:
            return self._everything, self._all
        if kind not in self._axes:
            return self._everything, self._evaluated
        points, masks = self._axes[kind]
        place = 0 if value is None else bisect_left(points, value)
        exact = place < len(points) and points[place] == value
        return self._everything | masks[2 * place + exact], self._evaluated


def _masks(found: list[tuple[int, Interval]]) -> tuple[list[Any], list[int]]:
    """The points of one kind, and for every segment the rules that accept it."""
    axis = Axis([interval for _, interval in found])
    masks = [0] * axis.size
    wide: dict[int, list[int]] = {}  # intervals by the segment before which they begin or end: those of many segments are swept
    for bit, interval in found:
        covered = axis.segments(interval)
        if len(covered) <= 2:
            for segment in covered:
                masks[segment] |= bit
        else:
            wide.setdefault(covered.start, []).append(bit)
            wide.setdefault(covered.stop, []).append(-bit)
    return axis.points, _sweep(masks, wide)


def _sweep(masks: list[int], changes: dict[int, list[int]]) -> list[int]:
    """Add the wide intervals; a rule may have several that overlap, so they are counted."""
    counts: dict[int, int] = {}
    inside = 0
    for segment in range(len(masks)):
        for change in changes.get(segment, ()):
            bit = abs(change)
            counts[bit] = counts.get(bit, 0) + (1 if change > 0 else -1)
            inside = inside | bit if counts[bit] else inside & ~bit
        masks[segment] |= inside
    return masks
