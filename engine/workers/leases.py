"""The jobs this process works on: their leases are extended while they run, up to a limit."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from engine.clock import monotonic_s
from engine.runtime import claims
from engine.runtime.engine import Engine

_log = logging.getLogger(__name__)

HEARTBEAT_S = 10

#: A job of the engine's own that runs longer is taken for hung: its lease runs out, another worker may begin it, and what the hung one does is
#: refused. (A handler is ended when its own time is over.)
LONGEST_JOB_S = 600


class HeldLeases:
    """Leases of jobs that are running in this process."""

    def __init__(self, engine: Engine) -> None:
        """Start with none."""
        self._engine = engine
        self._lock = threading.Lock()
        self._until_s: dict[claims.Lease, float] = {}

    @contextmanager
    def hold(self, lease: claims.Lease, longest_s: float = LONGEST_JOB_S) -> Iterator[None]:
        """Keep a lease alive while the block runs, for so many seconds at most."""
        with self._lock:
            self._until_s[lease] = monotonic_s() + longest_s
        try:
            yield
        finally:
            with self._lock:
                self._until_s.pop(lease, None)

    def extend(self) -> None:
        """Heartbeat of all that are held; one that cannot be extended is left to run out."""
        with self._lock:
            held = dict(self._until_s)
        for lease, until_s in held.items():
            if monotonic_s() > until_s:
                _log.warning("job %s takes too long; its lease is no longer extended", lease.job_id)
                continue
            try:
                claims.extend(self._engine, lease)
            except Exception:
                _log.exception("the lease of job %s was not extended", lease.job_id)
