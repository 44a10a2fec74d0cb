"""How instants, deadlines and people look on a page; registered as Jinja filters."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, request
from flask_babel import format_date, gettext, ngettext

from web.auth.person import Person
from web.current import engine, now, office_zone
from web.language import locale

#: A task is “due soon” when less than this remains, though it is not due today.
_SOON = timedelta(hours=4)


@dataclass(frozen=True)
class Due:
    """A deadline as a badge."""

    text: str
    tone: str  #: bad (overdue), warn (today or within four hours), calm
    why: str  #: how it was computed
    provisional: bool  #: reckoned with a calendar that is not confirmed yet


def register(app: Flask) -> None:
    """Give the templates their filters."""
    app.jinja_env.filters.update(
        when=when, office_time=office_time, as_entered=as_entered, ago=duration_text, due=due, in_words=in_words, size=size
    )
    app.jinja_env.globals.update(initials=initials, told=told)
    app.context_processor(_appearance)


def when(instant: datetime | None) -> str:
    """An instant in office time, the day in a word where there is one: `今天 16:30`, `11月25日 周三 09:00`."""
    if instant is None:
        return ""
    local = instant.astimezone(office_zone())
    today = now().astimezone(office_zone()).date()
    clock = f"{local:%H:%M}"
    distance = (local.date() - today).days
    words = {0: gettext("今天"), 1: gettext("明天"), -1: gettext("昨天")}
    if distance in words:
        return f"{words[distance]} {clock}"
    pattern = _day_pattern(same_year=local.year == today.year)
    return f"{format_date(local.date(), pattern)} {clock}"


def office_time(instant: datetime) -> str:
    """An instant in office time with its whole date, whatever day it is: `2026-03-05 周四 10:00`."""
    local = instant.astimezone(office_zone())
    return f"{format_date(local.date(), 'y-MM-dd EEE')} {local:%H:%M}"


def as_entered(instant: datetime | None) -> str:
    """An instant as a date and time field of a page holds it, in office time: `2026-03-05T10:00`."""
    return instant.astimezone(office_zone()).strftime("%Y-%m-%dT%H:%M") if instant else ""


def _appearance() -> dict[str, object]:
    """What the page frame needs: the theme that this browser chose, and the clock of a demo."""
    theme = request.cookies.get("theme")
    return {"theme": theme if theme in ("light", "dark") else "auto", "demo_clock": now() if engine().settings.demo else None}


def _day_pattern(*, same_year: bool) -> str:
    if locale() == "zh":
        return "M月d日 EEE" if same_year else "y年M月d日"
    return "EEE d MMM" if same_year else "d MMM y"


def due(instant: datetime | None, explanation: dict[str, Any] | None = None) -> Due | None:
    """The badge of a deadline."""
    if instant is None:
        return None
    left = instant - now()
    today = now().astimezone(office_zone()).date()
    words = explanation or {}
    if left < timedelta(0):
        text, tone = gettext("逾期 %(time)s", time=duration_text(-left)), "bad"
    else:
        text = when(instant)
        tone = "warn" if left < _SOON or instant.astimezone(office_zone()).date() == today else "calm"
    return Due(text, tone, str(words.get(locale()) or when(instant)), bool(words.get("provisional")))


def duration_text(duration: timedelta) -> str:
    """A duration in its two largest units at most: `2 天`, `3 小时 5 分钟`."""
    minutes = max(0, int(duration.total_seconds() // 60))
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        return str(ngettext("%(num)d 天", "%(num)d 天", days))
    if hours:
        text = str(ngettext("%(num)d 小时", "%(num)d 小时", hours))
        return f"{text} {_minutes(minutes)}" if minutes and hours < 6 else text
    return _minutes(minutes)


def _minutes(count: int) -> str:
    return str(ngettext("%(num)d 分钟", "%(num)d 分钟", count))


def in_words(words: dict[str, Any] | None) -> str:
    """The reader's half of a `{"zh": …, "en": …}` pair."""
    return str((words or {}).get(locale(), ""))


def told(zh: str, en: str | None) -> str:
    """The reader's one of two texts; the Chinese where its author wrote no English."""
    return zh if locale() == "zh" else en or zh


def size(count: int) -> str:
    """A file size."""
    if count < 1024:
        return f"{count} B"
    return f"{count / 1024:.0f} KB" if count < 1024 * 1024 else f"{count / 1024 / 1024:.1f} MB"


def initials(person: Person) -> str:
    """One or two characters for the round picture of a person: the family name in Chinese."""
    return person.name[:1] if not person.name[:1].isascii() else person.name[:2].upper()
