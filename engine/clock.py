"""The only place that reads the time."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Gives the present instant, aware and in UTC."""

    def now(self) -> datetime:
        """The present instant in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant in UTC, to the millisecond (what every database keeps)."""
        present = datetime.now(UTC)
        return present.replace(microsecond=present.microsecond // 1000 * 1000)


class SimulatedClock:
    """A clock that moves only when told; for tests, scenarios and the demo month."""

    def __init__(self, start: datetime) -> None:
        """Args: start: an aware instant."""
        if start.tzinfo is None:
            message = "a clock needs an aware instant"
            raise ValueError(message)
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """The instant the clock was last set to."""
        return self._now

    def advance(self, by: timedelta) -> datetime:
        """Move forward and return the new instant."""
        self._now += by
        return self._now

    def set(self, instant: datetime) -> None:
        """Jump to an instant, also backwards."""
        self._now = instant.astimezone(UTC)


class DemoClock:
    """The machine's clock, ahead by as much as somebody pushed it forward."""

    def __init__(self, not_before: datetime | None = None) -> None:
        """Args: not_before: the demo's newest event; the clock starts there if it lies in the future, so that time never runs backwards."""
        self._real = SystemClock()
        self._ahead = max(not_before - self._real.now(), timedelta()) if not_before else timedelta()

    def now(self) -> datetime:
        """The present instant of the demo, in UTC."""
        return self._real.now() + self._ahead

    def advance(self, by: timedelta) -> datetime:
        """Move forward and return the new instant."""
        self._ahead += by
        return self.now()


class FollowingClock:
    """The clock of another process: it runs on from what that one said last."""

    def __init__(self) -> None:
        """Like the machine's clock, until told otherwise."""
        self._real = SystemClock()
        self._ahead = timedelta()

    def now(self) -> datetime:
        """The present instant of the other process, in UTC."""
        return self._real.now() + self._ahead

    def follow(self, said: datetime) -> None:
        """Take over what the other one says now."""
        self._ahead = said - self._real.now()


def monotonic_s() -> float:
    """Seconds of a clock that never goes back; for measuring durations only."""
    return time.monotonic()
