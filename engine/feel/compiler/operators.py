"""Arithmetic, comparison and logic."""

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.feel import ast
from engine.feel.arithmetic import calculate, negate
from engine.feel.compare import equal, order
from engine.feel.compiler.base import Compiler, Evaluate, compiles, constant
from engine.feel.errors import NullResult
from engine.feel.numbers import CONTEXT
from engine.feel.scope import Frame, Place
from engine.feel.types import kind_of

_FAST: dict[str, Callable[[Decimal, Decimal], Decimal]] = {"+": CONTEXT.add, "-": CONTEXT.subtract, "*": CONTEXT.multiply}
ORDERINGS: dict[str, Callable[[Any, Any], bool]] = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


@compiles(ast.Literal)
def literal(node: ast.Literal, _: Compiler) -> Evaluate:
    """A constant."""
    return constant(node.value)


@compiles(ast.Arithmetic)
def arithmetic(node: ast.Arithmetic, compiler: Compiler) -> Evaluate:
    """`+ - * / **`; two decimals take the short way, everything else is looked up by kind."""
    left, right, op, place = compiler(node.left), compiler(node.right), node.op, compiler.place(node)
    fast = _FAST.get(op)

    def evaluate(frame: Frame) -> Any:
        one, other = left(frame), right(frame)
        try:
            if fast is not None and one.__class__ is Decimal and other.__class__ is Decimal:
                return fast(one, other)
            return calculate(op, one, other, frame.run)
        except NullResult as failure:
            zh, en = failure.zh, failure.en
            return frame.run.null(place, lambda: (zh, en))
        except ArithmeticError:
            return frame.run.null(
                place, lambda: ("计算结果超出数的范围或除以零。", "the result is beyond the range of numbers, or a division by zero.")
            )

    return evaluate


@compiles(ast.Negation)
def negation(node: ast.Negation, compiler: Compiler) -> Evaluate:
    """`-x` of a number or a duration."""
    operand, place = compiler(node.operand), compiler.place(node)

    def evaluate(frame: Frame) -> Any:
        value = operand(frame)
        result = negate(value)
        if result is None:
            kind = kind_of(value)
            frame.run.null(place, lambda: (f"{kind} 不能取负。", f"a {kind} cannot be negated."))
        return result

    return evaluate


@compiles(ast.Comparison)
def comparison(node: ast.Comparison, compiler: Compiler) -> Evaluate:
    """`= != < <= > >=`; different kinds give null."""
    left, right, place = compiler(node.left), compiler(node.right), compiler.place(node)
    return equality(left, right, place, wanted=node.op == "=") if node.op in ("=", "!=") else ordering(node.op, left, right, place)


def equality(left: Evaluate, right: Evaluate, place: Place, *, wanted: bool) -> Evaluate:
    """The closure of `=` (wanted) or `!=`."""

    def evaluate(frame: Frame) -> Any:
        one, other = left(frame), right(frame)
        if one.__class__ is other.__class__ and (one.__class__ is str or one.__class__ is Decimal):
            return (one == other) is wanted
        same = equal(one, other, frame.run)
        if same is None:
            return incomparable(frame, place, one, other)
        return same is wanted

    return evaluate


def ordering(op: str, left: Evaluate, right: Evaluate, place: Place) -> Evaluate:
    """The closure of `<`, `<=`, `>` or `>=`."""
    test = ORDERINGS[op]

    def evaluate(frame: Frame) -> bool | None:
        one, other = left(frame), right(frame)
        if one.__class__ is Decimal and other.__class__ is Decimal:
            return test(one, other)
        answer = order(one, other, frame.run)
        return incomparable(frame, place, one, other) if answer is None else test(answer, 0)

    return evaluate


def incomparable(frame: Frame, place: Place, left: Any, right: Any) -> Any:
    """Note that two values have no order or equality, with advice when a text was meant as a time."""
    kinds = kind_of(left), kind_of(right)

    def reason() -> tuple[str, str]:
        zh, en = f"{kinds[0]} 与 {kinds[1]} 不能比较", f"a {kinds[0]} cannot be compared with a {kinds[1]}"
        temporal = next((kind for kind in kinds if kind in ("date", "time", "date and time")), None)
        if "string" in kinds and temporal:
            return f"{zh}：请先用 {temporal}(…) 转换文本。", f"{en}: convert the text with {temporal}(…) first."
        return f"{zh}。", f"{en}."

    return frame.run.null(place, reason)


@compiles(ast.Between)
def between(node: ast.Between, compiler: Compiler) -> Evaluate:
    """`x between a and b`, both ends included."""
    value, low, high, place = compiler(node.value), compiler(node.low), compiler(node.high), compiler.place(node)

    def evaluate(frame: Frame) -> Any:
        middle = value(frame)
        below, above = low(frame), high(frame)
        answers = order(below, middle, frame.run), order(middle, above, frame.run)
        if None in answers:
            return incomparable(frame, place, middle, below if answers[0] is None else above)
        return all(answer is not None and answer <= 0 for answer in answers)

    return evaluate


@compiles(ast.Junction)
def junction(node: ast.Junction, compiler: Compiler) -> Evaluate:
    """`and`, `or` with three values: an operand that is no boolean counts as null."""
    operands = tuple(compiler(operand) for operand in node.operands)
    decisive, place = node.op == "or", compiler.place(node)

    def evaluate(frame: Frame) -> Any:
        unknown = False
        for operand in operands:
            value = operand(frame)
            if value is decisive:
                return decisive
            if value is not (not decisive):
                unknown = True
                if value is not None:
                    kind = kind_of(value)
                    frame.run.null(place, lambda kind=kind: (f"and/or 需要布尔值，而不是 {kind}。", f"and/or need booleans, not a {kind}."))  # type: ignore[misc]
        return None if unknown else not decisive

    return evaluate


@compiles(ast.InstanceOf)
def instance_of(node: ast.InstanceOf, compiler: Compiler) -> Evaluate:
    """`x instance of type`; null belongs to the type Null only."""
    value, kind = compiler(node.value), node.type.unconstrained()
    if kind.name == "Null":
        return lambda frame: value(frame) is None

    def evaluate(frame: Frame) -> bool:
        given = value(frame)
        return given is not None and kind.accepts(given, frame.run)

    return evaluate
