"""FEEL durations: years and months, days and time."""

import re
from dataclasses import dataclass

SECOND = 1_000_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
#: beyond this no calendar counts (about 10 billion years)
MAX_NANOS = 2**63 * SECOND
MAX_MONTHS = 2**63

_YEARS_MONTHS = re.compile(r"(-?)P(?:(\d{1,18})Y)?(?:(\d{1,18})M)?", re.ASCII)
_DAYS_TIME = re.compile(r"(-?)P(?:(\d{1,18})D)?(T(?:(\d{1,18})H)?(?:(\d{1,18})M)?(?:(\d{1,18})(?:\.(\d{0,18}))?S)?)?", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class YearsMonths:
    """A years and months duration."""

    total: int  #: months, negative for backwards

    def __str__(self) -> str:
        """ISO 8601, such as `P1Y2M`."""
        years, months = divmod(abs(self.total), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
        return ("-" if self.total < 0 else "") + "P" + (text or "0M")


@dataclass(frozen=True, slots=True, order=True)
class DaysTime:
    """A days and time duration."""

    nanos: int  #: nanoseconds, negative for backwards

    def __str__(self) -> str:
        """ISO 8601, such as `P1DT2H30M`."""
        days, rest = divmod(abs(self.nanos), DAY)
        hours, rest = divmod(rest, HOUR)
        minutes, rest = divmod(rest, MINUTE)
        seconds, nanos = divmod(rest, SECOND)
        fraction = f".{nanos:09d}".rstrip("0") if nanos else ""
        time = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "") + (f"{seconds}{fraction}S" if seconds or nanos else "")
        text = (f"{days}D" if days else "") + (f"T{time}" if time else "")
        return ("-" if self.nanos < 0 else "") + "P" + (text or "T0S")


Duration = YearsMonths | DaysTime


def parse_duration(text: str) -> Duration | None:
    """A duration from ISO 8601 text, or None when the text is none (`P1Y2D` mixes the kinds and is none)."""
    match = _YEARS_MONTHS.fullmatch(text)
    if match and (match[2] or match[3]):
        months = int(match[2] or 0) * 12 + int(match[3] or 0)
        return bounded(YearsMonths(-months if match[1] else months))
    match = _DAYS_TIME.fullmatch(text)
    if not match or not (match[2] or match[3]) or match[3] == "T":
        return None
    fraction = (match[7] or "").ljust(9, "0")[:9]
    nanos = int(match[2] or 0) * DAY + int(match[4] or 0) * HOUR + int(match[5] or 0) * MINUTE + int(match[6] or 0) * SECOND + int(fraction)
    return bounded(DaysTime(-nanos if match[1] else nanos))


def bounded(duration: Duration) -> Duration | None:
    """The duration itself, or None when it is longer than any calendar."""
    size, limit = (duration.total, MAX_MONTHS) if isinstance(duration, YearsMonths) else (duration.nanos, MAX_NANOS)
    return duration if abs(size) < limit else None
