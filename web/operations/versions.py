"""The versions of processes, and how many cases run each."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.storage.tables import ProcessDefinition, ProcessInstance


@dataclass(frozen=True)
class Version:
    """One version of a process."""

    id: str
    number: int
    state: str
    running: int  #: instances active or suspended


def versions_of(session: Session, key: str) -> list[Version]:
    """Every version of a process, newest first."""
    running = (
        select(ProcessInstance.process_definition_id, func.count().label("number"))
        .where(ProcessInstance.process_key == key, ProcessInstance.ended_at.is_(None))
        .group_by(ProcessInstance.process_definition_id)
        .subquery()
    )
    rows = session.execute(
        select(ProcessDefinition.id, ProcessDefinition.version, ProcessDefinition.state, running.c.number)
        .outerjoin(running, running.c.process_definition_id == ProcessDefinition.id)
        .where(ProcessDefinition.key == key)
        .order_by(ProcessDefinition.version.desc())
    )
    return [Version(row.id, row.version, row.state, row.number or 0) for row in rows]
