"""Plain calendar arithmetic, with the same kind of explanation."""

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from engine.errors import InvalidInput
from engine.working_time.calendar import Deadline
from engine.working_time.words import Words, explain


def calendar_time(start: datetime, elapsed: timedelta, zone: str, *, days: int = 0, months: int = 0) -> Deadline:
    """`start` (aware) plus months and days by the wall clock of `zone` (31 January + 1 month = end of February), then elapsed time.

    A time of day that the wall clock skips becomes the one after the gap; of two equal ones the first counts.

    Raises:
        InvalidInput: the result is no date.
    """
    local = start.astimezone(ZoneInfo(zone))
    try:
        shifted = _add_months(local, months) + timedelta(days=days) if months or days else local
        due = (shifted.astimezone(UTC) + elapsed).astimezone(local.tzinfo)
    except (OverflowError, ValueError):
        raise InvalidInput(
            f"从 {local:%Y-%m-%d} 起加这么久，已不是一个日期。", f"So long after {local:%Y-%m-%d} there is no date."
        ) from None
    explanation = explain(local, Words.months_and_time(months, timedelta(days=days) + elapsed), due)
    return Deadline(due.astimezone(UTC), {"zh": explanation.zh, "en": explanation.en, "provisional": False, "clock": "calendar"})


def _add_months(local: datetime, months: int) -> datetime:
    years, month_index = divmod(local.month - 1 + months, 12)
    year, month = local.year + years, month_index + 1
    return local.replace(year=year, month=month, day=min(local.day, monthrange(year, month)[1]), fold=0)
