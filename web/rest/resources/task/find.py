"""The task that a call is about."""

from sqlalchemy import select

from engine.storage.tables import UserTask
from web.current import database, person
from web.permissions import visible_tasks
from web.rest.errors import Refused


def find(task_id: str) -> UserTask:
    """An open task that the caller may see.

    Raises:
        Refused: 404, there is none.
    """
    with database().session() as session:
        found = session.scalar(select(UserTask).where(UserTask.id == task_id, UserTask.state == "open", visible_tasks(person())))
    if found is None:
        raise Refused(404, "InvalidRequestException", f"没有任务 {task_id}。", f"No matching task with id {task_id}")
    return found
