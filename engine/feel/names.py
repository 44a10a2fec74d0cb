"""Finds names in a row of tokens: names may have spaces, signs and keywords inside, as `date and time` or `profit-and-loss`."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from engine.feel.lexer import Token, tokenize

KEYWORDS = frozenset(
    [
        "and",
        "or",
        "if",
        "then",
        "else",
        "for",
        "in",
        "return",
        "some",
        "every",
        "satisfies",
        "between",
        "function",
        "external",
        "true",
        "false",
        "null",
    ]
)
_SPACES = re.compile(r"\s+")


def normalize(name: str) -> str:
    """The name with every run of spaces as one space."""
    return _SPACES.sub(" ", name.strip())


class KnownNames:
    """Names that may be recognised although they consist of several tokens."""

    def __init__(self, names: Iterable[str]) -> None:
        """Args: names: every name that the expression may use."""
        self._by_first: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for name in {normalize(name) for name in names}:
            self.add(name)

    def add(self, name: str) -> None:
        """Know one more name, for example a variable of `for`."""
        words = _words(name)
        if words:
            entries = self._by_first.setdefault(words[0], [])
            if (name, words) not in entries:
                entries.append((name, words))
                entries.sort(key=lambda entry: -len(entry[1]))

    def match(self, tokens: list[Token], index: int) -> tuple[str, int] | None:
        """The longest known name at a token, and how many tokens it has."""
        for name, words in self._by_first.get(tokens[index].text, ()):
            last = index + len(words) - 1
            same_words = last < len(tokens) and all(tokens[index + n].text == word for n, word in enumerate(words))
            if same_words and _text(tokens[index : last + 1]) == name:
                return name, len(words)
        return None


def _text(tokens: list[Token]) -> str:
    """The tokens as text with one space where the source has a gap, comments left out."""
    parts = [tokens[0].text]
    for before, token in pairwise(tokens):
        parts.append((" " if token.start > before.end else "") + token.text)
    return "".join(parts)


@lru_cache(maxsize=8192)
def _words(name: str) -> tuple[str, ...]:
    return tuple(token.text for token in tokenize(name)[:-1])
