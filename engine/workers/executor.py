"""The embedded executor: ticks of APScheduler and wake-ups by commits call the engine until nothing is due.

Nothing is lost when a wake-up is: the next tick finds the work. Any number of executors may work on one PostgreSQL database.
"""

import logging
import threading
from collections.abc import Callable
from concurrent import futures
from functools import partial
from typing import Any
from zlib import crc32

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from engine.ids import new_id
from engine.runtime import claims, messages, timers
from engine.runtime.engine import WORK, Engine
from engine.runtime.tracing import keep_traces
from engine.workers.carrier import Carrier
from engine.workers.children import MakeEngine
from engine.workers.leases import HEARTBEAT_S
from engine.workers.runner import JobRunner

_log = logging.getLogger(__name__)

#: How long work waits at most when the wake-up was lost, and how late a timer fires at most.
TICK_S = 1

#: How many timers are looked up at once, and how many threads fire them where several can write.
_TIMERS_AT_ONCE = 300
_FIRING_THREADS = 3

#: How often messages whose time is over are marked as such, and histories folded for the maps of processes.
SWEEP_S = 60

#: How long to wait before listening to a database again that went away.
_RECONNECT_S = 2


class Executor:
    """Works on jobs and timers in threads of this process until it is stopped."""

    def __init__(self, engine: Engine, threads: int, carrier: Carrier | None = None, make_engine: MakeEngine | None = None) -> None:
        """Wire it up; nothing runs yet.

        Args:
            engine: of this process.
            threads: how many jobs run at the same time, at least 1.
            carrier: takes the handlers' jobs to other workers.
            make_engine: builds the engines of the processes in which handlers run; without it they run here, as long as they like.
        """
        self._engine = engine
        self._carrier = carrier
        self._runner = JobRunner(engine, make_engine)
        self._name = f"worker-{new_id()[-12:]}"
        self._threads = threads
        self._capacity = threading.Semaphore(threads)
        self._work_arrived = threading.Event()
        self._stopping = threading.Event()
        self._firing_threads = _FIRING_THREADS if engine.database.is_postgres else 1
        self._firing = futures.ThreadPoolExecutor(self._firing_threads, "opsbook-timers")
        self._listener = threading.Thread(target=self._listen, name="opsbook-listen")
        self._scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(2), "jobs": ThreadPoolExecutor(threads)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone="UTC",
        )

    def start(self) -> None:
        """Begin to work."""
        self._engine.database.on_notify(WORK, self.wake)
        self._every(TICK_S, self._tick, "timers were not fired")
        self._every(HEARTBEAT_S, self._runner.extend_leases, "leases were not extended")
        self._every(SWEEP_S, partial(messages.sweep, self._engine), "messages were not swept")
        self._every(SWEEP_S, partial(keep_traces, self._engine), "traces for the maps of processes are not up to date")
        self._scheduler.start()
        if self._engine.database.is_postgres:
            self._listener.start()
        self.wake()

    def stop(self) -> None:
        """Take no new work, let the jobs at hand finish, and return when they have."""
        self._stopping.set()
        for _ in range(self._threads):  # until none runs any more the scheduler lives on: its heartbeat keeps their leases
            self._capacity.acquire()
        self._scheduler.shutdown(wait=True)
        self._firing.shutdown()
        if self._listener.is_alive():
            self._listener.join()
        self._runner.stop()

    def wake(self) -> None:
        """There may be work: look at once, with one more thread if one is free."""
        self._work_arrived.set()
        if not self._stopping.is_set() and self._capacity.acquire(blocking=False):
            self._scheduler.add_job(self._work, executor="jobs")

    def _every(self, seconds: int, function: Callable[[], object], trouble: str) -> None:
        """Do something again and again; what goes wrong once is told as this trouble and tried the next time."""

        def try_it() -> None:
            try:
                function()
            except Exception:
                _log.exception("%s; again in %d s", trouble, seconds)

        self._scheduler.add_job(try_it, "interval", seconds=seconds)

    def _tick(self) -> None:
        try:
            while not self._stopping.is_set() and self._fire():
                self.wake()  # what the timers led to need not wait for the rest of them
        finally:
            self.wake()

    def _fire(self) -> int:
        """Fire what is due, the oldest first; on PostgreSQL several cases at a time, so that not every timer waits for its own commit."""
        shares: dict[int, list[Any]] = {}
        for timer in timers.due_now(self._engine, _TIMERS_AT_ONCE):
            shares.setdefault(crc32(timer.root_id.encode()) % self._firing_threads, []).append(timer)
        fired = sum(self._firing.map(partial(timers.fire, self._engine), shares.values()))
        return fired + timers.start_due(self._engine)

    def _work(self) -> None:
        """Do jobs until none is due."""
        try:
            while not self._stopping.is_set():
                self._work_arrived.clear()
                if not self._work_once() and not self._work_arrived.is_set():
                    break
        except Exception:
            _log.exception("a worker thread failed; its job is leased again when the lease ends")
        finally:
            self._capacity.release()
        if self._work_arrived.is_set():  # it came after the last look, while every thread seemed taken
            self.wake()

    def _work_once(self) -> bool:
        lease = claims.claim(self._engine, self._name, own_only=self._carrier is not None)
        if lease is None:
            if self._carrier:
                self._carrier.send_due()
            return False
        self.wake()  # one commit may have made several jobs: let another thread look for the next
        self._runner.run(lease)
        return True

    def _listen(self) -> None:
        while not self._stopping.is_set():
            try:
                self._engine.database.listen(WORK, self._stopping)
            except Exception:
                _log.exception("not listening to the database; again in %d s", _RECONNECT_S)
                self._stopping.wait(_RECONNECT_S)
