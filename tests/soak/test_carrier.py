"""Celery on a real RabbitMQ carries handlers' jobs: the job table stays the truth, whatever the broker loses or doubles."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.storage.database import Database
from engine.storage.tables import Job, ProcessInstance, UserTask
from tests.soak.office import RELAY, Office, Person, complete_everything, opened
from tests.soak.rabbitmq import SERVER, Broker, running_broker

pytestmark = pytest.mark.timeout(900)
CASES = 8


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """A RabbitMQ of our own."""
    if not SERVER.exists():
        reason = "no RabbitMQ here: install the package rabbitmq-server"
        if os.environ.get("CI"):  # noqa: TID251 -- whether a missing package is an error
            pytest.fail(reason)
        pytest.skip(reason)
    folder = tmp_path / "rabbitmq"
    folder.mkdir()
    with running_broker(folder) as found:
        yield found


def _begin(office: Office, cases: int = CASES) -> tuple[Person, str]:
    """A server that only sends, and cases in the middle."""
    office.draw("relay", RELAY)
    _, address = office.serve(OPSBOOK_WORKER_THREADS="2")
    person = Person("hotline1", address)
    for number in range(cases):
        person.start(address, "relay", f"K{number}")
    return person, address


def test_handlers_jobs_are_done_by_celerys_workers_only(postgres: Database, broker: Broker, tmp_path: Path) -> None:
    """Given a server with a broker and no Celery worker, its handlers' jobs wait; with two of them every case ends, every effect once."""
    with opened(postgres, tmp_path, OPSBOOK_BROKER_URL=broker.url) as office:
        person, address = _begin(office)
        threading.Event().wait(3)
        assert set(office.all(select(Job.state).where(Job.kind == "handler"))) == {"ready"}

        for _ in range(2):
            office.worker("--carrier", "celery")
        complete_everything(office, person, [address], [])
        office.check(office.all(select(ProcessInstance.id)))


def test_a_broker_that_dies_and_forgets_loses_nothing(postgres: Database, broker: Broker, tmp_path: Path) -> None:
    """Given work on its way, when the broker is killed, stays away for a while and comes back, and a Celery worker is killed, then all cases end."""
    with opened(postgres, tmp_path, OPSBOOK_BROKER_URL=broker.url) as office:
        person, address = _begin(office)
        workers = [office.worker("--carrier", "celery") for _ in range(2)]
        office.wait_for(lambda: "done" in office.all(select(Job.state)), "Celery does nothing")
        broker.kill()
        for number in range(CASES, CASES * 2):  # people do not notice
            person.start(address, "relay", f"K{number}")
        broker.start()
        office.kill(workers[0])
        complete_everything(office, person, [address], [])
        office.check(office.all(select(ProcessInstance.id)))


def test_doubled_and_foreign_messages_do_no_work_twice(postgres: Database, broker: Broker, tmp_path: Path) -> None:
    """Given a broker that delivers every message many times, also of jobs that are done or never were, then every effect happens once."""
    with opened(postgres, tmp_path, OPSBOOK_BROKER_URL=broker.url) as office:
        person, address = _begin(office)
        for job_id in [*office.all(select(Job.id)), "no-such-job"] * 5:
            _send(broker, job_id)
        for _ in range(2):
            office.worker("--carrier", "celery")
        office.wait_for(lambda: bool(office.all(select(UserTask.id))), "Celery does nothing")
        for job_id in [*office.all(select(Job.id)), "no-such-job"] * 5:
            _send(broker, job_id)
        complete_everything(office, person, [address], [])
        office.check(office.all(select(ProcessInstance.id)))


def _send(broker: Broker, job_id: str) -> None:
    from celery import Celery

    app = Celery("opsbook", broker=broker.url, set_as_current=False)
    app.send_task("opsbook.job", [job_id], queue="opsbook")
    app.close()
