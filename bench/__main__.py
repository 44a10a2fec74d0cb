"""Measures on SQLite and, where there is one, on PostgreSQL; prints a table and exits with 1 when a limit is broken."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import handlers.tables  # noqa: F401 -- makes the business tables known
from bench import engine as loops
from bench import feel, linear, memory, over_http
from bench.rows import Row, report
from engine.settings import Settings
from tests.postgres_server import programs, running_server


def rows() -> Iterator[Row]:
    """Every figure."""
    yield from feel.rows()
    baseline_ms = memory.milliseconds_per_task()
    yield Row("SpiffWorkflow in memory: completing a task", baseline_ms, "ms", f"{linear.TASKS} user tasks in a row")
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="opsbook-bench-")))
        settings = Settings(files_dir=folder / "files")
        urls = {"SQLite": f"sqlite:///{folder}/bench.db"}
        if bin_folder := programs():
            urls["PostgreSQL"] = opened.enter_context(running_server(bin_folder, durable=True))
        for kind, url in urls.items():
            engine = opened.enter_context(linear.engine_on(url, settings))
            yield from linear.rows(kind, engine, baseline_ms)
            yield from loops.rows(kind, engine)
            yield from over_http.rows(kind, engine, baseline_ms)


if __name__ == "__main__":
    sys.exit(0 if report(rows()) else 1)
