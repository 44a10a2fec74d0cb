"""`python -m tests.soak.opsbook serve`: the real command line, with handlers that can be slow, deadly and greedy, and with short leases."""

import ctypes
import os
import threading
from datetime import timedelta
from typing import Any

from pydantic import BaseModel

from engine.runtime import claims
from engine.runtime.handlers import HandlerRegistry, JobContext, handler
from engine.workers import carrier, executor
from tests.engine.handling import already_done, make_mark, make_mark_outside, mark
from web import bootstrap
from web.cli import main

#: Instead of 30 s and 10 s.
LEASE, HEARTBEAT_S = timedelta(seconds=5), 1
#: Longer than a lease.
SLOW_S = 8


class Nothing(BaseModel):
    """No fields."""


class Poison(BaseModel):
    """How it does harm."""

    how: str


class Flood(BaseModel):
    """Far too much."""

    much: str


@handler("test.slow", title="慢", title_en="Slow", kind="external")
def slow(ctx: JobContext, request: Nothing) -> Nothing:
    """Say that it began, take longer than a lease, say that it ended; the second attempt of a job only says so."""
    begun_before = already_done(ctx.session, ctx.idempotency_key)
    _say(ctx, "again" if begun_before else "begun", ctx.idempotency_key)
    if not begun_before:
        threading.Event().wait(SLOW_S)
    _say(ctx, "ended")
    return Nothing()


@handler("test.poison", title="毒", title_en="Poison", kind="external")
def poison(ctx: JobContext, request: Poison) -> Flood:
    """Exit, crash or return 50 MB."""
    if request.how == "exit":
        os._exit(1)
    if request.how == "crash":
        ctypes.string_at(0)
    return Flood(much="x" * 50_000_000)


def _say(ctx: JobContext, text: str, by: str = "handler") -> None:
    mark(ctx.session, ctx, f"{text} {ctx.instance_id}", by)
    ctx.session.commit()


def _registry() -> Any:
    return HandlerRegistry((make_mark, make_mark_outside, slow, poison))


if __name__ in ("__main__", "__mp_main__"):  # the second is what the processes in which handlers run call it
    claims.LEASE = LEASE
    executor.HEARTBEAT_S = carrier.HEARTBEAT_S = HEARTBEAT_S  # type: ignore[attr-defined]
    bootstrap.registry = _registry  # type: ignore[attr-defined]

if __name__ == "__main__":
    main()
