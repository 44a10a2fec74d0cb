"""A user task as it is answered."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.runtime.state import task_variables_of
from engine.storage.many import is_one_of
from engine.storage.tables import Attachment, Comment, ProcessInstance, UserTask
from web.definitions import definition
from web.rest import files
from web.rest.forms import FormRef
from web.rest.resources.task.updates import updates
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


class TaskWithVariablesDto(TaskDto):
    """A user task with its variables, for those who asked for them."""

    variables: dict[str, VariableValue]


class TaskWithInfoDto(TaskDto):
    """A user task, with whether there are files and remarks, for those who asked."""

    has_attachment: bool
    has_comment: bool


class TaskWithInfoAndVariablesDto(TaskWithInfoDto, TaskWithVariablesDto):
    """A user task with both."""


_STATES = {"open": "CREATED", "completed": "COMPLETED", "cancelled": "DELETED"}


def task_state(task: UserTask, changed_at: datetime | None) -> str:
    """Camunda's word; an open task that was changed is `UPDATED`."""
    return "UPDATED" if task.state == "open" and changed_at is not None else _STATES[task.state]


def show_task(session: Session, task: UserTask) -> TaskDto:
    """One task."""
    return show_tasks(session, [task])[0]


def show_tasks(
    session: Session, tasks: Sequence[UserTask], *, with_info: bool = False, with_variables: Literal["visible", "local"] | None = None
) -> Sequence[TaskDto]:
    """Tasks, with what was asked for: whether there are remarks and files, the variables that they see or those that are their own."""
    changed = updates(session, tasks)
    found = [_fields(session, task, changed.get(task.id)) for task in tasks]
    if with_info:
        _add_info(session, found)
    if with_variables:
        _add_variables(session, tasks, found, local=with_variables == "local")
    kind = {
        (True, True): TaskWithInfoAndVariablesDto,
        (True, False): TaskWithInfoDto,
        (False, True): TaskWithVariablesDto,
        (False, False): TaskDto,
    }[with_info, with_variables is not None]
    return [kind(**fields) for fields in found]


def _add_info(session: Session, found: Sequence[dict[str, Any]]) -> None:
    ids = [fields["id"] for fields in found]
    remarked = set(session.scalars(select(Comment.task_id).where(is_one_of(session, Comment.task_id, ids)).distinct()))
    filed = set(session.scalars(select(Attachment.task_id).where(is_one_of(session, Attachment.task_id, ids)).distinct()))
    for fields in found:
        fields |= {"has_attachment": fields["id"] in filed, "has_comment": fields["id"] in remarked}


def _add_variables(session: Session, tasks: Sequence[UserTask], found: Sequence[dict[str, Any]], *, local: bool) -> None:
    query = select(ProcessInstance.id, ProcessInstance.runtime_state)
    states = dict(session.execute(query.where(is_one_of(session, ProcessInstance.id, {task.instance_id for task in tasks}))).all())
    for task, fields in zip(tasks, found, strict=True):
        theirs = task_variables_of(states[task.instance_id], task.id)
        fields["variables"] = files.show(session, task.root_id, theirs.local if local else theirs.visible)


def _fields(session: Session, task: UserTask, changed_at: datetime | None) -> dict[str, Any]:
    element = definition(session, task.process_definition_id).element(task.element_id)
    form_key = element.camunda.get("formRef") if element else None
    return {
        "id": task.id,
        "name": task.name,
        "assignee": task.assignee,
        "created": task.created_at,
        "due": task.due_at,
        "follow_up": task.follow_up_at,
        "last_updated": changed_at,
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
        "task_state": task_state(task, changed_at),
    }
