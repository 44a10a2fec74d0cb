"""Functions of text. Positions count characters from 1; negative ones from the end."""

from decimal import Decimal

from engine.feel.builtins.registry import builtin
from engine.feel.errors import NullResult
from engine.feel.regexes import find_matches, replace_matches, split_matches
from engine.feel.scope import Run


@builtin("substring(string: string, start position: number, length?: number)")
def substring(text: str, start: Decimal, length: Decimal | None = None) -> str:
    """The part from a position on."""
    begin, count = int(start), None if length is None else int(length)
    if begin == 0 or abs(begin) > len(text) or (count is not None and count < 1):
        raise NullResult(
            f"文本只有 {len(text)} 个字符，位置从 1 数起，长度至少为 1。",
            f"the text has {len(text)} characters; positions begin at 1, lengths too.",
        )
    begin = begin - 1 if begin > 0 else len(text) + begin
    return text[begin:] if count is None else text[begin : begin + count]


@builtin("string length(string: string)")
def string_length(text: str) -> Decimal:
    """The number of characters."""
    return Decimal(len(text))


@builtin("upper case(string: string)")
def upper_case(text: str) -> str:
    """In capitals."""
    return text.upper()


@builtin("lower case(string: string)")
def lower_case(text: str) -> str:
    """In small letters."""
    return text.lower()


@builtin("substring before(string: string, match: string)")
def substring_before(text: str, match: str) -> str:
    """What stands before the first match; empty when there is none."""
    return text.partition(match)[0] if match and match in text else ""


@builtin("substring after(string: string, match: string)")
def substring_after(text: str, match: str) -> str:
    """What stands behind the first match; empty when there is none."""
    return text.partition(match)[2] if match else text


@builtin("contains(string: string, match: string)")
def contains(text: str, match: str) -> bool:
    """Whether the match occurs."""
    return match in text


@builtin("starts with(string: string, match: string)")
def starts_with(text: str, match: str) -> bool:
    """Whether the text begins so."""
    return text.startswith(match)


@builtin("ends with(string: string, match: string)")
def ends_with(text: str, match: str) -> bool:
    """Whether the text ends so."""
    return text.endswith(match)


@builtin("matches(input: string, pattern: string, flags?: string|Null)")
def matches(run: Run, text: str, pattern: str, flags: str | None = None) -> bool:
    """Whether the XPath regular expression occurs."""
    return find_matches(text, pattern, flags or "", run.meter)


@builtin("replace(input: string, pattern: string, replacement: string, flags?: string|Null)")
def replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None = None) -> str:
    """All matches replaced; `$1` is the first group, `$0` the match."""
    return replace_matches(text, pattern, replacement, flags or "", run.meter)


@builtin("split(string: string, delimiter: string)")
def split(run: Run, text: str, delimiter: str) -> list[str]:
    """The parts between the matches of a regular expression."""
    return split_matches(text, delimiter, run.meter)


@builtin("string join(list: list<string>, delimiter?: string|Null)")
def string_join(run: Run, texts: list[str | None], delimiter: str | None = None) -> str:
    """One text; null elements are left out."""
    parts, between = [text for text in texts if text is not None], delimiter or ""
    run.meter.check_text(sum(map(len, parts)) + len(between) * len(parts))
    return between.join(parts)


@builtin("string join(list: list<string>, delimiter: string|Null, prefix: string|Null, suffix: string|Null)")
def string_join_around(run: Run, texts: list[str | None], delimiter: str | None, prefix: str | None, suffix: str | None) -> str:
    """The same with something before and behind."""
    return (prefix or "") + string_join(run, texts, delimiter) + (suffix or "")
