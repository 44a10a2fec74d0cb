"""What an evaluation can see and what it leaves behind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from engine.feel.budget import Budget, Meter
from engine.feel.errors import FeelWarning

MAX_WARNINGS = 100
Place = tuple[str, int]  #: text of an expression and offset in it


class Deadline(Protocol):
    """When working time is used up, and how that was reckoned."""

    @property
    def due_at(self) -> datetime:
        """The instant, aware."""
        ...

    @property
    def explanation(self) -> Mapping[str, Any]:
        """The reckoning for people: `zh`, `en`, `provisional`."""
        ...


class WorkingTime(Protocol):
    """The working calendar behind `working days` and `working time`."""

    def add_time(self, start: datetime, amount: timedelta) -> Deadline:
        """The instant after `amount` of working time."""
        ...

    def add_days(self, start: datetime, n: int) -> Deadline:
        """The instant `n` working days later."""
        ...


@dataclass
class Environment:
    """What expressions may ask of the world, and the notes they leave; one per evaluation or decision."""

    now: datetime  #: the present instant, aware
    time_zone: str = "Asia/Shanghai"  #: of the office: what a date and time without zone means
    calendar: WorkingTime | None = None
    functions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    budget: Budget = field(default_factory=Budget)
    locale: str = "zh"
    standard: bool = False  #: nothing but the DMN standard: times need seconds, and times with and without zone cannot be subtracted
    warnings: list[FeelWarning] = field(default_factory=list)
    explanations: list[dict[str, Any]] = field(default_factory=list)


class Run:
    """One evaluation under way."""

    __slots__ = ("env", "meter")

    def __init__(self, env: Environment) -> None:
        """Args: env: where notes go; a new run starts with the full budget."""
        self.env = env
        self.meter = Meter(env.budget)

    def null(self, place: Place, reason: Callable[[], tuple[str, str]]) -> Any:
        """Note why a part of the expression is null, and be that null; the sentence is made only when somebody reads it."""
        if len(self.env.warnings) < MAX_WARNINGS:
            self.env.warnings.append(FeelWarning(place[0], place[1], reason))
        return None


class Frame:
    """One level of visible names."""

    __slots__ = ("names", "outer", "run")

    def __init__(self, names: Mapping[str, Any], outer: "Frame | None", run: Run) -> None:
        """Args: names: the innermost names; outer: where to look next."""
        self.names = names
        self.outer = outer
        self.run = run

    def inner(self, names: Mapping[str, Any]) -> "Frame":
        """A frame inside this one."""
        return Frame(names, self, self.run)

    def find(self, name: str) -> "Frame | None":
        """The innermost frame that has the name."""
        frame: Frame | None = self
        while frame is not None:
            if name in frame.names:
                return frame
            frame = frame.outer
        return None

    def visible(self) -> list[str]:
        """Every name, innermost first."""
        names: list[str] = []
        frame: Frame | None = self
        while frame is not None:
            names.extend(str(name) for name in frame.names)
            frame = frame.outer
        return names
