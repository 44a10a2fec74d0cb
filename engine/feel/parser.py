"""Turns the text of an expression or of a table cell into its parts."""

from collections.abc import Iterable

from engine.feel import ast
from engine.feel.errors import FeelSyntaxError
from engine.feel.juel import spell_as_feel, unwrap
from engine.feel.parse_terms import TermParser
from engine.feel.parse_types import Types, parse_type
from engine.feel.powers import AND, ARITHMETIC, COMPARE, COMPARISONS, INSTANCE, OR, TERNARY

#: a chain of operators makes a deep tree without nesting; it is bounded like nesting
MAX_CHAIN = 150
#: behind `[` these show that it closed a range and did not open a filter
_AFTER_RANGE = frozenset(["", ")", "]", "}", ",", ".", "then", "else", "return", "satisfies", "and", "or", *COMPARISONS])


def parse_expression(text: str, names: Iterable[str] = (), types: Types | None = None) -> ast.Node:
    """The parts of an expression; a leading `=` and `${…}` are accepted.

    Args:
        text: what somebody wrote.
        names: known names; needed only for names that contain signs or keywords.
        types: finds a model's own types by name.

    Raises:
        FeelSyntaxError: with the position and what was expected.
    """
    source, juel = unwrap(text)
    parser = Parser(source, names, types, juel=juel)
    if parser.token.kind == "end":
        raise FeelSyntaxError("表达式是空的。", "the expression is empty.", text, 0)
    return parser.finish(parser.expression())


def parse_unary_tests(text: str, names: Iterable[str] = (), types: Types | None = None) -> ast.UnaryTests:
    """The parts of a decision table's input cell; empty and `-` accept everything.

    Raises:
        FeelSyntaxError: with the position and what was expected.
    """
    parser = Parser(text, names, types)
    if parser.token.kind == "end" or (parser.at("-") and parser.peek().kind == "end"):
        return ast.UnaryTests(0, ())
    if parser.at("not") and parser.peek().text == "(":
        try:
            parser.index += 2
            tests = parser.tests()
            parser.expect(")")
            return ast.UnaryTests(0, parser.finish_all(tests), negated=True)
        except FeelSyntaxError:
            parser = Parser(text, names, types)  # not a negated cell but an expression that begins with not(…)
    return ast.UnaryTests(0, parser.finish_all(parser.tests()))


class Parser(TermParser):
    """Operators by precedence on top of the terms."""

    def __init__(self, source: str, names: Iterable[str] = (), types: Types | None = None, *, juel: bool = False) -> None:
        """Args: as for the terms; JUEL's operators are respelled first."""
        super().__init__(source, names, types, juel=juel)
        self._may_close_range = False
        if juel:
            self.tokens = spell_as_feel(self.tokens)

    def expression(self, power: int = 0) -> ast.Node:
        """An expression whose operators bind more tightly than `power`."""
        self.nested()
        node = self.term()
        for _ in range(MAX_CHAIN):
            further = self._postfix(node) or self._infix(node, power)
            if further is None:
                self.depth -= 1
                return node
            node = further
        raise self.error(f"连续的运算超过 {MAX_CHAIN} 个。", f"more than {MAX_CHAIN} operators in a row.")

    def finish(self, node: ast.Node) -> ast.Node:
        """The node, when nothing is left over behind it."""
        if self.token.kind != "end":
            raise self.error("表达式在这里应该结束，或者接一个运算符。", "the expression should end here or go on with an operator.")
        return node

    def finish_all(self, tests: tuple[ast.Node, ...]) -> tuple[ast.Node, ...]:
        """The tests of a cell, when nothing is left over behind them."""
        self.finish(tests[-1])
        return tests

    def tests(self) -> tuple[ast.Node, ...]:
        """Tests separated by commas."""
        tests = [self._test(0)]
        while self.take(","):
            tests.append(self._test(0))
        return tuple(tests)

    def range_end(self) -> ast.Node:
        """The upper end of a range."""
        self._may_close_range, before = True, self._may_close_range
        node = self.expression()
        self._may_close_range = before
        return node

    def _test(self, power: int) -> ast.Node:
        if self.at(*COMPARISONS):
            at, op = self.token.start, self.token.text
            self.index += 1
            return ast.UnaryTest(at, op, self.expression(COMPARE))
        return self.expression(power)

    def _postfix(self, target: ast.Node) -> ast.Node | None:
        at = self.token.start
        if self.at(".") and self.peek().kind == "name":
            self.index += 1
            return ast.Path(at, target, self.name())
        if self.at("[") and not (self._may_close_range and self.peek().text in _AFTER_RANGE):
            self.index += 1
            self._may_close_range, before = False, self._may_close_range
            condition = self.expression()
            self._may_close_range = before
            self.expect("]")
            return ast.Filter(at, target, condition)
        if self.at("(") and not isinstance(target, ast.Literal):
            self.index += 1
            return self._call(target)
        return None

    def _call(self, function: ast.Node) -> ast.Node:
        arguments: list[ast.Node] = []
        names: list[str] = []
        while not self.at(")"):
            if self._named_argument():
                names.append(self.name_until(":"))
                self.expect(":")
            arguments.append(self.expression())
            if not self.take(","):
                break
        self.expect(")")
        if names and len(names) != len(arguments):
            raise self.error("参数要么全部写名称，要么全部不写。", "either all arguments are named or none.")
        return ast.Call(function.at, function, tuple(arguments), tuple(names))

    def _named_argument(self) -> bool:
        offset = 0
        while self.peek(offset).kind == "name" or (offset and self.peek(offset).kind == "number"):
            offset += 1
        return offset > 0 and self.peek(offset).text == ":"

    def _infix(self, left: ast.Node, power: int) -> ast.Node | None:
        at, op = self.token.start, self.token.text
        if self.token.kind == "op":
            if ARITHMETIC.get(op, 0) > power:
                self.index += 1
                return ast.Arithmetic(at, op, left, self.expression(ARITHMETIC[op]))
            if power < COMPARE and self.take(*COMPARISONS):
                return ast.Comparison(at, op, left, self.expression(COMPARE))
            if self.juel and power < TERNARY and self.take("?"):
                positive = self.expression()
                self.expect(":")
                return ast.If(at, left, positive, self.expression())
            return None
        if self.token.kind != "name":
            return None
        if op in ("and", "or") and power < (AND if op == "and" else OR):
            return self._junction(op, left)
        if op == "instance" and self.peek().text == "of" and power < INSTANCE:
            self.index += 2
            return ast.InstanceOf(at, left, parse_type(self, self.types))
        return self._range_test(left) if power < COMPARE else None

    def _junction(self, op: str, left: ast.Node) -> ast.Node:
        at = self.token.start
        operands = [left]
        while self.take(op):
            operands.append(self.expression(AND if op == "and" else OR))
        return ast.Junction(at, op, tuple(operands))

    def _range_test(self, left: ast.Node) -> ast.Node | None:
        at = self.token.start
        if self.take("between"):
            low = self.expression(COMPARE)
            self.expect("and")
            return ast.Between(at, left, low, self.expression(COMPARE))
        if not self.take("in"):
            return None
        if not self.at("("):
            return ast.In(at, left, (self._test(COMPARE),))
        self.index += 1
        first = self._test(0)
        if self.at(".."):
            return ast.In(at, left, (self.range_after(at, first, included=False),))
        tests = [first]
        while self.take(","):
            tests.append(self._test(0))
        self.expect(")")
        return ast.In(at, left, tuple(tests))
