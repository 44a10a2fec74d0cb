"""What is done to whole process instances: suspend, resume, end."""

from sqlalchemy import select

from engine.errors import InvalidInput
from engine.runtime import instances
from engine.storage.tables import ProcessInstance
from web.auth.person import Person
from web.current import database, engine, person
from web.permissions import require_may_steer
from web.rest.operation import operation
from web.rest.resources.process_instance.shape import find_running
from web.rest.types import Dto, Flag

_TAG = "process-instance"
_REASON = "REST"


class SuspendedDto(Dto):
    """Whether an instance is to be suspended."""

    suspended: bool


@operation("PUT", "/process-instance/{instance_id}/suspended", tag=_TAG, scope="operate")
def suspend(instance_id: str, body: SuspendedDto) -> None:
    """Suspend or resume a case; its tasks, jobs and timers wait. Called instances go with their case."""
    me = person()
    if body.suspended == (_steerable(me, instance_id) == "suspended"):
        return
    change = instances.suspend if body.suspended else instances.resume
    change(engine(), instance_id, me.id, _REASON)


@operation("DELETE", "/process-instance/{instance_id}", tag=_TAG, scope="operate")
def delete(
    instance_id: str,
    skip_custom_listeners: Flag = False,
    skip_io_mappings: Flag = False,
    skip_subprocesses: Flag = False,
    fail_if_not_exists: Flag = True,
    delete_reason: str | None = None,
) -> None:
    """End a case before its time. Its history stays: nothing is ever removed from it."""
    if skip_subprocesses:
        raise InvalidInput("被调用的流程随案例一起结束。", "Called instances end with their case: skipSubprocesses is not supported.")
    me = person()
    with database().session() as session:
        known = session.scalar(select(ProcessInstance.id).where(ProcessInstance.id == instance_id, ProcessInstance.ended_at.is_(None)))
    if known is None and not fail_if_not_exists:
        return
    _steerable(me, instance_id)
    instances.cancel(engine(), instance_id, me.id, delete_reason or _REASON)


def _steerable(me: Person, instance_id: str) -> str:
    """The state of a running instance that the caller may steer."""
    with database().session() as session:
        state = find_running(session, me, instance_id).state
    require_may_steer(me)
    return state
