"""Asking lists for dates: `dueDates=gt_2026-03-02T09:15:30.123%2B0800,lt_…` in an address, `[{operator, value}]` in a body."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator
from sqlalchemy import and_, true

from web.rest.listing import Condition
from web.rest.types import Dto, InQuery, Instant


class InstantCondition(Dto):
    """What a date must be."""

    operator: Literal["gt", "lt"]
    value: Instant


def _read(given: Any) -> Any:
    parts = given.split(",") if isinstance(given, str) else given
    return [_read_part(part) if isinstance(part, str) else part for part in parts] if isinstance(parts, list) else parts


def _read_part(text: str) -> dict[str, str]:
    operator, _, value = text.partition("_")
    return {"operator": operator, "value": value}


InstantConditions = Annotated[list[InstantCondition], BeforeValidator(_read), InQuery({"type": "string", "pattern": "^(gt|lt)_[^,]*$"})]


def between(column: Any, conditions: list[InstantCondition]) -> Condition:
    """Whether a column fulfils all conditions."""
    return and_(true(), *(column > item.value if item.operator == "gt" else column < item.value for item in conditions))
