"""Types of columns: how a value is read from what people type, kept in the audit trail, and shown.

`plain` is the canonical text of a value: forms hold it, the audit trail keeps it, and `read` gives the value back from it. `show` is for people.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from handlers.master_data.reading import Reading, Unreadable
from handlers.money import FEN

#: What a spreadsheet may hold in one cell.
Cell = str | int | Decimal | float | date | None

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class ColumnType:
    """Any text of one line."""

    field = "text"  #: how a form shows it
    blank: Any = None  #: what a blank field stands for

    def read(self, text: str, reading: Reading) -> Any:  # noqa: ARG002 -- types that point to other rows need it
        """The value that a text (never blank) means.

        Raises:
            Unreadable: it is none.
        """
        return text

    def plain(self, value: Any, reading: Reading) -> str:  # noqa: ARG002 -- instants need the time zone
        """The canonical text of a value (never None)."""
        return str(value)

    def show(self, value: Any, reading: Reading) -> str:
        """A value as people read it."""
        return self.plain(value, reading)

    def cell(self, value: Any, reading: Reading) -> Cell:
        """A value in a spreadsheet; `read` understands it."""
        return self.show(value, reading)


@dataclass(frozen=True)
class Text(ColumnType):
    """Text of limited length, of one line or of several."""

    longest: int = 4000
    lines: bool = False
    pattern: str = ""
    example: str = ""  #: shown when the pattern does not fit

    @property
    def field(self) -> str:  # type: ignore[override]
        """One line or a box."""
        return "lines" if self.lines else "text"

    def read(self, text: str, reading: Reading) -> str:  # noqa: ARG002
        """As typed, without control characters."""
        text = text.replace("\r\n", "\n")
        if _CONTROL.search(text) or ("\n" in text and not self.lines):
            raise Unreadable("含有换行或不可见字符。", "It has line breaks or invisible characters.")
        if len(text) > self.longest:
            raise Unreadable(f"太长：最多 {self.longest} 个字。", f"Too long: at most {self.longest} characters.")
        if self.pattern and not re.fullmatch(self.pattern, text):
            raise Unreadable(f"格式不对，例如 {self.example}。", f"Wrong form; for example {self.example}.")
        return text


@dataclass(frozen=True)
class Whole(ColumnType):
    """A whole number."""

    least: int = 0
    most: int = 2_147_483_647  #: what an integer column holds
    field = "number"

    def read(self, text: str, reading: Reading) -> int:  # noqa: ARG002
        """`12`, `1,200`, `3.0`."""
        number = _number(text)
        if number != number.to_integral_value():
            raise Unreadable("要填整数。", "A whole number is needed.")
        _within(number, self.least, self.most)
        return int(number)

    def cell(self, value: Any, reading: Reading) -> Cell:  # noqa: ARG002
        """A number."""
        return int(value)


@dataclass(frozen=True)
class Amount(ColumnType):
    """Money in yuan, to the fen."""

    field = "number"

    def read(self, text: str, reading: Reading) -> Decimal:  # noqa: ARG002
        """`1,280.50`, `￥80`."""
        number = _number(text.strip("￥¥ 元"))
        if number != number.quantize(FEN):
            raise Unreadable("金额最多两位小数。", "An amount has at most two decimals.")
        _within(number, 0, 9_999_999_999)
        return number.quantize(FEN)

    def plain(self, value: Any, reading: Reading) -> str:  # noqa: ARG002
        """With both decimals."""
        return str(Decimal(value).quantize(FEN))

    def cell(self, value: Any, reading: Reading) -> Cell:  # noqa: ARG002
        """A number."""
        return Decimal(value).quantize(FEN)


@dataclass(frozen=True)
class Degrees(ColumnType):
    """A coordinate in degrees, positive to the north and to the east."""

    most: int
    field = "number"

    def read(self, text: str, reading: Reading) -> float:  # noqa: ARG002
        """`30.5130`."""
        number = _number(text)
        _within(number, -self.most, self.most)
        return float(number)

    def cell(self, value: Any, reading: Reading) -> Cell:  # noqa: ARG002
        """A number."""
        return float(value)


class Day(ColumnType):
    """A date."""

    field = "date"
    _WAYS = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})")

    def read(self, text: str, reading: Reading) -> date:  # noqa: ARG002
        """`2026-03-05`, `2026/3/5`, `2026年3月5日`, `20260305`; a spreadsheet's midnight behind it is dropped."""
        found = self._WAYS.fullmatch(re.sub(r"[ T]00:00(:00)?$", "", text))
        try:
            year, month, day = (int(part) for part in found.groups() if part) if found else (0, 0, 0)
            return date(year, month, day)
        except ValueError:
            raise Unreadable("不是日期，例如 2026-03-05。", "Not a date; for example 2026-03-05.") from None

    def cell(self, value: Any, reading: Reading) -> Cell:  # noqa: ARG002
        """A date."""
        day: date = value
        return day


class Moment(ColumnType):
    """An instant, in office time to the minute."""

    field = "datetime-local"

    def read(self, text: str, reading: Reading) -> datetime:
        """`2026-03-05 16:30`; a date alone is its midnight."""
        try:
            found = datetime.fromisoformat(text.replace("/", "-"))
        except ValueError:
            raise Unreadable("不是时间，例如 2026-03-05 16:30。", "Not a time; for example 2026-03-05 16:30.") from None
        return (found if found.tzinfo else found.replace(tzinfo=reading.zone)).astimezone(UTC)

    def plain(self, value: Any, reading: Reading) -> str:
        """As a form's field has it."""
        instant: datetime = value
        return instant.astimezone(reading.zone).strftime("%Y-%m-%dT%H:%M")

    def show(self, value: Any, reading: Reading) -> str:
        """With a space."""
        return self.plain(value, reading).replace("T", " ")


@dataclass(frozen=True)
class Choice(ColumnType):
    """One of some codes, each with its words."""

    options: tuple[tuple[str, str, str], ...]  #: code, Chinese, English
    field = "choice"

    def read(self, text: str, reading: Reading) -> Any:  # noqa: ARG002
        """The code, or its words in either language."""
        for option in self.options:
            if text.casefold() in (word.casefold() for word in option):
                return self._value(option[0])
        zh, en = "、".join(option[1] for option in self.options), ", ".join(option[2] for option in self.options)
        raise Unreadable(f"只能是：{zh}。", f"One of: {en}.")

    def show(self, value: Any, reading: Reading) -> str:
        """Its words."""
        code = self.plain(value, reading)
        return next((reading.say(zh, en) for known, zh, en in self.options if known == code), code)

    def _value(self, code: str) -> Any:
        return code


class Flag(Choice):
    """Yes or no."""

    def __init__(self, yes: tuple[str, str] = ("是", "Yes"), no: tuple[str, str] = ("否", "No")) -> None:
        """Args: yes, no: the words, Chinese and English."""
        super().__init__((("true", *yes), ("false", *no)))

    def read(self, text: str, reading: Reading) -> Any:
        """The words, or what programs write for them."""
        code = {"1": "true", "0": "false", "是": "true", "否": "false", "yes": "true", "no": "false", "y": "true", "n": "false"}
        return super().read(code.get(text.casefold(), text), reading)

    def plain(self, value: Any, reading: Reading) -> str:  # noqa: ARG002
        """`true` or `false`."""
        return "true" if value else "false"

    def _value(self, code: str) -> Any:
        return code == "true"


def _number(text: str) -> Decimal:
    try:
        number = Decimal(re.sub(r"[,，\s]", "", text))
    except InvalidOperation:
        raise Unreadable("不是数字。", "Not a number.") from None
    if not number.is_finite() or number.adjusted() > 15:
        raise Unreadable("不是数字。", "Not a number.")
    return number


def _within(number: Decimal, least: int, most: int) -> None:
    if not least <= number <= most:
        raise Unreadable(f"要在 {least} 和 {most} 之间。", f"It must lie between {least} and {most}.")
