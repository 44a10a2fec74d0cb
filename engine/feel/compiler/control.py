"""`if`, `for`, `some` and `every`."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from engine.feel import ast
from engine.feel.compiler.base import Compiler, Evaluate, compiles
from engine.feel.numbers import whole
from engine.feel.ranges import Range
from engine.feel.scope import Frame, Place
from engine.feel.temporals import Date
from engine.feel.types import kind_of
from engine.feel.values import lift

Rounds = tuple[str, Evaluate, Evaluate | None]  #: name, source, upper end of a range


@compiles(ast.If)
def conditional(node: ast.If, compiler: Compiler) -> Evaluate:
    """`if … then … else …`; everything but true takes the else branch."""
    condition, positive, negative, place = compiler(node.condition), compiler(node.positive), compiler(node.negative), compiler.place(node)

    def evaluate(frame: Frame) -> Any:
        answer = condition(frame)
        if answer is True:
            return positive(frame)
        if answer is not False and answer is not None:
            kind = kind_of(answer)
            frame.run.null(place, lambda: (f"if 的条件应为布尔值，而不是 {kind}。", f"the condition of if is a boolean, not a {kind}."))
        return negative(frame)

    return evaluate


@compiles(ast.For)
def loop(node: ast.For, compiler: Compiler) -> Evaluate:
    """`for`; inside, `partial` is the list of the results so far."""
    rounds, body, place = _rounds(node.iterators, compiler), compiler(node.body), compiler.place(node)

    def evaluate(frame: Frame) -> list[Any] | None:
        results: list[Any] = []
        meter = frame.run.meter

        def visit(inner: Frame) -> bool:
            results.append(body(inner))
            meter.check_items(len(results))
            return True

        outer = frame.inner({"partial": results})
        return results if visit_all(rounds, outer, visit, place) is not None else None

    return evaluate


@compiles(ast.Quantified)
def quantified(node: ast.Quantified, compiler: Compiler) -> Evaluate:
    """`some` is a big `or`, `every` a big `and`."""
    rounds, condition, place = _rounds(node.iterators, compiler), compiler(node.condition), compiler.place(node)
    decisive = node.kind == "some"

    def evaluate(frame: Frame) -> bool | None:
        unknown = False

        def visit(inner: Frame) -> bool:
            nonlocal unknown
            answer = condition(inner)
            unknown = unknown or not isinstance(answer, bool)
            return answer is not decisive

        went_through = visit_all(rounds, frame, visit, place)
        if went_through is None:
            return None
        if not went_through:
            return decisive
        return None if unknown else not decisive

    return evaluate


def _rounds(iterators: Iterable[ast.Iterator], compiler: Compiler) -> tuple[Rounds, ...]:
    return tuple((item.name, compiler(item.source), compiler(item.end) if item.end else None) for item in iterators)


def visit_all(rounds: tuple[Rounds, ...], frame: Frame, visit: Callable[[Frame], bool], place: Place) -> bool | None:
    """Visit every combination of the iterators' values.

    Args:
        rounds: the iterators, outermost first; inner sources may use the outer names.
        frame: what the first source sees.
        visit: gets the frame of a combination; false stops.
        place: where to report a source that is no list.

    Returns:
        True after all, False when the visitor stopped, None when a source cannot be walked through.
    """
    if not rounds:
        return visit(frame)
    (name, source, end), rest = rounds[0], rounds[1:]
    values = elements(source(frame), end(frame) if end else None, is_range=end is not None)
    if values is None:
        frame.run.null(place, lambda: (f"{name} 没有可以遍历的列表或区间。", f"{name} has no list or range to go through."))
        return None
    for value in values:
        frame.run.meter.spend()
        answer = visit_all(rest, frame.inner({name: value}), visit, place)
        if not answer:
            return answer
    return True


def elements(source: Any, end: Any, *, is_range: bool) -> Iterable[Any] | None:
    """The values of a list, or of `source..end` in either direction (whole numbers or dates); None when that has no sense."""
    if not is_range:
        if isinstance(source, Range):
            return _range_elements(source)
        if isinstance(source, list):
            return map(lift, source)
        return None if source is None else [source]
    if isinstance(source, Decimal) and isinstance(end, Decimal):
        first, last = whole(source), whole(end)
        if first is None or last is None:
            return None
        step = 1 if last >= first else -1
        return map(Decimal, range(first, last + step, step))
    if isinstance(source, Date) and isinstance(end, Date):
        step = 1 if end >= source else -1
        return map(Date.from_ordinal, range(source.ordinal, end.ordinal + step, step))
    return None


def _range_elements(interval: Range) -> Iterable[Any] | None:
    """The whole numbers or dates inside a range, without excluded ends."""
    values = None if interval.op else elements(interval.start, interval.end, is_range=True)
    if values is None:
        return None
    excluded = [end for end, included in ((interval.start, interval.start_included), (interval.end, interval.end_included)) if not included]
    return (value for value in values if value not in excluded)
