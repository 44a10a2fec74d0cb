"""The queues that a person may take tasks from, found by stepping from queue to queue in the index, not by looking at the tasks."""

from dataclasses import dataclass

from sqlalchemy import and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from engine.storage.tables import UserTask, UserTaskCandidate
from web.auth.person import Person

IS_OPEN = and_(UserTask.state == "open", UserTask.suspended.is_(False))


@dataclass(frozen=True)
class Queue:
    """Open tasks of one process with the same candidates."""

    id: str
    process_key: str
    process_definition_id: str  #: of its newest task
    is_own: bool  #: whether the person is among the candidates


def open_queues(session: Session, person: Person) -> list[Queue]:
    """Every queue in which a task is open, and whether the person may take from it."""
    rows = session.execute(_QUEUES, {"groups": sorted(person.groups), "me": person.id})
    return [Queue(*row) for row in rows]


_step, _newest = aliased(UserTask), aliased(UserTask)
_first = select(func.min(UserTask.queue).label("id")).where(UserTask.state == "open").cte("queue", recursive=True)
_next = select(func.min(_step.queue)).where(_step.state == "open", _step.queue > _first.c.id).scalar_subquery()
_queues = _first.union_all(select(_next).where(_first.c.id.is_not(None)))
_is_own = exists(
    select(UserTaskCandidate.task_id).where(
        UserTaskCandidate.task_id == _newest.id,
        or_(
            and_(UserTaskCandidate.kind == "group", UserTaskCandidate.name.in_(bindparam("groups", expanding=True))),
            and_(UserTaskCandidate.kind == "user", UserTaskCandidate.name == bindparam("me")),
        ),
    )
)
_newest_id = (
    select(UserTask.id)
    .where(UserTask.state == "open", UserTask.queue == _queues.c.id)
    .order_by(UserTask.created_at.desc())
    .limit(1)
    .scalar_subquery()
)
_QUEUES = select(_queues.c.id, _newest.process_key, _newest.process_definition_id, _is_own).join(_newest, _newest.id == _newest_id)
