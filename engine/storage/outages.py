"""Tells an outage of the database (gone, full, held up) from a mistake in a statement, and says it in words."""

import sqlite3

import psycopg
from sqlalchemy import Engine, ExceptionContext, event

from engine.errors import DatabaseUnavailable, DiskFull

#: Disk trouble of SQLite: the file cannot grow (ENOSPC, quota), cannot be read or written, or cannot be opened.
_SQLITE_FULL = {sqlite3.SQLITE_FULL}
#: Somebody else holds what the statement needs for longer than anybody should.
_SQLITE_BUSY = {sqlite3.SQLITE_BUSY}
_POSTGRES_BUSY = "55P03"
_SQLITE_GONE = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}
#: PostgreSQL's classes of states for a server that stops, is starting, or takes nobody in; and for a disk without room (appendix A).
_POSTGRES_FULL = ("53100",)
_POSTGRES_GONE = ("08", "57P01", "57P02", "57P03", "53300", "58030")


def report_outages(engine: Engine) -> None:
    """Let every statement, commit and connection of an engine that fails by an outage raise `DatabaseUnavailable`."""
    event.listen(engine, "handle_error", _in_words)


def _in_words(context: ExceptionContext) -> DatabaseUnavailable | None:
    cause = context.original_exception
    if context.is_pre_ping:
        return None  # the pool tries a connection it kept; if it is dead it makes a new one
    if isinstance(cause, sqlite3.Error) and (_is_full(cause) or _is_gone(cause)) and not context.is_disconnect:
        # SQLite may have rolled back by itself; on this connection every further statement would be a transaction of its own
        context.is_disconnect, context.invalidate_pool_on_disconnect = True, False
    if _is_full(cause):
        return DiskFull(
            "数据库所在的磁盘已满，这一步没有保存。请管理员腾出空间，然后再做一次。",
            "The disk of the database is full; this step was not saved. Ask the administrator to make room, then do it again.",
            cause=str(cause),
        )
    if _is_busy(cause):
        return DatabaseUnavailable(
            "别人正占用这里要改的数据，这一步没有保存。请稍后再做一次。",
            "Somebody else is using what was to be changed here; this step was not saved. Please do it again in a while.",
            cause=str(cause),
        )
    if isinstance(cause, psycopg.Error | sqlite3.Error) and (context.is_disconnect or _is_gone(cause)):
        return DatabaseUnavailable(
            "数据库暂时连不上，这一步没有保存。请稍后再做一次。",
            "The database cannot be reached at the moment; this step was not saved. Please do it again in a while.",
            cause=str(cause),
        )
    return None


def _is_full(cause: BaseException) -> bool:
    if isinstance(cause, sqlite3.Error):
        return _sqlite_code(cause) in _SQLITE_FULL
    return isinstance(cause, psycopg.Error) and cause.sqlstate in _POSTGRES_FULL


def _is_busy(cause: BaseException) -> bool:
    if isinstance(cause, sqlite3.Error):
        return _sqlite_code(cause) in _SQLITE_BUSY
    return isinstance(cause, psycopg.Error) and cause.sqlstate == _POSTGRES_BUSY


def _is_gone(cause: BaseException) -> bool:
    if isinstance(cause, sqlite3.Error):
        return _sqlite_code(cause) in _SQLITE_GONE
    if not isinstance(cause, psycopg.OperationalError):
        return False
    return cause.sqlstate is None or cause.sqlstate.startswith(_POSTGRES_GONE)  # without a state it never reached a server


def _sqlite_code(cause: sqlite3.Error) -> int | None:
    code: int | None = getattr(cause, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF  # the primary code; the upper bits say where it happened
