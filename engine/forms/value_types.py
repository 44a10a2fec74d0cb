"""Kinds of values: what the browser's input guarantees, a request does not."""

import math
import re
from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.errors import FieldProblem
from engine.feel import Environment
from engine.forms import messages
from engine.forms.components import ATTACHMENT_LISTS, MULTIPLE_CHOICES, SINGLE_CHOICES, TEXTS, Component
from engine.forms.options import same

LONGEST = {"textfield": 2_000, "textarea": 20_000}
#: beyond it floating-point programs, browsers among them, no longer count exactly
LARGEST_NUMBER = 2**53
_NUMBER = re.compile(r"-?\d{1,30}(\.\d{1,30})?", re.ASCII)
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?")
_DATE_AND_TIME = re.compile(r"\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def is_empty(value: Any) -> bool:
    """Whether nothing was entered."""
    return value is None or value in ("", [])


def is_time(text: str) -> bool:
    """Whether a text is a time of day, `14:30`, `14:30Z` or `14:30+08:00`."""
    return _TIME.fullmatch(text) is not None


def is_instant(text: str) -> bool:
    """Whether a text is a date and time, `2026-11-20T14:30`, with or without an offset."""
    return _DATE_AND_TIME.fullmatch(text) is not None and _parse(datetime, text) is not None


def wrong_kind(component: Component, value: Any, options: list[Any], attachments: Collection[str], env: Environment) -> FieldProblem | None:
    """Why the value is not of the field's kind; None when it is, or when it is empty.

    Args:
        component: the input.
        value: what was submitted.
        options: the values of a choice.
        attachments: ids of the files that the value may name.
        env: of the evaluation; knows what day it is.
    """
    kind = component["type"]
    if value is None:
        return None
    if kind in TEXTS:
        return _wrong_text(kind, value)
    if kind == "checkbox":
        return None if isinstance(value, bool) else messages.wrong_type("是或否", "yes or no")
    if is_empty(value):
        return None
    if kind == "number":
        return _wrong_number(component, value)
    if kind == "datetime":
        return _wrong_moment(component, value, env)
    if kind in SINGLE_CHOICES:
        return None if any(same(value, option) for option in options) else messages.not_an_option()
    if kind in MULTIPLE_CHOICES:
        return _wrong_choices(value, options)
    if kind in ATTACHMENT_LISTS or kind == "signature":
        return _wrong_attachments(kind, value, attachments)
    return None


def _wrong_text(kind: str, value: Any) -> FieldProblem | None:
    if not isinstance(value, str):
        return messages.wrong_type("文字", "text")
    if "\x00" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
        return messages.wrong_type("可显示的文字", "readable text")
    return messages.too_long(LONGEST[kind]) if length(value) > LONGEST[kind] else None


def length(text: str) -> int:
    """Length as form-js counts: without spaces at the ends, in UTF-16 units."""
    return len(text.strip().encode("utf-16-le", "surrogatepass")) // 2


def _wrong_number(component: Component, value: Any) -> FieldProblem | None:
    wrong = messages.wrong_type("数字", "a number")
    if component.get("serializeToString"):
        return None if isinstance(value, str) and _NUMBER.fullmatch(value) else wrong
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return wrong
    return messages.too_big() if abs(value) > LARGEST_NUMBER else None


def _wrong_moment(component: Component, value: Any, env: Environment) -> FieldProblem | None:
    kind = component.get("subtype", "date")
    if kind == "time":
        return None if isinstance(value, str) and is_time(value) else messages.wrong_type("时间", "a time")
    if kind == "date":
        day = _parse(date, value) if isinstance(value, str) and _DATE.fullmatch(value) else None
        if day is None:
            return messages.wrong_type("日期", "a date")
    else:
        instant = _parse(datetime, value) if isinstance(value, str) and is_instant(value) else None
        if not isinstance(instant, datetime):
            return messages.wrong_type("日期和时间", "a date and time")
        day = (instant.astimezone(ZoneInfo(env.time_zone)) if instant.tzinfo else instant).date()
    today = env.now.astimezone(ZoneInfo(env.time_zone)).date()
    return messages.in_the_past() if component.get("disallowPassedDates") and day < today else None


def _parse(kind: type[date], text: str) -> date | None:
    try:
        return kind.fromisoformat(text)
    except ValueError:
        return None


def _wrong_choices(value: Any, options: list[Any]) -> FieldProblem | None:
    if not isinstance(value, list):
        return messages.wrong_type("多选列表", "a list of options")
    if not all(any(same(item, option) for option in options) for item in value):
        return messages.not_an_option()
    if any(same(item, other) for index, item in enumerate(value) for other in value[:index]):
        return messages.repeated_option()
    return None


def _wrong_attachments(kind: str, value: Any, allowed: Collection[str]) -> FieldProblem | None:
    ids = [value] if kind == "signature" else value
    if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
        return messages.wrong_type("附件", "attachments")
    return None if all(one in allowed for one in ids) else messages.unknown_attachment()
