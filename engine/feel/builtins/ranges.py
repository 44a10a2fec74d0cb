"""The relations of points and ranges (Allen's interval algebra, DMN 10.3.4.11)."""

from decimal import Decimal
from typing import Any

from engine.feel import ast
from engine.feel.builtins.registry import BUILTINS, builtin
from engine.feel.compare import contains, order
from engine.feel.durations import DaysTime, YearsMonths
from engine.feel.errors import FeelSyntaxError, NullResult
from engine.feel.parser import parse_expression
from engine.feel.ranges import Range
from engine.feel.scope import Run
from engine.feel.temporals import Date, DateTime, Time

_CONSTRUCTORS = ("date", "time", "date and time", "duration")
_POINTS = (Decimal, str, Date, Time, DateTime, DaysTime, YearsMonths)


def _compare(run: Run, left: Any, right: Any) -> int:
    answer = order(left, right, run)
    if answer is None:
        raise NullResult("两个值不能比较。", "the two values cannot be compared.")
    return answer


def _span(value: Any) -> Range:
    """A range, or a point as the range of itself."""
    if isinstance(value, Range):
        return value
    if value.__class__ in _POINTS:
        return Range(value, value, start_included=True, end_included=True)
    raise NullResult("需要点或区间。", "a point or a range is needed.")


def _ends_before(run: Run, left: Range, right: Range) -> bool:
    """Whether `left` is over when `right` begins."""
    if left.end is None or right.start is None:
        return False
    answer = _compare(run, left.end, right.start)
    return answer < 0 or (answer == 0 and not (left.end_included and right.start_included))


@builtin(
    "before(point1: Any, point2: Any)",
    "before(point: Any, range: range)",
    "before(range: range, point: Any)",
    "before(range1: range, range2: range)",
)
def before(run: Run, first: Any, second: Any) -> bool:
    """Whether the first lies completely before the second."""
    return _ends_before(run, _span(first), _span(second))


@builtin(
    "after(point1: Any, point2: Any)",
    "after(point: Any, range: range)",
    "after(range: range, point: Any)",
    "after(range1: range, range2: range)",
)
def after(run: Run, first: Any, second: Any) -> bool:
    """Whether the first lies completely after the second."""
    return _ends_before(run, _span(second), _span(first))


@builtin("meets(range1: range, range2: range)")
def meets(run: Run, first: Range, second: Range) -> bool:
    """Whether the first ends where the second begins, and both have that point."""
    return first.end_included and second.start_included and _compare(run, first.end, second.start) == 0


@builtin("met by(range1: range, range2: range)")
def met_by(run: Run, first: Range, second: Range) -> bool:
    """The other way round."""
    return meets(run, second, first)


@builtin("overlaps(range1: range, range2: range)")
def overlaps(run: Run, first: Range, second: Range) -> bool:
    """Whether the ranges have a point in common."""
    return not _ends_before(run, first, second) and not _ends_before(run, second, first)


@builtin("overlaps before(range1: range, range2: range)")
def overlaps_before(run: Run, first: Range, second: Range) -> bool:
    """Whether the first begins before the second and ends inside it."""
    start, end = _compare(run, first.start, second.start), _compare(run, first.end, second.end)
    begins_earlier = start < 0 or (start == 0 and first.start_included and not second.start_included)
    ends_earlier = end < 0 or (end == 0 and (not first.end_included or second.end_included))
    return begins_earlier and ends_earlier and overlaps(run, first, second)


@builtin("overlaps after(range1: range, range2: range)")
def overlaps_after(run: Run, first: Range, second: Range) -> bool:
    """Whether the first begins inside the second and ends after it."""
    start, end = _compare(run, second.start, first.start), _compare(run, second.end, first.end)
    begins_later = start < 0 or (start == 0 and second.start_included and not first.start_included)
    ends_later = end < 0 or (end == 0 and (first.end_included or not second.end_included))
    return begins_later and ends_later and overlaps(run, first, second)


@builtin("finishes(point: Any, range: range)", "finishes(range1: range, range2: range)")
def finishes(run: Run, value: Any, second: Range) -> bool:
    """Whether a point is the end of the range, or a range ends with it and begins inside it."""
    if not isinstance(value, Range):
        return second.end_included and _compare(run, value, second.end) == 0
    if value.end_included != second.end_included or _compare(run, value.end, second.end) != 0:
        return False
    return _begins_inside(_compare(run, value.start, second.start), value, second)


def _begins_inside(answer: int, first: Range, second: Range) -> bool:
    return answer > 0 or (answer == 0 and (not first.start_included or second.start_included))


@builtin("finished by(range: range, point: Any)", "finished by(range1: range, range2: range)")
def finished_by(run: Run, first: Range, value: Any) -> bool:
    """The other way round."""
    return finishes(run, value, first)


@builtin("starts(point: Any, range: range)", "starts(range1: range, range2: range)")
def starts(run: Run, value: Any, second: Range) -> bool:
    """Whether a point is the start of the range, or a range starts with it and ends inside it."""
    if not isinstance(value, Range):
        return second.start_included and _compare(run, value, second.start) == 0
    if value.start_included != second.start_included or _compare(run, value.start, second.start) != 0:
        return False
    answer = _compare(run, value.end, second.end)
    return answer < 0 or (answer == 0 and (not value.end_included or second.end_included))


@builtin("started by(range: range, point: Any)", "started by(range1: range, range2: range)")
def started_by(run: Run, first: Range, value: Any) -> bool:
    """The other way round."""
    return starts(run, value, first)


@builtin("includes(range: range, point: Any)", "includes(range1: range, range2: range)")
def includes(run: Run, first: Range, value: Any) -> bool:
    """Whether a point or a whole range lies inside the range."""
    if not isinstance(value, Range):
        answer = contains(first, value, run)
        if answer is None:
            raise NullResult("两个值不能比较。", "the two values cannot be compared.")
        return answer
    start, end = _compare(run, first.start, value.start), _compare(run, value.end, first.end)
    return (start < 0 or (start == 0 and (first.start_included or not value.start_included))) and (
        end < 0 or (end == 0 and (first.end_included or not value.end_included))
    )


@builtin("during(point: Any, range: range)", "during(range1: range, range2: range)")
def during(run: Run, value: Any, second: Range) -> bool:
    """The other way round."""
    return includes(run, second, value)


@builtin("coincides(point1: Any, point2: Any)", "coincides(range1: range, range2: range)")
def coincides(run: Run, first: Any, second: Any) -> bool:
    """Whether two points are equal, or two ranges have the same ends."""
    if isinstance(first, Range) is not isinstance(second, Range):
        raise NullResult("需要两个点或两个区间。", "two points or two ranges are needed.")
    one, other = _span(first), _span(second)
    return (
        _compare(run, one.start, other.start) == 0
        and _compare(run, one.end, other.end) == 0
        and (one.start_included, one.end_included) == (other.start_included, other.end_included)
    )


@builtin("range(from: string)")
def range_from_text(run: Run, text: str) -> Range:
    """The range that a text writes, such as `"[1..5)"`; the ends are literals."""
    value = _literal_range(text, run)
    if value is None or value.op or order(value.start, value.end, run) not in (-1, 0):
        raise NullResult(f"“{text[:50]}”不是区间。", f"'{text[:50]}' is no range.")
    return value


def _literal_range(text: str, run: Run) -> Range | None:
    try:
        tree = parse_expression(text)
    except FeelSyntaxError:
        return None
    if not isinstance(tree, ast.RangeOf) or tree.start is None or tree.end is None:
        return None
    ends = [_literal(end, run) for end in (tree.start, tree.end)]
    return Range(ends[0], ends[1], tree.start_included, tree.end_included)


def _literal(node: ast.Node, run: Run) -> Any:
    """The value of a literal, also of `date("…")` and its like; null for anything else."""
    if isinstance(node, ast.Literal):
        return node.value
    if isinstance(node, ast.Call) and isinstance(node.function, ast.Name) and node.function.name in _CONSTRUCTORS:
        arguments = [argument.value for argument in node.arguments if isinstance(argument, ast.Literal)]
        return BUILTINS[node.function.name].call(run, arguments) if len(arguments) == len(node.arguments) else None
    return None
