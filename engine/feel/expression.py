"""Compiled expressions and table cells: what the rest of Opsbook uses of FEEL."""

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

from engine.feel import ast
from engine.feel.builtins import BUILTINS
from engine.feel.compiler import Compiler, Evaluate, Test, cell_test
from engine.feel.errors import BudgetExceeded
from engine.feel.free_names import free_names
from engine.feel.parse_types import Types
from engine.feel.parser import parse_expression, parse_unary_tests
from engine.feel.scope import Environment, Frame, Run
from engine.feel.values import lift


class CompiledExpression:
    """An expression, ready to be evaluated any number of times, in any thread."""

    def __init__(self, source: str, tree: ast.Node) -> None:
        """Args: source: what somebody wrote; tree: its parts."""
        self.source = source
        self.tree = tree
        self.names, self.item_names = free_names(tree)  #: free variables; those that may also be entries of a filtered list's elements
        self._evaluate: Evaluate = Compiler(source)(tree)

    def evaluate(self, context: Mapping[str, Any], env: Environment) -> Any:
        """The FEEL value; notes go to `env.warnings` and `env.explanations`.

        Args:
            context: variables by name, JSON or FEEL values; never changed, never copied.
            env: the world.

        Raises:
            BudgetExceeded: the evaluation became too big.
        """
        try:
            return self._evaluate(Frame(context, None, Run(env)))
        except RecursionError:
            raise too_deep() from None

    def run_frame(self, frame: Frame) -> Any:
        """Evaluate inside other frames."""
        return self._evaluate(frame)


class CompiledTests:
    """A decision table's input cell, ready to be asked."""

    def __init__(self, source: str, tree: ast.UnaryTests) -> None:
        """Args: source: what somebody wrote; tree: its parts."""
        self.source = source
        self.tree = tree
        self.names, self.item_names = free_names(tree)
        self.accepts: Test = cell_test(tree, Compiler(source))  #: takes a frame and the input value

    def evaluate(self, value: Any, context: Mapping[str, Any], env: Environment) -> bool | None:
        """Whether the cell accepts an input value; raises like an expression."""
        frame = Frame(context, None, Run(env))
        try:
            return self.accepts(frame, lift(value))
        except RecursionError:
            raise too_deep() from None


def too_deep() -> BudgetExceeded:
    """What to raise when an evaluation is too deep for the interpreter itself."""
    return BudgetExceeded("表达式或数据嵌套过深，已停止。", "the expression or the data is nested too deeply; stopped.", limit="depth")


def compile_expression(text: str, names: Collection[str] = (), types: Types | None = None) -> CompiledExpression:
    """Compile an expression; FEEL, `= FEEL` or `${…}` with JUEL's operators.

    Args:
        text: what somebody wrote.
        names: known names; needed only when a name contains signs or keywords (`order-id`, `date of birth and death`).
        types: finds a model's own types by name.

    Raises:
        FeelSyntaxError: with position and advice in Chinese and English.
    """
    if types is not None:
        return CompiledExpression(text, parse_expression(text, names, types))
    return _cached_expression(text, frozenset(names))


def compile_unary_tests(text: str, names: Collection[str] = (), types: Types | None = None) -> CompiledTests:
    """Compile a cell such as `"VIP", > 80`, `[1..5)`, `not(null)`, `-`; arguments and errors as for expressions."""
    if types is not None:
        return CompiledTests(text, parse_unary_tests(text, names, types))
    return _cached_tests(text, frozenset(names))


@lru_cache(maxsize=4096)
def _cached_expression(text: str, names: frozenset[str]) -> CompiledExpression:
    return CompiledExpression(text, parse_expression(text, names))


@lru_cache(maxsize=4096)
def _cached_tests(text: str, names: frozenset[str]) -> CompiledTests:
    return CompiledTests(text, parse_unary_tests(text, names))


def function_names() -> frozenset[str]:
    """The names of all built-in functions."""
    return frozenset(BUILTINS)
