"""The parts an expression consists of, as the parser leaves them."""

from dataclasses import dataclass, field, fields
from typing import Any

from engine.feel.types import FeelType


@dataclass(frozen=True, slots=True)
class Node:
    """Any part of an expression."""

    at: int  #: offset in the text, for messages


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number, string, boolean, null or temporal literal."""

    value: Any


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable; `?` is the input value of a unary test."""

    name: str


@dataclass(frozen=True, slots=True)
class Path(Node):
    """`target.name`."""

    target: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """`target[condition]`, also `target[1]`."""

    target: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`function(arguments)`; named arguments exclude positional ones."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """`-operand`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """`left op right` with op one of `+ - * / ** %` (`%` comes from JUEL only)."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Junction(Node):
    """`and` or `or` of any number of operands."""

    op: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """`left op right` with op one of `= != < <= > >=`."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """`value between low and high`."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """`value in test` or `value in (test, test)`."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """`value instance of type`."""

    value: Node
    type: FeelType


@dataclass(frozen=True, slots=True)
class If(Node):
    """`if condition then positive else negative`."""

    condition: Node
    positive: Node
    negative: Node


@dataclass(frozen=True, slots=True)
class Iterator:
    """`name in source`, or `name in source..end`."""

    name: str
    source: Node
    end: Node | None = None


@dataclass(frozen=True, slots=True)
class For(Node):
    """`for iterators return body`."""

    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """`some` or `every` `iterators satisfies condition`."""

    kind: str
    iterators: tuple[Iterator, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    """`[item, item]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextOf(Node):
    """`{key: value}`."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class RangeOf(Node):
    """`[start..end]`, or with `op` a one-sided range such as `(>= 5)`."""

    start: Node | None
    end: Node | None
    start_included: bool
    end_included: bool
    op: str = ""


@dataclass(frozen=True, slots=True)
class FunctionOf(Node):
    """`function(a: type, b) body`; an external one has no body that can run here."""

    parameters: tuple[tuple[str, FeelType], ...]
    body: Node
    external: bool = False


@dataclass(frozen=True, slots=True)
class UnaryTest(Node):
    """`< 5`: compares the input value."""

    op: str
    operand: Node


@dataclass(frozen=True, slots=True)
class UnaryTests(Node):
    """A cell of a decision table: any of the tests, or none when negated; no test at all (`-`) accepts everything."""

    tests: tuple[Node, ...]
    negated: bool = field(default=False)


def children(node: Node) -> list[Node]:
    """The direct parts of a part."""
    found: list[Node] = []
    for item in fields(node):
        _collect(getattr(node, item.name), found)
    return found


def _collect(value: Any, found: list[Node]) -> None:
    if isinstance(value, Node):
        found.append(value)
    elif isinstance(value, Iterator):
        _collect((value.source, value.end), found)
    elif isinstance(value, tuple):
        for item in value:
            _collect(item, found)
