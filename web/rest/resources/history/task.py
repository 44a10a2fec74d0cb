"""User tasks, open and done."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, not_, or_, select
from sqlalchemy.orm import Session

from engine.storage.tables import ProcessDefinition, ProcessInstance, UserTask, UserTaskCandidate
from web.auth.person import Person
from web.definitions import definition
from web.permissions import visible_tasks
from web.rest.absent import NO_VALUE, TENANTS, nothing
from web.rest.drawn import Drawn
from web.rest.held_variables import of_tasks
from web.rest.listing import Asked, Condition, Filter, Listing
from web.rest.resources.history.durations import milliseconds
from web.rest.resources.process_instance.shape import WITHOUT_STATE
from web.rest.resources.task.shape import task_state
from web.rest.resources.task.updates import updates
from web.rest.types import Dto, Flag, Instant, Integer32, TextList
from web.rest.variable_conditions import IGNORE_CASE, VariableConditions, holds, on_variables

_T, _I = UserTask, ProcessInstance
_DESCRIPTION = Drawn(_T.process_definition_id, _T.element_id, lambda element: element.documentation)
_REASONS = {"open": None, "completed": "completed", "cancelled": "deleted"}


class HistoricTaskInstanceDto(Dto):
    """A user task, open or done."""

    id: str
    process_definition_key: str
    process_definition_id: str
    process_instance_id: str
    execution_id: str
    case_definition_key: str | None = None
    case_definition_id: str | None = None
    case_instance_id: str | None = None
    case_execution_id: str | None = None
    activity_instance_id: str
    name: str
    description: str | None = None
    delete_reason: str | None = None
    owner: str | None = None
    assignee: str | None = None
    start_time: Instant
    end_time: Instant | None = None
    duration: int | None = None
    task_definition_key: str
    priority: int
    due: Instant | None = None
    parent_task_id: str | None = None
    follow_up: Instant | None = None
    tenant_id: str | None = None
    removal_time: Instant | None = None
    root_process_instance_id: str
    task_state: str


def _open_to(kind: str, name: str) -> Condition:
    candidate = UserTaskCandidate
    return exists(select(candidate.task_id).where(candidate.task_id == _T.id, candidate.kind == kind, candidate.name == name))


def _any_candidate(kind: str) -> Condition:
    return exists(select(UserTaskCandidate.task_id).where(UserTaskCandidate.task_id == _T.id, UserTaskCandidate.kind == kind))


def _of_process(condition: Condition) -> Condition:
    return _T.process_definition_id.in_(select(ProcessDefinition.id).where(condition))


FILTERS = (
    Filter("taskId", str, lambda value: _T.id == value),
    Filter("taskIdIn", TextList, _T.id.in_),
    Filter("processInstanceId", str, lambda value: _T.instance_id == value),
    Filter("processInstanceIdIn", TextList, _T.instance_id.in_),
    Filter("rootProcessInstanceId", str, lambda value: _T.root_id == value),
    Filter("processInstanceBusinessKey", str, lambda value: _T.business_key == value),
    Filter("processInstanceBusinessKeyIn", TextList, _T.business_key.in_),
    Filter("processInstanceBusinessKeyLike", str, _T.business_key.like),
    Filter("executionId", str, lambda value: _T.instance_id == value),
    Filter("processDefinitionId", str, lambda value: _T.process_definition_id == value),
    Filter("processDefinitionKey", str, lambda value: _T.process_key == value),
    Filter("processDefinitionName", str, lambda value: _of_process(ProcessDefinition.name == value)),
    Filter("activityInstanceIdIn", TextList, _T.id.in_),
    Filter("taskName", str, lambda value: _T.name == value),
    Filter("taskNameLike", str, _T.name.ilike),
    Filter("taskDeleteReason", str, lambda value: _T.state.in_([state for state, reason in _REASONS.items() if reason == value])),
    Filter("taskAssignee", str, lambda value: _T.assignee == value),
    Filter("taskAssigneeLike", str, _T.assignee.like),
    Filter("taskOwner", str, lambda value: _T.owner == value),
    Filter("taskOwnerLike", str, _T.owner.like),
    Filter("taskPriority", Integer32, lambda value: _T.priority == value),
    Filter("assigned", Flag, lambda _: _T.assignee.is_not(None)),
    Filter("unassigned", Flag, lambda _: _T.assignee.is_(None)),
    Filter("finished", Flag, lambda _: _T.ended_at.is_not(None)),
    Filter("unfinished", Flag, lambda _: _T.ended_at.is_(None)),
    Filter("processFinished", Flag, lambda _: _I.ended_at.is_not(None)),
    Filter("processUnfinished", Flag, lambda _: _I.ended_at.is_(None)),
    Filter("taskDueDate", Instant, lambda value: _T.due_at == value),
    Filter("taskDueDateBefore", Instant, lambda value: _T.due_at < value),
    Filter("taskDueDateAfter", Instant, lambda value: _T.due_at > value),
    Filter("withoutTaskDueDate", Flag, lambda _: _T.due_at.is_(None)),
    Filter("taskFollowUpDate", Instant, lambda value: _T.follow_up_at == value),
    Filter("taskFollowUpDateBefore", Instant, lambda value: _T.follow_up_at < value),
    Filter("taskFollowUpDateAfter", Instant, lambda value: _T.follow_up_at > value),
    Filter("startedBefore", Instant, lambda value: _T.created_at <= value),
    Filter("startedAfter", Instant, lambda value: _T.created_at >= value),
    Filter("finishedBefore", Instant, lambda value: _T.ended_at <= value),
    Filter("finishedAfter", Instant, lambda value: _T.ended_at >= value),
    Filter("taskDefinitionKey", str, lambda value: _T.element_id == value),
    Filter("taskDefinitionKeyIn", TextList, _T.element_id.in_),
    Filter("taskInvolvedUser", str, lambda value: or_(_T.assignee == value, _T.completed_by == value, _open_to("user", value))),
    Filter("taskInvolvedGroup", str, lambda value: _open_to("group", value)),
    Filter("taskHadCandidateUser", str, lambda value: _open_to("user", value)),
    Filter("taskHadCandidateGroup", str, lambda value: _open_to("group", value)),
    Filter("withCandidateGroups", Flag, lambda _: _any_candidate("group")),
    Filter("withoutCandidateGroups", Flag, lambda _: not_(_any_candidate("group"))),
    Filter(
        "taskDeleteReasonLike",
        str,
        lambda value: _T.state.in_([state for state, reason in _REASONS.items() if holds(reason, "like", value)]),
    ),
    Filter("taskDescription", str),
    Filter("taskDescriptionLike", str),
    Filter("processVariables", VariableConditions),
    Filter("taskVariables", VariableConditions),
    *IGNORE_CASE,
    *TENANTS,
    *nothing("taskParentTaskId", "caseDefinitionId", "caseDefinitionKey", "caseDefinitionName", "caseExecutionId", "caseInstanceId"),
)


def _select(me: Person) -> Select[Any]:
    query: Any = select(_T, _I).options(WITHOUT_STATE).join(_I, _I.id == _T.instance_id).where(visible_tasks(me))
    found: Select[Any] = query
    return found


def _show(session: Session, rows: Sequence[Any], _asked: Asked) -> list[HistoricTaskInstanceDto]:
    changed = updates(session, [row.UserTask for row in rows])
    return [_shown(session, row.UserTask, changed.get(row.UserTask.id)) for row in rows]


def _shown(session: Session, task: UserTask, changed_at: datetime | None) -> HistoricTaskInstanceDto:
    element = definition(session, task.process_definition_id).element(task.element_id)
    return HistoricTaskInstanceDto(
        id=task.id,
        process_definition_key=task.process_key,
        process_definition_id=task.process_definition_id,
        process_instance_id=task.instance_id,
        execution_id=task.instance_id,
        activity_instance_id=task.id,
        name=task.name,
        description=element.documentation or None if element else None,
        delete_reason=_REASONS[task.state],
        owner=task.owner,
        assignee=task.assignee,
        start_time=task.created_at,
        end_time=task.ended_at,
        duration=milliseconds(task.created_at, task.ended_at),
        task_definition_key=task.element_id,
        priority=task.priority,
        due=task.due_at,
        follow_up=task.follow_up_at,
        root_process_instance_id=task.root_id,
        task_state=task_state(task, changed_at),
    )


Listing(
    path="/history/task",
    tag="history-task",
    item=HistoricTaskInstanceDto,
    about="user tasks, open and done,",
    select=_select,
    show=_show,
    filters=FILTERS,
    sorts={
        "taskId": _T.id,
        "activityInstanceID": _T.id,
        "activityInstanceId": _T.id,
        "processDefinitionId": _T.process_definition_id,
        "processInstanceId": _T.instance_id,
        "executionId": _T.instance_id,
        "duration": _T.ended_at - _T.created_at,
        "endTime": _T.ended_at,
        "startTime": _T.created_at,
        "taskName": func.lower(_T.name),
        "taskDescription": _DESCRIPTION.sort,
        "assignee": _T.assignee,
        "owner": _T.owner,
        "dueDate": _T.due_at,
        "followUpDate": _T.follow_up_at,
        "deleteReason": _T.state,
        "taskDefinitionKey": _T.element_id,
        "priority": _T.priority,
        **dict.fromkeys(("tenantId", "caseDefinitionId", "caseInstanceId", "caseExecutionId"), NO_VALUE),
    },
    order=(_T.created_at, _T.id),
    also=(
        _DESCRIPTION.equal_or_like("taskDescription", "taskDescriptionLike"),
        on_variables("processVariables", _T.instance_id),
        on_variables("taskVariables", _T.id, of_tasks),
    ),
    or_queries=True,
).declare()
