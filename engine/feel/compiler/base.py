"""The table of compilers, one per kind of part."""

from collections.abc import Callable
from typing import Any, TypeVar

from engine.feel import ast
from engine.feel.scope import Frame, Place

Evaluate = Callable[[Frame], Any]
NodeType = TypeVar("NodeType", bound=ast.Node)
_COMPILERS: dict[type[ast.Node], Callable[[Any, "Compiler"], Evaluate]] = {}


def compiles(kind: type[NodeType]) -> Callable[[Callable[[NodeType, "Compiler"], Evaluate]], Callable[[NodeType, "Compiler"], Evaluate]]:
    """Registers the function that compiles a kind of part."""

    def register(function: Callable[[NodeType, "Compiler"], Evaluate]) -> Callable[[NodeType, "Compiler"], Evaluate]:
        _COMPILERS[kind] = function
        return function

    return register


class Compiler:
    """Compiles the parts of one text; call it with a part to get the closure."""

    def __init__(self, source: str) -> None:
        """Args: source: the text, for messages."""
        self.source = source

    def __call__(self, node: ast.Node) -> Evaluate:
        """The closure that evaluates a part."""
        return _COMPILERS[type(node)](node, self)

    def place(self, node: ast.Node) -> Place:
        """Where the part stands."""
        return self.source, node.at


def constant(value: Any) -> Evaluate:
    """A closure that always gives the same value."""
    return lambda _: value
