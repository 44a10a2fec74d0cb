"""When a task was changed last, from the events: claimed, handed over, changed, remarked on, its own variables corrected."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from engine.storage.many import is_one_of
from engine.storage.tables import Event, UserTask

_CHANGES = ("UserTaskClaimed", "UserTaskUnclaimed", "UserTaskAssigned", "UserTaskChanged", "CommentAdded", "AttachmentAdded")
#: A person's correction of a variable comes from no element; what a form or a mapping sets belongs to completing or making the task.
_IS_CHANGE = or_(Event.type.in_(_CHANGES), and_(Event.type == "VariableChanged", Event.element_instance_id.is_(None)))
_TASK = func.coalesce(Event.element_instance_id, Event.data["scope"].as_string())


def last_updated() -> Any:
    """Of each row of a statement on user tasks; null when nobody has changed it since it was made."""
    changes = select(func.max(Event.happened_at)).where(Event.instance_id == UserTask.instance_id, _IS_CHANGE, UserTask.id == _TASK)
    return changes.correlate(UserTask).scalar_subquery()


def updates(session: Session, tasks: Collection[UserTask]) -> dict[str, datetime]:
    """By task, of those that were changed."""
    cases, ids = {task.instance_id for task in tasks}, [task.id for task in tasks]
    query = select(_TASK, func.max(Event.happened_at)).where(is_one_of(session, Event.instance_id, cases), _IS_CHANGE)
    return {row[0]: row[1] for row in session.execute(query.where(is_one_of(session, _TASK, ids)).group_by(_TASK))}
