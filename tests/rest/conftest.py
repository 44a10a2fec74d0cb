"""The small procedure of the page tests, called by programs."""

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from engine.clock import SimulatedClock
from engine.storage.database import Database
from tests.web.conftest import PASSWORD, Site, make_engine, make_site


@dataclass
class Program:
    """A program that calls as somebody; the prefix is the one most clients use."""

    client: FlaskClient
    headers: dict[str, str]
    prefix: str = "/engine-rest"

    def call(self, method: str, path: str, json: Any = None, **more: Any) -> TestResponse:
        """One call; `json` is its body."""
        body = {} if json is None else {"json": json}
        headers = {**self.headers, **more.pop("headers", {})}
        return self.client.open(self.prefix + path, method=method, headers=headers, **body, **more)

    def get(self, path: str, status: int = 200, **query: Any) -> Any:
        """The JSON of a GET; `query` are its parameters."""
        answer = self.call("GET", path, query_string=query)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.get_json(silent=True)

    def send(self, method: str, path: str, json: Any = None, status: int = 200) -> Any:
        """The JSON of a call with a body."""
        answer = self.call(method, path, json)
        assert answer.status_code == status, (answer.status_code, answer.get_data(as_text=True))
        return answer.get_json(silent=True)

    def post(self, path: str, json: Any = None, status: int = 200) -> Any:
        """The JSON of a POST."""
        return self.send("POST", path, json, status)

    def put(self, path: str, json: Any = None, status: int = 204) -> Any:
        """The JSON of a PUT."""
        return self.send("PUT", path, json, status)

    def delete(self, path: str, status: int = 204) -> Any:
        """The JSON of a DELETE."""
        return self.send("DELETE", path, None, status)


def basic(user: str, password: str = PASSWORD) -> dict[str, str]:
    """The header of HTTP Basic."""
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def program(site: Site, user: str) -> Program:
    """A program that calls with a person's password."""
    return Program(site.app.test_client(use_cookies=False), basic(user))


def stranger(site: Site) -> Program:
    """A program without credentials."""
    return Program(site.app.test_client(use_cookies=False), {})


@pytest.fixture
def site(sqlite_database: Database, clock: SimulatedClock, tmp_path: Path) -> Site:
    return make_site(make_engine(sqlite_database, clock, tmp_path), clock)


@pytest.fixture
def site_on_each(database: Database, clock: SimulatedClock, tmp_path: Path) -> Site:
    """The same on SQLite and on PostgreSQL."""
    return make_site(make_engine(database, clock, tmp_path), clock)


@pytest.fixture
def new_site(sqlite_database: Database, clock: SimulatedClock, tmp_path: Path) -> Callable[..., Site]:
    """Builds a site with other settings."""

    def build(**settings: Any) -> Site:
        return make_site(make_engine(sqlite_database, clock, tmp_path, **settings), clock)

    return build


@contextmanager
def serving(site: Site) -> Iterator[str]:
    """The address of the interface while a live server answers."""
    server = make_server("127.0.0.1", 0, site.app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/engine-rest"
    server.shutdown()
    server.server_close()
    thread.join()
