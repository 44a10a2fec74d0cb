"""A live server, a token, and programs that were written for Camunda 7."""

import json
import os
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import pytest

from engine.clock import SystemClock
from engine.storage.database import Database
from engine.workers import Executor
from tests.serving import waitress_serving
from tests.web.conftest import Site, make_engine, make_site
from web.auth import api_tokens

SAYS_WITHIN_S = 100


@dataclass
class Live:
    """A site that answers over the network, with the machine's clock."""

    site: Site
    url: str  #: of the interface

    def token(self, scopes: list[str], topics: list[str] | None = None, user: str = "admin") -> str:
        """A token for a program."""
        made = api_tokens.create(
            self.site.engine.database,
            user_id=user,
            name="test",
            scopes=scopes,
            topics=topics or [],
            valid_for=timedelta(days=1),
            now=SystemClock().now(),
            by=None,
        )
        return made.secret


@pytest.fixture
def live(database: Database, tmp_path: Path) -> Iterator[Live]:
    """The small procedures on a real server with a real executor."""
    site = make_site(make_engine(database, SystemClock(), tmp_path), SystemClock())
    executor = Executor(site.engine, 1)
    executor.start()
    with waitress_serving(site.app, threads=8) as port:
        yield Live(site, f"http://127.0.0.1:{port}/engine-rest")
    executor.stop()


@dataclass
class Program:
    """A running program, and what it says."""

    process: "subprocess.Popen[str]"
    said: "Queue[dict[str, Any]]"
    reading: threading.Thread

    def says(self, event: str) -> dict[str, Any]:
        """What the program says of an event, as soon as it does; anything else before it is an error."""
        try:
            found = self.said.get(timeout=SAYS_WITHIN_S)
        except Empty:
            pytest.fail(f"the program did not say {event!r}")
        assert found["event"] == event, found
        return found


@pytest.fixture
def run() -> Iterator[Callable[..., Program]]:
    """Start programs; they are stopped at the end."""
    started: list[Program] = []

    def start(*command: str, environment: Mapping[str, str] | None = None) -> Program:
        everything = {**os.environ, **(environment or {})}  # noqa: TID251 -- of the program to start
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=everything)
        said: Queue[dict[str, Any]] = Queue()

        def read() -> None:
            assert process.stdout is not None
            with process.stdout as lines:
                for line in lines:
                    if line.startswith("{"):
                        said.put(json.loads(line))

        reading = threading.Thread(target=read)
        reading.start()
        started.append(Program(process, said, reading))
        return started[-1]

    yield start
    for program in started:
        program.process.kill()
        program.process.wait()
        program.reading.join()
