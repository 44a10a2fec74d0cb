"""When something is due, with the reckoning in words."""

from datetime import timedelta
from typing import Literal

from pydantic import Field

from engine.errors import InvalidInput, OpsbookError
from engine.runtime.handlers import JobContext, handler
from engine.working_time import Deadline, calendar_time
from handlers.fields import Instant, Request, Result, in_utc
from handlers.refusals import refusal


class ComputeDue(Request):
    """From when, how long: working days or an ISO 8601 duration."""

    start: Instant | None = None
    working_days: int | None = Field(default=None, ge=0)
    duration: timedelta | None = None
    clock: Literal["working", "calendar"] = "working"


class Due(Result):
    """The deadline and how it came about."""

    due_at: Instant
    due_text: str
    due_text_en: str
    due_provisional: bool


@handler("deadlines.compute_due", title="算截止时间", title_en="Compute a deadline", errors=("CALENDAR_MISSING",))
def compute_due(ctx: JobContext, request: ComputeDue) -> Due:
    """Add working days, working time or plain time to an instant.

    Raises:
        BpmnError: CALENDAR_MISSING, the work calendar cannot be read.
        InvalidInput: neither working days nor a duration is given.
    """
    start = in_utc(ctx, request.start) or ctx.now()
    if request.working_days is None and request.duration is None:
        raise InvalidInput("请给出 working_days 或 duration。", "Give working_days or duration.")
    if request.clock == "calendar":
        amount = request.duration if request.duration is not None else timedelta(days=request.working_days or 0)
        return _due(calendar_time(start, amount, ctx.settings.time_zone))
    try:
        calendar = ctx.calendars.get()
    except OpsbookError as error:
        raise refusal("CALENDAR_MISSING", error.zh, error.en) from error
    if request.working_days is not None:
        return _due(calendar.add_days(start, request.working_days))
    return _due(calendar.add_time(start, request.duration or timedelta()))


def _due(deadline: Deadline) -> Due:
    words = deadline.explanation
    return Due(due_at=deadline.due_at, due_text=words["zh"], due_text_en=words["en"], due_provisional=words["provisional"])
