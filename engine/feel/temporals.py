"""FEEL dates, times, dates and times. Own classes, because FEEL has years far beyond 1–9999, nanoseconds and times with a zone."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from engine.feel.durations import DAY, HOUR, MINUTE, SECOND, DaysTime, YearsMonths

MAX_YEAR = 999_999_999
_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
Zone = int | str | None  #: seconds east of UTC, the name of a zone, or none given


def is_leap(year: int) -> bool:
    """Whether the Gregorian year has 366 days."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """28 to 31."""
    return 29 if month == 2 and is_leap(year) else _MONTH_DAYS[month - 1]


@dataclass(frozen=True, slots=True, order=True)
class Date:
    """A day of the Gregorian calendar, years from -999,999,999 to 999,999,999."""

    year: int
    month: int
    day: int

    @classmethod
    def valid(cls, year: int, month: int, day: int) -> "Date | None":
        """The day, or None when the calendar has no such day."""
        if not (-MAX_YEAR <= year <= MAX_YEAR and 1 <= month <= 12 and 1 <= day <= days_in_month(year, month)):
            return None
        return cls(year, month, day)

    @classmethod
    def from_ordinal(cls, ordinal: int) -> "Date | None":
        """The day `ordinal` days after 1970-01-01 (proleptic Gregorian, eras of 400 years)."""
        era, day_of_era = divmod(ordinal + 719_468, 146_097)
        year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
        day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
        shifted = (5 * day_of_year + 2) // 153
        month = shifted + 3 if shifted < 10 else shifted - 9
        return cls.valid(era * 400 + year_of_era + (month <= 2), month, day_of_year - (153 * shifted + 2) // 5 + 1)

    @property
    def ordinal(self) -> int:
        """Days since 1970-01-01."""
        year = self.year - (self.month <= 2)
        era, year_of_era = divmod(year, 400)
        day_of_year = (153 * (self.month + (-3 if self.month > 2 else 9)) + 2) // 5 + self.day - 1
        return era * 146_097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719_468

    @property
    def weekday(self) -> int:
        """1 for Monday to 7 for Sunday."""
        return (self.ordinal + 3) % 7 + 1

    @property
    def day_of_year(self) -> int:
        """1 to 366."""
        return self.ordinal - Date(self.year, 1, 1).ordinal + 1

    def plus_months(self, months: int) -> "Date | None":
        """The same day `months` later; the last day of the month when that day does not exist."""
        year, month0 = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Date.valid(year, month0 + 1, min(self.day, days_in_month(year, month0 + 1)))

    def __str__(self) -> str:
        """ISO 8601."""
        sign = "-" if self.year < 0 else ""
        return f"{sign}{abs(self.year):04d}-{self.month:02d}-{self.day:02d}"


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day, perhaps with an offset or a zone."""

    nanos: int  #: nanoseconds since midnight
    zone: Zone = None

    @property
    def hour(self) -> int:
        """0 to 23."""
        return self.nanos // HOUR

    @property
    def minute(self) -> int:
        """0 to 59."""
        return self.nanos // MINUTE % 60

    @property
    def second(self) -> int:
        """0 to 59, without the fraction."""
        return self.nanos // SECOND % 60

    @property
    def value(self) -> int:
        """Nanoseconds since midnight in UTC; a time without zone counts as it stands, a named zone has its offset of 1970-01-01."""
        return self.nanos - offset_at(self.zone, Date(1970, 1, 1), self.nanos) * SECOND

    def plus(self, duration: DaysTime) -> "Time":
        """The time later on the clock, round midnight."""
        return replace(self, nanos=(self.nanos + duration.nanos) % DAY)

    def __str__(self) -> str:
        """ISO 8601, `@zone` for a named zone."""
        fraction = f".{self.nanos % SECOND:09d}".rstrip("0") if self.nanos % SECOND else ""
        return f"{self.hour:02d}:{self.minute:02d}:{self.second:02d}{fraction}{zone_text(self.zone)}"


@dataclass(frozen=True, slots=True)
class DateTime:
    """A day with a time of day."""

    date: Date
    time: Time

    @property
    def local(self) -> int:
        """Nanoseconds since 1970-01-01T00:00 as the clock on the wall counts."""
        return self.date.ordinal * DAY + self.time.nanos

    def value(self, default_zone: Zone = 0) -> int:
        """Nanoseconds since 1970-01-01T00:00Z; `default_zone` is used when none is given."""
        zone = default_zone if self.time.zone is None else self.time.zone
        return self.local - offset_at(zone, self.date, self.time.nanos) * SECOND

    @classmethod
    def from_local(cls, nanos: int, zone: Zone) -> "DateTime | None":
        """The inverse of `local`."""
        days, rest = divmod(nanos, DAY)
        date = Date.from_ordinal(days)
        return None if date is None else cls(date, Time(rest, zone))

    def plus(self, duration: DaysTime | YearsMonths) -> "DateTime | None":
        """Later on the calendar; None beyond the last year."""
        if isinstance(duration, YearsMonths):
            date = self.date.plus_months(duration.total)
            return None if date is None else DateTime(date, self.time)
        return DateTime.from_local(self.local + duration.nanos, self.time.zone)

    @classmethod
    def of(cls, instant: datetime) -> "DateTime":
        """A Python datetime as a FEEL one; a named zone keeps its name."""
        zone: Zone = None
        if isinstance(instant.tzinfo, ZoneInfo):
            zone = instant.tzinfo.key
        elif instant.tzinfo is not None:
            zone = int((instant.utcoffset() or timedelta()).total_seconds())
        nanos = ((instant.hour * 60 + instant.minute) * 60 + instant.second) * SECOND + instant.microsecond * 1000
        return cls(Date(instant.year, instant.month, instant.day), Time(nanos, zone))

    def to_datetime(self, default_zone: str) -> datetime:
        """An aware Python datetime, cut to microseconds.

        Raises:
            ValueError: the year is beyond what Python's calendar knows (1 to 9999).
        """
        zone = default_zone if self.time.zone is None else self.time.zone
        info: tzinfo = timezone(timedelta(seconds=zone)) if isinstance(zone, int) else ZoneInfo(zone)
        time, date = self.time, self.date
        return datetime(date.year, date.month, date.day, time.hour, time.minute, time.second, time.nanos % SECOND // 1000, info)

    def __str__(self) -> str:
        """ISO 8601, `@zone` for a named zone."""
        return f"{self.date}T{self.time}"


def zone_text(zone: Zone) -> str:
    """`Z`, `+08:00`, `@Asia/Shanghai` or nothing."""
    if zone is None:
        return ""
    if isinstance(zone, str):
        return f"@{zone}"
    if zone == 0:
        return "Z"
    minutes, seconds = divmod(abs(zone), 60)
    return f"{'-' if zone < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}" + (f":{seconds:02d}" if seconds else "")


@lru_cache(maxsize=512)
def zone_known(name: str) -> bool:
    """Whether the time zone database has the name."""
    try:
        ZoneInfo(name)
    except (OSError, ValueError):  # ZoneInfoNotFoundError is a KeyError and an OSError reads a folder
        return False
    except KeyError:
        return False
    return True


def offset_at(zone: Zone, date: Date, nanos: int) -> int:
    """Seconds east of UTC at a local time; 0 without zone; years outside 1–9999 take the nearest year's rule."""
    if zone is None:
        return 0
    if isinstance(zone, int):
        return zone
    year = min(max(date.year, 2), 9998)
    day = min(date.day, days_in_month(year, date.month))
    seconds = nanos // SECOND
    local = datetime(year, date.month, day, seconds // 3600, seconds // 60 % 60, seconds % 60, tzinfo=UTC).replace(tzinfo=ZoneInfo(zone))
    return int((local.utcoffset() or timedelta()).total_seconds())
