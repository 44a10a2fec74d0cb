"""One database, SQLite or PostgreSQL: sessions to read, transactions to write, notifications to wake workers."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zlib import crc32

import orjson
from sqlalchemy import URL, Connection, Engine, create_engine, event, func, make_url, select
from sqlalchemy.orm import Session

from engine.errors import Conflict
from engine.storage.outages import report_outages
from engine.storage.turns import Turns

#: How long a writer waits for another one, in seconds, before it gives up.
WRITER_WAIT_S = 30

_WAL = "PRAGMA journal_mode = WAL"
_SQLITE_PRAGMAS = (
    "PRAGMA synchronous = FULL",  # WAL's default may lose the last commits on power failure
    "PRAGMA foreign_keys = ON",
    f"PRAGMA busy_timeout = {WRITER_WAIT_S * 1000}",
)
#: So long somebody else who makes the same new file is waited for, in seconds, before another look.
_NEW_FILE_PAUSE_S = 0.05
#: A killed process must not keep its locks: while a statement runs the server looks whether its client is still there (PostgreSQL 14).
_CLIENT_CHECK = "client_connection_check_interval=2s"
_POSTGRES_OPTIONS = f"-c timezone=UTC -c lock_timeout={WRITER_WAIT_S}s -c {_CLIENT_CHECK}"


class Database:
    """The door to one database; connects when first asked, never at import.

    Args:
        url: SQLAlchemy URL, `sqlite:///file` or `postgresql://…` (psycopg 3). A relative SQLite path is relative to the working directory.

    Raises:
        ValueError: another kind of database, or SQLite in memory (workers and web have connections of their own).
    """

    def __init__(self, url: str | URL) -> None:
        """Build the connection pool; no connection is made yet."""
        self.url = make_url(url)
        self.is_postgres = self.url.get_backend_name() == "postgresql"
        self.engine = _postgres_engine(self.url) if self.is_postgres else _sqlite_engine(self.url)
        report_outages(self.engine)
        self._writing = self.engine.execution_options(opsbook_begin="BEGIN IMMEDIATE")
        self._writer = Turns()
        self._listeners: dict[str, list[Callable[[], None]]] = {}

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session to read with; nothing is committed."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that commits once at the end, or rolls back when an exception leaves the block.

        Raises:
            Conflict: SQLite is being written by somebody else for too long.
            DatabaseUnavailable: the database is gone or its disk is full.
        """
        with self._turn_to_write(), Session(self._writing, expire_on_commit=False) as session, session.begin():
            yield session
        for channel in session.info.get("channels", ()):
            self._wake(channel)
        for act in session.info.get("afterwards", ()):
            act()

    @contextmanager
    def rehearsal(self) -> Iterator[Session]:
        """A transaction that is always rolled back: shows what a command would do, and does nothing.

        Raises:
            Conflict: SQLite is being written by somebody else for too long.
        """
        with self._turn_to_write(), Session(self._writing, expire_on_commit=False) as session:
            yield session  # closing the session rolls back

    @contextmanager
    def rebuilding(self) -> Iterator[Session]:
        """A transaction in which tables may be made anew.

        SQLite changes a table by copying it and dropping the first, which foreign keys forbid: they are off for so long, and the
        caller has to check them in the end. Once it is over every connection is made anew.
        """
        rebuilding = self._writing.execution_options(opsbook_foreign_keys=False)
        with self._turn_to_write(), Session(rebuilding, expire_on_commit=False) as session, session.begin():
            yield session
        self.engine.dispose()

    @contextmanager
    def own_session(self) -> Iterator[Session]:
        """A session whose user commits, as often as the work needs; what is not committed is rolled back."""
        with Session(self._writing, expire_on_commit=False) as session:
            yield session

    def one_at_a_time(self, session: Session, work: str) -> None:
        """From here to its end, this transaction is the only one that does this work; SQLite has one writer anyway."""
        if self.is_postgres:
            session.execute(select(func.pg_advisory_xact_lock(crc32(work.encode()))))

    def notify(self, session: Session, channel: str) -> None:
        """Wake whoever listens on a channel, in this process and in others, once the session's transaction has committed."""
        channels: set[str] = session.info.setdefault("channels", set())
        if self.is_postgres and channel not in channels:
            session.execute(select(func.pg_notify(channel, "")))
        channels.add(channel)

    def after_commit(self, session: Session, act: Callable[[], object]) -> None:
        """Do something once the transaction of a session has committed, and not if it is rolled back."""
        session.info.setdefault("afterwards", []).append(act)

    def on_notify(self, channel: str, wake: Callable[[], None]) -> None:
        """Call `wake` after every commit of this process that notified the channel; it must return at once."""
        self._listeners.setdefault(channel, []).append(wake)

    def listen(self, channel: str, stop: threading.Event) -> None:
        """Pass notifications of other processes on to whoever is on the channel, until `stop` is set (PostgreSQL only; blocks, so give it a thread).

        Raises:
            DatabaseUnavailable, psycopg.OperationalError: the connection was lost; listen again.
        """
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f'LISTEN "{channel}"')
            driver: Any = connection.connection.driver_connection
            while not stop.is_set():
                for _ in driver.notifies(timeout=1, stop_after=1):
                    self._wake(channel)
            connection.exec_driver_sql("UNLISTEN *")

    def _wake(self, channel: str) -> None:
        for wake in self._listeners.get(channel, ()):
            wake()

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    @contextmanager
    def _turn_to_write(self) -> Iterator[None]:
        """Queue SQLite's writers in order: its own busy handler polls, so some would wait long, and a thread that writes all the time starves the rest."""
        if self.is_postgres:
            yield
            return
        if not self._writer.acquire(timeout=WRITER_WAIT_S):
            raise Conflict("数据库正忙，请稍后再试。", "The database is busy, please try again.")
        try:
            yield
        finally:
            self._writer.release()


@dataclass
class StatementCount:
    """What a piece of work asked of the database."""

    statements: list[str] = field(default_factory=list)
    commits: int = 0


@contextmanager
def count_statements(database: Database) -> Iterator[StatementCount]:
    """Count the statements and commits of all threads while the block runs; for tests and benches."""
    count = StatementCount()

    def executed(_connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        count.statements.append(statement)

    def committed(_connection: Connection) -> None:
        count.commits += 1

    event.listen(database.engine, "before_cursor_execute", executed)
    event.listen(database.engine, "commit", committed)
    try:
        yield count
    finally:
        event.remove(database.engine, "before_cursor_execute", executed)
        event.remove(database.engine, "commit", committed)


def _dumps(value: Any) -> str:
    return orjson.dumps(value).decode()


def _sqlite_engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        message = f"the database must be an SQLite file or PostgreSQL, not {url.render_as_string()}"
        raise ValueError(message)
    Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, json_serializer=_dumps, json_deserializer=orjson.loads, pool_size=20, max_overflow=20)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, the driver would begin late and not IMMEDIATE
    for pragma in _SQLITE_PRAGMAS:
        connection.execute(pragma)
    _write_ahead(connection)


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch to WAL.  Of several connections that do so at once with a new file SQLite refuses all but one, without waiting."""
    pause = threading.Event()
    for _ in range(int(WRITER_WAIT_S / _NEW_FILE_PAUSE_S)):
        try:
            connection.execute(_WAL)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            pause.wait(_NEW_FILE_PAUSE_S)
        else:
            return
    connection.execute(_WAL)


def _begin_sqlite(connection: Connection) -> None:
    driver: Any = connection.connection.driver_connection
    options = connection.get_execution_options()
    if not options.get("opsbook_foreign_keys", True):
        driver.execute("PRAGMA foreign_keys = OFF")  # has no effect inside a transaction
    driver.execute(options.get("opsbook_begin", "BEGIN"))


def _postgres_engine(url: URL) -> Engine:
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        json_serializer=_dumps,
        json_deserializer=orjson.loads,
        isolation_level="READ COMMITTED",
        pool_size=20,
        max_overflow=20,
        pool_pre_ping=True,  # a restarted server costs a reconnect, not a failed request
        connect_args={"options": _POSTGRES_OPTIONS},
    )
