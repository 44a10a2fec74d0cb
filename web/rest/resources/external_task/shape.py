"""External tasks as they are answered."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.runtime.external_tasks import LockedTask
from engine.storage.tables import Job, ProcessDefinition, ProcessInstance
from web.rest import files
from web.rest.types import Dto, Instant
from web.rest.values import VariableValue

#: What a job starts with; clients know a task that never failed by `retries: null`.
_UNTOUCHED_RETRIES = 3
_LONGEST_MESSAGE = 666


class ExternalTaskDto(Dto):
    """A service task that waits for a worker, or is in a worker's hands."""

    activity_id: str
    activity_instance_id: str
    error_message: str | None = None
    execution_id: str
    id: str
    lock_expiration_time: Instant | None = None
    create_time: Instant
    process_definition_id: str
    process_definition_key: str
    process_definition_version_tag: str | None = None
    process_instance_id: str
    retries: int | None = None
    suspended: bool
    worker_id: str | None = None
    topic_name: str
    tenant_id: str | None = None
    priority: int
    business_key: str | None = None


class LockedTaskDto(ExternalTaskDto):
    """A task that now belongs to the worker that asked, with what it needs to know."""

    error_details: str | None = None
    variables: dict[str, VariableValue]
    extension_properties: dict[str, str]


def show_task(job: Job, instance: ProcessInstance, definition: ProcessDefinition) -> ExternalTaskDto:
    """A row of the job table, with its case and its process."""
    values = {column.name: getattr(job, column.name) for column in Job.__table__.columns}
    return ExternalTaskDto(**_common(values, instance.business_key, definition.id, definition.key, definition.version_tag))


def show_locked_task(session: Session, task: LockedTask, with_properties: bool) -> LockedTaskDto:
    """A task that was just locked."""
    common = _common(task.job, task.business_key, task.process_definition_id, task.process_key, task.version_tag)
    return LockedTaskDto(
        **common,
        error_details=task.job["error_detail"],
        variables=files.show(session, task.job["root_id"], task.variables),
        extension_properties=task.properties if with_properties else {},
    )


def _common(job: Mapping[str, Any], business_key: str | None, definition_id: str, key: str, version_tag: str | None) -> dict[str, Any]:
    error: str | None = job["error"]
    until: datetime | None = job["leased_until"]
    return {
        "activity_id": job["element_id"],
        "activity_instance_id": job["element_instance_id"],
        "error_message": error[:_LONGEST_MESSAGE] if error is not None else None,
        "execution_id": job["instance_id"],
        "id": job["id"],
        "lock_expiration_time": until,
        "create_time": job["created_at"],
        "process_definition_id": definition_id,
        "process_definition_key": key,
        "process_definition_version_tag": version_tag,
        "process_instance_id": job["instance_id"],
        "retries": None if error is None and job["retries"] == _UNTOUCHED_RETRIES else job["retries"],
        "suspended": job["suspended"],
        "worker_id": job["leased_by"],
        "topic_name": job["topic"],
        "priority": job["priority"],
        "business_key": business_key,
    }
