"""Commands on incidents."""

from sqlalchemy import select, update

from engine.errors import Conflict, NotFound
from engine.runtime import jobs
from engine.runtime.engine import Engine
from engine.storage.tables import Incident

INCIDENTS = Incident.__table__


def resolve(engine: Engine, incident_id: str, actor: str | None) -> None:
    """Try again what failed: the incident is resolved when the work succeeds, not before. One without a job is set aside.

    Raises:
        NotFound, Conflict: no such incident, it is resolved, or only the case itself can resolve it.
    """
    with engine.database.session() as session:
        incident = session.execute(select(INCIDENTS).where(INCIDENTS.c.id == incident_id)).one_or_none()
    if incident is None:
        raise NotFound(f"没有异常 {incident_id}。", f"There is no incident {incident_id}.", id=incident_id)
    if incident.state != "open":
        raise Conflict("这个异常已经解决。", "This incident is resolved.", id=incident_id)
    if incident.kind == "join":
        raise Conflict(
            "这里没有可重试的：案例继续之后，这个异常自动解决。请移动令牌或取消案例。",
            "There is nothing to retry: the incident is resolved when the case moves on. Move the token or cancel the case.",
            id=incident_id,
        )
    if incident.job_id is not None:
        jobs.retry(engine, incident.job_id, actor)
        return
    with engine.step(actor) as step:
        step.session.execute(
            update(INCIDENTS)
            .where(INCIDENTS.c.id == incident_id)
            .values(state="resolved", resolved_at=step.surroundings.now, resolved_by=actor)
        )
        if incident.instance_id is not None:
            step.open(incident.instance_id, incident.root_id).execution.effects.record("IncidentResolved", incident.element_id, None)
