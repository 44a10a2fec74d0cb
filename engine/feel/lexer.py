"""Cuts the text of an expression into tokens."""

import re
from dataclasses import dataclass

from engine.feel.budget import MAX_SOURCE
from engine.feel.errors import FeelSyntaxError

#: name characters of the standard, without the full-width punctuation that a Chinese keyboard types by mistake
_START = (
    "A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u167f\u1681-\u180d\u180f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3004-\u3007\u3021-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff66-\uffdc\U00010000-\U000effff"
)
_PART = _START + "0-9\u00b7\u0300-\u036f\u203f\u2040"
_SPACE = r"\s\u00a0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"
_TOKEN = re.compile(
    rf"""
    (?P<space>(?:[{_SPACE}]+|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)+)
  | (?P<number>(?:[0-9]+(?:\.[0-9]+)?|(?<!\.)\.[0-9]+|(?<=\.\.)\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
  | (?P<name>[{_START}][{_PART}]*)
  | (?P<string>"(?:[^"\\]|\\.)*")
  | (?P<op>\.\.|\*\*|<=|>=|!=|->|==|&&|\|\||[-+*/=<>()\[\]{{}},.:?@!%])
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_JUEL_STRING = re.compile(r"'(?:[^'\\]|\\.)*'", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|([nrt\"'\\]))")
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_FULL_WIDTH = dict(zip("，。：；（）［］｛｝“”‘’＝＜＞＋－＊／？！、", ",.:;()[]{}\"\"''=<>+-*/?!,", strict=True))
_JUEL_ONLY = {"==": "=", "&&": "and", "||": "or", "!": "not(…)"}


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number, string or sign."""

    kind: str  #: number, name, string, op, other, end
    text: str
    start: int
    end: int


def tokenize(source: str, *, juel: bool = False) -> list[Token]:
    """All tokens, with one of kind `end` behind the last; comments and spaces are dropped.

    Args:
        source: the expression.
        juel: whether strings may stand in single quotes.

    Raises:
        FeelSyntaxError: the text is too long, or a string or comment is not closed.
    """
    if len(source) > MAX_SOURCE:
        raise FeelSyntaxError(
            f"表达式超过 {MAX_SOURCE:,} 个字符。", f"the expression is longer than {MAX_SOURCE:,} characters.", source, MAX_SOURCE
        )
    tokens = []
    position = 0
    while position < len(source):
        match = _JUEL_STRING.match(source, position) if juel and source[position] == "'" else None
        kind = "string"
        if match is None:
            match = _TOKEN.match(source, position)
            if match is None or match.lastgroup is None:
                break
            kind = match.lastgroup
        if kind == "other" and match[0] == '"':
            raise FeelSyntaxError("文本的引号没有闭合。", "the text in quotes is not closed.", source, position)
        if kind != "space":
            tokens.append(Token(kind, match[0], match.start(), match.end()))
        position = match.end()
    tokens.append(Token("end", "", len(source), len(source)))
    return tokens


def string_value(literal: str) -> str:
    r"""The text that a literal with its quotes stands for; `\n \r \t \" \' \\ \uXXXX \UXXXXXX` are replaced, any other `\` stays."""
    text = _ESCAPE.sub(_unescape, literal[1:-1])
    return _SURROGATES.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)


def _unescape(match: re.Match[str]) -> str:
    if match[3]:
        return _LETTERS[match[3]]
    code = int(match[1] or match[2], 16)
    return chr(code) if code <= 0x10FFFF else match[0]


def sign_advice(text: str) -> tuple[str, str]:
    """What to say about a sign that FEEL does not have."""
    if text in _JUEL_ONLY:
        return (
            f"这里不能用“{text}”，请写“{_JUEL_ONLY[text]}”（${{…}} 中可以用）。",
            f"write '{_JUEL_ONLY[text]}' instead of '{text}' (which works inside ${{…}} only).",
        )
    if text in _FULL_WIDTH:
        return f"全角符号“{text}”请改为半角“{_FULL_WIDTH[text]}”。", f"replace the full-width sign '{text}' by '{_FULL_WIDTH[text]}'."
    return f"这里不能有符号“{text}”。", f"the sign '{text}' cannot stand here."
