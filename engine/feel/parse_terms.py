"""Parses what an expression can begin with: literals, names, brackets and the forms that start with a keyword."""

from collections.abc import Iterable
from decimal import Decimal

from engine.feel import ast
from engine.feel.errors import FeelSyntaxError
from engine.feel.lexer import Token, string_value, tokenize
from engine.feel.names import KEYWORDS
from engine.feel.numbers import CONTEXT
from engine.feel.parse_types import Types, parse_type
from engine.feel.powers import COMPARE, COMPARISONS, NEGATE
from engine.feel.temporal_text import parse_temporal
from engine.feel.token_reader import TokenReader
from engine.feel.types import ANY

_CONSTANTS = {"true": True, "false": False, "null": None}
_BUILT_IN_WITH_KEYWORD = ("date and time", "years and months duration")


class TermParser(TokenReader):
    """The part of the parser that needs no precedence."""

    def __init__(self, source: str, names: Iterable[str] = (), types: Types | None = None, *, juel: bool = False) -> None:
        """Args: source: the text; names: known names; types: finds a model's own types; juel: accept JUEL's operators."""
        super().__init__(source, tokenize(source, juel=juel), (*names, *_BUILT_IN_WITH_KEYWORD))
        self.types = types or (lambda _: None)
        self.juel = juel

    def term(self) -> ast.Node:
        """A literal, a name, something in brackets, a negation or a form with a keyword."""
        token = self.token
        if token.kind == "number":
            self.index += 1
            return ast.Literal(token.start, self._number(token))
        if token.kind == "string":
            self.index += 1
            return ast.Literal(token.start, string_value(token.text))
        if token.kind == "name":
            return self._word()
        if token.kind == "op":
            return self._sign()
        raise self.error("应为一个值。", "a value is expected.")

    def _number(self, token: Token) -> Decimal:
        try:
            return CONTEXT.create_decimal(token.text)
        except ArithmeticError:
            raise FeelSyntaxError("这个数太大。", "this number is too large.", self.source, token.start) from None

    def _sign(self) -> ast.Node:
        at = self.token.start
        if self.take("-"):
            operand = self.expression(NEGATE)
            return (
                ast.Literal(at, -operand.value)
                if isinstance(operand, ast.Literal) and isinstance(operand.value, Decimal)
                else ast.Negation(at, operand)
            )
        if self.take("?"):
            return ast.Name(at, "?")
        if self.take("("):
            return self._parenthesis(at)
        if self.take("["):
            return self._list_or_range(at)
        if self.take("]"):
            start = self.expression()
            return self.range_after(at, start, included=False)
        if self.take("{"):
            return self._context(at)
        if self.take("@"):
            return self._temporal(at)
        if self.juel and self.take("!"):
            return ast.Call(at, ast.Name(at, "not"), (self.expression(NEGATE),))
        raise self.error("应为一个值。", "a value is expected.")

    def _temporal(self, at: int) -> ast.Node:
        if self.token.kind != "string":
            raise self.error("@ 后面应为引号中的日期、时间或时长。", "a date, time or duration in quotes is expected behind @.")
        value = parse_temporal(string_value(self.token.text))
        if value is None:
            text = self.token.text
            raise FeelSyntaxError(f"{text} 不是日期、时间或时长。", f"{text} is no date, time or duration.", self.source, at)
        self.index += 1
        return ast.Literal(at, value)

    def _parenthesis(self, at: int) -> ast.Node:
        if self.at(*COMPARISONS):
            op = self.token.text
            self.index += 1
            node = one_sided(at, op, self.expression(COMPARE))
            self.expect(")")
            return node
        inner = self.expression()
        if self.at(".."):
            return self.range_after(at, inner, included=False)
        self.expect(")")
        return inner

    def range_after(self, at: int, start: ast.Node, *, included: bool) -> ast.Node:
        """The rest of a range whose start has been read: `..end]`."""
        self.expect("..")
        end = self.range_end()
        if not self.at("]", ")", "["):
            raise self.error("区间应以 ] 或 ) 结束。", "a range ends with ] or ).")
        closed = self.token.text == "]"
        self.index += 1
        return ast.RangeOf(at, start, end, included, closed)

    def range_end(self) -> ast.Node:
        """The upper end of a range; a `[` behind it closes the range when nothing that follows can be a filter."""
        raise NotImplementedError

    def _list_or_range(self, at: int) -> ast.Node:
        items: list[ast.Node] = []
        if not self.at("]"):
            items.append(self.expression())
            if self.at(".."):
                return self.range_after(at, items[0], included=True)
            while self.take(","):
                items.append(self.expression())
        self.expect("]")
        return ast.ListOf(at, tuple(items))

    def _context(self, at: int) -> ast.Node:
        entries: list[tuple[str, ast.Node]] = []
        while not self.at("}"):
            if self.token.kind == "string":
                key = string_value(self.token.text)
                self.index += 1
            else:
                key = self.name_until(":")
                self.known.add(key)
            self.expect(":")
            entries.append((key, self.expression()))
            if not self.take(","):
                break
        self.expect("}")
        return ast.ContextOf(at, tuple(entries))

    def _word(self) -> ast.Node:
        token = self.token
        match = self.known.match(self.tokens, self.index)
        if token.text in KEYWORDS and (match is None or match[1] == 1):
            return self._keyword()
        if self.juel and token.text in ("not", "empty") and self.peek().text != "(":
            self.index += 1
            operand = self.expression(NEGATE)
            return ast.Call(token.start, ast.Name(token.start, "not"), (operand,)) if token.text == "not" else empty(token.start, operand)
        if self.juel and token.text == "empty":
            self.index += 1
            return empty(token.start, self.expression(NEGATE))
        return ast.Name(token.start, self.name())

    def _keyword(self) -> ast.Node:
        at, word = self.token.start, self.token.text
        if word in _CONSTANTS:
            self.index += 1
            return ast.Literal(at, _CONSTANTS[word])
        if word == "if":
            self.index += 1
            condition = self.expression()
            self.expect("then")
            positive = self.expression()
            self.expect("else")
            return ast.If(at, condition, positive, self.expression())
        if word == "for":
            self.index += 1
            iterators = self._iterators()
            self.known.add("partial")
            self.expect("return")
            return ast.For(at, iterators, self.expression())
        if word in ("some", "every"):
            self.index += 1
            iterators = self._iterators()
            self.expect("satisfies")
            return ast.Quantified(at, word, iterators, self.expression())
        if word == "function":
            self.index += 1
            return self._function(at)
        raise self.error("应为一个值。", "a value is expected.")

    def _iterators(self) -> tuple[ast.Iterator, ...]:
        iterators = []
        while True:
            name = self.name_until("in")
            self.expect("in")
            source = self.expression()
            end = self.expression() if self.take("..") else None
            self.known.add(name)
            iterators.append(ast.Iterator(name, source, end))
            if not self.take(","):
                return tuple(iterators)

    def _function(self, at: int) -> ast.Node:
        self.expect("(")
        parameters = []
        while not self.at(")"):
            name = self.name_until(":", ",", ")")
            self.known.add(name)
            parameters.append((name, parse_type(self, self.types) if self.take(":") else ANY))
            if not self.take(","):
                break
        self.expect(")")
        external = self.take("external")
        return ast.FunctionOf(at, tuple(parameters), self.expression(), external)


def one_sided(at: int, op: str, operand: ast.Node) -> ast.RangeOf:
    """The range that `(op operand)` means."""
    if op in ("<", "<="):
        return ast.RangeOf(at, None, operand, start_included=False, end_included=op == "<=", op=op)
    if op in (">", ">="):
        return ast.RangeOf(at, operand, None, start_included=op == ">=", end_included=False, op=op)
    return ast.RangeOf(at, operand, operand, start_included=True, end_included=True, op=op)


def empty(at: int, operand: ast.Node) -> ast.Node:
    """JUEL's `empty x`: null, an empty text, list or context."""
    nothing = (ast.Literal(at, None), ast.Literal(at, ""), ast.ListOf(at, ()), ast.ContextOf(at, ()))
    return ast.If(at, ast.In(at, operand, nothing), ast.Literal(at, True), ast.Literal(at, False))
