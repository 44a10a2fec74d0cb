"""Names of people and groups for pages that show ids of them."""

from collections.abc import Iterable

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.storage.tables import Group, Membership, User, UserTaskCandidate
from web.language import locale


def people_names(session: Session, ids: Iterable[str | None]) -> dict[str, str]:
    """Names of these users, by id; an id that is nobody's (the system, a removed person) is missing."""
    wanted = {user_id for user_id in ids if user_id}
    if not wanted:
        return {}
    return {row.id: row.name for row in session.execute(select(User.id, User.name).where(User.id.in_(wanted)))}


def group_names(session: Session, ids: Iterable[str] | None = None) -> dict[str, str]:
    """Names of these groups (or of all) in the reader's language, by id."""
    query = select(Group.id, Group.name, Group.name_en)
    if ids is not None:
        query = query.where(Group.id.in_(set(ids)))
    return {row.id: row.name if locale() == "zh" else row.name_en for row in session.execute(query)}


def members(session: Session, group_id: str) -> list[tuple[str, str]]:
    """Active people of a group: id and name, by name."""
    query = select(User.id, User.name).join(Membership, Membership.user_id == User.id).where(User.active, Membership.group_id == group_id)
    return [(row.id, row.name) for row in session.execute(query.order_by(User.name, User.id))]


def candidate_names(session: Session, task_ids: Iterable[str]) -> dict[str, list[str]]:
    """For each task the groups and people who may claim it, by name."""
    rows = session.execute(
        select(UserTaskCandidate.task_id, UserTaskCandidate.name, Group.name.label("zh"), Group.name_en, User.name.label("person"))
        .outerjoin(Group, (UserTaskCandidate.kind == "group") & (Group.id == UserTaskCandidate.name))
        .outerjoin(User, (UserTaskCandidate.kind == "user") & (User.id == UserTaskCandidate.name))
        .where(UserTaskCandidate.task_id.in_(set(task_ids)))
        .order_by(UserTaskCandidate.name)
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        group = row.zh if locale() == "zh" else row.name_en
        found.setdefault(row.task_id, []).append(group or row.person or row.name)
    return found


def colleagues(session: Session, task_id: str) -> list[tuple[str, str]]:
    """Active people who may have this task, by its candidates: id and name, by name."""
    candidates = select(UserTaskCandidate.name).where(UserTaskCandidate.task_id == task_id)
    in_groups = select(Membership.user_id).where(Membership.group_id.in_(candidates.where(UserTaskCandidate.kind == "group")))
    query = (
        select(User.id, User.name)
        .where(User.active, or_(User.id.in_(in_groups), User.id.in_(candidates.where(UserTaskCandidate.kind == "user"))))
        .order_by(User.name, User.id)
    )
    return [(row.id, row.name) for row in session.execute(query)]
