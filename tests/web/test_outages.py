"""The database is full or gone while people work: they are told in words, nothing is half done, and it goes on afterwards."""

from typing import Any

import psycopg
import pytest
from sqlalchemy import event, func, make_url, select

from engine.clock import SimulatedClock
from engine.storage.database import Database
from engine.storage.tables import Event, ProcessInstance, UserTask
from tests.web.conftest import Site, make_engine, make_site

_NEEDED = {"customer_name": "华东仪表厂", "phone": "13800001111"}
_ENOUGH = 200


def _start(site: Site) -> Any:
    return site.as_("hotline1").send_json("/start/site_visit", _NEEDED)


def test_a_full_disk_is_said_and_nothing_is_half_done(site: Site) -> None:
    """Given an SQLite file that may not grow, when people start cases until there is no room, then they are told so in both languages, every case
    is there as a whole or not at all, and with room again the next one starts.
    """
    pages = {"PRAGMA max_page_count = 1": True}  # SQLite takes the present size instead

    def limit(connection: Any, *_more: Any) -> None:
        for pragma, wanted in pages.items():
            if wanted:
                connection.execute(pragma)

    event.listen(site.engine.database.engine, "connect", limit)
    site.engine.database.dispose()
    answers = [_start(site)]
    while answers[-1].status_code == 200 and len(answers) < _ENOUGH:
        answers.append(_start(site))

    refused = answers.pop()
    assert refused.status_code == 503
    assert refused.headers["Retry-After"]
    assert refused.get_json()["code"] == "OPS-601"
    assert "磁盘已满" in refused.get_json()["message"]["zh"]
    assert "disk of the database is full" in refused.get_json()["message"]["en"]
    assert _counts(site) == [len(answers)] * 3

    pages.clear()
    site.engine.database.dispose()
    assert _start(site).status_code == 200
    assert _counts(site) == [len(answers) + 1] * 3


def _counts(site: Site) -> list[int]:
    """How many cases there are, by themselves, by their first task and by their history."""
    with site.engine.database.session() as session:
        started = select(func.count()).select_from(Event).where(Event.type == "InstanceStarted")
        return [
            session.scalar(query) or 0
            for query in (select(func.count()).select_from(ProcessInstance), select(func.count()).select_from(UserTask), started)
        ]


@pytest.fixture
def locked_out(postgres_database: Database, postgres_server: str) -> Any:
    """Closes and opens the doors of the database."""
    administrator = make_url(postgres_server).set(drivername="postgresql").render_as_string(hide_password=False)
    name = postgres_database.url.database

    def let_in(allowed: bool) -> None:
        with psycopg.connect(administrator, autocommit=True) as connection:
            connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS {allowed}')  # type: ignore[arg-type]
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])

    yield let_in
    let_in(True)


def test_a_database_that_is_gone_is_said_on_every_kind_of_answer(
    locked_out: Any, postgres_database: Database, clock: SimulatedClock, tmp_path: Any
) -> None:
    """Given a server whose database went away, when pages, fragments and programs ask, then all say so in both languages, and it goes on later."""
    site = make_site(make_engine(postgres_database, clock, tmp_path), clock)
    hotline = site.as_("hotline1")
    assert hotline.get("/inbox").status_code == 200

    locked_out(False)
    page = hotline.get("/inbox", headers={"Accept": "text/html"})
    fragment = hotline.get("/inbox", headers={"HX-Request": "true", "Accept": "text/html"})
    program = hotline.get("/inbox", headers={"Accept": "application/json"})

    assert [answer.status_code for answer in (page, fragment, program)] == [503, 503, 503]
    for answer in (page, fragment):
        assert "数据库暂时连不上" in answer.get_data(as_text=True)
        assert "cannot be reached" in answer.get_data(as_text=True)
    assert program.get_json()["code"] == "OPS-600"
    assert hotline.get("/readyz").status_code == 503
    assert hotline.get("/healthz").status_code == 200

    locked_out(True)
    assert hotline.get("/inbox").status_code == 200
