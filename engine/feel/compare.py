"""Equality, order and membership with three answers: true, false and null."""

from decimal import Decimal
from typing import Any

from engine.feel.durations import DaysTime, YearsMonths
from engine.feel.functions import Function
from engine.feel.ranges import Range
from engine.feel.scope import Run
from engine.feel.temporals import Date, DateTime, Time
from engine.feel.values import lift

_MILLISECOND = 1_000_000  # nanoseconds; finer differences do not make times unequal


def equal(left: Any, right: Any, run: Run) -> bool | None:
    """Whether two values are equal; null when they are of different kinds.

    Args:
        left: any value.
        right: any value.
        run: pays for the elements of lists and contexts; its time zone counts where only one side has a zone.
    """
    left, right = lift(left), lift(right)
    if left is None or right is None:
        return left is right
    kind = left.__class__
    if kind is not right.__class__:
        return None
    if kind in (Decimal, str, bool, Date, DaysTime, YearsMonths):
        return bool(left == right)
    if kind is list:
        return _lists_equal(left, right, run)
    if kind is dict:
        return _contexts_equal(left, right, run)
    if kind is DateTime:
        one, other = _instants(left, right, run)
        return one // _MILLISECOND == other // _MILLISECOND
    if kind is Time:
        return bool(left.value // _MILLISECOND == right.value // _MILLISECOND)
    if kind is Range:
        return _ranges_equal(left, right, run)
    return left is right if isinstance(left, Function) else None


def _instants(left: DateTime, right: DateTime, run: Run) -> tuple[int, int]:
    if left.time.zone is None and right.time.zone is None:
        return left.local, right.local
    return left.value(run.env.time_zone), right.value(run.env.time_zone)


def _lists_equal(left: list[Any], right: list[Any], run: Run) -> bool | None:
    run.meter.spend(len(left))
    if len(left) != len(right):
        return False
    answers = [equal(one, other, run) for one, other in zip(left, right, strict=True)]
    return False if False in answers else None if None in answers else True


def _contexts_equal(left: dict[str, Any], right: dict[str, Any], run: Run) -> bool | None:
    run.meter.spend(len(left))
    if left.keys() != right.keys():
        return False
    answers = [equal(value, right[key], run) for key, value in left.items()]
    return False if False in answers else None if None in answers else True


def _ranges_equal(left: Range, right: Range, run: Run) -> bool | None:
    if (left.op, left.start_included, left.end_included) != (right.op, right.start_included, right.end_included):
        return False
    return _lists_equal([left.start, left.end], [right.start, right.end], run)


def order(left: Any, right: Any, run: Run) -> int | None:
    """-1, 0 or 1 as `left` is less than, equal to or greater than `right`; null when they have no order."""
    left, right = lift(left), lift(right)
    kind = left.__class__
    if kind is not right.__class__:
        return None
    if kind is DateTime:
        left, right = _instants(left, right, run)
    elif kind is Time:
        left, right = left.value, right.value
    elif kind not in (Decimal, str, Date, DaysTime, YearsMonths):
        return None
    return int(left > right) - int(left < right)


def contains(interval: Range, value: Any, run: Run) -> bool | None:
    """Whether the value lies in the range; null when it cannot be compared with the ends."""
    if interval.op == "!=":
        same = equal(value, interval.start, run)
        return None if same is None else not same
    if not interval.op and (interval.start is None or interval.end is None):
        return None
    answers: list[bool | None] = []
    if interval.start is not None:
        low = order(interval.start, value, run)
        answers.append(None if low is None else low < 0 or (low == 0 and interval.start_included))
    if interval.end is not None:
        high = order(value, interval.end, run)
        answers.append(None if high is None else high < 0 or (high == 0 and interval.end_included))
    return None if None in answers else False not in answers


def member(value: Any, of: Any, run: Run) -> bool | None:
    """What `value in of` means: inside a range, an element of a list (or inside one of its ranges), else equal."""
    if isinstance(of, Range):
        return contains(of, value, run)
    if isinstance(of, list):
        run.meter.spend(len(of))
        if any((contains(item, value, run) if isinstance(item, Range) else equal(value, item, run)) for item in of):
            return True
        return isinstance(value, list) and equal(value, of, run) is True
    return equal(value, of, run)
