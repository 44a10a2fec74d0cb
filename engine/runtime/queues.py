"""The queue of a user task: tasks of one process with the same candidates wait in the same one.

A person's inbox is then a handful of queues, each sorted by an index, however many tasks are open and whoever else's they are.
"""

from collections.abc import Iterable
from hashlib import sha256

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.storage.tables import UserTask, UserTaskCandidate


def queue_of(process_key: str, candidates: Iterable[tuple[str, str]]) -> str:
    """The queue of a process's tasks for these candidates, each ("user" or "group", name)."""
    members = sorted({f"{kind}:{name}" for kind, name in candidates})
    return sha256("\n".join([process_key, *members]).encode()).hexdigest()[:32]


def requeue(session: Session, task_id: str) -> None:
    """Put a task into the queue of the candidates it has now; for whoever has changed them."""
    session.flush()
    found = session.execute(select(UserTaskCandidate.kind, UserTaskCandidate.name).where(UserTaskCandidate.task_id == task_id))
    candidates = [(row.kind, row.name) for row in found]
    process_key = session.scalars(select(UserTask.process_key).where(UserTask.id == task_id)).one()
    session.execute(update(UserTask).where(UserTask.id == task_id).values(queue=queue_of(process_key, candidates)))
