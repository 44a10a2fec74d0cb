"""The list of open user tasks that the caller may see, and one of them."""

from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import Select, exists, func, not_, or_, select
from sqlalchemy.orm import Session

from engine.storage.tables import Membership, ProcessDefinition, UserTask, UserTaskCandidate
from web.current import database
from web.permissions import visible_tasks
from web.rest.absent import NO_VALUE, TENANTS, nothing
from web.rest.drawn import Drawn
from web.rest.held_variables import by_variable, of_tasks
from web.rest.listing import Asked, Condition, Filter, Listing
from web.rest.operation import operation
from web.rest.resources.task.find import find
from web.rest.resources.task.shape import (
    TaskDto,
    TaskWithInfoAndVariablesDto,
    TaskWithInfoDto,
    TaskWithVariablesDto,
    show_task,
    show_tasks,
)
from web.rest.resources.task.updates import last_updated
from web.rest.types import Flag, Instant, Integer32, TextList
from web.rest.variable_conditions import IGNORE_CASE, VariableConditions, on_variables

_CANDIDATE = UserTaskCandidate


def _open_to(*conditions: Any) -> Condition:
    return exists(select(_CANDIDATE.task_id).where(_CANDIDATE.task_id == UserTask.id, *conditions))


def _to_groups(groups: Sequence[str]) -> Condition:
    return _open_to(_CANDIDATE.kind == "group", _CANDIDATE.name.in_(groups))


def _to_user(user: str) -> Condition:
    groups = select(Membership.group_id).where(Membership.user_id == user)
    return or_(
        _open_to(_CANDIDATE.kind == "user", _CANDIDATE.name == user), _open_to(_CANDIDATE.kind == "group", _CANDIDATE.name.in_(groups))
    )


def _of_process(condition: Condition) -> Condition:
    return UserTask.process_definition_id.in_(select(ProcessDefinition.id).where(condition))


_DESCRIPTION = Drawn(UserTask.process_definition_id, UserTask.element_id, lambda element: element.documentation)

FILTERS = (
    Filter("taskId", str, lambda value: UserTask.id == value),
    Filter("taskIdIn", TextList, UserTask.id.in_),
    Filter("processInstanceId", str, lambda value: UserTask.instance_id == value),
    Filter("processInstanceIdIn", TextList, UserTask.instance_id.in_),
    Filter("processInstanceBusinessKey", str, lambda value: UserTask.business_key == value, or_expression=True),
    Filter("processInstanceBusinessKeyIn", TextList, UserTask.business_key.in_),
    Filter("processInstanceBusinessKeyLike", str, UserTask.business_key.like, or_expression=True),
    Filter("processDefinitionId", str, lambda value: UserTask.process_definition_id == value),
    Filter("processDefinitionKey", str, lambda value: UserTask.process_key == value),
    Filter("processDefinitionKeyIn", TextList, UserTask.process_key.in_),
    Filter("processDefinitionName", str, lambda value: _of_process(ProcessDefinition.name == value)),
    Filter("processDefinitionNameLike", str, lambda value: _of_process(ProcessDefinition.name.like(value))),
    Filter("executionId", str, lambda value: UserTask.instance_id == value),
    Filter("activityInstanceIdIn", TextList, UserTask.id.in_),
    *TENANTS,
    Filter("assignee", str, lambda value: UserTask.assignee == value, or_expression=True),
    Filter("assigneeLike", str, UserTask.assignee.like, or_expression=True),
    Filter("assigneeIn", TextList, UserTask.assignee.in_),
    Filter("assigneeNotIn", TextList, lambda value: or_(UserTask.assignee.is_(None), UserTask.assignee.not_in(value))),
    Filter("assigned", Flag, lambda _: UserTask.assignee.is_not(None)),
    Filter("unassigned", Flag, lambda _: UserTask.assignee.is_(None)),
    Filter("owner", str, lambda value: UserTask.owner == value, or_expression=True),
    Filter("delegationState", Literal["PENDING", "RESOLVED"], lambda value: UserTask.delegation_state == value),
    Filter("candidateUser", str, _to_user, or_expression=True),
    Filter("candidateGroup", str, lambda value: _to_groups([value]), or_expression=True),
    Filter("candidateGroupLike", str, lambda value: _open_to(_CANDIDATE.kind == "group", _CANDIDATE.name.like(value))),
    Filter("candidateGroups", TextList, _to_groups, or_expression=True),
    Filter("includeAssignedTasks", Flag),
    Filter(
        "involvedUser",
        str,
        lambda value: or_(UserTask.assignee == value, _open_to(_CANDIDATE.kind == "user", _CANDIDATE.name == value)),
        or_expression=True,
    ),
    Filter("withCandidateGroups", Flag, lambda _: _open_to(_CANDIDATE.kind == "group")),
    Filter("withoutCandidateGroups", Flag, lambda _: not_(_open_to(_CANDIDATE.kind == "group"))),
    Filter("withCandidateUsers", Flag, lambda _: _open_to(_CANDIDATE.kind == "user")),
    Filter("withoutCandidateUsers", Flag, lambda _: not_(_open_to(_CANDIDATE.kind == "user"))),
    Filter("name", str, lambda value: UserTask.name == value),
    Filter("nameNotEqual", str, lambda value: UserTask.name != value),
    Filter("nameLike", str, UserTask.name.ilike),
    Filter("nameNotLike", str, UserTask.name.not_ilike),
    Filter("taskDefinitionKey", str, lambda value: UserTask.element_id == value),
    Filter("taskDefinitionKeyIn", TextList, UserTask.element_id.in_),
    Filter("taskDefinitionKeyNotIn", TextList, UserTask.element_id.not_in),
    Filter("taskDefinitionKeyLike", str, UserTask.element_id.like),
    Filter("priority", Integer32, lambda value: UserTask.priority == value),
    Filter("minPriority", Integer32, lambda value: UserTask.priority >= value),
    Filter("maxPriority", Integer32, lambda value: UserTask.priority <= value),
    Filter("dueDate", Instant, lambda value: UserTask.due_at == value, or_expression=True),
    Filter("due", Instant, lambda value: UserTask.due_at == value),
    Filter("dueAfter", Instant, lambda value: UserTask.due_at > value, or_expression=True),
    Filter("dueBefore", Instant, lambda value: UserTask.due_at < value, or_expression=True),
    Filter("withoutDueDate", Flag, lambda _: UserTask.due_at.is_(None)),
    Filter("followUpDate", Instant, lambda value: UserTask.follow_up_at == value, or_expression=True),
    Filter("followUp", Instant, lambda value: UserTask.follow_up_at == value),
    Filter("followUpAfter", Instant, lambda value: UserTask.follow_up_at > value, or_expression=True),
    Filter("followUpBefore", Instant, lambda value: UserTask.follow_up_at < value, or_expression=True),
    Filter(
        "followUpBeforeOrNotExistent",
        Instant,
        lambda value: or_(UserTask.follow_up_at.is_(None), UserTask.follow_up_at < value),
        or_expression=True,
    ),
    Filter("createdOn", Instant, lambda value: UserTask.created_at == value, or_expression=True),
    Filter("created", Instant, lambda value: UserTask.created_at == value),
    Filter("createdAfter", Instant, lambda value: UserTask.created_at > value, or_expression=True),
    Filter("createdBefore", Instant, lambda value: UserTask.created_at < value, or_expression=True),
    Filter("active", Flag, lambda _: UserTask.suspended.is_(False)),
    Filter("suspended", Flag, lambda _: UserTask.suspended.is_(True)),
    Filter("updatedAfter", Instant, lambda value: func.coalesce(last_updated(), UserTask.created_at) > value, or_expression=True),
    Filter("description", str),
    Filter("descriptionLike", str),
    Filter("processVariables", VariableConditions),
    Filter("taskVariables", VariableConditions),
    *IGNORE_CASE,
    *nothing("parentTaskId", "caseDefinitionId", "caseDefinitionKey", "caseDefinitionName", "caseDefinitionNameLike", "caseExecutionId"),
    *nothing("caseInstanceId", "caseInstanceBusinessKey", "caseInstanceBusinessKeyLike"),
    *nothing("caseInstanceVariables", kind=VariableConditions),
    Filter("withCommentAttachmentInfo", Flag),
    Filter("withTaskVariablesInReturn", Flag),
    Filter("withTaskLocalVariablesInReturn", Flag),
)
_CANDIDATE_FILTERS = ("candidateUser", "candidateGroup", "candidateGroupLike", "candidateGroups")


def _unassigned(_session: Session, asked: Asked, _query: Select[Any]) -> list[Condition]:
    """Who asks for candidates means the tasks that these may claim, unless the assigned ones are asked for, too."""
    asks = any(asked.get(name) is not None for name in _CANDIDATE_FILTERS) and not asked.get("includeAssignedTasks")
    return [UserTask.assignee.is_(None)] if asks else []


def _show(session: Session, rows: Sequence[Any], asked: Asked) -> Sequence[TaskDto]:
    return show_tasks(
        session,
        [row.UserTask for row in rows],
        with_info=bool(asked.get("withCommentAttachmentInfo")),
        with_variables="visible"
        if asked.get("withTaskVariablesInReturn")
        else "local"
        if asked.get("withTaskLocalVariablesInReturn")
        else None,
    )


Listing(
    path="/task",
    tag="task",
    item=TaskWithInfoAndVariablesDto | TaskWithInfoDto | TaskWithVariablesDto | TaskDto,
    about="open user tasks",
    select=lambda me: select(UserTask).where(UserTask.state == "open", visible_tasks(me)),
    show=_show,
    filters=FILTERS,
    sorts={
        "instanceId": UserTask.instance_id,
        "dueDate": UserTask.due_at,
        "followUpDate": UserTask.follow_up_at,
        "executionId": UserTask.instance_id,
        "assignee": UserTask.assignee,
        "created": UserTask.created_at,
        "lastUpdated": last_updated(),
        "description": _DESCRIPTION.sort,
        "id": UserTask.id,
        "name": UserTask.name,
        "nameCaseInsensitive": func.lower(UserTask.name),
        "priority": UserTask.priority,
        **dict.fromkeys(("tenantId", "caseInstanceId", "caseExecutionId"), NO_VALUE),
        "processVariable": by_variable(UserTask.instance_id),
        "executionVariable": by_variable(UserTask.instance_id),
        "taskVariable": by_variable(UserTask.id, of_tasks),
    },
    order=(UserTask.created_at, UserTask.id),
    also=(
        _unassigned,
        _DESCRIPTION.equal_or_like("description", "descriptionLike"),
        on_variables("processVariables", UserTask.instance_id),
        on_variables("taskVariables", UserTask.id, of_tasks),
    ),
    or_queries=True,
).declare()


@operation("GET", "/task/{task_id}", tag="task")
def get(task_id: str) -> TaskDto:
    """An open user task."""
    task = find(task_id)
    with database().session() as session:
        return show_task(session, task)
