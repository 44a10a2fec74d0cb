"""How many tasks wait for whom."""

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from engine.storage.tables import UserTask, UserTaskCandidate
from web.current import database, person
from web.permissions import visible_tasks
from web.rest.operation import operation
from web.rest.types import Dto


class CandidateGroupCountDto(Dto):
    """How many open tasks that nobody has a group may claim; those that are for no group have none."""

    group_name: str | None = None
    task_count: int


@operation("GET", "/task/report/candidate-group-count", tag="task")
def candidate_group_count() -> list[CandidateGroupCountDto]:
    """Open tasks that nobody has, by the groups that may claim them; one that is for two groups counts for both."""
    candidate = aliased(UserTaskCandidate)  # the condition on what the caller sees asks for candidates, too
    open_tasks = (
        select(candidate.name, func.count())
        .select_from(UserTask)
        .outerjoin(candidate, and_(candidate.task_id == UserTask.id, candidate.kind == "group"))
        .where(UserTask.state == "open", UserTask.assignee.is_(None), visible_tasks(person()))
        .group_by(candidate.name)
        .order_by(candidate.name)
    )
    with database().session() as session:
        return [CandidateGroupCountDto(group_name=group, task_count=count) for group, count in session.execute(open_tasks)]
