"""Unary tests: the cells of decision tables, and what stands behind `in`."""

from collections.abc import Callable
from typing import Any

from engine.feel import ast
from engine.feel.compare import equal, member, order
from engine.feel.compiler.base import Compiler, Evaluate, compiles
from engine.feel.compiler.operators import ORDERINGS, incomparable
from engine.feel.scope import Frame

Test = Callable[[Frame, Any], bool | None]


@compiles(ast.In)
def in_tests(node: ast.In, compiler: Compiler) -> Evaluate:
    """`x in test` and `x in (test, test)`."""
    value, accepts = compiler(node.value), any_of([test_of(test, compiler) for test in node.tests])
    return lambda frame: accepts(frame, value(frame))


@compiles(ast.UnaryTests)
def unary_tests(node: ast.UnaryTests, compiler: Compiler) -> Evaluate:
    """A cell, as a closure that reads the input value from `?`."""
    accepts = cell_test(node, compiler)
    return lambda frame: accepts(frame, frame.names["?"])


def cell_test(node: ast.UnaryTests, compiler: Compiler) -> Test:
    """A cell, as a function of frame and input value."""
    if not node.tests:
        return lambda _frame, _value: True
    accepts = any_of([test_of(test, compiler) for test in node.tests])
    if not node.negated:
        return accepts

    def negated(frame: Frame, value: Any) -> bool | None:
        answer = accepts(frame, value)
        return None if answer is None else not answer

    return negated


def any_of(tests: list[Test]) -> Test:
    """True when one of the tests is true; null when none is and one is null."""
    if len(tests) == 1:
        return tests[0]

    def accepts(frame: Frame, value: Any) -> bool | None:
        answer: bool | None = False
        for test in tests:
            one = test(frame, value)
            if one is True:
                return True
            if one is None:
                answer = None
        return answer

    return accepts


def test_of(node: ast.Node, compiler: Compiler) -> Test:
    """One test: a comparison, an expression about `?`, or an expression that the value must equal or lie in."""
    if isinstance(node, ast.UnaryTest):
        return _comparison(node, compiler)
    evaluate, place = compiler(node), compiler.place(node)
    if uses_input(node):

        def about_input(frame: Frame, value: Any) -> bool | None:
            answer = evaluate(frame.inner({"?": value}))
            return answer if answer is None or isinstance(answer, bool) else _member(frame, value, answer)

        return about_input

    def accepts(frame: Frame, value: Any) -> bool | None:
        expected = evaluate(frame)
        if isinstance(expected, bool) and not isinstance(value, bool) and not isinstance(node, ast.Literal):
            return expected
        answer = _member(frame, value, expected)
        return incomparable(frame, place, value, expected) if answer is None else answer

    return accepts


def _member(frame: Frame, value: Any, of: Any) -> bool | None:
    return member(value, of, frame.run)


def _comparison(node: ast.UnaryTest, compiler: Compiler) -> Test:
    operand, place, op = compiler(node.operand), compiler.place(node), node.op

    def accepts(frame: Frame, value: Any) -> bool | None:
        other = operand(frame)
        if op in ("=", "!="):
            same = equal(value, other, frame.run)
            return incomparable(frame, place, value, other) if same is None else same is (op == "=")
        answer = order(value, other, frame.run)
        return incomparable(frame, place, value, other) if answer is None else ORDERINGS[op](answer, 0)

    return accepts


def uses_input(node: ast.Node) -> bool:
    """Whether the expression speaks of the input value, `?`."""
    if isinstance(node, ast.Name):
        return node.name == "?"
    return any(uses_input(child) for child in ast.children(node))
