"""How requests and results of handlers look: what forms and FEEL hand over is taken as it is, what goes back is plain JSON."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, model_validator

from engine.runtime.handlers import JobContext


class Request(BaseModel):
    """What a service task asks for; a blank field counts as not given, an unknown one is refused."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True, str_strip_whitespace=True, use_attribute_docstrings=True)

    @model_validator(mode="before")
    @classmethod
    def _drop_blanks(cls, values: Any) -> Any:
        """Forms send blank text and FEEL sends null for what is not there: the defaults then apply."""
        if not isinstance(values, dict):
            return values
        return {name: value for name, value in values.items() if value is not None and not (isinstance(value, str) and not value.strip())}


class Result(BaseModel):
    """What a service task gives back: each field becomes a process variable."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class Line(BaseModel):
    """One object of a list in a request; what a form adds beyond the fields is left aside."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True, str_strip_whitespace=True, use_attribute_docstrings=True)


class Option(BaseModel):
    """One choice of a form's select field."""

    label: str
    label_en: str
    value: str


def _read_instant(value: Any) -> Any:
    """FEEL writes a named zone behind an @, which pydantic does not know."""
    if isinstance(value, str) and "@" in value:
        text, zone = value.split("@", 1)
        try:
            return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
        except ZoneInfoNotFoundError as error:
            message = f"unknown time zone {zone}"
            raise ValueError(message) from error
    return value


def _read_names(value: Any) -> Any:
    """A list of names, or one text with commas as BPMN attributes have it."""
    if isinstance(value, str):
        return [name.strip() for name in value.split(",") if name.strip()]
    return value


#: An instant as forms and FEEL write it; make it UTC with `in_utc`.
Instant = Annotated[datetime, BeforeValidator(_read_instant)]

#: Names as a list or as text with commas.
Names = Annotated[list[str], BeforeValidator(_read_names)]

#: An amount of money in CNY; a JSON number in results.
Amount = Annotated[Decimal, PlainSerializer(float, return_type=float, when_used="json")]


def in_utc(ctx: JobContext, value: datetime | None) -> datetime | None:
    """An instant of a request in UTC; one without a zone is meant in the office's time zone."""
    if value is None:
        return None
    aware = value if value.tzinfo else value.replace(tzinfo=ZoneInfo(ctx.settings.time_zone))
    return aware.astimezone(UTC)


def local_day(ctx: JobContext, value: date | datetime | None) -> date:
    """The office's calendar day of an instant or date; today when there is none."""
    if value is None:
        value = ctx.now()
    if isinstance(value, datetime):
        return (in_utc(ctx, value) or value).astimezone(ZoneInfo(ctx.settings.time_zone)).date()
    return value


def local_text(ctx: JobContext, value: datetime | None) -> str:
    """An instant for people, in the office's time zone: `2026-11-21 16:30`."""
    return value.astimezone(ZoneInfo(ctx.settings.time_zone)).strftime("%Y-%m-%d %H:%M") if value else ""
