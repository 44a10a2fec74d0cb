"""What can be wrong with an expression, in words for the person who wrote it."""

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from functools import cached_property

from engine.errors import ExpressionError


class FeelSyntaxError(ExpressionError):
    """The text is not FEEL; `details` has `position` (offset from 0), `line`, `column` (both from 1) and `expression`."""

    code = "OPS-111"

    def __init__(self, zh: str, en: str, source: str, position: int) -> None:
        """Args: zh, en: what was expected; source: the whole text; position: offset of the mistake."""
        line = source.count("\n", 0, position) + 1
        column = position - (source.rfind("\n", 0, position) + 1) + 1
        excerpt = source[max(0, position - 12) : position + 12].replace("\n", " ")
        super().__init__(
            f"表达式第 {line} 行第 {column} 个字符处（“{excerpt}”）：{zh}",
            f"Expression, line {line}, character {column} (near '{excerpt}'): {en}",
            position=position,
            line=line,
            column=column,
            expression=source[:1000],
        )


class BudgetExceeded(ExpressionError):
    """The evaluation was stopped because it became too big."""

    code = "OPS-112"


class NullResult(Exception):
    """Raised by a built-in function whose result is null; carries the reason."""

    def __init__(self, zh: str, en: str) -> None:
        """Args: zh, en: why the result is null."""
        super().__init__(en)
        self.zh = zh
        self.en = en


class FeelWarning:
    """Why a part of an expression became null."""

    def __init__(self, expression: str, position: int, reason: Callable[[], tuple[str, str]]) -> None:
        """Args: expression: its text; position: offset in it; reason: makes the sentence in Chinese and English when asked."""
        self.expression = expression
        self.position = position
        self._reason = reason

    @cached_property
    def _texts(self) -> tuple[str, str]:
        return self._reason()

    @property
    def zh(self) -> str:
        """The reason in Chinese, with its place."""
        return f"第 {self.position + 1} 个字符：{self._texts[0]}"

    @property
    def en(self) -> str:
        """The reason in English, with its place."""
        return f"Character {self.position + 1}: {self._texts[1]}"

    def text(self, locale: str) -> str:
        """The reason in the reader's language."""
        return self.zh if locale.startswith("zh") else self.en

    def __repr__(self) -> str:
        """For logs and tests."""
        return f"FeelWarning({self.en!r}, {self.expression!r})"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that looks most like `name`, or None when nothing is close."""
    close = get_close_matches(name, list(known), n=1, cutoff=0.5)
    return close[0] if close else None


def suggestion(name: str, known: Iterable[str]) -> tuple[str, str]:
    """The half sentence `，是否指 x？` in Chinese and English; empty when nothing is close."""
    close = nearest(name, known)
    return (f"，是否指 {close}？", f"; did you mean {close}?") if close else ("。", ".")
