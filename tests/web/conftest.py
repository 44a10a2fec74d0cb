"""A small procedure, the people who run it, and clients that are signed in as one of them."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask, session
from flask.testing import FlaskClient
from PIL import Image
from playwright.sync_api import Browser
from pydantic import BaseModel
from sqlalchemy import select

import handlers.tables  # noqa: F401 — makes the business tables known
from engine.clock import SimulatedClock
from engine.runtime import deployments, executor
from engine.runtime.engine import Engine
from engine.runtime.handlers import HandlerRegistry, JobContext, handler
from engine.settings import Settings
from engine.storage.database import Database
from engine.storage.tables import Group, Membership, User, UserTask
from engine.working_time import Calendars
from tests.islands.browsing import running_chromium
from tests.web.sandbox_run import write_shop
from tests.web.stage import Stage
from tests.web.stage import make_engine as open_office
from tests.web.stage import running as running_office
from web.app import create_app
from web.auth import passwords, sessions
from web.auth.person import load_person

PROCEDURES = Path(__file__).parent / "procedures"
PASSWORD = "correct horse 42"
#: Hashes as weak as they can be, so that a hundred sign-ins do not take minutes.
passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
_HASH = passwords.hash_password(PASSWORD)

#: Sign-in name, name, groups.
PEOPLE = (
    ("admin", "系统管理员", ("opsbook-admin",)),
    ("owner", "沈怀瑾", ("opsbook-owner",)),
    ("auditor", "方静仪", ("opsbook-auditor",)),
    ("hotline1", "林晓雯", ("hotline",)),
    ("hotline2", "周敏", ("hotline",)),
    ("engineer1", "赵建国", ("onsite",)),
    ("engineer2", "刘海峰", ("onsite",)),
    ("parts1", "孙丽", ("parts",)),
    ("callback1", "何静", ("callback",)),
    ("stranger", "陌生人", ()),
)
GROUPS = {
    "opsbook-admin": ("系统管理员", "Administrators"),
    "opsbook-owner": ("流程负责人", "Process owners"),
    "opsbook-auditor": ("审计", "Auditors"),
    "hotline": ("热线工程师", "Hotline engineer"),
    "onsite": ("上门维修工程师", "On-site engineer"),
    "parts": ("备件运作专员", "Spare parts specialist"),
    "callback": ("电话回访专员", "Callback specialist"),
    "duty_head": ("值班站长", "Duty station head"),
}
_HOURS = {"default": {day: ["09:00-12:00", "13:00-18:00"] for day in ("monday", "tuesday", "wednesday", "thursday", "friday")}}


class Fault(BaseModel):
    """What is archived."""

    fault: str


class Kept(BaseModel):
    """Where it was archived."""

    archive_no: str


@handler("test.archive", title="归档", title_en="Archive")
def archive(ctx: JobContext, request: Fault) -> Kept:
    if request.fault == "打不开":
        message = "the archive is closed"
        raise RuntimeError(message)
    return Kept(archive_no="A-1")


def make_engine(database: Database, clock: SimulatedClock, folder: Path, procedures: Path = PROCEDURES, **settings: Any) -> Engine:
    """An engine with procedures deployed, the small one unless told, and the people known."""
    processes = folder / "processes"
    shutil.copytree(procedures, processes)
    chosen = replace(Settings(), processes_dir=processes, files_dir=folder / "files", secret_key="a key for tests only", **settings)
    calendars = Calendars(database, _HOURS, chosen.time_zone)
    calendars.seed(clock.now().date())
    engine = Engine(database, clock, chosen, HandlerRegistry([archive]), calendars, writes_folder=True)
    deployments.deploy_directory(engine, processes)
    with database.transaction() as writing:
        writing.add_all(Group(id=key, name=zh, name_en=en) for key, (zh, en) in GROUPS.items())
        writing.add_all(
            User(
                id=key, name=name, email=None, password_hash=_HASH, locale="zh", active=True,
                created_at=clock.now(), session_epoch=0, failed_logins=0, locked_until=None,
            )
            for key, name, _ in PEOPLE
        )  # fmt: skip
        writing.flush()
        writing.add_all(Membership(user_id=key, group_id=group) for key, _, groups in PEOPLE for group in groups)
    return engine


class Client(FlaskClient):
    """A browser without scripts: keeps cookies, and sends the CSRF token as the front end does."""

    _token: str | None = None

    def csrf(self) -> str:
        """The token of the session's pages."""
        if self._token is None:
            page = self.get("/account", headers={"Accept": "text/html"}, follow_redirects=True).get_data(as_text=True)
            self._token = page.split('name="csrf-token" content="')[1].split('"')[0]
        return self._token

    def send(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> Any:
        """POST a form."""
        return self.post(path, data={"csrf_token": self.csrf(), **(data or {})}, **more)

    def send_json(self, path: str, data: dict[str, Any], method: str = "POST", **headers: str) -> Any:
        """What the form island does."""
        return self.open(
            path, method=method, json={"data": data}, headers={"X-CSRFToken": self.csrf(), "Accept": "application/json", **headers}
        )

    def text(self, path: str, status: int = 200) -> str:
        """The body of a page."""
        answer = self.get(path)
        assert answer.status_code == status, answer.get_data(as_text=True)[:400]
        return answer.get_data(as_text=True)


@dataclass
class WallClock:
    """The real time of a test."""

    present: datetime

    def now(self) -> datetime:
        """As it was set."""
        return self.present


@dataclass
class Site:
    """The application with its people."""

    app: Flask
    engine: Engine
    clock: SimulatedClock
    wall_clock: WallClock
    clients: dict[str, "Client"] = field(default_factory=dict)

    def visitor(self) -> Client:
        """Somebody who is not signed in."""
        client = self.app.test_client()
        assert isinstance(client, Client)
        return client

    def as_(self, user: str) -> Client:
        """A client that is signed in (without the slow check of the password)."""
        if user not in self.clients:
            with self.app.test_request_context(), self.engine.database.session() as reading:
                person = load_person(reading, user)
                assert person is not None
                sessions.begin(person)
                begun = dict(session)
            self.clients[user] = self.visitor()
            with self.clients[user].session_transaction() as cookie:
                cookie.update(begun)
        return self.clients[user]

    def run(self) -> None:
        """Do what the executor would do now."""
        executor.run_until_idle(self.engine)

    def task(self, name: str) -> UserTask:
        """The newest open task of this name."""
        with self.engine.database.session() as reading:
            found = reading.scalars(
                select(UserTask).where(UserTask.name == name, UserTask.state == "open").order_by(UserTask.created_at.desc())
            ).first()
        assert found is not None, f"no open task {name}"
        return found

    def start(self, customer: str = "华东仪表厂") -> str:
        """A hotline engineer starts a case; returns the id of the task 登记需求."""
        answer = self.as_("hotline1").send_json("/start/site_visit", {"customer_name": customer, "phone": "13800001111"})
        assert answer.status_code == 200, answer.get_data(as_text=True)
        task_id: str = answer.get_json()["redirect"].rpartition("/")[2]
        return task_id

    def record(self, fault: str = "不开机", *, on_site: bool = True) -> None:
        """The hotline engineer records the need."""
        task_id, client = self.task("登记需求").id, self.as_("hotline1")
        client.send(f"/tasks/{task_id}/claim")
        answer = client.send_json(f"/tasks/{task_id}/complete", {"fault": fault, "on_site": on_site, "urgency": "urgent"})
        assert answer.status_code == 200, answer.get_data(as_text=True)
        self.run()


def make_site(engine: Engine, clock: SimulatedClock) -> Site:
    """The application on an engine."""
    wall_clock = WallClock(clock.now())
    app = create_app(engine, wall_clock=wall_clock)
    app.testing = True
    app.test_client_class = Client
    return Site(app, engine, clock, wall_clock)


@pytest.fixture
def site(sqlite_database: Database, clock: SimulatedClock, tmp_path: Path) -> Site:
    return make_site(make_engine(sqlite_database, clock, tmp_path), clock)


@pytest.fixture
def site_on_each(database: Database, clock: SimulatedClock, tmp_path: Path) -> Site:
    """The same on SQLite and on PostgreSQL."""
    return make_site(make_engine(database, clock, tmp_path), clock)


@pytest.fixture
def new_site(sqlite_database: Database, clock: SimulatedClock, tmp_path: Path) -> Callable[..., Site]:
    """Builds a site with other procedures or settings."""

    def build(**told: Any) -> Site:
        return make_site(make_engine(sqlite_database, clock, tmp_path, **told), clock)

    return build


@pytest.fixture
def shop(tmp_path: Path, new_site: Callable[..., Site]) -> Site:
    """An office with a procedure that meets everything that waits."""
    write_shop(tmp_path / "shop")
    return new_site(procedures=tmp_path / "shop")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for all tests of a module."""
    with running_chromium() as browser:
        yield browser


@pytest.fixture
def stage(sqlite_database: Database, clock: SimulatedClock, chromium: Browser, tmp_path: Path) -> Iterator[Stage]:
    """The demo office, open for business."""
    photo = tmp_path / "photo.jpg"
    Image.new("RGB", (800, 600), "steelblue").save(photo)
    engine = open_office(sqlite_database, clock, tmp_path)
    with running_office(engine) as address:
        yield Stage(engine, clock, chromium, address, photo)
