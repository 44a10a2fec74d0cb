"""`python -m tests.engine.worker URL NAME`: a worker process that can be killed; it works until then."""

import sys
import threading
from datetime import timedelta
from pathlib import Path

from engine.clock import SystemClock
from engine.runtime import executor, jobs
from engine.runtime.engine import Engine
from engine.settings import Settings
from engine.storage.database import Database
from engine.working_time import DEFAULT_CALENDAR, Calendars
from tests.engine.handling import WEEK, Flaky, registry

#: Short, so that the jobs of a killed worker are soon taken over.
jobs.LEASE = timedelta(seconds=2)


def main(url: str, name: str) -> None:
    """Work on everything that is due, for ever."""
    database = Database(url)
    settings = Settings(files_dir=Path("/nonexistent"))
    engine = Engine(database, SystemClock(), settings, registry(Flaky()), Calendars(database, {DEFAULT_CALENDAR: WEEK}, settings.time_zone))
    pause = threading.Event()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        executor.run_until_idle(engine, name)
        pause.wait(0.02)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
