"""Arithmetic on one working calendar: pure, exact to the microsecond, sound across changes of the clock."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from engine.errors import InvalidInput
from engine.working_time.words import Words, explain

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

#: A sum that needs more days than this is a mistake, not a deadline.
MAX_DAYS = 3700

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Deadline:
    """An instant with the way it was reckoned."""

    due_at: datetime  #: UTC
    #: {"zh": …, "en": …, "provisional": whether it lies behind the confirmed part of the calendar, "clock": working or calendar}
    explanation: dict[str, object]


@dataclass(frozen=True)
class CalendarDay:
    """One day that differs from its weekday."""

    working: bool
    name: str
    name_en: str


@dataclass(frozen=True)
class OfficeHours:
    """From when to when each weekday is worked, by the office's wall clock."""

    by_weekday: tuple[tuple[tuple[time, time], ...], ...]

    @classmethod
    def read(cls, week: Mapping[str, object]) -> "OfficeHours":
        """Read `{"monday": ["09:00-12:00", "13:00-18:00"], …}`; a weekday that is not named is free.

        Raises:
            InvalidInput: a name that is no weekday, or hours that are not in order.
        """
        unknown = sorted(set(week) - set(WEEKDAYS))
        if unknown:
            raise InvalidInput(f"工作时间里没有“{unknown[0]}”这一天。", f"{unknown[0]!r} is not a weekday of the office hours.")
        return cls(tuple(_read_spans(name, week.get(name) or []) for name in WEEKDAYS))

    def of_make_up_day(self) -> tuple[tuple[time, time], ...]:
        """The hours of a day off that is worked in exchange: those of the first day worked in an ordinary week."""
        return next((spans for spans in self.by_weekday if spans), ())


@dataclass(frozen=True)
class WorkingCalendar:
    """Office hours of a week, and the days that differ from it."""

    id: str
    name: str
    time_zone: str
    hours: OfficeHours
    days: Mapping[date, CalendarDay]
    confirmed_until: date
    _spans: dict[date, tuple[Span, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def zone(self) -> ZoneInfo:
        """The office's time zone."""
        return ZoneInfo(self.time_zone)

    def add_time(self, start: datetime, amount: timedelta) -> Deadline:
        """The instant when `amount` of working time has passed since `start` (aware).

        Raises:
            InvalidInput: a negative amount, or no such instant within ten years.
        """
        if amount < timedelta():
            raise _negative()
        left = amount
        for begin, end in self._spans_from(start):
            if end - begin >= left:
                return self._deadline(start, begin + left, Words.working_time(amount))
            left -= end - begin
        raise _too_far(self.name)

    def add_days(self, start: datetime, days: int) -> Deadline:
        """The same time of day on the n-th working day after the day of `start`, moved into that day's office hours.

        Zero days give `start` itself when it lies in office hours, else the next moment that does.

        Raises:
            InvalidInput: a negative number, or no such day within ten years.
        """
        if days < 0:
            raise _negative()
        local = start.astimezone(self.zone)
        if days == 0:
            return self._deadline(start, next(self._spans_from(start))[0], Words.working_days(0))
        left = days
        for offset in range(1, MAX_DAYS):
            day = local.date() + timedelta(offset)
            left -= self._is_worked(day)
            if left == 0:
                same_time = datetime.combine(day, local.time(), self.zone).astimezone(UTC)
                return self._deadline(start, self._into_hours(day, same_time), Words.working_days(days))
        raise _too_far(self.name)

    def is_working(self, instant: datetime) -> bool:
        """Whether the office works at an instant (the closing second no longer counts)."""
        return any(begin <= instant < end for begin, end in self._spans_of(instant.astimezone(self.zone).date()))

    def working_time_between(self, begin: datetime, end: datetime) -> timedelta:
        """Working time from one instant to a later one; zero when `end` is not later."""
        total = timedelta()
        if end <= begin:
            return total
        for opens, closes in self._spans_from(begin, until=end):
            total += max(min(closes, end) - opens, timedelta())
        return total

    def hours_between(self, first: date, last: date) -> Iterator[Span]:
        """Office hours of all days from the first to the last, in order."""
        for offset in range((last - first).days + 1):
            yield from self._spans_of(first + timedelta(offset))

    def _is_worked(self, day: date) -> bool:
        return bool(self._spans_of(day))

    def _spans_of(self, day: date) -> tuple[Span, ...]:
        """The hours of a day as UTC instants, so that days of 23 or 25 hours come out right."""
        if day not in self._spans:
            hours = self.hours.by_weekday[day.weekday()]
            exception = self.days.get(day)
            if exception:
                hours = (hours or self.hours.of_make_up_day()) if exception.working else ()
            instants = tuple((self._instant(day, opens), self._instant(day, closes)) for opens, closes in hours)
            self._spans[day] = tuple(span for span in instants if span[0] < span[1])
        return self._spans[day]

    def _instant(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.zone).astimezone(UTC)

    def _spans_from(self, start: datetime, until: datetime | None = None) -> Iterator[Span]:
        """Office hours after `start` in order, the first one cut off at `start`.

        Raises:
            InvalidInput: the calendar has no more within ten years.
        """
        start = start.astimezone(UTC)
        first = start.astimezone(self.zone).date()
        last = until.astimezone(self.zone).date() if until else first + timedelta(MAX_DAYS)
        for offset in range((last - first).days + 1):
            for begin, end in self._spans_of(first + timedelta(offset)):
                if end > start:
                    yield max(begin, start), end
        if until is None:
            raise _too_far(self.name)

    def _into_hours(self, day: date, instant: datetime) -> datetime:
        spans = self._spans_of(day)
        for begin, end in spans:
            if instant <= end:
                return max(instant, begin)
        return spans[-1][1]

    def _deadline(self, start: datetime, due_at: datetime, amount: Words) -> Deadline:
        zone = self.zone
        begin, end = start.astimezone(zone), due_at.astimezone(zone)
        between = [begin.date() + timedelta(offset) for offset in range((end.date() - begin.date()).days + 1)]
        exceptions = {day: self.days[day] for day in between if day in self.days}
        skipped = [(day, Words(item.name, item.name_en)) for day, item in exceptions.items() if not item.working and self._weekly(day)]
        made_up = [day for day, item in exceptions.items() if item.working and not self._weekly(day)]
        provisional = end.date() > self.confirmed_until
        words = explain(begin, amount, end, skipped, made_up, self.confirmed_until if provisional else None)
        return Deadline(due_at.astimezone(UTC), {"zh": words.zh, "en": words.en, "provisional": provisional, "clock": "working"})

    def _weekly(self, day: date) -> bool:
        return bool(self.hours.by_weekday[day.weekday()])


def _read_spans(weekday: str, texts: object) -> tuple[tuple[time, time], ...]:
    try:
        spans = tuple(
            (time.fromisoformat(begin.strip()), time.fromisoformat(end.strip()))
            for begin, end in (str(text).split("-") for text in texts)  # type: ignore[attr-defined]
        )
    except (TypeError, ValueError):
        spans = ((time(1), time(0)),)
    clock = [moment for span in spans for moment in span]
    if clock != sorted(set(clock)):
        raise InvalidInput(
            f"{weekday} 的工作时间应写成 09:00-12:00 的样子，按先后排列，不重叠。",
            f"The office hours of {weekday} must look like 09:00-12:00, in order and without overlap.",
            hours=str(texts),
        )
    return spans


def _negative() -> InvalidInput:
    return InvalidInput("工作时间只能往后推算，数量不能为负。", "Working time is only added: the amount must not be negative.")


def _too_far(name: str) -> InvalidInput:
    return InvalidInput(f"“{name}”十年之内没有足够的工作时间。", f"“{name}” has not enough working time within ten years.")
