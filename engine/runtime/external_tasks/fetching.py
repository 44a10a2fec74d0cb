"""Giving work to external workers: the next tasks of their topics, locked for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, UnaryExpression, and_, func, or_, select, update
from sqlalchemy.orm import Session

from engine.runtime import state
from engine.runtime.catalog import Catalog
from engine.runtime.engine import Engine
from engine.runtime.execution.variables import visible
from engine.runtime.surroundings import Surroundings
from engine.storage.tables import Job, ProcessDefinition, ProcessInstance

JOBS = Job.__table__
_INSTANCES, _DEFINITIONS = ProcessInstance.__table__, ProcessDefinition.__table__


@dataclass(frozen=True)
class TopicRequest:
    """What a worker wants of one topic; `None` means any."""

    topic: str
    lock_for: timedelta
    variables: Sequence[str] | None = None  #: names of those it wants to see; None for all
    only_local_variables: bool = False
    business_key: str | None = None
    definition_ids: Sequence[str] | None = None
    definition_keys: Sequence[str] | None = None
    version_tag: str | None = None
    instance_ids: Sequence[str] | None = None


@dataclass(frozen=True)
class LockedTask:
    """A task that now belongs to a worker."""

    job: Any  #: the row of the job table, as locked
    business_key: str | None
    process_definition_id: str
    process_key: str
    version_tag: str | None
    variables: dict[str, Any]
    properties: dict[str, str]  #: extension properties of the element


def fetch_and_lock(
    engine: Engine, worker: str, requests: Sequence[TopicRequest], most: int, order: Sequence[UnaryExpression[Any]] = ()
) -> list[LockedTask]:
    """Lock up to `most` tasks for a worker; topics of embedded handlers are not given away.

    Args:
        engine: whose tasks.
        worker: the name the locks carry.
        requests: one for each topic.
        most: how many tasks at most.
        order: of columns of the job table; then the oldest first.
    """
    wanted = {request.topic: request for request in requests if request.topic not in engine.embedded_topics}
    if not wanted or most < 1:
        return []
    with engine.database.transaction() as session:
        now = engine.clock.now()
        query = (
            select(
                JOBS, _INSTANCES.c.business_key, _INSTANCES.c.process_definition_id, _INSTANCES.c.process_key, _DEFINITIONS.c.version_tag
            )
            .join(_INSTANCES, _INSTANCES.c.id == JOBS.c.instance_id)
            .join(_DEFINITIONS, _DEFINITIONS.c.id == _INSTANCES.c.process_definition_id)
            .where(_available(now), or_(*(_fits(request) for request in wanted.values())))
            .order_by(*order, JOBS.c.available_at, JOBS.c.id)
            .limit(most)
            .with_for_update(skip_locked=True, of=JOBS)
        )
        rows = session.execute(query).all()
        for row in rows:
            until = now + wanted[row.topic].lock_for
            session.execute(
                update(JOBS)
                .where(JOBS.c.id == row.id)
                .values(state="leased", leased_by=worker, leased_until=until, attempt=row.attempt + 1)
            )
        return [_locked(engine, session, row, wanted[row.topic], worker, now) for row in rows]


def waiting_tasks(engine: Engine) -> dict[str, int]:
    """How many tasks there are to fetch, by the topics of external workers."""
    with engine.database.session() as session:
        query = select(JOBS.c.topic, func.count()).where(_available(engine.clock.now()), JOBS.c.topic.not_in(engine.embedded_topics))
        return {str(topic): count for topic, count in session.execute(query.group_by(JOBS.c.topic))}


def _available(now: datetime) -> ColumnElement[bool]:
    return and_(
        JOBS.c.kind == "handler",
        JOBS.c.suspended.is_(False),
        or_(
            and_(JOBS.c.state == "ready", JOBS.c.available_at <= now),
            and_(JOBS.c.state == "leased", JOBS.c.leased_until < now),
        ),
    )


def _fits(request: TopicRequest) -> ColumnElement[bool]:
    conditions = [JOBS.c.topic == request.topic]
    if request.business_key is not None:
        conditions.append(_INSTANCES.c.business_key == request.business_key)
    if request.definition_ids is not None:
        conditions.append(_INSTANCES.c.process_definition_id.in_(request.definition_ids))
    if request.definition_keys is not None:
        conditions.append(_INSTANCES.c.process_key.in_(request.definition_keys))
    if request.version_tag is not None:
        conditions.append(_DEFINITIONS.c.version_tag == request.version_tag)
    if request.instance_ids is not None:
        conditions.append(JOBS.c.instance_id.in_(request.instance_ids))
    return and_(*conditions)


def _locked(engine: Engine, session: Session, row: Any, request: TopicRequest, worker: str, now: datetime) -> LockedTask:
    job = row._asdict() | {"leased_by": worker, "leased_until": now + request.lock_for}
    catalog = Catalog(session, engine.cache)
    surroundings = Surroundings(now, engine.calendars, catalog, engine.settings.time_zone, None)
    compiled = catalog.process(row.process_definition_id)
    content = session.scalars(select(_INSTANCES.c.runtime_state).where(_INSTANCES.c.id == row.instance_id)).one()
    execution = state.load(content, compiled.spec, row.instance_id, row.business_key, surroundings)
    token = execution.tasks[row.element_instance_id]
    variables = dict(token.data) if request.only_local_variables else visible(token)
    if request.variables is not None:
        variables = {name: variables[name] for name in request.variables if name in variables}
    return LockedTask(
        job=job,
        business_key=row.business_key,
        process_definition_id=row.process_definition_id,
        process_key=row.process_key,
        version_tag=row.version_tag,
        variables=variables,
        properties=compiled.spec.process.elements[row.element_id].properties,
    )
