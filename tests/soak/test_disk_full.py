"""The disk of the database is really full while people and workers use it: they are told so, nothing is half done, and it goes on with room again."""

import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select

from engine.errors import DiskFull
from engine.settings import Settings
from engine.storage.contents import ContentStore
from engine.storage.database import Database
from engine.storage.tables import ProcessInstance
from tests.conftest import opened as opened_database
from tests.postgres_server import Server
from tests.soak.disks import SmallDisk, small_disk
from tests.soak.office import RELAY, Away, Person, complete_everything, opened
from tests.soak.test_restarts import own_server

__all__ = ["own_server"]  # the fixture

#: How often people try in vain before there is room again.
_IN_VAIN = 5


@pytest.fixture
def disk() -> Iterator[SmallDisk]:
    """A small disk."""
    with small_disk(megabytes=48) as found:
        yield found


@pytest.fixture
def sqlite_there(disk: SmallDisk) -> Iterator[Database]:
    """An SQLite database on it."""
    yield from opened_database(f"sqlite:///{disk.folder / 'opsbook.db'}")


@pytest.fixture
def postgres_there(disk: SmallDisk, own_server: Server) -> Iterator[Database]:
    """A PostgreSQL database in a tablespace on it."""
    place = disk.folder / "tables"
    place.mkdir()
    own_server.own(place)
    with psycopg.connect(own_server.url, autocommit=True) as connection:
        connection.execute(f"CREATE TABLESPACE small LOCATION '{place}'")  # type: ignore[arg-type]
        connection.execute("CREATE DATABASE small TABLESPACE small")
    yield from opened_database(own_server.url.replace("/postgres?", "/small?"))


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("kind", "rounds"), [("sqlite", 2), ("postgres", 2)])
def test_a_full_disk_stops_nothing_for_good(
    request: pytest.FixtureRequest, disk: SmallDisk, tmp_path: Path, kind: str, rounds: int
) -> None:
    """Given cases under way, when the disk is full, then people are refused in both languages and jobs wait; with room again all cases end, every
    effect once, and those that were refused can be started.
    """
    database = request.getfixturevalue(f"{kind}_there")
    with opened(database, tmp_path / "office") as office:
        office.draw("relay", RELAY)
        _, address = office.serve()
        person = Person("hotline1", address)
        numbers = count()
        for _ in range(rounds):
            disk.fill(leaving_kb=200)
            refused: list[str] = []
            while len(refused) < _IN_VAIN:
                key = f"K{next(numbers)}"
                try:
                    person.start(address, "relay", key)
                except Away as error:
                    refused.append(str(error))
            disk.make_room()
            person.start(address, "relay", key)

            for said in refused:
                answer = json.loads(said.removeprefix("503: "))
                assert answer["code"] == "OPS-601", said
                assert "磁盘已满" in answer["message"]["zh"]
                assert "is full" in answer["message"]["en"]
            complete_everything(office, person, [address], [])
            office.check(office.all(select(ProcessInstance.id)))


def test_a_file_that_finds_no_room_is_refused(disk: SmallDisk) -> None:
    """Given a full disk of files, when a file comes, then it is refused in words and nothing of it stays; with room again it is kept."""
    store = ContentStore(Settings(files_dir=disk.folder / "files"))
    content = b"%PDF-1.4\n" + b"x" * 300_000 + b"\n%%EOF"
    disk.fill(leaving_kb=100)
    with pytest.raises(DiskFull) as refused:
        store.put("slip.pdf", content)
    assert "磁盘已满" in refused.value.zh
    assert [path for path in (disk.folder / "files").rglob("*") if path.is_file()] == []
    disk.make_room()
    assert store.get(store.put("slip.pdf", content).sha256) == content
