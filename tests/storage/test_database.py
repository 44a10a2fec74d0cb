"""The database door: transactions commit once, queue writers and wake listeners."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from engine.storage.database import Database, count_statements
from engine.storage.tables import Deployment, Resource

NOW = datetime(2026, 3, 5, 2, 0, tzinfo=UTC)


def _deployment(identity: str) -> Deployment:
    return Deployment(id=identity, name="0", source="test", deployed_at=NOW)


def test_a_transaction_commits_once(database: Database) -> None:
    """Whatever happens inside, there is one commit at the end."""
    with count_statements(database) as count, database.transaction() as session:
        session.add(_deployment("a"))
        session.flush()
        session.add(_deployment("b"))

    assert count.commits == 1
    assert len(count.statements) == 2


def test_an_exception_rolls_everything_back(database: Database) -> None:
    """Nothing of a failed transaction stays, and nobody is woken."""
    woken: list[str] = []
    database.on_notify("jobs", lambda: woken.append("jobs"))

    with pytest.raises(RuntimeError), database.transaction() as session:
        session.add(_deployment("a"))
        database.notify(session, "jobs")
        raise RuntimeError

    with database.session() as session:
        assert session.get(Deployment, "a") is None
    assert woken == []


def test_foreign_keys_are_enforced(database: Database) -> None:
    """A row that points nowhere is refused on both databases."""
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.add(Resource(id="r", deployment_id="nowhere", name="n", sha256="0", content=b""))


def test_writers_of_many_threads_all_get_their_turn(database: Database) -> None:
    """Forty increments of one row at once lose none and raise nothing."""
    with database.transaction() as session:
        session.add(_deployment("counter"))

    def increment() -> None:
        with database.transaction() as session:
            counter = session.get_one(Deployment, "counter", with_for_update=True)
            counter.name = str(int(counter.name) + 1)

    threads = [threading.Thread(target=increment) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with database.session() as session:
        assert session.get_one(Deployment, "counter").name == "40"


def test_a_commit_wakes_listeners_of_its_process_once(database: Database) -> None:
    """However often a transaction notifies, its listeners hear of it once, after the commit."""
    seen: list[bool] = []

    def look() -> None:
        with database.session() as session:
            seen.append(session.get(Deployment, "a") is not None)

    database.on_notify("jobs", look)
    with database.transaction() as session:
        session.add(_deployment("a"))
        database.notify(session, "jobs")
        database.notify(session, "jobs")

    assert seen == [True]


def test_another_process_hears_of_a_commit(postgres_database: Database) -> None:
    """A second process on the same PostgreSQL database is woken by NOTIFY."""
    other = Database(postgres_database.url)
    heard, stop = threading.Event(), threading.Event()
    other.on_notify("jobs", heard.set)
    listener = threading.Thread(target=other.listen, args=("jobs", stop))
    listener.start()

    for _ in range(50):  # the listener's LISTEN may come after the first notification
        with postgres_database.transaction() as session:
            postgres_database.notify(session, "jobs")
        if heard.wait(0.1):
            break
    stop.set()
    listener.join()
    other.dispose()

    assert heard.is_set()


def test_a_relative_path_makes_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`sqlite:///var/opsbook.db` works in an empty folder."""
    monkeypatch.chdir(tmp_path)

    database = Database("sqlite:///var/opsbook.db")
    with database.session() as session:
        session.connection()
    database.dispose()

    assert (tmp_path / "var" / "opsbook.db").exists()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://localhost/x"])
def test_other_databases_are_refused(url: str) -> None:
    """Only SQLite files and PostgreSQL keep what the engine promises."""
    with pytest.raises(ValueError, match="SQLite file or PostgreSQL"):
        Database(url)


@pytest.mark.parametrize("number", range(20))
def test_servers_that_make_the_same_new_file_wait_for_each_other(tmp_path: Path, number: int) -> None:
    """Given no file yet, when several servers begin at the same instant, then all of them get to write."""
    together = threading.Barrier(4)
    written: list[int] = []

    def begin() -> None:
        database = Database(f"sqlite:///{tmp_path / f'{number}.db'}")
        together.wait()
        with database.transaction() as session:
            session.execute(text("CREATE TABLE IF NOT EXISTS begun (number INTEGER)"))
            session.execute(text("INSERT INTO begun VALUES (1)"))
            written.append(session.execute(text("SELECT count(*) FROM begun")).scalar_one())
        database.dispose()

    servers = [threading.Thread(target=begin) for _ in range(4)]
    for server in servers:
        server.start()
    for server in servers:
        server.join()

    assert sorted(written) == [1, 2, 3, 4]
