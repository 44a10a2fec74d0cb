"""The schema: migrations give what the tables say, on both databases, and history cannot be rewritten."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.exc import DBAPIError

from engine.storage.base import Base
from engine.storage.database import Database, count_statements
from engine.storage.schema import migration_config, upgrade
from engine.storage.tables import Deployment, Event, ProcessDefinition, ProcessInstance, Resource

_OF_A_TASK = ("deployment", "resource", "process_definition", "process_instance", "user_task", "user_task_candidate")
NOW = datetime(2026, 3, 5, 2, 0, tzinfo=UTC)


@pytest.fixture
def migrated(empty_database: Database) -> Database:
    """A database made by the migrations alone."""
    upgrade(empty_database)
    return empty_database


def test_migrations_make_what_the_tables_say(migrated: Database) -> None:
    """A table that changed without a migration is found here: write one with `opsbook revision`."""
    with migrated.engine.connect() as connection:
        opts = {"compare_type": True, "include_object": _can_be_compared}
        differences = compare_metadata(MigrationContext.configure(connection, opts=opts), Base.metadata)

    assert differences == []


def _can_be_compared(found: Any, _name: str, kind: str, _reflected: bool, _other: Any) -> bool:
    """Alembic does not know SQLite's descending index columns; the next test does."""
    return not (kind == "index" and found.name in ("ix_user_task_by_due", "ix_user_task_queue_by_due", "ix_user_task_queue_by_priority"))


def test_the_fast_way_of_the_tests_makes_the_same(request: pytest.FixtureRequest, migrated: Database) -> None:
    """Columns, indexes, constraints and triggers of both ways are equal."""
    fast = request.getfixturevalue("postgres_database" if migrated.is_postgres else "sqlite_database")

    assert _describe(fast) == _describe(migrated)


def test_migrating_twice_changes_nothing(migrated: Database) -> None:
    """Every start migrates; when there is nothing to do it costs a look at the version."""
    with count_statements(migrated) as count:
        upgrade(migrated)

    assert len(count.statements) <= 4


def test_migrations_keep_what_is_there(empty_database: Database) -> None:
    """Given an older database with a case and its task, when it is migrated, then they are there, and foreign keys are watched again."""
    with empty_database.transaction() as session:
        command.upgrade(migration_config(session.connection()), "0012")
        _fill(session.connection(), *_OF_A_TASK)

    upgrade(empty_database)

    with empty_database.transaction() as session:
        assert session.scalar(text("SELECT count(*) FROM user_task JOIN user_task_candidate ON task_id = id")) == 1
        with pytest.raises(DBAPIError):
            session.execute(text("INSERT INTO user_task_candidate (task_id, kind, name) VALUES ('nowhere', 'user', 'x')"))


def test_an_older_count_keeps_its_damaged_pieces(empty_database: Database) -> None:
    """Given a count of before they were counted one by one, when it is migrated, then the pieces of lines marked as damaged are all damaged."""
    with empty_database.transaction() as session:
        command.upgrade(migration_config(session.connection()), "0026")
        _fill(session.connection(), "part", "stocktake")
        line = "INSERT INTO stocktake_line (stocktake_id, barcode, part_no, location, book_qty, counted_qty, recounted_qty, condition) VALUES ('x', :code, 'x', 'A', 4, 4, :again, :condition)"
        lines = [("B1", "damaged", None), ("B2", "damaged", 3), ("B3", "good", None), ("B4", None, None)]
        session.execute(text(line), [{"code": code, "condition": condition, "again": again} for code, condition, again in lines])

    upgrade(empty_database)

    with empty_database.session() as session:
        found = session.execute(text("SELECT barcode, damaged_qty, counted_qty FROM stocktake_line ORDER BY barcode")).all()
    assert [tuple(row) for row in found] == [("B1", 4, 4), ("B2", 3, 4), ("B3", 0, 4), ("B4", 0, 4)]


def _fill(connection: Connection, *tables: str) -> None:
    """One row in each of these tables, as they were then; every id is x."""
    then = MetaData()
    then.reflect(connection, only=tables)
    values: dict[type, Any] = {str: "x", int: 1, bool: True, datetime: NOW, date: NOW.date(), dict: {}, list: [], object: {}, bytes: b""}
    for table in then.sorted_tables:
        needed = {column.name: values[column.type.python_type] for column in table.columns if not column.nullable}
        connection.execute(table.insert(), needed | ({"state": "open"} if table.name in ("user_task", "stocktake") else {}))


@pytest.mark.parametrize("statement", ["UPDATE event SET actor = 'somebody else'", "DELETE FROM event"])
def test_history_is_append_only(migrated: Database, statement: str) -> None:
    """Given an event, when anybody changes or deletes it in SQL, then the database refuses."""
    _add_event(migrated)

    with pytest.raises(DBAPIError, match="append-only"), migrated.transaction() as session:
        session.execute(text(statement))

    with migrated.session() as session:
        assert session.get_one(Event, ("i", 1)).actor == "hotline1"


def test_history_cannot_be_truncated(postgres_database: Database) -> None:
    """PostgreSQL's TRUNCATE passes row triggers by; it has one of its own."""
    _add_event(postgres_database)

    with pytest.raises(DBAPIError, match="append-only"), postgres_database.transaction() as session:
        session.execute(text("TRUNCATE event CASCADE"))


def _add_event(database: Database) -> None:
    with database.transaction() as session:
        session.add(Deployment(id="d", name="n", source="test", deployed_at=NOW))
        session.flush()
        session.add(Resource(id="r", deployment_id="d", name="p.bpmn", sha256="0", content=b""))
        session.flush()
        session.add(
            ProcessDefinition(
                id="p:1",
                key="p",
                version=1,
                name="P",
                state="live",
                deployment_id="d",
                resource_id="r",
                sha256="0",
                startable=True,
                starter_groups=[],
                english={},
            )
        )
        session.flush()
        session.add(
            ProcessInstance(
                id="i",
                root_id="i",
                process_definition_id="p:1",
                process_key="p",
                state="active",
                started_at=NOW,
                revision=1,
                event_count=1,
                runtime_state=b"",
            )
        )
        session.flush()
        session.add(Event(instance_id="i", sequence=1, root_id="i", type="InstanceStarted", happened_at=NOW, actor="hotline1", data={}))


def _describe(database: Database) -> list[str]:
    """Every object of a schema in the database's own words, in order."""
    with database.engine.connect() as connection:
        return sorted(_describe_postgres(connection) if database.is_postgres else _describe_sqlite(connection))


def _describe_sqlite(connection: Connection) -> list[str]:
    rows = connection.execute(text("SELECT type, tbl_name, name, sql FROM sqlite_master WHERE tbl_name <> 'alembic_version'")).all()
    triggers = [f"{row.type} {row.name} {row.sql}" for row in rows if row.type in ("trigger", "index")]
    tables = {row.tbl_name for row in rows}
    columns = [f"{table} {tuple(column)[1:]}" for table in tables for column in connection.execute(text(f"PRAGMA table_info('{table}')"))]
    keys = [f"{table} {tuple(key)[2:]}" for table in tables for key in connection.execute(text(f"PRAGMA foreign_key_list('{table}')"))]
    return triggers + columns + keys


def _describe_postgres(connection: Connection) -> list[str]:
    queries = (
        "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default FROM information_schema.columns WHERE table_schema = 'public'",
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
        "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    )
    rows = [str(tuple(row)) for query in queries for row in connection.execute(text(query))]
    return [row for row in rows if "alembic_version" not in row]
