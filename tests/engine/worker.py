"""Processes that can be killed: one that works on jobs and timers, one that completes user tasks; and two workers that are wrong on purpose."""

import threading
from datetime import timedelta
from multiprocessing.synchronize import Event as Ready
from pathlib import Path
from typing import Any

from sqlalchemy import select

from engine.clock import SystemClock
from engine.errors import Conflict
from engine.runtime import claims, executor, jobs, user_tasks
from engine.runtime.engine import Engine
from engine.settings import Settings
from engine.storage.database import Database
from engine.storage.tables import UserTask
from engine.working_time import DEFAULT_CALENDAR, Calendars
from tests.engine import handling
from tests.engine.handling import WEEK, Flaky, registry

#: Short, so that the jobs of a killed worker are soon taken over.
LEASE = timedelta(seconds=3)
_PAUSE_S = 0.02
#: So long the wrong workers stay where a kill does harm, so that some of sixty come then, however fast the machine is.
_WINDOW_S = 0.02


def work(url: str, name: str, ready: Ready) -> None:
    """Work on everything that is due, for ever."""
    claims.LEASE = LEASE
    engine, pause = _engine(url), threading.Event()
    ready.set()
    while True:
        executor.run_until_idle(engine, name)
        pause.wait(_PAUSE_S)


def complete_tasks(url: str, name: str, ready: Ready) -> None:
    """Complete every task there is, for ever; others try the same."""
    engine, pause = _engine(url), threading.Event()
    ready.set()
    while True:
        with engine.database.session() as session:
            tasks = session.scalars(select(UserTask.id).where(UserTask.state == "open").order_by(UserTask.id).limit(5)).all()
        for task in tasks:
            try:
                user_tasks.complete(engine, task, {}, name)
            except Conflict:
                continue  # somebody else was faster
        pause.wait(_PAUSE_S)


def work_in_two_transactions(url: str, name: str, ready: Ready) -> None:
    """Wrong: effect and result are committed before the state that follows from them."""
    finish, pause = jobs._finish_handler, threading.Event()

    def apart(engine: Engine, step: Any, job: Any, outcome: Any) -> None:
        finish(engine, step, job, outcome)
        step.session.connection().exec_driver_sql("COMMIT")
        pause.wait(_WINDOW_S)
        step.session.connection().exec_driver_sql("BEGIN")

    jobs._finish_handler = apart
    work(url, name, ready)


def work_without_keys(url: str, name: str, ready: Ready) -> None:
    """Wrong: its external handler does again what it did before."""
    finish, pause = jobs._finish_handler, threading.Event()

    def late(engine: Engine, step: Any, job: Any, outcome: Any) -> None:
        pause.wait(_WINDOW_S)
        finish(engine, step, job, outcome)

    handling.already_done = lambda _session, _key: False
    jobs._finish_handler = late
    work(url, name, ready)


def _engine(url: str) -> Engine:
    database, settings = Database(url), Settings(files_dir=Path("/nonexistent"))
    return Engine(database, SystemClock(), settings, registry(Flaky()), Calendars(database, {DEFAULT_CALENDAR: WEEK}, settings.time_zone))
