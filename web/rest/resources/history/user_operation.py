"""What people did, in Camunda's words: one entry for each property that an operation changed."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from engine.storage.tables import Event, ProcessDefinition, ProcessInstance
from web.auth.person import Person
from web.permissions import visible_cases
from web.rest.absent import nothing
from web.rest.listing import Asked, Filter
from web.rest.resources.process_instance.shape import WITHOUT_STATE
from web.rest.types import Dto, Instant, TextList
from web.rest.unfolding import Unfolding

_V, _I = Event, ProcessInstance
_TASK, _INSTANCE, _VARIABLE, _JOB = "Task", "ProcessInstance", "Variable", "Job"
_STAFF, _OPERATOR = "TaskWorker", "Operator"

#: Event type to (operation, entity, category).
_OPERATIONS = {
    "InstanceStarted": ("Create", _INSTANCE, _OPERATOR),
    "InstanceSuspended": ("Suspend", _INSTANCE, _OPERATOR),
    "InstanceResumed": ("Activate", _INSTANCE, _OPERATOR),
    "InstanceCancelRequested": ("Delete", _INSTANCE, _OPERATOR),
    "CaseModified": ("ModifyProcessInstance", _INSTANCE, _OPERATOR),
    "CaseMigrated": ("Migrate", _INSTANCE, _OPERATOR),
    "CaseRestarted": ("RestartProcessInstance", _INSTANCE, _OPERATOR),
    "VariableChanged": ("SetVariable", _VARIABLE, _OPERATOR),
    "JobRetried": ("SetJobRetries", _JOB, _OPERATOR),
    "UserTaskClaimed": ("Claim", _TASK, _STAFF),
    "UserTaskUnclaimed": ("Assign", _TASK, _STAFF),
    "UserTaskAssigned": ("Assign", _TASK, _STAFF),
    "UserTaskChanged": ("Update", _TASK, _STAFF),
    "UserTaskCompleted": ("Complete", _TASK, _STAFF),
    "CommentAdded": ("AddComment", "Comment", _STAFF),
    "AttachmentAdded": ("AddAttachment", "Attachment", _STAFF),
}
_CHANGES = {
    "due_at": ("SetDueDate", "dueDate"),
    "follow_up_at": ("SetFollowUpDate", "followUpDate"),
    "priority": ("SetPriority", "priority"),
    "owner": ("SetOwner", "owner"),
    "delegation_state": ("Delegate", "delegation"),
}


class UserOperationLogEntryDto(Dto):
    """One property that a person changed."""

    id: str
    deployment_id: str | None = None
    process_definition_id: str | None = None
    process_definition_key: str | None = None
    process_instance_id: str | None = None
    execution_id: str | None = None
    case_definition_id: str | None = None
    case_instance_id: str | None = None
    case_execution_id: str | None = None
    task_id: str | None = None
    job_id: str | None = None
    job_definition_id: str | None = None
    batch_id: str | None = None
    user_id: str
    timestamp: Instant
    operation_id: str
    external_task_id: str | None = None
    operation_type: str
    entity_type: str
    property: str | None = None
    org_value: str | None = None
    new_value: str | None = None
    removal_time: Instant | None = None
    root_process_instance_id: str | None = None
    category: str
    annotation: str | None = None


def _select(me: Person) -> Select[Any]:
    query: Any = select(_V, _I, ProcessDefinition.deployment_id).options(WITHOUT_STATE).join(_I, _I.id == _V.instance_id)
    query = query.join(ProcessDefinition, ProcessDefinition.id == _I.process_definition_id)
    found: Select[Any] = query.where(_V.type.in_(_OPERATIONS), _V.actor.is_not(None), visible_cases(me))
    return found


def _show(_session: Session, rows: Sequence[Any], asked: Asked) -> list[UserOperationLogEntryDto]:
    found = (entry for event, instance, deployment_id in rows for entry in _entries(event, instance, deployment_id))
    return [entry for entry in found if _wanted(entry, asked)]


def _entries(event: Event, instance: ProcessInstance, deployment_id: str) -> Iterator[UserOperationLogEntryDto]:
    """A variable that a task's form changed belongs to the task's completion, not to an operation of its own."""
    if event.type == "VariableChanged" and event.element_instance_id is not None:
        return
    operation, entity, category = _OPERATIONS[event.type]
    operation_id = f"{event.instance_id}-{event.sequence}"
    for number, (named, changed, before, after) in enumerate(_properties(event, operation)):
        yield UserOperationLogEntryDto(
            id=operation_id if number == 0 else f"{operation_id}-{number}",
            deployment_id=deployment_id,
            process_definition_id=instance.process_definition_id,
            process_definition_key=instance.process_key,
            process_instance_id=event.instance_id,
            execution_id=event.instance_id,
            task_id=event.element_instance_id if entity in (_TASK, "Comment", "Attachment") else None,
            job_id=event.element_instance_id if entity == _JOB else None,
            user_id=str(event.actor),
            timestamp=event.happened_at,
            operation_id=operation_id,
            operation_type=named,
            entity_type=entity,
            property=changed,
            org_value=before,
            new_value=after,
            root_process_instance_id=event.root_id,
            category=category,
            annotation=event.data.get("reason") or None,
        )


def _properties(event: Event, operation: str) -> Iterator[tuple[str, str | None, str | None, str | None]]:
    """(operation, property, before, after) of each change."""
    data = event.data
    if event.type in ("UserTaskClaimed", "UserTaskUnclaimed"):
        taken = event.type == "UserTaskClaimed"
        yield operation, "assignee", None if taken else event.actor, event.actor if taken else None
    elif event.type == "UserTaskAssigned":
        yield operation, "assignee", _text(data.get("before")), _text(data.get("after"))
    elif event.type == "UserTaskChanged":
        named, changed = _CHANGES.get(data["field"], (operation, data["field"]))
        yield named, changed, _text(data.get("before")), _text(data.get("after"))
    elif event.type == "VariableChanged":
        yield operation, data["name"], _text(data.get("before")), _text(data.get("after"))
    elif event.type in ("InstanceSuspended", "InstanceResumed"):
        yield operation, "suspensionState", None, "suspended" if event.type == "InstanceSuspended" else "active"
    elif event.type == "CaseMigrated":
        yield operation, "processDefinitionId", _text(data.get("source")), _text(data.get("target"))
    elif event.type == "UserTaskCompleted":
        yield operation, "delete", "false", "true"
    else:
        yield operation, None, None, None


def _text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else str(value)


def _wanted(entry: UserOperationLogEntryDto, asked: Asked) -> bool:
    given = {
        "operationType": entry.operation_type,
        "entityType": entry.entity_type,
        "category": entry.category,
        "property": entry.property,
        "taskId": entry.task_id,
        "jobId": entry.job_id,
        "operationId": entry.operation_id,
    }
    among = {"entityTypeIn": entry.entity_type, "categoryIn": entry.category}
    return all(asked.get(name) in (None, value) for name, value in given.items()) and all(
        asked.get(name) is None or value in asked[name] for name, value in among.items()
    )


Unfolding(
    path="/history/user-operation",
    tag="history-user-operation",
    item=UserOperationLogEntryDto,
    about="properties that people changed",
    select=_select,
    show=_show,
    filters=(
        Filter("deploymentId", str, lambda value: ProcessDefinition.deployment_id == value),
        Filter("processDefinitionId", str, lambda value: _I.process_definition_id == value),
        Filter("processDefinitionKey", str, lambda value: _I.process_key == value),
        Filter("processInstanceId", str, lambda value: _V.instance_id == value),
        Filter("executionId", str, lambda value: _V.instance_id == value),
        Filter("userId", str, lambda value: _V.actor == value),
        Filter("afterTimestamp", Instant, lambda value: _V.happened_at > value),
        Filter("beforeTimestamp", Instant, lambda value: _V.happened_at < value),
        *nothing("caseDefinitionId", "caseInstanceId", "caseExecutionId", "batchId", "jobDefinitionId", "externalTaskId"),
        *(Filter(name, str) for name in ("operationType", "entityType", "category", "property", "taskId", "jobId", "operationId")),
        Filter("entityTypeIn", TextList),
        Filter("categoryIn", TextList),
    ),
    sorts={"timestamp": "timestamp"},
    order=(_V.happened_at, _V.instance_id, _V.sequence),
).declare()
