"""How far a download is: a row that the page asks for, whichever server process sends the file."""

from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.clock import monotonic_s
from engine.errors import Conflict, NotFound
from engine.runtime.engine import Engine
from engine.storage.database import Database
from engine.storage.tables import ExportRun
from web.exports.export import Export

#: Time between two notes of how far it is, in seconds: a file is sent in many small pieces.
_NOTED_EVERY_S = 0.5
_KEPT = timedelta(days=1)


def begin(engine: Engine, run_id: str, user_id: str, cases: int) -> None:
    """Keep that a download begins, and forget those that are long over.

    Raises:
        Conflict: the id is taken.
    """
    now = engine.clock.now()
    try:
        with engine.database.transaction() as session:
            session.execute(delete(ExportRun).where(ExportRun.begun_at < now - _KEPT))
            session.add(ExportRun(id=run_id, user_id=user_id, state="running", cases=cases, done=0, bytes=0, begun_at=now))
    except IntegrityError as error:
        raise Conflict("这次导出已经开始了。", "This export has begun already.") from error


def followed(export: Export, run_id: str) -> Iterator[bytes]:
    """The file, piece by piece; its row tells how far it is and how it ended.

    Raises:
        ConnectionAbortedError: it was cancelled. A server that gets an error breaks the connection off, so that no client takes a part for
            the whole; this one it does not report.
    """
    run = _Run(export.engine.database, run_id)
    try:
        with closing(export.blocks(run.count)) as blocks:
            for block in blocks:
                piece = block.encode()
                yield piece
                run.sent(len(piece))
    except GeneratorExit:  # the client went away
        run.note("cancelled")
        raise
    except Exception:
        run.note("failed")
        raise
    run.note("done")


def own(session: Session, run_id: str, user_id: str) -> ExportRun:
    """How far a person's download is.

    Raises:
        NotFound: it has not begun, is long over, or is somebody else's.
    """
    found = session.get(ExportRun, run_id)
    if found is None or found.user_id != user_id:
        raise NotFound("没有这次导出。", "There is no such export.")
    return found


def cancel(engine: Engine, run_id: str, user_id: str) -> None:
    """Stop a person's download; one that is over stays as it ended.

    Raises:
        NotFound: see `own`.
    """
    with engine.database.transaction() as session:
        own(session, run_id, user_id)
        session.execute(update(ExportRun).where(*_running(run_id)).values(state="cancelled"))


@dataclass
class _Run:
    """What is noted of a download while it is sent."""

    database: Database
    id: str
    done: int = 0
    bytes: int = 0
    noted_s: float = field(default_factory=monotonic_s)

    def count(self, cases: int) -> None:
        """So many more cases are in the file."""
        self.done += cases

    def sent(self, length: int) -> None:
        """So many more bytes were taken by the server; notes it now and then.

        Raises:
            ConnectionAbortedError: it was cancelled.
        """
        self.bytes += length
        if monotonic_s() - self.noted_s < _NOTED_EVERY_S:
            return
        self.noted_s = monotonic_s()
        with suppress(Conflict):  # SQLite is being written for long: it is noted the next time
            if not self.note("running"):
                message = "the export was cancelled"
                raise ConnectionAbortedError(message)

    def note(self, state: str) -> bool:
        """Write how far it is; says whether it still ran."""
        with self.database.transaction() as session:
            written = update(ExportRun).where(*_running(self.id)).values(state=state, done=self.done, bytes=self.bytes)
            return bool(session.connection().execute(written).rowcount)


def _running(run_id: str) -> tuple[ColumnElement[bool], ...]:
    return ExportRun.id == run_id, ExportRun.state == "running"
