"""The values in the test kit's files, and when a result counts as equal."""

from decimal import Decimal
from typing import Any

from lxml import etree

from engine.feel.durations import parse_duration
from engine.feel.temporal_text import parse_date, parse_date_time, parse_time
from engine.feel.temporals import DateTime, Time
from engine.feel.values import lift

TCK = "{http://www.omg.org/spec/DMN/20160719/testcase}"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_TOLERANCE = Decimal("1e-8")  #: the kit writes irrational results with few digits
_READERS: dict[str, Any] = {
    "string": str,
    "boolean": lambda text: text.strip() in ("true", "1"),
    "date": lambda text: parse_date(text.strip()),
    "time": lambda text: parse_time(text.strip()),
    "dateTime": lambda text: parse_date_time(text.strip()),
    "duration": lambda text: parse_duration(text.strip()),
    "dayTimeDuration": lambda text: parse_duration(text.strip()),
    "yearMonthDuration": lambda text: parse_duration(text.strip()),
}


def read_value(holder: etree._Element) -> Any:
    """The value inside an element: a `value`, a `list` or `component`s."""
    if holder.get(f"{XSI}nil") == "true":
        return None
    for child in holder:
        if child.tag == f"{TCK}value":
            return _simple(child)
        if child.tag == f"{TCK}list":
            return None if child.get(f"{XSI}nil") == "true" else [read_value(item) for item in child.findall(f"{TCK}item")]
    components = holder.findall(f"{TCK}component")
    return {component.get("name"): read_value(component) for component in components} if components else None


def _simple(element: etree._Element) -> Any:
    if element.get(f"{XSI}nil") == "true":
        return None
    kind = (element.get(f"{XSI}type") or "xsd:string").rpartition(":")[2]
    text = element.text or ""
    return _READERS[kind](text) if kind in _READERS else Decimal(text.strip())


def same(got: Any, expected: Any) -> bool:
    """Whether a result is the expected one: numbers within 1e-8 of their size, times with the same zone."""
    got = lift(got)
    if isinstance(expected, Decimal):
        return isinstance(got, Decimal) and abs(got - expected) <= _TOLERANCE * max(Decimal(1), abs(expected))
    if isinstance(expected, list):
        return isinstance(got, list) and len(got) == len(expected) and all(map(same, got, expected))
    if isinstance(expected, dict):
        return isinstance(got, dict) and got.keys() == expected.keys() and all(same(got[key], value) for key, value in expected.items())
    if isinstance(expected, Time | DateTime):
        return isinstance(got, type(expected)) and (got == expected or _instant(got) == _instant(expected))
    return bool(got.__class__ is expected.__class__ and got == expected)


def _instant(value: Time | DateTime) -> int:
    return value.value if isinstance(value, Time) else value.value()


def shown(value: Any) -> str:
    """A value for a failure's line."""
    return repr(value) if not isinstance(value, Decimal) else str(value)
