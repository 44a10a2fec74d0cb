"""The same completion through the whole server: session, permissions, CSRF, JSON, the next page to go to."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from statistics import median
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import orjson
import waitress
from sqlalchemy import select

from bench.linear import CASES, GROUP, KEY, TASKS, milliseconds
from bench.rows import Row
from engine.runtime import assignment, instances
from engine.runtime.engine import Engine
from engine.storage.tables import Group, UserTask
from web.app import create_app
from web.auth.accounts import create_user

_USER, _PASSWORD = "bench", "correct horse battery"


def rows(kind: str, engine: Engine, baseline_ms: float) -> Iterator[Row]:
    """Milliseconds per completion, one client."""
    with engine.database.transaction() as session:
        session.add(Group(id=GROUP, name=GROUP, name_en=GROUP))
    create_user(engine.database, user_id=_USER, name="计时员", password=_PASSWORD, locale="zh", groups=[GROUP], now=engine.clock.now())
    with _server(engine) as address:
        client = _Client(address)
        spent = median(client.case_ms(engine) for _ in range(CASES)) / TASKS
    yield Row(f"{kind}: completing a task, HTTP", spent, "ms", f"{spent / baseline_ms:.0f} × SpiffWorkflow in memory")


@contextmanager
def _server(engine: Engine) -> Iterator[str]:
    server: Any = waitress.create_server(create_app(engine, secret_key="bench"), host="127.0.0.1", port=0, threads=4)  # noqa: S106
    thread = threading.Thread(target=server.run, daemon=True)  # a connection left open keeps its loop alive
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.task_dispatcher.shutdown(cancel_pending=False, timeout=10)
        server.close()
        thread.join(timeout=10)


class _Client:
    """A signed-in person who only completes."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))
        form = {"user": _USER, "password": _PASSWORD, "csrf_token": self._token("/login")}
        self._opener.open(f"{address}/login", urlencode(form).encode()).read()
        self._csrf = self._token("/")

    def case_ms(self, engine: Engine) -> float:
        """A whole case; only the completions are timed."""
        instances.start(engine, KEY, actor=_USER)
        spent = 0.0
        while task_id := _open_task(engine):
            assignment.claim(engine, task_id, _USER)
            spent += milliseconds(lambda task_id=task_id: self._post(f"/tasks/{task_id}/complete", orjson.dumps({"data": {}})))  # type: ignore[misc]
        return spent

    def _token(self, path: str) -> str:
        page = self._opener.open(self._address + path).read().decode()
        return (
            page.partition('name="csrf-token" content="')[2].partition('"')[0]
            or page.partition('name="csrf_token" value="')[2].partition('"')[0]
        )

    def _post(self, path: str, body: bytes) -> None:
        headers = {"Content-Type": "application/json", "X-CSRFToken": self._csrf, "Accept": "application/json"}
        self._opener.open(Request(self._address + path, body, headers)).read()  # noqa: S310 -- our own server


def _open_task(engine: Engine) -> str | None:
    with engine.database.session() as session:
        return session.scalars(select(UserTask.id).where(UserTask.state == "open", UserTask.process_key == KEY)).first()
