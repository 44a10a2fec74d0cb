"""How soon an idle worker of another process begins a job after it was committed: PostgreSQL's NOTIFY, without any polling."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from statistics import median, quantiles

from pydantic import BaseModel
from sqlalchemy import text

from bench.rows import Row
from bench.stage import POSTGRES, Stage
from engine.clock import SystemClock, monotonic_s
from engine.runtime import deployments, instances
from engine.runtime.engine import Engine
from engine.runtime.handlers import HandlerRegistry, JobContext, handler
from engine.settings import Settings
from engine.storage.database import Database
from engine.workers import executor
from engine.working_time import Calendars

DATABASES = (POSTGRES,)

_DIAGRAM = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="bench">
<process id="ring" name="ring" isExecutable="true"><startEvent id="begin"/><serviceTask id="bell" camunda:type="external" camunda:topic="bench.bell"/>
<endEvent id="finish"/><sequenceFlow id="f1" sourceRef="begin" targetRef="bell"/><sequenceFlow id="f2" sourceRef="bell" targetRef="finish"/>
</process></definitions>"""
#: Between two jobs, so that the worker is idle again.
_PAUSE_S = 0.1
_WOKEN, _BEGUN = "woken", "begun"
_LISTENS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle' AND query LIKE 'LISTEN%'"


class Nothing(BaseModel):
    """No fields."""


def rows(stage: Stage) -> Iterator[Row]:
    """From the commit that makes a job to the worker's hearing of it, and to the first line of the handler; both processes read one clock."""
    with stage.engine(_bell(lambda: None)) as engine, _worker(engine) as said:
        deployments.deploy(engine, {"ring/ring.bpmn": _DIAGRAM}, name="bench")
        woken, begun = [], []
        for _ in range(stage.sized(200, 10)):
            while said.poll(_PAUSE_S):
                said.recv()  # the end of the job before
            instances.start(engine, "ring", actor="bench")
            committed_s = monotonic_s()
            woken.append(_ms_until(said, _WOKEN, committed_s))
            begun.append(_ms_until(said, _BEGUN, committed_s))
    yield Row(
        "an idle worker of another process is woken, median", median(woken), "ms", "by NOTIFY alone; it may overtake the commit's return"
    )
    yield Row("the same, 95th percentile", quantiles(woken, n=20)[-1], "ms", limit=50)
    yield Row("its handler begins, median", median(begun), "ms", "leased by a commit of its own")
    yield Row("the same, 95th percentile", quantiles(begun, n=20)[-1], "ms")


def _ms_until(said: Connection, what: str, since_s: float) -> float:
    while True:
        heard, at_s = said.recv()
        if heard == what:
            return float(max(at_s - since_s, 0) * 1000)  # the notification may overtake the return of the commit


@contextmanager
def _worker(engine: Engine) -> Iterator[Connection]:
    """A worker process that listens; it says when it begins a job."""
    here, there = get_context("spawn").Pipe(duplex=False)
    process = get_context("spawn").Process(target=_work, args=(engine.database.url.render_as_string(hide_password=False), there))
    process.start()
    try:
        while not _is_listened_to(engine.database):
            threading.Event().wait(_PAUSE_S)
        yield here
    finally:
        process.kill()
        process.join()


def _work(url: str, told: Connection) -> None:
    executor.TICK_S = 3600  # never looks by itself
    database, settings = Database(url), Settings()
    bell = _bell(lambda: told.send((_BEGUN, monotonic_s())))
    engine = Engine(database, SystemClock(), settings, bell, Calendars(database, {"default": {}}, settings.time_zone))
    worker = executor.Executor(engine, threads=2)
    wake = worker.wake

    def woken() -> None:
        told.send((_WOKEN, monotonic_s()))
        wake()

    worker.wake = woken  # type: ignore[method-assign]
    worker.start()
    threading.Event().wait()


def _bell(ring: Callable[[], None]) -> HandlerRegistry:
    def bell(ctx: JobContext, request: Nothing) -> Nothing:  # noqa: ARG001 -- the signature of handlers
        ring()
        return Nothing()

    return HandlerRegistry([handler("bench.bell", title="铃", title_en="Bell", kind="external")(bell)])


def _is_listened_to(database: Database) -> bool:
    with database.session() as session:
        return bool(session.scalar(text(_LISTENS)))
