"""XPath regular expressions that cannot run away.

The `regex` package is used because the standard's expressions have back-references and class subtraction (`[A-Z-[IO]]`), which engines with
guaranteed linear time (RE2) lack; its time limit bounds what backtracking can cost. Length limits bound the rest.
"""

from collections.abc import Callable
from functools import lru_cache
from time import thread_time
from typing import Any

import regex  # type: ignore[import-untyped]

from engine.feel.budget import Meter
from engine.feel.errors import BudgetExceeded, NullResult
from engine.feel.xpath_patterns import InvalidPattern, to_python

MAX_PATTERN = 500
_FLAGS = {"i": regex.IGNORECASE, "m": regex.MULTILINE, "s": regex.DOTALL}


def find_matches(text: str, pattern: str, flags: str, meter: Meter) -> bool:
    """Whether the pattern occurs in the text.

    Raises:
        NullResult: the pattern or a flag is not valid.
        BudgetExceeded: the search takes too long.
    """
    return bool(_guarded(lambda seconds: _compiled(pattern, flags).search(text, timeout=seconds), meter))


def replace_matches(text: str, pattern: str, replacement: str, flags: str, meter: Meter) -> str:
    """The text with every match replaced; raises like `find_matches`."""
    compiled = _compiled(pattern, flags)
    if compiled.search("") is not None:
        raise NullResult(
            "该正则表达式可以匹配空文本，不能用于替换。", "the regular expression matches the empty text and cannot be used to replace."
        )
    template = [replacement] if "q" in flags else _template(replacement, compiled.groups)
    length = 0

    def expand(match: Any) -> str:
        nonlocal length
        piece = "".join(part if isinstance(part, str) else (match[part] or "") for part in template)
        length += len(piece)
        meter.check_text(length)
        return piece

    return str(_guarded(lambda seconds: compiled.sub(expand, text, timeout=seconds), meter))


def split_matches(text: str, pattern: str, meter: Meter) -> list[str]:
    """The parts of the text between the matches; raises like `find_matches`."""
    compiled = _compiled(pattern, "")
    if compiled.search("") is not None:
        raise NullResult(
            "该正则表达式可以匹配空文本，不能用于拆分。", "the regular expression matches the empty text and cannot be used to split."
        )
    parts: list[str] = []
    begin = 0
    for match in _guarded(lambda seconds: list(compiled.finditer(text, timeout=seconds)), meter):
        parts.append(text[begin : match.start()])
        begin = match.end()
    return [*parts, text[begin:]]


def _guarded(search: Callable[[float], Any], meter: Meter) -> Any:
    """Run a search with what is left of the evaluation's time for regular expressions."""
    begin = thread_time()
    try:
        result = search(meter.matching_s)
    except TimeoutError:
        raise _too_long() from None
    meter.matching_s -= thread_time() - begin
    if meter.matching_s <= 0:
        raise _too_long()
    return result


def _too_long() -> BudgetExceeded:
    return BudgetExceeded("正则表达式耗时过长，已停止。", "the regular expression takes too long and was stopped.", limit="matching")


@lru_cache(maxsize=512)
def _compiled(pattern: str, flags: str) -> Any:
    if len(pattern) > MAX_PATTERN:
        raise BudgetExceeded(
            f"正则表达式超过 {MAX_PATTERN} 个字符。", f"the regular expression is longer than {MAX_PATTERN} characters.", limit="regex"
        )
    if set(flags) - set("smixq"):
        raise NullResult(f"正则表达式的标志 {flags} 不对，只能用 s m i x q。", f"the flags {flags} are wrong; only s m i x q are possible.")
    try:
        python = (
            regex.escape(pattern)
            if "q" in flags
            else to_python(pattern, ignore_spaces="x" in flags, multiline="m" in flags, dot_all="s" in flags)
        )
        options = regex.VERSION1
        for flag in flags:
            options |= _FLAGS.get(flag, 0)
        return regex.compile(python, options)
    except (regex.error, InvalidPattern, OverflowError) as error:
        raise NullResult(f"正则表达式 {pattern} 不对（{error}）。", f"the regular expression {pattern} is not valid ({error}).") from None


def _template(replacement: str, groups: int) -> list[str | int]:
    r"""The pieces of a replacement: text, and numbers of groups; `\$` and `\\` are a dollar and a backslash."""
    pieces: list[str | int] = []
    index = 0
    while index < len(replacement):
        sign = replacement[index]
        following = replacement[index + 1 : index + 2]
        if sign == "\\" and following in ("$", "\\") and following:
            pieces.append(following)
            index += 2
        elif sign == "$" and following.isdigit():
            end = index + 2
            while end < len(replacement) and replacement[end].isdigit() and int(replacement[index + 1 : end + 1]) <= groups:
                end += 1
            number = int(replacement[index + 1 : end])
            if number <= groups:
                pieces.append(number)
            index = end
        elif sign in "$\\":
            raise NullResult(
                f"替换文本中的 {sign} 后面应有数字；要写它本身请用 \\{sign}。",
                f"a {sign} in the replacement needs a digit behind it, or write \\{sign}.",
            )
        else:
            pieces.append(sign)
            index += 1
    return pieces
