"""Somebody signed in who reads pages and sends answers: over HTTP to a server in a thread, or by calling the application."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import orjson
import waitress

from engine.runtime.engine import Engine
from engine.storage.tables import Group, User
from web.app import create_app
from web.auth.accounts import create_user

USER, PASSWORD = "bench", "correct horse battery"


@contextmanager
def served(engine: Engine, groups: list[str]) -> Iterator[str]:
    """The address of a server, on which somebody of these groups has an account."""
    add_person(engine, USER, groups)
    server: Any = waitress.create_server(create_app(engine, secret_key="bench"), host="127.0.0.1", port=0, threads=4)  # noqa: S106
    thread = threading.Thread(target=server.run, daemon=True)  # a connection left open keeps its loop alive
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.task_dispatcher.shutdown(cancel_pending=False, timeout=10)
        server.close()
        thread.join(timeout=10)


def reader(engine: Engine, user: str, groups: list[str]) -> Callable[[str], str]:
    """Reads pages as somebody of these groups, without a server between."""
    add_person(engine, user, groups)
    client = create_app(engine, secret_key="bench").test_client()  # noqa: S106
    token = _token(client.get("/login").text)
    client.post("/login", data={"user": user, "password": PASSWORD, "csrf_token": token})

    def read(path: str) -> str:
        answer = client.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answers {answer.status}")
        return answer.text

    return read


def add_person(engine: Engine, user: str, groups: list[str]) -> None:
    """Make an account, if it is missing, and its groups."""
    with engine.database.transaction() as session:
        if session.get(User, user) is not None:
            return
        for group in groups:
            if session.get(Group, group) is None:
                session.add(Group(id=group, name=group, name_en=group))
    create_user(engine.database, user_id=user, name=user, password=PASSWORD, locale="zh", groups=groups, now=engine.clock.now())


class Browser:
    """Signed in; keeps cookies and sends the CSRF token."""

    def __init__(self, address: str, user: str = USER) -> None:
        """Sign in."""
        self.user = user
        self._address = address
        self._opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))
        form = {"user": user, "password": PASSWORD, "csrf_token": _token(self.read("/login"))}
        self._opener.open(f"{address}/login", urlencode(form).encode()).read()
        self._csrf = _token(self.read("/account"))

    def read(self, path: str) -> str:
        """A page."""
        page: str = self._opener.open(self._address + path).read().decode()
        return page

    def send(self, path: str, content: dict[str, Any]) -> Any:
        """POST JSON as the front end does; returns the answer."""
        headers = {"Content-Type": "application/json", "X-CSRFToken": self._csrf, "Accept": "application/json"}
        request = Request(self._address + path, orjson.dumps(content), headers)  # noqa: S310 -- our own server
        return orjson.loads(self._opener.open(request).read())


def _token(page: str) -> str:
    return (
        page.partition('name="csrf-token" content="')[2].partition('"')[0]
        or page.partition('name="csrf_token" value="')[2].partition('"')[0]
    )
