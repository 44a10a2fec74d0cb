"""FEEL types: what `instance of` asks and what parameters and decisions declare."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.feel.durations import DaysTime, YearsMonths
from engine.feel.functions import Function
from engine.feel.ranges import Range
from engine.feel.scope import Run
from engine.feel.temporals import Date, DateTime, Time


@dataclass(frozen=True)
class FeelType:
    """A named type without parts; the base of the others."""

    name: str

    def accepts(self, value: Any, run: Run) -> bool:
        """Whether the value (lifted, not null) belongs to the type."""
        del run
        return SIMPLE[self.name](value)

    def unconstrained(self) -> "FeelType":
        """The type without allowed values: what `instance of` asks."""
        return self


@dataclass(frozen=True)
class ListType(FeelType):
    """`list<element>`."""

    element: FeelType

    def accepts(self, value: Any, run: Run) -> bool:
        """A list whose elements all belong to the element type; null elements do."""
        return isinstance(value, list) and all(conforms(item, self.element, run) for item in value)

    def unconstrained(self) -> FeelType:
        """The same list of unconstrained elements."""
        return ListType(self.name, self.element.unconstrained())


@dataclass(frozen=True)
class ContextType(FeelType):
    """`context<name: type, …>`."""

    entries: tuple[tuple[str, FeelType], ...]

    def accepts(self, value: Any, run: Run) -> bool:
        """A context with at least these entries, each of its type or null."""
        return isinstance(value, dict) and all(name in value and conforms(value[name], kind, run) for name, kind in self.entries)

    def unconstrained(self) -> FeelType:
        """The same entries, unconstrained."""
        return ContextType(self.name, tuple((name, kind.unconstrained()) for name, kind in self.entries))


@dataclass(frozen=True)
class RangeType(FeelType):
    """`range<element>`."""

    element: FeelType

    def accepts(self, value: Any, run: Run) -> bool:
        """A range whose ends belong to the element type."""
        return isinstance(value, Range) and conforms(value.start, self.element, run) and conforms(value.end, self.element, run)


@dataclass(frozen=True)
class FunctionType(FeelType):
    """`function<type, …> -> type`."""

    parameters: tuple[FeelType, ...]
    result: FeelType

    def accepts(self, value: Any, run: Run) -> bool:
        """A function with as many parameters; their declared types must not contradict."""
        del run
        return isinstance(value, Function) and value.fits(self.parameters, self.result)


def is_number(value: Any) -> bool:
    """Whether the value is a number, lifted or still as JSON has it."""
    return value.__class__ in (Decimal, int, float)


def conforms(value: Any, kind: FeelType, run: Run) -> bool:
    """Whether the value is null or of the type; every part looked at is paid for."""
    run.meter.spend()
    return value is None or kind.accepts(value, run)


SIMPLE: dict[str, Callable[[Any], bool]] = {
    "Any": lambda _: True,
    "Null": lambda _: False,
    "number": is_number,
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "date": lambda value: isinstance(value, Date),
    "time": lambda value: isinstance(value, Time),
    "date and time": lambda value: isinstance(value, DateTime),
    "days and time duration": lambda value: isinstance(value, DaysTime),
    "years and months duration": lambda value: isinstance(value, YearsMonths),
    "duration": lambda value: isinstance(value, DaysTime | YearsMonths),
    "list": lambda value: isinstance(value, list),
    "context": lambda value: isinstance(value, dict),
    "range": lambda value: isinstance(value, Range),
    "function": lambda value: isinstance(value, Function),
}
#: spellings that older models and dmn-js use
ALIASES = {
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "any": "Any",
}
ANY = FeelType("Any")


def simple_type(name: str) -> FeelType | None:
    """The built-in type of that name (`feel:` prefix and old spellings allowed), or None."""
    name = name.rpartition(":")[2] if name.startswith("feel:") else name
    name = ALIASES.get(name, name)
    if name == "list":
        return ListType("list", ANY)
    return FeelType(name) if name in SIMPLE else None


def kind_of(value: Any) -> str:
    """The name of a value's type, for messages and for comparing kinds; `Null` for null."""
    if value is None:
        return "Null"
    for name, test in SIMPLE.items():
        if name not in ("Any", "Null", "duration") and test(value):
            return name
    return str(value.__class__.__name__)


def coerce(value: Any, kind: FeelType, run: Run) -> tuple[bool, Any]:
    """Apply the implicit conversions of the standard: [x] to x, x to [x], a date to its midnight in UTC.

    Returns:
        whether the value fits, and the value as the type wants it.
    """
    if conforms(value, kind, run):
        return True, value
    if isinstance(value, list) and len(value) == 1 and not isinstance(kind, ListType) and conforms(value[0], kind, run):
        return True, value[0]
    if isinstance(kind, ListType) and not isinstance(value, list) and conforms(value, kind.element, run):
        return True, [value]
    if isinstance(value, Date) and kind.name == "date and time":
        return True, DateTime(value, Time(0, 0))
    return False, None
