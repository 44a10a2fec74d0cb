"""Calendar months of the office."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from engine.errors import InvalidInput

_WRITTEN = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, order=True)
class Month:
    """One month, written `2026-03`."""

    year: int
    number: int  #: 1 to 12

    @classmethod
    def read(cls, text: str) -> "Month":
        """As written.

        Raises:
            InvalidInput: it is no month.
        """
        found = _WRITTEN.fullmatch(text)
        if found is None or not 1900 < int(found[1]) < 9999:
            raise InvalidInput("月份要写成 2026-03 的样子。", "A month is written like 2026-03.", month=text)
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, instant: datetime, zone: ZoneInfo) -> "Month":
        """The month in which the office has an instant."""
        local = instant.astimezone(zone)
        return cls(local.year, local.month)

    def __str__(self) -> str:
        """As read by `read`."""
        return f"{self.year:04d}-{self.number:02d}"

    def __add__(self, months: int) -> "Month":
        """So many months later."""
        whole = self.year * 12 + self.number - 1 + months
        return Month(whole // 12, whole % 12 + 1)

    def __sub__(self, months: int) -> "Month":
        """So many months earlier."""
        return self + -months

    def begin(self, zone: ZoneInfo) -> datetime:
        """Its first instant, in UTC."""
        return datetime(self.year, self.number, 1, tzinfo=zone).astimezone(UTC)

    def end(self, zone: ZoneInfo) -> datetime:
        """The first instant after it, in UTC."""
        return (self + 1).begin(zone)

    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)


@dataclass(frozen=True)
class Period:
    """Some months in a row."""

    last: Month
    length: int

    def months(self) -> list[Month]:
        """The first to the last."""
        return [self.last - back for back in reversed(range(self.length))]

    def before(self) -> "Period":
        """As many months just before."""
        return Period(self.last - self.length, self.length)

    def __str__(self) -> str:
        """`2026-03`, or `2026-01 – 2026-03`."""
        return str(self.last) if self.length == 1 else f"{self.months()[0]} – {self.last}"
