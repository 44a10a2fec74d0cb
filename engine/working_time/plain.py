"""Plain calendar arithmetic, with the same kind of explanation."""

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from engine.errors import InvalidInput
from engine.working_time.calendar import Deadline
from engine.working_time.words import Words, explain


class YearsAndMonths(Protocol):
    """A duration in months, such as FEEL's `duration("P1Y2M")`."""

    @property
    def months(self) -> int:
        """The whole duration in months."""
        ...


def calendar_time(start: datetime, amount: timedelta | YearsAndMonths, zone: str) -> Deadline:
    """`start` (aware) plus a duration: days and smaller as elapsed time, months by the wall clock of `zone` (31 January + 1 month = end of February).

    Raises:
        InvalidInput: the result is no date.
    """
    local = start.astimezone(ZoneInfo(zone))
    try:
        if isinstance(amount, timedelta):
            due, words = (start.astimezone(UTC) + amount).astimezone(local.tzinfo), Words.duration(amount)
        else:
            due, words = _add_months(local, amount.months), Words.months(amount.months)
    except (OverflowError, ValueError):
        raise InvalidInput(
            f"从 {local:%Y-%m-%d} 起加这么久，已不是一个日期。", f"So long after {local:%Y-%m-%d} there is no date."
        ) from None
    explanation = explain(local, words, due)
    return Deadline(due.astimezone(UTC), {"zh": explanation.zh, "en": explanation.en, "provisional": False})


def _add_months(local: datetime, months: int) -> datetime:
    years, month_index = divmod(local.month - 1 + months, 12)
    year, month = local.year + years, month_index + 1
    return local.replace(year=year, month=month, day=min(local.day, monthrange(year, month)[1]))
