"""A worker process for `test_kill.py`: works on a database until it is killed. `python -m tests.workers.killable URL`."""

import sys
import threading
from datetime import timedelta

from pydantic import BaseModel

import handlers.tables  # noqa: F401 -- makes the business tables known
from engine.clock import SystemClock
from engine.ids import new_id
from engine.runtime import claims
from engine.runtime.engine import Engine
from engine.runtime.handlers import HandlerRegistry, JobContext, handler
from engine.settings import Settings
from engine.storage.database import Database
from engine.storage.tables import Comment
from engine.workers import Executor
from engine.working_time import Calendars

#: Shorter than in real use, so that a killed worker's job is taken over soon.
LEASE = timedelta(seconds=1)


class Nothing(BaseModel):
    """No fields."""


@handler("test.note", title="记一笔", title_en="Make a note")
def note(ctx: JobContext, request: Nothing) -> Nothing:
    """Leave a trace of every time the effect was committed."""
    ctx.session.add(
        Comment(
            id=new_id(),
            root_id=ctx.root_instance_id,
            instance_id=ctx.instance_id,
            written_at=ctx.now(),
            written_by="worker",
            text=ctx.element_id,
        )
    )
    return Nothing()


def make_engine(url: str) -> Engine:
    """An engine whose one handler leaves traces."""
    database, clock = Database(url), SystemClock()
    calendars = Calendars(database, {"default": {"monday": ["09:00-17:00"]}}, "Asia/Shanghai")
    calendars.seed(clock.now().date())
    return Engine(database, clock, Settings(), HandlerRegistry([note]), calendars)


if __name__ == "__main__":
    claims.LEASE = LEASE
    Executor(make_engine(sys.argv[1]), threads=3).start()
    print("working", flush=True)  # noqa: T201 -- tells the test that it may be killed now
    threading.Event().wait()
