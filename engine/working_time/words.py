"""Deadlines in words, Chinese and English."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True)
class Words:
    """The same in both languages."""

    zh: str
    en: str

    @classmethod
    def working_days(cls, days: int) -> "Words":
        """A number of working days."""
        return cls(f"{days} 个工作日", f"{days} working day{_plural(days)}")

    @classmethod
    def working_time(cls, amount: timedelta) -> "Words":
        """A duration of working time."""
        words = cls.duration(amount)
        return cls(f"{words.zh}（工作时间）", f"{words.en} of working time")

    @classmethod
    def duration(cls, amount: timedelta) -> "Words":
        """A duration in days, hours, minutes and seconds."""
        seconds = amount.days * 86_400 + amount.seconds
        units = (("天", "day", 86_400), ("小时", "hour", 3600), ("分钟", "minute", 60), ("秒", "second", 1))
        zh, en = [], []
        for unit_zh, unit_en, size in units:
            number, seconds = divmod(seconds, size)
            if number:
                zh.append(f"{number} {unit_zh}")
                en.append(f"{number} {unit_en}{_plural(number)}")
        return cls(" ".join(zh) or "0 分钟", " ".join(en) or "0 minutes")

    @classmethod
    def months(cls, months: int) -> "Words":
        """A number of years and months."""
        years, rest = divmod(months, 12)
        zh = [f"{years} 年"] * bool(years) + [f"{rest} 个月"] * bool(rest or not years)
        en = [f"{years} year{_plural(years)}"] * bool(years) + [f"{rest} month{_plural(rest)}"] * bool(rest or not years)
        return cls(" ".join(zh), " ".join(en))

    @classmethod
    def months_and_time(cls, months: int, amount: timedelta) -> "Words":
        """Months, a duration, or both."""
        if not months:
            return cls.duration(amount)
        if not amount:
            return cls.months(months)
        first, rest = cls.months(months), cls.duration(amount)
        return cls(f"{first.zh} {rest.zh}", f"{first.en} {rest.en}")


def explain(
    start: datetime,
    amount: Words,
    due: datetime,
    skipped: Sequence[tuple[date, Words]] = (),
    made_up: Sequence[date] = (),
    confirmed_until: date | None = None,
) -> Words:
    """`start + amount = due`, then what was skipped and worked in exchange on the way.

    Args:
        start: local instant.
        amount: what was added.
        due: local instant.
        skipped: days off that would else be worked, in order.
        made_up: days worked that would else be off, in order.
        confirmed_until: given when the due date lies behind it.
    """
    notes_zh, notes_en = [], []
    for first, last, name in _runs(skipped):
        notes_zh.append(f"跳过 {_period(first, last, ' 至 ')} {name.zh}")
        notes_en.append(f"skipped {_period(first, last, ' to ')} {name.en}")
    if made_up:
        notes_zh.append(f"{'、'.join(f'{day:%m-%d}' for day in made_up)} 调休上班")
        notes_en.append(f"worked in exchange: {', '.join(f'{day:%m-%d}' for day in made_up)}")
    if confirmed_until:
        notes_zh.append(f"暂定：{confirmed_until:%Y-%m-%d} 之后的放假安排尚未公布")
        notes_en.append(f"provisional: holidays after {confirmed_until:%Y-%m-%d} are not announced yet")
    zh = f"{_instant_zh(start)} + {amount.zh} = {_instant_zh(due)}" + (f"（{'；'.join(notes_zh)}）" if notes_zh else "")
    en = f"{_instant_en(start)} + {amount.en} = {_instant_en(due)}" + (f" ({'; '.join(notes_en)})" if notes_en else "")
    return Words(zh, en)


def _runs(days: Sequence[tuple[date, Words]]) -> list[tuple[date, date, Words]]:
    """Join days off that lie at most a weekend apart, naming each holiday once."""
    runs: list[tuple[date, date, list[Words]]] = []
    for day, name in days:
        if runs and (day - runs[-1][1]).days <= 3:
            first, _, names = runs.pop()
            runs.append((first, day, names if name in names else [*names, name]))
        else:
            runs.append((day, day, [name]))
    return [(first, last, Words("、".join(n.zh for n in names), ", ".join(n.en for n in names))) for first, last, names in runs]


def _period(first: date, last: date, to: str) -> str:
    return f"{first:%m-%d}" if first == last else f"{first:%m-%d}{to}{last:%m-%d}"


def _instant_zh(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d} 周{_WEEKDAYS_ZH[instant.weekday()]} {instant:%H:%M}"


def _instant_en(instant: datetime) -> str:
    return f"{_WEEKDAYS_EN[instant.weekday()]} {instant:%Y-%m-%d %H:%M}"


def _plural(number: int) -> str:
    return "" if number == 1 else "s"
