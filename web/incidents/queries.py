"""Reading incidents."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from engine.errors import NotFound
from engine.storage.tables import Incident, Job, ProcessInstance

PAGE_SIZE = 50


@dataclass(frozen=True)
class Found:
    """One incident with the instance and the job it stopped."""

    incident: Incident
    instance: ProcessInstance | None
    job: Job | None


def page(session: Session, state: str, number: int) -> tuple[list[Found], int]:
    """The incidents of one page, newest first, and how many there are."""
    total = session.scalar(select(func.count()).select_from(Incident).where(Incident.state == state)) or 0
    rows = session.execute(
        select(Incident, ProcessInstance, Job)
        .outerjoin(ProcessInstance, ProcessInstance.id == Incident.instance_id)
        .outerjoin(Job, Job.id == Incident.job_id)
        .options(defer(ProcessInstance.runtime_state, raiseload=True))
        .where(Incident.state == state)
        .order_by(Incident.opened_at.desc(), Incident.id)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    return [Found(row.Incident, row.ProcessInstance, row.Job) for row in rows], total


def find(session: Session, incident_id: str) -> Found:
    """One incident.

    Raises:
        NotFound: no such incident.
    """
    row = session.execute(
        select(Incident, ProcessInstance, Job)
        .outerjoin(ProcessInstance, ProcessInstance.id == Incident.instance_id)
        .outerjoin(Job, Job.id == Incident.job_id)
        .options(defer(ProcessInstance.runtime_state, raiseload=True))
        .where(Incident.id == incident_id)
    ).first()
    if row is None:
        raise NotFound("没有这个异常。", "There is no such incident.")
    return Found(row.Incident, row.ProcessInstance, row.Job)


def open_ids(session: Session, chosen: list[str]) -> list[str]:
    """Those of the incidents that are still open."""
    return list(session.scalars(select(Incident.id).where(Incident.id.in_(chosen), Incident.state == "open")))
