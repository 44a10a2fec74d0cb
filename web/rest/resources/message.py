"""Correlating a message: with the instances that wait for it, or with the process that it starts."""

from typing import Any, Literal

from sqlalchemy import or_, select

from engine.errors import InvalidInput
from engine.runtime import messages
from engine.storage.tables import EventSubscription, ProcessInstance
from web.current import database, engine, person
from web.permissions import require_may_steer
from web.rest import files
from web.rest.errors import Refused
from web.rest.operation import operation
from web.rest.resources.process_instance.shape import ProcessInstanceDto, show_instance, show_instance_with_variables
from web.rest.types import Dto, Name
from web.rest.values import TypedValue, VariableValue, read_variables
from web.rest.variable_conditions import instances_having


class CorrelationDto(Dto):
    """A message, and who it is for."""

    message_name: str | None = None
    business_key: Name | None = None
    correlation_keys: dict[str, TypedValue] = {}
    local_correlation_keys: dict[str, TypedValue] = {}
    process_variables: dict[str, TypedValue] = {}
    process_variables_local: dict[str, TypedValue] = {}
    process_variables_to_triggered_scope: dict[str, TypedValue] = {}
    tenant_id: str | None = None
    without_tenant_id: bool = False
    process_instance_id: str | None = None
    all: bool = False
    result_enabled: bool = False
    variables_in_result_enabled: bool = False


class ExecutionDto(Dto):
    """Where a message arrived."""

    id: str
    process_instance_id: str
    ended: bool
    tenant_id: str | None = None


class CorrelationResultDto(Dto):
    """What a message did."""

    result_type: Literal["Execution", "ProcessDefinition"]
    execution: ExecutionDto | None = None
    process_instance: ProcessInstanceDto | None = None


class CorrelationResultWithVariablesDto(CorrelationResultDto):
    """The same with the instance's variables, for those who asked for them."""

    variables: dict[str, VariableValue]


Results = list[CorrelationResultWithVariablesDto | CorrelationResultDto]


@operation("POST", "/message", tag="message", scope="tasks")
def correlate(body: CorrelationDto) -> Results | None:
    """Hand a message to the instance that waits for it, or start the process that it starts; for those who may steer cases.

    Exactly one receiver must match, unless `all` is set. Correlation keys are compared with the instance's variables.
    """
    me = person()
    if not body.message_name:
        raise InvalidInput("请给出消息名称。", "No message name supplied")
    if body.tenant_id is not None and body.without_tenant_id:
        raise InvalidInput(
            "tenantId 和 withoutTenantId 只能给一个。", "Parameter 'tenantId' cannot be used together with parameter 'withoutTenantId'."
        )
    require_may_steer(me)
    receivers = [] if body.tenant_id is not None else _receivers(body)
    if len(receivers) > 1 and not body.all:
        raise _mismatch(body, f"有 {len(receivers)} 个等待者符合", f"{len(receivers)} executions match the correlation keys")
    sent = body.process_variables | body.process_variables_local | body.process_variables_to_triggered_scope
    values = files.keep_variables(sent, me.id)
    reached = [("Execution", found) for found in (messages.deliver_to(engine(), item, values, me.id) for item in receivers) if found]
    if (not reached or body.all) and _may_start(body):
        started = messages.start(engine(), body.message_name, body.business_key, read_variables(body.correlation_keys) | values, me.id)
        reached += [("ProcessDefinition", started)] if started else []
    if not reached and not body.all:
        raise _mismatch(body, "没有流程在等它", "No process definition or execution matches the parameters")
    for _, instance_id in reached:
        files.belong_to(instance_id, values)
    return (
        [_result(kind, found, with_variables=body.variables_in_result_enabled) for kind, found in reached] if body.result_enabled else None
    )


def _receivers(body: CorrelationDto) -> list[str]:
    """Ids of the subscriptions that match."""
    waiting = select(EventSubscription.id, EventSubscription.instance_id).where(
        EventSubscription.kind == "message", EventSubscription.name == body.message_name
    )
    waiting = waiting.join(ProcessInstance, ProcessInstance.id == EventSubscription.instance_id).where(ProcessInstance.state == "active")
    if body.business_key is not None:
        waiting = waiting.where(
            or_(ProcessInstance.business_key == body.business_key, EventSubscription.correlation_key == body.business_key)
        )
    if body.process_instance_id is not None:
        waiting = waiting.where(EventSubscription.instance_id == body.process_instance_id)
    keys = read_variables(body.correlation_keys | body.local_correlation_keys)
    with database().session() as session:
        found = session.execute(waiting.order_by(EventSubscription.id)).all()
        if keys:
            matching = set(instances_having(session, keys, waiting.with_only_columns(EventSubscription.instance_id).order_by(None)))
            found = [row for row in found if row.instance_id in matching]
    return [row.id for row in found]


def _may_start(body: CorrelationDto) -> bool:
    """A message for an instance, or of a tenant, starts nothing."""
    return body.process_instance_id is None and body.tenant_id is None


def _mismatch(body: CorrelationDto, zh: str, en: str) -> Refused:
    return Refused(
        400,
        "RestException",
        f"org.camunda.bpm.engine.MismatchingMessageCorrelationException: 消息“{body.message_name}”：{zh}。",
        f"org.camunda.bpm.engine.MismatchingMessageCorrelationException: Cannot correlate message '{body.message_name}': {en}",
    )


def _result(kind: Any, instance_id: str, *, with_variables: bool) -> CorrelationResultWithVariablesDto | CorrelationResultDto:
    with database().session() as session:
        found = show_instance(session, instance_id)
        execution = ExecutionDto(id=instance_id, process_instance_id=instance_id, ended=found.ended) if kind == "Execution" else None
        started = found if kind == "ProcessDefinition" else None
        if with_variables:
            variables = show_instance_with_variables(session, instance_id).variables
            return CorrelationResultWithVariablesDto(result_type=kind, execution=execution, process_instance=started, variables=variables)
    return CorrelationResultDto(result_type=kind, execution=execution, process_instance=started)
