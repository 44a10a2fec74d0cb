"""Handlers that go wrong in every way, and the engine of a process that runs them.  `python -m tests.workers.poison URL`: a worker that can be killed."""

import ctypes
import os
import sys
import threading
from functools import partial
from pathlib import Path

from pydantic import BaseModel
from sqlalchemy import text

import handlers.tables  # noqa: F401 -- makes the business tables known
from engine.clock import Clock, SystemClock
from engine.runtime.engine import Engine
from engine.runtime.handlers import Handler, HandlerRegistry, JobContext, Kind, handler
from engine.settings import Settings
from engine.storage.database import Database
from engine.workers import Executor
from engine.working_time import Calendars
from tests.engine.handling import mark

TIMEOUT_S = 2


class Anything(BaseModel):
    """A text that comes and goes."""

    value: str = ""


def _hang(ctx: JobContext, request: Anything) -> Anything:
    mark(ctx.session, ctx, "hung")
    ctx.session.flush()
    if request.value:
        Path(request.value).write_text(str(os.getpid()))
    threading.Event().wait()
    return request


def _hang_in_sql(ctx: JobContext, request: Anything) -> Anything:
    endless = "SELECT count(*) FROM r" if ctx.session.get_bind().dialect.name == "sqlite" else "SELECT pg_sleep(600) FROM r"
    ctx.session.execute(text(f"WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 10000000000) {endless}"))
    return request


def _exit(ctx: JobContext, request: Anything) -> Anything:
    mark(ctx.session, ctx, "exited")
    ctx.session.flush()
    os._exit(3)


def _leave(ctx: JobContext, request: Anything) -> Anything:
    raise SystemExit(4)


def _crash(ctx: JobContext, request: Anything) -> Anything:
    ctypes.string_at(0)
    return request


def _too_much(ctx: JobContext, request: Anything) -> Anything:
    return Anything(value="x" * 50_000_000)


def _nonsense(ctx: JobContext, request: Anything) -> Anything:
    return object()  # type: ignore[return-value]


def _broken_text(ctx: JobContext, request: Anything) -> Anything:
    return Anything(value="\ud800")


def _broken_words(ctx: JobContext, request: Anything) -> Anything:
    raise RuntimeError("half a character: \ud800, none at all: \0")


def _good(ctx: JobContext, request: Anything) -> Anything:
    mark(ctx.session, ctx, "good")
    return request


_POISON = (_hang, _hang_in_sql, _exit, _leave, _crash, _too_much, _nonsense, _broken_text, _broken_words)


def _declared(function: object, kind: Kind) -> Handler:
    name = f"{function.__name__.strip('_')}_{kind}"  # type: ignore[attr-defined]
    return handler(f"test.{name}", title=name, title_en=name, kind=kind, timeout_s=TIMEOUT_S)(function)  # type: ignore[arg-type]


POISON = [_declared(function, kind) for function in _POISON for kind in ("transactional", "external")]  # type: ignore[arg-type]
GOOD = _declared(_good, "transactional")


def engine_on(url: str, clock: Clock) -> Engine:
    """An engine whose handlers are these."""
    database = Database(url)
    calendars = Calendars(database, {"default": {"monday": ["09:00-17:00"]}}, "Asia/Shanghai")
    return Engine(database, clock, Settings(), HandlerRegistry([*POISON, GOOD]), calendars)


if __name__ == "__main__":
    Executor(engine_on(sys.argv[1], SystemClock()), 2, make_engine=partial(engine_on, sys.argv[1])).start()
    print("working", flush=True)  # noqa: T201 -- tells the test that it works now
    threading.Event().wait()
