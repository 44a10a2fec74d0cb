r"""Rewrites XPath 2.0 regular expressions for the `regex` package.

XPath differs from Python: `\i` and `\c` (XML names), `[a-z-[aeiou]]`, `\p{IsBasicLatin}`, `$` only at the very end, and no look-around,
named groups, possessive or lazy groups of Python.
"""

_NAME_START = r":A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD"
_NAME = _NAME_START + r"\-.0-9\u00B7\u0300-\u036F\u203F-\u2040"
_CLASSES = {"i": f"[{_NAME_START}]", "I": f"[^{_NAME_START}]", "c": f"[{_NAME}]", "C": f"[^{_NAME}]"}
_ESCAPES = frozenset("nrtsSdDwW\\|.?*+(){}-[]^$")


class InvalidPattern(ValueError):
    """The pattern is not an XPath regular expression."""


def to_python(pattern: str, *, ignore_spaces: bool, multiline: bool, dot_all: bool) -> str:
    """The same expression in Python's spelling.

    Args:
        pattern: as XPath writes it.
        ignore_spaces: flag `x`: white space outside classes does not count.
        multiline: flag `m`: `$` is also the end of a line.
        dot_all: flag `s`: `.` is also a line break.

    Raises:
        InvalidPattern: with what is wrong.
    """
    return _Rewriter(pattern, ignore_spaces=ignore_spaces, multiline=multiline, dot_all=dot_all).rewrite()


class _Rewriter:
    def __init__(self, pattern: str, *, ignore_spaces: bool, multiline: bool, dot_all: bool) -> None:
        self._pattern = pattern
        self._index = 0
        self._ignore_spaces = ignore_spaces
        self._multiline = multiline
        self._dot_all = dot_all
        self._opened: list[int] = []  # numbers of open groups, 0 for one that does not capture
        self._closed: set[int] = set()
        self._groups = 0

    def rewrite(self) -> str:
        parts = []
        while self._index < len(self._pattern):
            sign = self._next()
            if sign == "\\":
                parts.append(self._escape(in_class=False))
            elif sign == "[":
                parts.append(self._character_class())
            elif sign == "(":
                parts.append(self._group())
            elif sign == ")":
                if not self._opened:
                    raise InvalidPattern("unbalanced )")
                self._closed.add(self._opened.pop())
                parts.append(sign)
            elif sign == "$":
                parts.append("$" if self._multiline else r"\Z")
            elif sign == "." and not self._dot_all:
                parts.append(r"[^\n\r]")
            elif sign in "*+?":
                self._check_quantifier(parts)
                parts.append(sign)
            elif not (self._ignore_spaces and sign in " \t\n\r"):
                parts.append(sign)
        return "".join(parts)

    def _next(self) -> str:
        sign = self._pattern[self._index]
        self._index += 1
        return sign

    def _peek(self) -> str:
        return self._pattern[self._index : self._index + 1]

    def _check_quantifier(self, parts: list[str]) -> None:
        if parts and parts[-1] in ("*", "+", "?") and self._pattern[self._index - 1] != "?":
            raise InvalidPattern("two quantifiers in a row")

    def _group(self) -> str:
        if self._peek() != "?":
            self._groups += 1
            self._opened.append(self._groups)
            return "("
        if self._pattern[self._index : self._index + 2] != "?:":
            raise InvalidPattern("only (…) and (?:…) are groups")
        self._index += 2
        self._opened.append(0)
        return "(?:"

    def _escape(self, *, in_class: bool) -> str:
        if self._index >= len(self._pattern):
            raise InvalidPattern("a \\ at the end")
        sign = self._next()
        if self._ignore_spaces and not in_class and sign in " \t\n\r":
            while self._index < len(self._pattern) and sign in " \t\n\r":
                sign = self._next()
        if sign in _CLASSES:
            return _CLASSES[sign][1:-1] if in_class and sign.islower() else _CLASSES[sign]
        if sign in "pP":
            return f"\\{sign}{self._category()}"
        if sign.isdigit():
            return self._reference(sign, in_class=in_class)
        if sign not in _ESCAPES:
            raise InvalidPattern(f"unknown \\{sign}")
        return f"\\{sign}"

    def _reference(self, sign: str, *, in_class: bool) -> str:
        if in_class:
            raise InvalidPattern("a back-reference in a class")
        number = int(sign)
        while self._peek().isdigit() and int(f"{number}{self._peek()}") <= self._groups:
            number = int(f"{number}{self._next()}")
        if number not in self._closed or number == 0:
            raise InvalidPattern(f"no group {number} before \\{number}")
        return f"(?:\\{number})"

    def _category(self) -> str:
        end = self._pattern.find("}", self._index)
        if self._peek() != "{" or end < 0:
            raise InvalidPattern("\\p needs {…}")
        name = self._pattern[self._index + 1 : end]
        self._index = end + 1
        if self._ignore_spaces:
            name = "".join(name.split())
        if not name.isascii() or not name.replace("-", "").isalnum():
            raise InvalidPattern(f"unknown category {name}")
        return f"{{In{name[2:]}}}" if name.startswith("Is") else f"{{{name}}}"

    def _character_class(self) -> str:
        parts = ["["]
        if self._peek() == "^":
            parts.append(self._next())
        empty = True
        while True:
            if self._index >= len(self._pattern):
                raise InvalidPattern("a class is not closed")
            sign = self._next()
            if sign == "]" and not empty:
                return "".join(parts) + "]"
            if sign == "-" and self._peek() == "[" and not empty:
                self._index += 1
                parts.append("--" + self._character_class())
                if self._peek() != "]":
                    raise InvalidPattern("a subtraction ends its class")
            elif sign == "\\":
                parts.append(self._escape(in_class=True))
            elif sign in "[]":
                raise InvalidPattern(f"{sign} in a class is written \\{sign}")
            elif sign == "-" and self._peek() not in ("]", "") and (empty or parts[-1] == "-"):
                raise InvalidPattern("a hyphen in a class is written \\-")
            else:
                parts.append("\\" + sign if sign in "&|~#" else sign)
            empty = False
