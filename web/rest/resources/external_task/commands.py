"""What a worker reports of its task, and what an operator changes about one."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field
from sqlalchemy import select

from engine.errors import InvalidInput, NotFound
from engine.runtime import external_tasks
from engine.storage.tables import Job
from web.current import database, engine, person
from web.permissions import require_may_steer
from web.rest import caller, files
from web.rest.errors import Refused
from web.rest.operation import operation
from web.rest.types import Dto, Integer32, Natural, TextList
from web.rest.values import TypedValue

_LONGEST_MS = 366 * 24 * 3_600_000
Milliseconds = Annotated[int, Field(ge=0, le=_LONGEST_MS)]
Duration = Annotated[int, Field(ge=1, le=_LONGEST_MS)]
Variables = dict[str, TypedValue]
WorkerId = Annotated[str, Field(min_length=1, max_length=255)]


class CompleteDto(Dto):
    """The task is done."""

    worker_id: WorkerId
    variables: Variables | None = None
    local_variables: Variables | None = None


class FailureDto(Dto):
    """The attempt failed."""

    worker_id: WorkerId
    error_message: Annotated[str, Field(max_length=8_000)] | None = None
    error_details: Annotated[str, Field(max_length=200_000)] | None = None
    retries: Natural = 0
    retry_timeout: Milliseconds = 0
    variables: Variables | None = None
    local_variables: Variables | None = None


class BpmnErrorDto(Dto):
    """The task ends with a business error."""

    worker_id: WorkerId
    error_code: Annotated[str, Field(min_length=1, max_length=255)]
    error_message: Annotated[str, Field(max_length=8_000)] | None = None
    variables: Variables | None = None


class ExtendLockDto(Dto):
    """The worker needs more time."""

    worker_id: WorkerId
    new_duration: Duration


class LockDto(Dto):
    """A worker wants one certain task."""

    worker_id: WorkerId
    lock_duration: Duration


class RetriesDto(Dto):
    """How many attempts are left."""

    retries: Natural


class ManyRetriesDto(RetriesDto):
    """The same for several tasks."""

    external_task_ids: TextList


class PriorityDto(Dto):
    """How urgent the task is."""

    priority: Integer32


@operation("POST", "/external-task/{task_id}/complete", tag="external-task", scope="external-tasks", refuses=(500,))
def complete(task_id: str, body: CompleteDto) -> None:
    """Report that a task is done; its variables go to the case."""
    instance_id = _require_worker(task_id)
    me = person().id
    variables, local = files.keep_variables(body.variables or {}, me), files.keep_variables(body.local_variables or {}, me)
    external_tasks.complete(engine(), task_id, body.worker_id, variables, local, me)
    files.belong_to(instance_id, {**variables, **local})


@operation("POST", "/external-task/{task_id}/failure", tag="external-task", scope="external-tasks", refuses=(500,))
def failure(task_id: str, body: FailureDto) -> None:
    """Report that an attempt failed, how many are left, and after how many milliseconds the next may begin; none left is an incident."""
    _require_worker(task_id)
    if body.variables or body.local_variables:
        raise InvalidInput("失败的尝试不能带变量。", "A failed attempt cannot carry variables.")
    message = body.error_message or "failed"
    wait = timedelta(milliseconds=body.retry_timeout)
    detail = body.error_details or ""
    external_tasks.fail(engine(), task_id, body.worker_id, message, detail, retries=body.retries, wait=wait, actor=person().id)


@operation("POST", "/external-task/{task_id}/bpmnError", tag="external-task", scope="external-tasks", refuses=(500,))
def bpmn_error(task_id: str, body: BpmnErrorDto) -> None:
    """Report a business error, which the diagram catches; if it does not, the task gets an incident."""
    instance_id = _require_worker(task_id)
    variables = files.keep_variables(body.variables or {}, person().id)
    external_tasks.throw_bpmn_error(engine(), task_id, body.worker_id, body.error_code, body.error_message or "", variables, person().id)
    files.belong_to(instance_id, variables)


@operation("POST", "/external-task/{task_id}/extendLock", tag="external-task", scope="external-tasks", refuses=(500,))
def extend_lock(task_id: str, body: ExtendLockDto) -> None:
    """Keep a lock for another while, counted from now."""
    _require_worker(task_id)
    external_tasks.extend_lock(engine(), task_id, body.worker_id, timedelta(milliseconds=body.new_duration))


@operation("POST", "/external-task/{task_id}/lock", tag="external-task", scope="external-tasks", refuses=(500,))
def lock(task_id: str, body: LockDto) -> None:
    """Lock one certain task that nobody holds."""
    _require_worker(task_id)
    external_tasks.lock(engine(), task_id, body.worker_id, timedelta(milliseconds=body.lock_duration))


@operation("POST", "/external-task/{task_id}/unlock", tag="external-task", scope="external-tasks", refuses=(500,))
def unlock(task_id: str) -> None:
    """Give a task back, so that anybody may fetch it."""
    _require_worker(task_id)
    external_tasks.unlock(engine(), task_id)


@operation("PUT", "/external-task/{task_id}/retries", tag="external-task", scope="operate", refuses=(500,))
def set_retries(task_id: str, body: RetriesDto) -> None:
    """Set how many attempts are left; a failed task can be fetched again."""
    require_may_steer(person())
    external_tasks.set_retries(engine(), task_id, body.retries, person().id)


@operation("PUT", "/external-task/retries", tag="external-task", scope="operate", refuses=(404, 500))
def set_many_retries(body: ManyRetriesDto) -> None:
    """Set how many attempts are left for several tasks, one after the other."""
    require_may_steer(person())
    if not body.external_task_ids:
        raise Refused(400, "InvalidRequestException", "没有给出任务。", "externalTaskIds is empty")
    for task_id in body.external_task_ids:
        external_tasks.set_retries(engine(), task_id, body.retries, person().id)


@operation("PUT", "/external-task/{task_id}/priority", tag="external-task", scope="operate", refuses=(500,))
def set_priority(task_id: str, body: PriorityDto) -> None:
    """Set how urgent a task is."""
    require_may_steer(person())
    external_tasks.set_priority(engine(), task_id, body.priority)


def _require_worker(task_id: str) -> str:
    """Let those pass who may work on the task's topic; returns the id of its instance.

    Raises:
        NotFound: no such task, or it is done.
        Forbidden: a topic of others.
    """
    with database().session() as session:
        row = session.execute(select(Job.topic, Job.instance_id).where(Job.id == task_id, Job.kind == "handler")).one_or_none()
    if row is None or row.topic in engine().embedded_topics:
        raise NotFound(f"没有外部任务 {task_id}。", f"External task with id {task_id} does not exist", id=task_id)
    caller.require_topic(row.topic)
    return str(row.instance_id)
