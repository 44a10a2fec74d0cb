"""Starting a process by its id or key, as it is or with its start form."""

from typing import Any

from sqlalchemy.orm import Session

from engine.errors import Forbidden, InvalidInput
from engine.feel import Environment
from engine.forms import submit
from engine.runtime import instances
from engine.storage.tables import ProcessDefinition
from web.auth.person import Person
from web.current import database, engine, now, person
from web.definitions import newest_form
from web.permissions import may_steer_cases
from web.rest import files
from web.rest.errors import Refused
from web.rest.operation import operation
from web.rest.resources.process_definition.shape import find, find_live
from web.rest.resources.process_instance.shape import (
    ProcessInstanceDto,
    ProcessInstanceWithVariablesDto,
    show_instance,
    show_instance_with_variables,
)
from web.rest.types import Dto, Name
from web.rest.undeclared import refuse_undeclared
from web.rest.values import TypedValue
from web.start.queries import may_start

_TAG = "process-definition"


class StartDto(Dto):
    """How to start an instance."""

    business_key: Name | None = None
    variables: dict[str, TypedValue] = {}
    case_instance_id: str | None = None
    start_instructions: list[dict[str, Any]] | None = None
    skip_custom_listeners: bool = False
    skip_io_mappings: bool = False
    with_variables_in_return: bool = False


class StartFormDto(Dto):
    """A filled start form."""

    business_key: Name | None = None
    variables: dict[str, TypedValue] = {}


Started = ProcessInstanceWithVariablesDto | ProcessInstanceDto


@operation("POST", "/process-definition/{definition_id}/start", tag=_TAG, scope="tasks")
def start(definition_id: str, body: StartDto) -> Started:
    """Start an instance of a version.

    Whoever may steer cases sets any variables; everybody else those of the start form, under its rules.
    """
    with database().session() as session:
        found = find(session, person(), definition_id)
    return _start(found, body)


@operation("POST", "/process-definition/key/{key}/start", tag=_TAG, scope="tasks")
def start_by_key(key: str, body: StartDto) -> Started:
    """Start an instance of the live version of a process."""
    with database().session() as session:
        found = find_live(session, key)
    return _start(found, body)


@operation("POST", "/process-definition/key/{key}/tenant-id/{tenant_id}/start", tag=_TAG, scope="tasks")
def start_by_key_of_tenant(key: str, tenant_id: str, body: StartDto) -> Started:
    """There are no tenants, so nothing is found."""
    assert body is not None
    raise Refused(
        404,
        "RestException",
        f"没有租户“{tenant_id}”的流程“{key}”。",
        f"No matching process definition with key: {key} and tenant-id: {tenant_id}",
    )


@operation("POST", "/process-definition/{definition_id}/submit-form", tag=_TAG, scope="tasks")
def submit_form(definition_id: str, body: StartFormDto) -> ProcessInstanceDto:
    """Start an instance of a version with its start form."""
    with database().session() as session:
        found = find(session, person(), definition_id)
    return _submit(found, body)


@operation("POST", "/process-definition/key/{key}/submit-form", tag=_TAG, scope="tasks")
def submit_form_by_key(key: str, body: StartFormDto) -> ProcessInstanceDto:
    """Start an instance of the live version with its start form."""
    with database().session() as session:
        found = find_live(session, key)
    return _submit(found, body)


def _start(found: ProcessDefinition, asked: StartDto) -> Started:
    if asked.start_instructions:
        raise InvalidInput("不支持从中间步骤启动。", "startInstructions are not supported: start, then modify the instance.")
    me = person()
    _require_may_start(me, found)
    given = files.keep_variables(asked.variables, me.id)
    values = given if may_steer_cases(me) else _checked(found, given)
    instance_id = instances.start(engine(), found.key, values, asked.business_key, me.id, found.version)
    files.belong_to(instance_id, given)
    with database().session() as session:
        if asked.with_variables_in_return:
            return show_instance_with_variables(session, instance_id)
        return show_instance(session, instance_id)


def _submit(found: ProcessDefinition, asked: StartFormDto) -> ProcessInstanceDto:
    me = person()
    _require_may_start(me, found)
    given = files.keep_variables(asked.variables, me.id)
    instance_id = instances.start(engine(), found.key, _checked(found, given), asked.business_key, me.id, found.version)
    files.belong_to(instance_id, given)
    with database().session() as session:
        return show_instance(session, instance_id)


def _require_may_start(me: Person, found: ProcessDefinition) -> None:
    """As on the start page, which offers live versions that are startable from it; who steers cases may start every published one."""
    if found.state == "candidate":
        raise InvalidInput(
            "这是候选版本，发布后才能发起。", f"Process definition with id '{found.id}' is a candidate; it has to be published first."
        )
    if may_steer_cases(me):
        return
    if not (found.state == "live" and found.startable and may_start(me, found)):
        raise Forbidden(
            "您无权发起这个流程。",
            f"The user with id '{me.id}' does not have 'CREATE_INSTANCE' permission on resource '{found.key}'.",
            permissionName="CREATE_INSTANCE",
            resourceName="ProcessDefinition",
            resourceId=found.key,
        )


def _checked(found: ProcessDefinition, given: dict[str, Any]) -> dict[str, Any]:
    """Only what the start form declares, under its rules."""
    running = engine()
    with database().session() as session:
        schema = _start_form(session, found)
    environment = Environment(now=now(), time_zone=running.settings.time_zone, calendar=running.calendars.get())
    values = submit(schema, given, {}, environment) if schema else {}
    refuse_undeclared(given, values)
    return values


def _start_form(session: Session, found: ProcessDefinition) -> dict[str, Any] | None:
    return newest_form(session, found.start_form).schema if found.start_form else None
