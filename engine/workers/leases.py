"""The jobs this process works on: their leases are extended while they run, up to a limit."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from engine.clock import monotonic_s
from engine.runtime import jobs
from engine.runtime.engine import Engine

_log = logging.getLogger(__name__)

HEARTBEAT_S = 10

#: A job that runs longer is taken for hung: its lease runs out, another worker may begin it, and what the hung one does is refused.
LONGEST_JOB_S = 600


class HeldLeases:
    """Leases of jobs that are running in this process."""

    def __init__(self, engine: Engine) -> None:
        """Start with none."""
        self._engine = engine
        self._lock = threading.Lock()
        self._begun_s: dict[jobs.Lease, float] = {}

    @contextmanager
    def hold(self, lease: jobs.Lease) -> Iterator[None]:
        """Keep a lease alive while the block runs."""
        with self._lock:
            self._begun_s[lease] = monotonic_s()
        try:
            yield
        finally:
            with self._lock:
                self._begun_s.pop(lease, None)

    def extend(self) -> None:
        """Heartbeat of all that are held; one that cannot be extended is left to run out."""
        with self._lock:
            begun = dict(self._begun_s)
        for lease, begun_s in begun.items():
            if monotonic_s() - begun_s > LONGEST_JOB_S:
                _log.warning("job %s runs longer than %d s; its lease is no longer extended", lease.job_id, LONGEST_JOB_S)
                continue
            try:
                jobs.extend(self._engine, lease)
            except Exception:
                _log.exception("the lease of job %s was not extended", lease.job_id)
