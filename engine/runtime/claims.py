"""Who may work on which job: claims, leases and their heartbeat.

Jobs are claimed one at a time with an owner and an attempt number; a worker that lost its lease cannot finish any more (fencing).
At most one job of a case is leased at a time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from engine.clock import SimulatedClock
from engine.runtime.engine import Engine
from engine.storage.tables import Job

JOBS = Job.__table__

LEASE = timedelta(seconds=30)
#: PostgreSQL's advisory lock that workers hold while they claim.
_CLAIMING = 0x6F70736A

_BUSY = JOBS.alias("busy")
#: What a worker may begin: due jobs of cases of which no job is leased, the most urgent first; built once, since it is asked all the time.
#: What could be done as soon as it was made does not wait for a clock that was set back since.
_DUE = (
    select(JOBS.c.id, JOBS.c.attempt, JOBS.c.state, JOBS.c.root_id, JOBS.c.topic)
    .where(
        or_(
            and_(JOBS.c.state == "ready", or_(JOBS.c.available_at <= bindparam("now"), JOBS.c.available_at <= JOBS.c.created_at)),
            and_(JOBS.c.state == "leased", JOBS.c.leased_until < bindparam("lease_now")),
        ),
        JOBS.c.suspended.is_(False),
        or_(JOBS.c.kind != "handler", JOBS.c.topic.in_(bindparam("topics", expanding=True))),
        ~select(_BUSY.c.id)
        .where(
            _BUSY.c.root_id == JOBS.c.root_id,
            _BUSY.c.id != JOBS.c.id,
            _BUSY.c.state == "leased",
            _BUSY.c.leased_until >= bindparam("lease_now"),
            or_(_BUSY.c.kind != "handler", _BUSY.c.topic.in_(bindparam("topics", expanding=True))),  # an external worker holds up nobody
        )
        .exists(),
    )
    .order_by(JOBS.c.priority.desc(), JOBS.c.available_at, JOBS.c.id)
)
_NEXT = _DUE.limit(1).with_for_update(skip_locked=True)
_NEXT_OWN = _NEXT.where(JOBS.c.kind != "handler")
_THIS = _NEXT.where(JOBS.c.id == bindparam("job_id"))
_DUE_FOR_HANDLERS = _DUE.where(JOBS.c.kind == "handler").limit(bindparam("limit"))


@dataclass(frozen=True)
class Lease:
    """A claimed job."""

    job_id: str
    attempt: int
    owner: str
    topic: str | None = None  #: of its handler, if it is for one
    inherited: bool = False  #: from a worker that was lost


def claim(engine: Engine, worker: str, job_id: str | None = None, *, own_only: bool = False) -> Lease | None:
    """Lease the next job, or none; workers claim one after the other, so that no two get jobs of one case.

    Args:
        engine: where.
        worker: who.
        job_id: only this one, if it may be begun.
        own_only: leave handlers' jobs to others, take the engine's own.
    """
    query = _THIS if job_id else _NEXT_OWN if own_only else _NEXT
    with engine.database.transaction() as session:
        if engine.database.is_postgres:
            session.execute(select(func.pg_advisory_xact_lock(_CLAIMING)))
        now = _lease_now(engine, session)
        row = session.execute(query, _asked(engine, now) | ({"job_id": job_id} if job_id else {})).one_or_none()
        if row is None:
            return None
        session.execute(
            update(JOBS)
            .where(JOBS.c.id == row.id)
            .values(state="leased", leased_by=worker, leased_until=now + LEASE, attempt=row.attempt + 1)
        )
        return Lease(row.id, row.attempt + 1, worker, row.topic, inherited=row.state == "leased")


def _asked(engine: Engine, lease_now: datetime) -> dict[str, Any]:
    return {"now": engine.clock.now(), "lease_now": lease_now, "topics": engine.embedded_topics}


def due_for_handlers(engine: Engine, limit: int = 1_000) -> dict[str, str]:
    """Ids of the handlers' jobs that may be begun now, by case: of each case the first."""
    with engine.database.session() as session:
        found = session.execute(_DUE_FOR_HANDLERS, _asked(engine, _lease_now(engine, session)) | {"limit": limit}).all()
    return {row.root_id: row.id for row in reversed(found)}


def extend(engine: Engine, lease: Lease) -> bool:
    """Heartbeat: keep a lease for another period; False if it was lost, or its step has locked the job, which keeps everybody off."""
    with engine.database.transaction() as session:
        held = select(JOBS.c.id).where(*still(lease)).with_for_update(skip_locked=True)
        until = _lease_now(engine, session) + LEASE
        return bool(session.connection().execute(update(JOBS).where(JOBS.c.id.in_(held)).values(leased_until=until)).rowcount)


def _lease_now(engine: Engine, session: Session) -> datetime:
    """The instant by which leases are reckoned: PostgreSQL's, since the clocks of several machines differ, unless time is simulated."""
    if engine.database.is_postgres and not isinstance(engine.clock, SimulatedClock):
        now: datetime = session.scalars(select(func.clock_timestamp())).one()
        return now
    return engine.clock.now()


def still(lease: Lease) -> tuple[Any, ...]:
    """The conditions under which a lease holds."""
    return (JOBS.c.id == lease.job_id, JOBS.c.state == "leased", JOBS.c.leased_by == lease.owner, JOBS.c.attempt == lease.attempt)
