"""PostgreSQL is restarted in every way while people and workers use it: all connect again by themselves, nothing is lost or doubled."""

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from engine.storage.database import Database
from engine.storage.tables import ProcessInstance, UserTask
from tests.conftest import opened as opened_database
from tests.postgres_server import Server, programs, server
from tests.soak.office import RELAY, Office, Person, complete_everything, insistently, opened

_WAYS = (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL)
_SEED = 20260305


@pytest.fixture
def own_server() -> Iterator[Server]:
    """A PostgreSQL server that nobody else uses and that writes its commits to the disk."""
    folder = programs()
    if folder is None:
        reason = "no PostgreSQL here: install the package postgresql"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with server(folder, durable=True) as made:
        yield made


@pytest.fixture
def own_database(own_server: Server) -> Iterator[Database]:
    """Its database, empty."""
    yield from opened_database(own_server.url)


@pytest.mark.parametrize(
    ("restarts", "cases"),
    [
        pytest.param(3, 12, id="short", marks=pytest.mark.timeout(900)),
        pytest.param(30, 100, id="long", marks=[pytest.mark.soak, pytest.mark.timeout(3600)]),
    ],
)
def test_restarts_under_load_lose_and_double_nothing(
    own_server: Server, own_database: Database, tmp_path: Path, restarts: int, cases: int
) -> None:
    """Given a server and a worker at work, when the database is stopped fast, stopped immediately and killed, again and again, then people are
    asked to try again, and everything they were told is done is done, once.
    """
    random, pause, troubles = Random(_SEED), threading.Event(), list[str]()
    with opened(own_database, tmp_path) as office:
        office.draw("relay", RELAY)
        _, address = office.serve()
        office.ready_worker()
        person = Person("hotline1", address)
        staff = threading.Thread(target=_start_and_complete, args=(office, person, address, cases, troubles))
        staff.start()
        for number in range(restarts):
            pause.wait(random.uniform(0.5, 3))
            own_server.stop(_WAYS[number % len(_WAYS)])
            pause.wait(random.uniform(0, 1))
            own_server.start()
        staff.join()

        complete_everything(office, person, [address], troubles)
        office.check(office.all(select(ProcessInstance.id)))
        assert len(office.all(select(ProcessInstance.id))) == cases
    assert all(said.startswith("503") for said in troubles), troubles


def _start_and_complete(office: Office, person: Person, address: str, cases: int, troubles: list[str]) -> None:
    """Start one case after the other and complete what there is in between."""
    tasks: list[Any] = []

    def look() -> bool:
        tasks[:] = office.all(select(UserTask.id).where(UserTask.state == "open").limit(3))
        return True

    for number in range(cases):
        insistently(office, lambda number=number: person.start(address, "relay", f"K{number}"), troubles)  # type: ignore[misc]
        office.wait_for(look, "the database does not come back")
        for task_id in tasks:
            insistently(office, lambda task_id=task_id: person.complete(address, task_id), troubles)  # type: ignore[misc]
