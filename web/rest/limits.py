"""How often one token or person may call: a bucket of calls that fills up again by the second."""

from dataclasses import dataclass, field
from threading import Lock
from typing import cast

from flask import current_app
from werkzeug.exceptions import TooManyRequests

from engine.clock import monotonic_s
from web.current import engine

_LIMITS = "opsbook_rest_limits"
_MOST_CALLERS = 10_000


@dataclass
class _Buckets:
    """Calls left and when they were counted, by caller; of this process."""

    left: dict[str, tuple[float, float]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def spend(self, caller: str, per_minute: int) -> float:
        """Take one call; how many seconds to wait if there is none, else 0."""
        with self.lock:
            now = monotonic_s()
            calls, counted_at = self.left.get(caller, (float(per_minute), now))
            calls = min(per_minute, calls + (now - counted_at) * per_minute / 60)
            if len(self.left) >= _MOST_CALLERS:
                self.left.clear()
            self.left[caller] = (max(calls - 1, 0.0) if calls >= 1 else calls, now)
            return 0.0 if calls >= 1 else (1 - calls) * 60 / per_minute


def spend(caller: str) -> None:
    """Count a call.

    Raises:
        TooManyRequests: with the seconds to wait.
    """
    per_minute = engine().settings.rest_calls_per_minute
    if per_minute <= 0:
        return
    buckets = cast("_Buckets", current_app.extensions.setdefault(_LIMITS, _Buckets()))
    wait_s = buckets.spend(caller, per_minute)
    if wait_s:
        raise TooManyRequests(retry_after=int(wait_s) + 1)
