"""A user task as it is answered."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.storage.tables import Attachment, Comment, UserTask
from web.definitions import definition
from web.rest.forms import FormRef
from web.rest.types import Dto, Instant
from web.rest.values import VariableValue


class TaskDto(Dto):
    """A user task."""

    id: str
    name: str | None = None
    assignee: str | None = None
    created: Instant
    due: Instant | None = None
    follow_up: Instant | None = None
    last_updated: Instant | None = None
    delegation_state: str | None = None
    description: str | None = None
    execution_id: str
    owner: str | None = None
    parent_task_id: str | None = None
    priority: int
    process_definition_id: str
    process_instance_id: str
    task_definition_key: str
    case_execution_id: str | None = None
    case_instance_id: str | None = None
    case_definition_id: str | None = None
    suspended: bool
    form_key: str | None = None
    camunda_form_ref: FormRef | None = None
    tenant_id: str | None = None
    task_state: str


class TaskWithInfoDto(TaskDto):
    """A user task, with what was asked for besides."""

    has_attachment: bool | None = None
    has_comment: bool | None = None
    variables: dict[str, VariableValue] | None = None


_STATES = {"open": "CREATED", "completed": "COMPLETED", "cancelled": "DELETED"}


def show_task(session: Session, task: UserTask) -> TaskDto:
    """One task."""
    return TaskDto(**_fields(session, task))


def show_task_with_info(session: Session, tasks: Sequence[UserTask]) -> list[TaskWithInfoDto]:
    """Tasks, with whether there are remarks and files."""
    ids = [task.id for task in tasks]
    remarked = set(session.scalars(select(Comment.task_id).where(Comment.task_id.in_(ids)).distinct()))
    filed = set(session.scalars(select(Attachment.task_id).where(Attachment.task_id.in_(ids)).distinct()))
    return [TaskWithInfoDto(**_fields(session, task), has_attachment=task.id in filed, has_comment=task.id in remarked) for task in tasks]


def _fields(session: Session, task: UserTask) -> dict[str, Any]:
    element = definition(session, task.process_definition_id).element(task.element_id)
    form_key = element.camunda.get("formRef") if element else None
    return {
        "id": task.id,
        "name": task.name,
        "assignee": task.assignee,
        "created": task.created_at,
        "due": task.due_at,
        "follow_up": task.follow_up_at,
        "description": element.documentation or None if element else None,
        "execution_id": task.instance_id,
        "delegation_state": task.delegation_state,
        "owner": task.owner,
        "priority": task.priority,
        "process_definition_id": task.process_definition_id,
        "process_instance_id": task.instance_id,
        "task_definition_key": task.element_id,
        "suspended": task.suspended,
        "camunda_form_ref": FormRef(key=form_key, binding=element.camunda.get("formRefBinding", "latest"))
        if element and form_key
        else None,
        "task_state": _STATES[task.state],
    }
