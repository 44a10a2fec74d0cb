"""More people for a task that nobody got done."""

from sqlalchemy import select

from engine.runtime.handlers import JobContext, handler
from engine.runtime.queues import requeue
from engine.storage.tables.user_tasks import UserTask, UserTaskCandidate
from handlers.fields import Names, Request, Result


class AddCandidates(Request):
    """Which groups may take which open tasks of this case, too."""

    element_ids: Names
    groups: Names


class CandidatesAdded(Result):
    """How many task and group pairs are new."""

    added_count: int


@handler("tasks.add_candidates", title="加候选组", title_en="Add candidate groups")
def add_candidates(ctx: JobContext, request: AddCandidates) -> CandidatesAdded:
    """Let more groups claim the open tasks of this instance at some elements; asked again, nothing changes."""
    open_tasks = select(UserTask.id).where(
        UserTask.instance_id == ctx.instance_id, UserTask.state == "open", UserTask.element_id.in_(request.element_ids)
    )
    added = 0
    for task_id in ctx.session.scalars(open_tasks).all():
        new = [group for group in request.groups if ctx.session.get(UserTaskCandidate, (task_id, "group", group)) is None]
        ctx.session.add_all(UserTaskCandidate(task_id=task_id, kind="group", name=group) for group in new)
        requeue(ctx.session, task_id)
        added += len(new)
    return CandidatesAdded(added_count=added)
