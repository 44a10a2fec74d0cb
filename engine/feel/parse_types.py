"""Parses the names of types behind `instance of`, in function parameters and in models."""

from collections.abc import Callable

from engine.feel.lexer import tokenize
from engine.feel.names import KnownNames
from engine.feel.token_reader import TokenReader
from engine.feel.types import ANY, ContextType, FeelType, FunctionType, ListType, RangeType, simple_type

_WITH_KEYWORD = KnownNames(["date and time", "days and time duration", "years and months duration"])
Types = Callable[[str], FeelType | None]


def parse_type(reader: TokenReader, types: Types) -> FeelType:
    """The type at the next token.

    Args:
        reader: where the text is read.
        types: finds a model's own types by name.
    """
    reader.nested()
    kind = _composite(reader, types) or _named(reader, types)
    reader.depth -= 1
    return kind


def type_from_text(text: str, types: Types) -> FeelType:
    """The type that a whole text names, such as `list<number>`."""
    reader = TokenReader(text, tokenize(text), ())
    kind = parse_type(reader, types)
    if reader.token.kind != "end":
        raise reader.error("类型名在这里应该结束。", "the type should end here.")
    return kind


def _composite(reader: TokenReader, types: Types) -> FeelType | None:
    word = reader.token.text
    if word not in ("list", "range", "context", "function") or reader.peek().text != "<":
        return None
    reader.index += 2
    kind: FeelType
    if word == "list":
        kind = ListType("list", parse_type(reader, types))
    elif word == "range":
        kind = RangeType("range", parse_type(reader, types))
    elif word == "context":
        entries = []
        while not reader.at(">"):
            name = reader.name_until(":")
            reader.expect(":")
            entries.append((name, parse_type(reader, types)))
            if not reader.take(","):
                break
        kind = ContextType("context", tuple(entries))
    else:
        return _function(reader, types)
    reader.expect(">")
    return kind


def _function(reader: TokenReader, types: Types) -> FeelType:
    parameters = []
    while not reader.at(">"):
        parameters.append(parse_type(reader, types))
        if not reader.take(","):
            break
    reader.expect(">")
    reader.expect("->")
    return FunctionType("function", tuple(parameters), parse_type(reader, types))


def _named(reader: TokenReader, types: Types) -> FeelType:
    start = reader.token
    match = _WITH_KEYWORD.match(reader.tokens, reader.index)
    if match:
        reader.index += match[1]
        return FeelType(match[0])
    name = reader.name()
    while reader.at(".", ":"):
        separator = reader.token.text
        reader.index += 1
        name += separator + reader.name()
    kind = types(name) or simple_type(name)
    if kind is None:
        reader.index = reader.tokens.index(start)
        raise reader.error(f"没有名为“{name}”的类型。", f"there is no type '{name}'.")
    return ANY if kind.name == "Any" else kind
