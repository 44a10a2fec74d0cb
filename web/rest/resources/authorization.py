"""Whether the caller may do something."""

from sqlalchemy import select

from engine.errors import InvalidInput
from engine.storage.tables import ProcessDefinition, ProcessInstance, UserTask
from web.auth.person import Person, load_person
from web.current import database, person
from web.permissions import may_publish, may_steer_cases, visible_cases, visible_tasks
from web.rest.errors import Refused
from web.rest.operation import operation
from web.rest.resources.process_definition.shape import visible
from web.rest.types import Dto, Natural

_READING = frozenset(("READ", "READ_INSTANCE", "READ_TASK", "READ_HISTORY", "READ_VARIABLE", "READ_HISTORY_VARIABLE", "READ_TASK_VARIABLE"))
#: Camunda's numbers of resources.
_APPLICATION, _USER, _DEFINITION, _TASK, _INSTANCE, _DEPLOYMENT, _DECISION = 0, 1, 6, 7, 8, 9, 10


class CheckedDto(Dto):
    """An answer: may, or may not."""

    permission_name: str
    resource_name: str
    resource_id: str | None = None
    authorized: bool


@operation("GET", "/authorization/check", tag="authorization")
def check(
    permission_name: str | None = None,
    resource_name: str | None = None,
    resource_type: Natural | None = None,
    resource_id: str | None = None,
    user_id: str | None = None,
) -> CheckedDto:
    """Whether the caller has a permission, on a resource or on any; by the same rules as the pages. Administrators may ask for others."""
    if permission_name is None or resource_name is None or resource_type is None:
        raise InvalidInput(
            "要给出 permissionName、resourceName 和 resourceType。",
            "permissionName, resourceName and resourceType must be given",
        )
    who = _who(user_id)
    return CheckedDto(
        permission_name=permission_name,
        resource_name=resource_name,
        resource_id=resource_id,
        authorized=who is not None and _may(who, permission_name.upper(), resource_type, resource_id),
    )


def _who(user_id: str | None) -> Person | None:
    """Whose permissions are asked for; None for somebody who does not exist, and so may do nothing."""
    me = person()
    if user_id in (None, me.id):
        return me
    if not me.is_admin:
        raise Refused(
            403, "InvalidRequestException", "只有管理员可以查询别人的权限。", "You must have READ permission for Authorization resource."
        )
    with database().session() as session:
        return load_person(session, user_id or "")


def _may(me: Person, permission: str, resource: int, resource_id: str | None) -> bool:
    if resource == _APPLICATION:
        return resource_id in (None, "*", "tasklist", "welcome") or me.sees_everything
    if permission in _READING:
        return _may_read(me, resource, resource_id)
    if permission == "CREATE_INSTANCE" or (resource == _INSTANCE and permission == "CREATE"):
        return _exists_for(me, resource, resource_id)
    if resource == _TASK:
        return me.is_admin or _exists_for(me, resource, resource_id)
    if resource == _INSTANCE:
        return may_steer_cases(me)
    return may_publish(me) if resource in (_DEFINITION, _DEPLOYMENT, _DECISION) else me.is_admin


def _may_read(me: Person, resource: int, resource_id: str | None) -> bool:
    if resource in (_TASK, _INSTANCE, _DEFINITION):
        return _exists_for(me, resource, resource_id)
    return me.sees_everything or resource in (_DECISION, _USER)


def _exists_for(me: Person, resource: int, resource_id: str | None) -> bool:
    """Whether the caller may see the resource; any, if none is named."""
    if resource_id in (None, "*"):
        return True
    queries = {
        _TASK: select(UserTask.id).where(UserTask.id == resource_id, visible_tasks(me)),
        _INSTANCE: select(ProcessInstance.id).where(ProcessInstance.id == resource_id, visible_cases(me)),
        _DEFINITION: select(ProcessDefinition.id).where(ProcessDefinition.key == resource_id, visible(me)),
    }
    with database().session() as session:
        return session.scalars(queries[resource].limit(1)).first() is not None
