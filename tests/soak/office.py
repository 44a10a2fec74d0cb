"""An office of real processes: servers and workers on one database, staff who reach them over HTTP."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException
from http.cookiejar import CookieJar
from itertools import count
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

from sqlalchemy import func, select

from engine.clock import SystemClock
from engine.errors import DatabaseUnavailable
from engine.storage.database import Database
from engine.storage.schema import upgrade
from engine.storage.tables import Comment, Event, Incident, Job, ProcessInstance, UserTask
from engine.working_time import DEFAULT_CALENDAR
from tests.engine.diagram import bpmn
from tests.engine.handling import WEEK
from web.people import DEMO_PASSWORD, seed_demo_people, seed_groups

ROOT = Path(__file__).parents[2]
#: Processes of a busy machine may take long.
WAIT_S = 240

_READY = "Opsbook worker: ready"

#: Every kind of step: two jobs at once, a person, a job whose effect is outside of the step, a timer.
RELAY = """start fork a join u b t c end \n fork d join
<serviceTask id="a" topic="test.mark" in:value="=&quot;a &quot; + instance_id"/><serviceTask id="d" topic="test.mark" in:value="=&quot;d &quot; + instance_id"/>
<userTask id="u" camunda:candidateGroups="hotline"/><serviceTask id="b" topic="test.mark_outside" in:value="=instance_id"/>
<intermediateCatchEvent id="t" duration="PT1S"/><serviceTask id="c" topic="test.mark" in:value="=&quot;c &quot; + instance_id"/>"""
EFFECTS = ("a", "d", "outside", "c")
SLOW = 'start s end <serviceTask id="s" topic="test.slow"/>'


class Office:
    """Processes on one database, each of which can be killed, told to stop, or replaced."""

    def __init__(self, database: Database, folder: Path, **settings: str) -> None:
        """Args: folder: the processes' working folder. settings: more OPSBOOK_ variables."""
        self.database = database
        self.folder = folder
        self.running: list[subprocess.Popen[bytes]] = []
        self._settings = settings
        self._numbers = count(1)
        manuals = folder / "processes" / "manuals"
        manuals.mkdir(parents=True)
        (manuals / "parameters.yaml").write_text(json.dumps({"working_hours": {DEFAULT_CALENDAR: WEEK}}))

    def draw(self, key: str, body: str) -> None:
        """Put a process into the folder that servers deploy at their start."""
        target = self.folder / "processes" / key
        target.mkdir()
        (target / f"{key}.bpmn").write_bytes(bpmn(body, key, isStartableInTasklist="true", candidateStarterGroups="hotline"))

    def serve(self, **settings: str) -> tuple["subprocess.Popen[bytes]", str]:
        """A server that answers; returns it with its address."""
        port = free_port()
        process = self._start("serve", OPSBOOK_PORT=str(port), **settings)
        address = f"http://127.0.0.1:{port}"
        self.wait_for(lambda: _answers(f"{address}/healthz"), "the server does not answer", process)
        return process, address

    def worker(self, *options: str) -> "subprocess.Popen[bytes]":
        """A worker; it may not be ready yet."""
        return self._start("worker", *options)

    def ready_worker(self) -> "subprocess.Popen[bytes]":
        """A worker at work."""
        before, process = self.logs().count(_READY), self.worker()
        self.wait_for(lambda: self.logs().count(_READY) > before, "the worker does not come up", process)
        return process

    def _start(self, *command: str, **settings: str) -> "subprocess.Popen[bytes]":
        environment = {
            "PATH": os.environ["PATH"],  # noqa: TID251 -- of the process to start
            "PYTHONPATH": str(ROOT),
            "OPSBOOK_DATABASE_URL": self.database.url.render_as_string(hide_password=False),
            "OPSBOOK_PROCESSES_DIR": str(self.folder / "processes"),
            "OPSBOOK_SECRET_KEY": "a key for tests only",
        }
        with (self.folder / f"{next(self._numbers)}-{command[0]}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.soak.opsbook", *command],
                cwd=self.folder,
                env=environment | self._settings | settings,
                stdout=log,
                stderr=log,
            )
        self.running.append(process)
        return process

    def kill(self, process: "subprocess.Popen[bytes]") -> None:
        """Kill -9."""
        process.kill()
        process.wait()
        self.running.remove(process)

    def close(self) -> None:
        """Tell all to stop; each ends in order, or at once if it was only coming up."""
        for process in self.running:
            process.send_signal(signal.SIGTERM)
        ended = [_ended(process) for process in self.running]
        self.running.clear()
        assert set(ended) <= {0, -signal.SIGTERM}, (ended, self.logs())

    def logs(self) -> str:
        """The end of what every process said."""
        return "\n".join(f"--- {file.name}\n{file.read_text(errors='replace')[-3_000:]}" for file in sorted(self.folder.glob("*.log")))

    def wait_for(self, done: Callable[[], bool], trouble: str, process: "subprocess.Popen[bytes] | None" = None) -> None:
        """Until it is so; an outage of the database is waited for, too."""
        pause = threading.Event()
        for _ in range(WAIT_S * 10):
            with suppress(DatabaseUnavailable):
                if done():
                    return
            assert process is None or process.poll() is None, self.logs()
            pause.wait(0.1)
        raise AssertionError(f"{trouble}\n{self.logs()}")

    # -- what the database says ------------------------------------------------------------------------------------------

    def all(self, query: Any) -> list[Any]:
        """The rows a query finds."""
        with self.database.session() as session:
            return list(session.scalars(query))

    def said(self, text: str) -> int:
        """How often a handler left this mark."""
        return self.all(select(func.count()).where(Comment.text == text))[0]

    def is_done(self) -> bool:
        """Whether every case has ended."""
        return set(self.all(select(ProcessInstance.state))) <= {"completed"}

    def check(self, cases: list[str]) -> None:
        """Every one of these cases of the relay is completed, with every effect once, every history whole, nothing left over."""
        assert {row.id: row.state for row in self.all(select(ProcessInstance))} == dict.fromkeys(cases, "completed"), self.logs()
        effects = Counter(self.all(select(Comment.text)))
        assert effects == Counter(f"{effect} {case}" for case in cases for effect in EFFECTS)
        assert set(self.all(select(Job.state))) == {"done"}
        assert self.all(select(Incident.message).where(Incident.state == "open")) == []
        assert set(self.all(select(UserTask.state))) == {"completed"}
        for case in cases:
            sequence = self.all(select(Event.sequence).where(Event.instance_id == case).order_by(Event.sequence))
            assert sequence == list(range(1, len(sequence) + 1))


class Person:
    """Somebody who is signed in at one server and known to all."""

    def __init__(self, name: str, address: str) -> None:
        """Sign in."""
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))
        token = self._token(f"{address}/login")
        form = urlencode({"user": name, "password": DEMO_PASSWORD, "csrf_token": token}).encode()
        with self._opener.open(Request(f"{address}/login", form, {"Referer": address}), timeout=WAIT_S) as answer:
            assert "/inbox" in answer.url
        self._csrf = self._token(f"{address}/account")

    def start(self, address: str, key: str, request_key: str) -> None:
        """Start a process; the same request key may be sent twice."""
        self._post(f"{address}/start/{key}", {"data": {}}, {"Idempotency-Key": request_key})

    def complete(self, address: str, task_id: str) -> None:
        """Claim and complete a task; done before is done."""
        with suppress(Refused):
            self._post(f"{address}/tasks/{task_id}/claim", None)
            self._post(f"{address}/tasks/{task_id}/complete", {"data": {}})

    def _post(self, url: str, content: Any, headers: dict[str, str] | None = None) -> None:
        sent = {"X-CSRFToken": self._csrf, "Accept": "application/json", "Content-Type": "application/json", "Referer": url}
        body = b"" if content is None else json.dumps(content).encode()
        try:
            self._opener.open(Request(url, body, sent | (headers or {})), timeout=WAIT_S).close()
        except HTTPError as error:
            with error:
                said = error.read().decode(errors="replace")
            kind = Away if error.code == 503 else Refused if error.code < 500 else AssertionError
            raise kind(f"{error.code}: {said[:2_000]}") from None
        except (URLError, HTTPException, OSError) as error:
            raise Away(str(error)) from None

    def _token(self, url: str) -> str:
        with self._opener.open(url, timeout=WAIT_S) as answer:
            page: str = answer.read().decode()
        return page.partition('name="csrf-token" content="')[2].partition('"')[0]


class Refused(Exception):
    """The server understood and said no."""


class Away(Exception):
    """The server, or its database, is not there, or has no room; the same may be sent again."""


def insistently(office: Office, action: Callable[[], None], troubles: list[str]) -> None:
    """Do it until it is done, as people do who are told to try again."""

    def tried() -> bool:
        try:
            action()
        except Away as error:
            troubles.append(str(error))
            return False
        return True

    office.wait_for(tried, "it is refused for ever")


def complete_everything(office: Office, person: Person, addresses: list[str], troubles: list[str]) -> None:
    """Complete every open task, one here, one there, until every case has ended."""
    turns = count()

    def done() -> bool:
        for task_id in office.all(select(UserTask.id).where(UserTask.state == "open").order_by(UserTask.id)):
            address = addresses[next(turns) % len(addresses)]
            insistently(office, lambda address=address, task_id=task_id: person.complete(address, task_id), troubles)  # type: ignore[misc]
        return office.is_done()

    office.wait_for(done, "not every case ends")


@contextmanager
def opened(database: Database, folder: Path, **settings: str) -> Iterator[Office]:
    """An office with its people; its processes are told to stop at the end and killed if the test fails."""
    upgrade(database)
    seed_groups(database, ROOT / "processes" / "manuals" / "roles.yaml")
    seed_demo_people(database, SystemClock().now())
    office = Office(database, folder, **settings)
    try:
        yield office
        office.close()
    finally:
        for process in office.running:
            process.kill()
            process.wait()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        number: int = listening.getsockname()[1]
        return number


def _answers(url: str) -> bool:
    try:
        with build_opener().open(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, HTTPException, OSError):
        return False


def _ended(process: "subprocess.Popen[bytes]") -> int | None:
    try:
        return process.wait(WAIT_S)
    except subprocess.TimeoutExpired:
        return None
