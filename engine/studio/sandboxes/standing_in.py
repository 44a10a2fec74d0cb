"""Who does a task in a sandbox: the person it is with, else somebody of its groups; a stand-in where the office has nobody."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.runtime.engine import Engine
from engine.storage.tables import Group, Membership, User, UserTask, UserTaskCandidate

#: Whose hands a task is in that nobody was named for.
_ANYBODY = "somebody"


def doer_of(session: Session, task: UserTask) -> tuple[str, list[str]]:
    """Who does a task, and the groups that a stand-in is to be in; none for a person of the office."""
    if task.assignee is not None:
        return task.assignee, [] if session.get(User, task.assignee) is not None else [""]
    candidates = session.execute(select(UserTaskCandidate.kind, UserTaskCandidate.name).where(UserTaskCandidate.task_id == task.id)).all()
    users = sorted(row.name for row in candidates if row.kind == "user")
    known = session.scalars(select(User.id).where(User.id.in_(users)).order_by(User.id)).first()
    if known is not None:
        return known, []
    groups = sorted(row.name for row in candidates if row.kind == "group")
    member = session.scalars(select(Membership.user_id).where(Membership.group_id.in_(groups)).order_by(Membership.user_id)).first()
    if member is not None:
        return member, []
    return (users[0], [""]) if users else (f"{groups[0]}-1" if groups else _ANYBODY, groups or [""])


def starter_of(session: Session, groups: list[str]) -> str | None:
    """Who starts a process: somebody of its starter groups; where everybody may, somebody who works here."""
    members = select(Membership.user_id).order_by(Membership.user_id)
    wanted = Membership.group_id.in_(groups) if groups else Membership.group_id.not_like("opsbook-%")
    return session.scalars(members.where(wanted)).first()


def admit(engine: Engine, people: Mapping[str, list[str]]) -> None:
    """Let stand-ins into the office."""
    if not people:
        return
    with engine.database.transaction() as session:
        for user_id, groups in people.items():
            if session.get(User, user_id) is None:
                session.add(
                    User(
                        id=user_id, name=user_id, email=None, password_hash=None, locale="zh", active=True,
                        created_at=engine.clock.now(), session_epoch=0, failed_logins=0, locked_until=None,
                    )
                )  # fmt: skip
            for group in filter(None, groups):
                if session.get(Group, group) is None:
                    session.add(Group(id=group, name=group, name_en=group))
                session.flush()
                if session.get(Membership, (user_id, group)) is None:
                    session.add(Membership(user_id=user_id, group_id=group))
