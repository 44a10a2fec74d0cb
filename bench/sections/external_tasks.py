"""Two hundred workers that wait for external tasks, and somebody who completes tasks meanwhile, on a real `opsbook serve`."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from statistics import median
from typing import Any
from urllib.request import Request, urlopen

import orjson

from bench import linear
from bench.browsing import Browser, add_person
from bench.processes import Server, serving
from bench.rows import Row
from bench.stage import BOTH, Stage
from engine.clock import SystemClock, monotonic_s
from engine.runtime import deployments, instances
from engine.runtime.engine import Engine
from engine.storage.database import Database
from tests.engine.diagram import bpmn
from web.auth import api_tokens

DATABASES = BOTH

_TOPIC, _KEY = "bench.external", "external"
_DIAGRAM = bpmn(f'start s end <serviceTask id="s" camunda:type="external" camunda:topic="{_TOPIC}"/>', _KEY)


def rows(stage: Stage) -> Iterator[Row]:
    """What waiting workers cost others, and how soon one of them has a task that was just made."""
    workers, clicks, tasks = stage.sized((200, 100, 50), (10, 10, 5))
    with ExitStack() as opened:
        engine = opened.enter_context(stage.engine())
        add_person(engine, "bench", [linear.GROUP])
        deployments.deploy(engine, {f"{_KEY}.bpmn": _DIAGRAM}, name=_KEY, external_workers=True)
        url = engine.database.url.render_as_string(hide_password=False)
        server = opened.enter_context(serving(url, stage.databases.folder, assignee="=initiator"))
        browser = Browser(server.address)
        _clicks(browser, 10)  # fills the caches
        alone = _clicks(browser, clicks)
        crowd = _Crowd(server, _token(engine.database), workers)
        waited, used = _clicks_with(crowd, browser, clicks)
        found = _woken(engine, crowd, tasks)
        crowd.disperse()
    yield Row("completing a task, nobody waits", median(alone) * 1000, "ms")
    yield Row(f"completing a task, {workers} workers wait", median(waited) * 1000, "ms", f"95 of 100 within {_most(waited):.1f} ms")
    yield Row("with workers waiting ÷ without", median(waited) / median(alone), "×", limit=3)
    yield Row(f"CPU of the server for {workers} waiting workers", used * 1000, "ms/s", "while nobody clicks")
    yield Row("from the commit to the worker that has the task", median(found) * 1000, "ms", f"95 of 100 within {_most(found):.1f} ms")


def _clicks(browser: Browser, count: int) -> list[float]:
    """Seconds of each completion, cases started as needed."""
    spent, task = [], ""
    for _ in range(count):
        if not task.startswith("/tasks/"):
            task = browser.send(f"/start/{linear.KEY}", {"data": {}})["redirect"]
        begun = monotonic_s()
        task = browser.send(f"{task}/complete", {"data": linear.SUBMITTED})["redirect"]
        spent.append(monotonic_s() - begun)
    return spent


def _clicks_with(crowd: "_Crowd", browser: Browser, count: int) -> tuple[list[float], float]:
    crowd.gather()
    begun, used = monotonic_s(), crowd.server.cpu_s()
    threading.Event().wait(3)
    used = (crowd.server.cpu_s() - used) / (monotonic_s() - begun)
    return _clicks(browser, count), used


def _woken(engine: Engine, crowd: "_Crowd", tasks: int) -> list[float]:
    """Seconds from starting a case (in another process than the server) to the answer that gives its task to a worker."""
    found = []
    for _ in range(tasks):
        begun = monotonic_s()
        instances.start(engine, _KEY)
        found.append(crowd.next_found_s() - begun)
    return found


class _Crowd:
    """Workers in threads, each waiting for the next task over and over."""

    def __init__(self, server: Server, token: str, size: int) -> None:
        self.server, self._token, self._size = server, token, size
        self._found: list[float] = []
        self._news = threading.Condition()
        self._over = threading.Event()

    def gather(self) -> None:
        for number in range(self._size):
            threading.Thread(target=self._work, args=(number,), daemon=True).start()
        threading.Event().wait(2)

    def disperse(self) -> None:
        self._over.set()

    def next_found_s(self) -> float:
        with self._news:
            self._news.wait_for(lambda: self._found, timeout=30)
            return self._found.pop(0)

    def _work(self, number: int) -> None:
        topics = [{"topicName": _TOPIC, "lockDuration": 60_000, "variables": []}]
        body = {"workerId": f"w{number}", "maxTasks": 1, "asyncResponseTimeout": 30_000, "topics": topics}
        while not self._over.is_set():
            for task in self._call("/external-task/fetchAndLock", body):
                with self._news:
                    self._found.append(monotonic_s())
                    self._news.notify()
                self._call(f"/external-task/{task['id']}/complete", {"workerId": f"w{number}"})

    def _call(self, path: str, body: dict[str, Any]) -> Any:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        request = Request(f"{self.server.address}/engine-rest{path}", orjson.dumps(body), headers)  # noqa: S310 -- our own server
        try:
            with urlopen(request, timeout=60) as answer:  # noqa: S310
                return orjson.loads(answer.read() or b"null")
        except OSError:
            if not self._over.is_set():
                raise
            return []


def _token(database: Database) -> str:
    lasting = timedelta(days=1)
    made = api_tokens.create(
        database,
        user_id="bench",
        name="bench",
        scopes=["external-tasks"],
        topics=[_TOPIC],
        valid_for=lasting,
        now=SystemClock().now(),
        by=None,
    )
    return made.secret


def _most(spent: list[float]) -> float:
    return sorted(spent)[int(len(spent) * 0.95)] * 1000
