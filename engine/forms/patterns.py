"""Regular expressions of forms: written for JavaScript, run in Python, and never longer than a moment."""

from functools import lru_cache

import regex  # type: ignore[import-untyped]

from engine.errors import ExpressionError

#: no honest pattern needs longer for the text of a field
LIMIT_S = 0.2
LONGEST_PATTERN = 500
#: what Python knows and JavaScript does not: named groups of its own, inline flags, other anchors, conditions, possessive repeats
_FOREIGN = regex.compile(r"\(\?P|\(\?[imsxuaLbefrVp-]+[:)]|\\[AZzGKRXpPhH]|\(\?\(|\(\?[>|R0-9&]|[*+?}]\+")
_CLASSES_AND_SLASHES = regex.compile(r"\\\\|\[(?:\\.|[^\]\\])*\]")
_EMAIL = (
    r"^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$"
)
_PHONE = r"(\+|00)[1-9]\d{7,23}$"


@lru_cache(maxsize=1024)
def compile_pattern(pattern: str) -> "regex.Pattern[str]":
    """The pattern for Python.

    Raises:
        ExpressionError: it is broken, too long, or uses what JavaScript does not have.
    """
    if len(pattern) > LONGEST_PATTERN:
        raise ExpressionError(f"正则表达式超过 {LONGEST_PATTERN} 个字符。", f"The pattern is longer than {LONGEST_PATTERN} characters.")
    if _FOREIGN.search(_CLASSES_AND_SLASHES.sub("", pattern)):
        raise ExpressionError(f"正则表达式 {pattern} 用了浏览器不支持的写法。", f"The pattern {pattern} uses what browsers do not support.")
    try:
        return regex.compile(_end_of_text(pattern), regex.ASCII)
    except (regex.error, OverflowError) as error:
        raise ExpressionError(f"正则表达式 {pattern} 有误：{error}", f"The pattern {pattern} is broken: {error}") from error


def matches(pattern: str, text: str) -> bool:
    """Whether the pattern is found anywhere in the text; a pattern that runs away does not match."""
    try:
        return compile_pattern(pattern).search(text, timeout=LIMIT_S) is not None
    except TimeoutError:
        return False


def is_email(text: str) -> bool:
    """Whether form-js takes the text as an e-mail address."""
    return matches(_EMAIL, text)


def is_phone(text: str) -> bool:
    """Whether the text ends like an international telephone number; the browser also knows the country codes."""
    return matches(_PHONE, text)


def _end_of_text(pattern: str) -> str:
    r"""JavaScript's `$` is the very end of the text, Python's also stands before a last line break."""
    result, in_class, escaped = "", False, False
    for sign in pattern:
        if escaped:
            escaped = False
        elif sign == "\\":
            escaped = True
        elif sign == "[":
            in_class = True
        elif sign == "]":
            in_class = False
        elif sign == "$" and not in_class:
            result += r"(?!\n)\Z"
            continue
        result += sign
    return result
