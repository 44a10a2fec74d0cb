"""Processes in which handlers run: one that hangs is killed, one that crashes takes nothing else with it.

A thread cannot be ended from outside, and a transaction that hangs keeps its locks. So a handler's job, transactional or external, is done from
beginning to end in a child process with a connection of its own. When the child is killed or dies the database rolls back what was not committed,
the attempt counts as failed, and the next job gets a new child.
"""

import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from typing import Any

from engine.clock import FollowingClock
from engine.errors import OpsbookError
from engine.runtime import claims, jobs
from engine.runtime.engine import Engine
from engine.runtime.handlers import Handler
from engine.workers.leases import LONGEST_JOB_S

_log = logging.getLogger(__name__)

#: Builds the engine of a child on the clock it is given; importable by name, or a `functools.partial` of such a function.
MakeEngine = Callable[[FollowingClock], Engine]

#: How long a child may take to start: it imports all handlers and connects to the database.
START_S = 60
#: How long a child that was told to end may take.
_END_S = 5
#: What a child says before its answer.
_BEGUN, _ENDED = "the handler began", "the handler ended"


class HandlerLost(OpsbookError):
    """A handler took longer than it may, or ended its process."""

    code = "OPS-513"


class _Silent(Exception):
    """A child did not answer in time."""


class _Dead(Exception):
    """A child has died; the argument is its exit code, negative for the signal that ended it."""


class Children:
    """Children that wait for work; each does one job at a time. Any thread may use them."""

    def __init__(self, make_engine: MakeEngine) -> None:
        """None are started yet."""
        self._context: Any = get_context("forkserver")  # a fork of a process with threads could deadlock
        self._context.set_forkserver_preload([getattr(make_engine, "func", make_engine).__module__])
        self._make_engine = make_engine
        self._lock = threading.Lock()
        self._idle: list[_Child] = []

    def run(self, lease: claims.Lease, handler: Handler, now: datetime) -> None:
        """Let a child do a leased job of a handler.

        Args:
            lease: held by this process.
            handler: says how long it may take.
            now: the present instant, for the child's clock.

        Raises:
            HandlerLost: the time is over, or the child has died; what it had not committed is undone.
            RuntimeError: no child could be started, or the job could not be recorded.
        """
        child = self._take()
        try:
            failure = child.ask((lease, now), handler.timeout_s)
        except (_Silent, _Dead) as lost:
            child.kill()
            raise _handler_lost(handler, lost) from None
        with self._lock:
            self._idle.append(child)
        if failure:
            raise RuntimeError(failure)

    def stop(self) -> None:
        """End all children; none is at work any more."""
        with self._lock:
            idle, self._idle = self._idle, []
        for child in idle:
            child.end()

    def _take(self) -> "_Child":
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return _Child(self._context, self._make_engine)


class _Child:
    """One process and the pipe to it."""

    def __init__(self, context: Any, make_engine: MakeEngine) -> None:
        self._pipe, its_end = context.Pipe()
        self._process = context.Process(target=_work, args=(its_end, make_engine), name="opsbook-handlers", daemon=True)
        self._process.start()
        its_end.close()
        try:
            failure = self._hear(START_S)
        except (_Silent, _Dead) as lost:
            failure = repr(lost)
        if failure:
            self.kill()
            message = f"no process for handlers could be started: {failure}"
            raise RuntimeError(message)

    def ask(self, request: Any, limit_s: float) -> str:
        """Send a request and wait for the answer, '' for success; the limit is for the handler alone, not for waiting until its case is free."""
        try:
            self._pipe.send(request)
        except OSError:
            raise self._lost() from None
        said = self._hear(LONGEST_JOB_S)
        while said in (_BEGUN, _ENDED):
            said = self._hear(limit_s if said == _BEGUN else LONGEST_JOB_S)
        return said

    def end(self) -> None:
        """Let it go home."""
        self._pipe.close()
        self._process.join(_END_S)
        self.kill()

    def kill(self) -> None:
        """End it at once, whatever it does."""
        self._process.kill()
        self._process.join()
        self._pipe.close()

    def _hear(self, limit_s: float) -> str:
        if not self._pipe.poll(limit_s):
            raise _Silent
        try:
            return str(self._pipe.recv())
        except (EOFError, OSError):
            raise self._lost() from None

    def _lost(self) -> _Dead:
        self._process.join(_END_S)
        return _Dead(self._process.exitcode)


def _handler_lost(handler: Handler, lost: _Silent | _Dead) -> HandlerLost:
    if isinstance(lost, _Silent):
        return HandlerLost(
            f"处理器“{handler.title}”在 {handler.timeout_s} 秒内没有做完，已被中止。",
            f"The handler “{handler.title_en}” was not done within {handler.timeout_s} s and was ended.",
            topic=handler.topic,
            timeout_s=handler.timeout_s,
        )
    return HandlerLost(
        f"处理器“{handler.title}”使它的进程退出了（退出码 {lost.args[0]}）。",
        f"The handler “{handler.title_en}” ended its process (exit code {lost.args[0]}).",
        topic=handler.topic,
        exit_code=lost.args[0],
    )


def _work(pipe: Connection, make_engine: MakeEngine) -> None:
    """What a child does: one job after the other until its parent closes the pipe."""
    for number in (signal.SIGINT, signal.SIGTERM):  # whoever stops the parent lets the job at hand finish
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    clock = FollowingClock()
    try:
        engine = make_engine(clock)
    except Exception as error:
        _log.exception("a process for handlers did not start")
        pipe.send(f"{type(error).__name__}: {error}")
        return
    engine = replace(engine, around_handler=partial(_announced, pipe))
    pipe.send("")
    with suppress(EOFError, OSError):  # the parent closed the pipe
        while True:
            lease, now = pipe.recv()
            clock.follow(now)
            pipe.send(_outcome(engine, lease))
    engine.database.dispose()


@contextmanager
def _announced(pipe: Connection) -> Iterator[None]:
    pipe.send(_BEGUN)
    try:
        yield
    finally:
        pipe.send(_ENDED)


def _outcome(engine: Engine, lease: claims.Lease) -> str:
    try:
        jobs.run(engine, lease)
    except Exception as error:
        _log.exception("job %s was not recorded; it is leased again when its lease ends", lease.job_id)
        return f"{type(error).__name__}: {error}"
    return ""


def _end_with_parent() -> None:
    """A child does not outlive its parent, even when its handler hangs."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
