"""Several servers and workers on one PostgreSQL database: they share the work, take over what the dead leave, and stop in order."""

import signal
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.clock import monotonic_s
from engine.storage.database import Database
from engine.storage.tables import Incident, Job, ProcessInstance, UserTask
from tests.soak.office import RELAY, SLOW, WAIT_S, Office, Person, complete_everything, opened
from tests.soak.opsbook import HEARTBEAT_S, LEASE

pytestmark = pytest.mark.timeout(900)
CASES = 12


def test_two_servers_and_two_workers_share_the_work(postgres: Database, tmp_path: Path) -> None:
    """Given two servers and two workers, when somebody who signed in at one starts and completes at both, then every effect happens once."""
    with opened(postgres, tmp_path) as office:
        office.draw("relay", RELAY)
        addresses = [office.serve()[1] for _ in range(2)]
        for _ in range(2):
            office.worker()
        person = Person("hotline1", addresses[0])
        for number in range(CASES):
            person.start(addresses[number % 2], "relay", f"K{number}")
            person.start(addresses[(number + 1) % 2], "relay", f"K{number}")  # pressed twice, answered by the other server
        troubles: list[str] = []
        complete_everything(office, person, addresses, troubles)

        assert troubles == []
        cases = office.all(select(ProcessInstance.id))
        assert len(cases) == CASES
        office.check(cases)


def test_a_killed_workers_job_is_taken_over_after_its_lease(postgres: Database, tmp_path: Path) -> None:
    """Given a worker in the middle of a job, when it is killed, then another one begins the job again once the lease is over, not before."""
    with opened(postgres, tmp_path) as office:
        case, first = _slow_case(office)
        office.worker()
        killed_s = monotonic_s()
        office.kill(first)

        office.wait_for(lambda: office.said(f"again {case}") == 1, "nobody takes over")
        taken_over_s = monotonic_s() - killed_s
        office.wait_for(office.is_done, "the case does not end")
        assert office.said(f"ended {case}") == 1
    assert LEASE.total_seconds() - HEARTBEAT_S - 1 <= taken_over_s


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_process_that_is_told_to_stop_finishes_its_job(postgres: Database, tmp_path: Path, command: str) -> None:
    """Given a job that takes longer than its lease, when its process gets SIGTERM, then it finishes the job and ends; nobody else began it."""
    with opened(postgres, tmp_path) as office:
        case, process = _slow_case(office, command)
        office.worker()
        process.send_signal(signal.SIGTERM)

        assert process.wait(WAIT_S) == 0, office.logs()
        assert office.is_done()
        assert [office.said(f"{text} {case}") for text in ("begun", "again", "ended")] == [1, 0, 1]
        assert [job.attempt for job in office.all(select(Job))] == [1]


def _slow_case(office: Office, command: str = "worker") -> tuple[str, "subprocess.Popen[bytes]"]:
    """A case in the middle of its slow job, and the process that does it."""
    office.draw("slow", SLOW)
    idle = {"OPSBOOK_WORKER_THREADS": "0"} if command == "worker" else {}
    server, address = office.serve(**idle)
    process = office.worker() if command == "worker" else server
    Person("hotline1", address).start(address, "slow", "K")
    (case,) = office.all(select(ProcessInstance.id))
    office.wait_for(lambda: office.said(f"begun {case}") == 1, "nobody begins", process)
    return case, process


@pytest.mark.parametrize("how", ["exit", "crash", "flood"])
def test_poison_becomes_an_incident_and_the_queue_goes_on(postgres: Database, tmp_path: Path, how: str) -> None:
    """Given two workers and a handler that ends its process, crashes it, or returns 50 MB, then after three attempts a person is asked, all other
    cases are done, and both workers are alive.
    """
    with opened(postgres, tmp_path) as office:
        office.draw("relay", RELAY)
        retry = "<extensionElements><camunda:failedJobRetryTimeCycle>R3/PT1S</camunda:failedJobRetryTimeCycle></extensionElements>"
        office.draw("poisoned", f'start p end <serviceTask id="p" topic="test.poison" in:how="{how}">{retry}</serviceTask>')
        _, address = office.serve(OPSBOOK_WORKER_THREADS="0")
        person = Person("hotline1", address)
        person.start(address, "poisoned", "P")
        for number in range(CASES // 2):
            person.start(address, "relay", f"K{number}")
        workers = [office.worker() for _ in range(2)]

        def found_out() -> bool:
            for task_id in office.all(select(UserTask.id).where(UserTask.state == "open")):
                person.complete(address, task_id)
            unfinished = office.all(select(ProcessInstance.process_key).where(ProcessInstance.state != "completed"))
            return unfinished == ["poisoned"] and bool(office.all(select(Incident.id).where(Incident.state == "open")))

        office.wait_for(found_out, "the poison is not found out")
        (poisoned,) = office.all(select(Job).where(Job.topic == "test.poison"))
        assert (poisoned.state, poisoned.retries, poisoned.attempt) == ("failed", 0, 3)
        assert all(worker.poll() is None for worker in workers)
