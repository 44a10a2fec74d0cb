"""Values in words: `working time(now(), duration("PT4H"))` is read as "4 working hours"."""

import re
from collections.abc import Mapping

from engine.difference.parts import Text
from engine.feel import ast
from engine.feel.errors import FeelSyntaxError
from engine.feel.parser import parse_expression

_ISO = re.compile(r"^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$")
_UNITS = (("年", "year"), ("个月", "month"), ("周", "week"), ("天", "day"), ("小时", "hour"), ("分钟", "minute"), ("秒", "second"))
_REPEATED = re.compile(r"^R(\d*)/(P.+)$")
#: What the parameters of the manuals are called.
Parameters = Mapping[str, Text]

_CALLS = ("working time", "working days", "duration")


def quoted(text: str) -> Text:
    """A name or a text as it stands, in quotation marks."""
    return Text(f"“{text}”", f"“{text}”")


def in_words(text: str, parameters: Parameters) -> Text:
    """An expression or a plain text as people would say it; what has no shorter way is quoted as it stands."""
    return iso_duration(text) or _expression(text, parameters) or quoted(text)


def timer(text: str, parameters: Parameters, *, working: bool = False) -> Text:
    """What a timer waits for.

    Args:
        text: the timer's kind and its text, separated by a blank.
        parameters: what the parameters of the manuals are called.
        working: whether a duration is counted in working time.
    """
    _kind, _, value = text.partition(" ")
    repeated = _REPEATED.match(value)
    if repeated and (every := iso_duration(repeated[2])):
        times = (f"，共 {repeated[1]} 次", f", {repeated[1]} times") if repeated[1] else ("", "")
        return Text(f"每隔{every.zh}{times[0]}", f"every {every.en}{times[1]}")
    words = in_words(value, parameters)
    return Text(f"{words.zh}工作时间", f"{words.en} of working time") if working and iso_duration(value) else words


def iso_duration(text: str) -> Text | None:
    """An ISO 8601 duration in words, `P1DT2H` as "1 day 2 hours"; None when it is none."""
    match = _ISO.match(text.strip().strip('"'))
    if match is None or not any(match.groups()):
        return None
    given = [(number, zh, en) for number, (zh, en) in zip(match.groups(), _UNITS, strict=True) if number]
    zh = " ".join(f"{number} {unit}" for number, unit, _ in given)
    en = " ".join(f"{number} {unit}{'' if number == '1' else 's'}" for number, _, unit in given)
    return Text(zh, en)


def _expression(text: str, parameters: Parameters) -> Text | None:
    try:
        return _call(parse_expression(text, _CALLS), parameters)
    except FeelSyntaxError:
        return None


def _call(node: ast.Node, parameters: Parameters) -> Text | None:
    """`working days(from, n)`, `working time(from, duration)` and `duration(text)`, with where they count from when that is not now."""
    if not isinstance(node, ast.Call) or not isinstance(node.function, ast.Name):
        return None
    name, arguments = node.function.name, node.arguments
    if name == "duration" and len(arguments) == 1:
        return _amount(arguments[0], parameters)
    if name not in ("working time", "working days") or len(arguments) != 2:
        return None
    amount = _amount(arguments[1], parameters) if name == "working days" else _call(arguments[1], parameters)
    start = _start(arguments[0])
    if amount is None or start is None:
        return None
    if name == "working days":
        return Text(f"{start.zh}{amount.zh} 个工作日", f"{amount.en} working days{start.en}")
    return Text(f"{start.zh}{amount.zh}工作时间", f"{amount.en} of working time{start.en}")


def _amount(node: ast.Node, parameters: Parameters) -> Text | None:
    if isinstance(node, ast.Literal):
        return iso_duration(str(node.value)) or Text(str(node.value), str(node.value))
    if isinstance(node, ast.Path) and isinstance(node.target, ast.Name) and node.target.name == "parameters":
        called = parameters.get(node.name, quoted(node.name))
        return Text(f"（参数{called.zh}）", f"({called.en})")
    return None


def _start(node: ast.Node) -> Text | None:
    """Where counting begins: nothing for now, else the name of the instant."""
    if isinstance(node, ast.Call) and isinstance(node.function, ast.Name):
        if node.function.name == "now":
            return Text("", "")
        if node.function.name == "date and time" and len(node.arguments) == 1:
            return _start(node.arguments[0])
    if isinstance(node, ast.Name):
        return Text(f"自 {node.name} 起 ", f" after {node.name}")
    return None
