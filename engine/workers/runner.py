"""Does leased jobs: the engine's own in the calling thread, those of handlers in processes of their own."""

import logging

from engine.runtime import claims, jobs
from engine.runtime.engine import Engine
from engine.runtime.handlers import Handler
from engine.workers.children import Children, HandlerLost, MakeEngine
from engine.workers.leases import LONGEST_JOB_S, HeldLeases

_log = logging.getLogger(__name__)


class JobRunner:
    """The jobs that one process works on; any thread may use it."""

    def __init__(self, engine: Engine, make_engine: MakeEngine | None) -> None:
        """Args: engine: of this process. make_engine: for the processes of handlers; without it handlers run here, as long as they like."""
        self._engine = engine
        self._children = Children(make_engine) if make_engine is not None else None
        self._leases = HeldLeases(engine)

    def run(self, lease: claims.Lease) -> None:
        """Do a job to its end; its lease is kept meanwhile."""
        handler = self._engine.handlers.get(lease.topic or "")
        if handler is not None and self._children is not None:
            self._let_handle(lease, handler, self._children)
            return
        with self._leases.hold(lease):
            jobs.run(self._engine, lease)

    def extend_leases(self) -> None:
        """Heartbeat of all jobs at hand."""
        self._leases.extend()

    def stop(self) -> None:
        """End the processes of handlers; no job is at hand any more."""
        if self._children is not None:
            self._children.stop()

    def _let_handle(self, lease: claims.Lease, handler: Handler, children: Children) -> None:
        with self._leases.hold(lease, handler.timeout_s + LONGEST_JOB_S):
            try:
                children.run(lease, handler, self._engine.clock.now())
            except HandlerLost as lost:
                _log.error("%s Attempt %d of job %s failed.", lost.en, lease.attempt, lease.job_id)
                jobs.give_up(self._engine, lease, lost)
