"""The kinds of values that requests and answers are made of, each with how it is read, written and described."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema, model_validator
from pydantic.alias_generators import to_camel

from web.current import office_zone

_INSTANT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,6})?(Z|[+ -]\d\d:?\d\d)?")


class Dto(BaseModel):
    """An object of the interface: camelCase outside, `null` where there is no value; unknown properties are ignored (Camunda's rule)."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, coerce_numbers_to_str=True)

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, given: Any) -> Any:
        """Clients send `null` for everything they leave open."""
        return {name: value for name, value in given.items() if value is not None} if isinstance(given, dict) else given


class InQuery:
    """How a type is described as a query parameter, where that differs from a JSON body."""

    def __init__(self, schema: dict[str, Any]) -> None:
        """Args: schema: JSON schema of the text in the address."""
        self.schema = schema


def read_instant(text: Any) -> datetime:
    """An instant in Camunda's form, `2026-03-02T09:15:30.123+0800`; also with Z, a colon, without milliseconds; without offset in office time.

    Raises:
        ValueError: not a date.
    """
    if isinstance(text, datetime):
        return text
    found = _INSTANT.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        message = f"'{text}' is not a date of the form yyyy-MM-dd'T'HH:mm:ss.SSSZ"
        raise ValueError(message)
    date_time, fraction, offset = found.groups()
    offset = (offset or "").replace(" ", "+")  # an unescaped plus of a query string
    instant = datetime.fromisoformat(f"{date_time}{(fraction or '.0')[:7]}{offset}")
    try:
        return (instant if offset else instant.replace(tzinfo=office_zone())).astimezone(UTC)
    except OverflowError:
        message = f"'{text}' is out of range"
        raise ValueError(message) from None


def show_instant(instant: datetime) -> str:
    """An instant in Camunda's form, in office time: three digits of a second, an offset without colon."""
    local = instant.astimezone(office_zone())
    return f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond // 1000:03d}{local:%z}"


def _read_flag(value: Any) -> Any:
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if isinstance(value, bool):
        return value
    message = f"'{value}' is neither true nor false"
    raise ValueError(message)


def _read_list(value: Any) -> Any:
    return [part for part in value.split(",") if part] if isinstance(value, str) else value


Instant = Annotated[
    datetime,
    BeforeValidator(read_instant),
    PlainSerializer(show_instant, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?(Z|[+-]\d\d:?\d\d)$"}),
]
Flag = Annotated[bool, BeforeValidator(_read_flag)]
#: Comma-separated or repeated in an address, an array in a body.
TextList = Annotated[list[str], BeforeValidator(_read_list)]
IntegerList = Annotated[list[int], BeforeValidator(_read_list)]
#: A text that is stored as a name: of a person, a group, a case.
Name = Annotated[str, Field(max_length=255)]
#: Counts and sizes: 32 bits, not negative.
Natural = Annotated[int, Field(ge=0, le=2**31 - 1)]
Integer32 = Annotated[int, Field(ge=-(2**31), le=2**31 - 1)]


class Link(Dto):
    """Where something is to be found."""

    method: str
    href: str
    rel: str


class Count(Dto):
    """How many there are."""

    count: int
