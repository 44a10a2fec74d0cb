"""Executions: where Camunda has a tree of them, a process instance here has one, of the same id."""

from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from engine.runtime.state import variables_of
from engine.storage.tables import EventSubscription, Job, ProcessInstance
from web.auth.person import Person
from web.current import database, now, person
from web.permissions import visible_cases
from web.rest import caller
from web.rest.absent import NO_VALUE, TENANTS
from web.rest.errors import Refused
from web.rest.listing import Condition, Filter, Listing
from web.rest.operation import operation
from web.rest.resources.process_instance.query import OPEN_INCIDENT, standing_at
from web.rest.resources.process_instance.shape import WITHOUT_STATE
from web.rest.types import Dto, Flag
from web.rest.variable_calls import Holder, Variables
from web.rest.variable_conditions import IGNORE_CASE, VariableConditions, on_variables

_TAG = "execution"
_I = ProcessInstance


class ExecutionDto(Dto):
    """The execution of an instance."""

    id: str
    process_instance_id: str
    ended: bool
    tenant_id: str | None = None


def _visible(me: Person) -> Condition:
    """What the caller sees as a person, and the instances whose tasks are in the hands of their token's workers."""
    used = caller.token()
    if used is None or not used.topics:
        return visible_cases(me)
    held = select(Job.instance_id).where(Job.topic.in_(used.topics), Job.state == "leased", Job.leased_until >= now())
    return or_(visible_cases(me), _I.id.in_(held))


def _select(me: Person) -> Select[Any]:
    query: Select[Any] = select(_I).options(WITHOUT_STATE).where(_I.ended_at.is_(None), _visible(me))
    return query


def _waits_for(kind: str, name: str) -> Condition:
    return _I.id.in_(select(EventSubscription.instance_id).where(EventSubscription.kind == kind, EventSubscription.name == name))


def _show(row: ProcessInstance) -> ExecutionDto:
    return ExecutionDto(id=row.id, process_instance_id=row.id, ended=row.ended_at is not None)


Listing(
    path="/execution",
    tag=_TAG,
    item=ExecutionDto,
    about="executions",
    select=_select,
    show=lambda _session, rows, _asked: [_show(row.ProcessInstance) for row in rows],
    filters=(
        Filter("businessKey", str, lambda value: _I.business_key == value),
        Filter("processDefinitionId", str, lambda value: _I.process_definition_id == value),
        Filter("processDefinitionKey", str, lambda value: _I.process_key == value),
        Filter("processInstanceId", str, lambda value: _I.id == value),
        Filter("messageEventSubscriptionName", str, lambda value: _waits_for("message", value)),
        Filter("signalEventSubscriptionName", str, lambda value: _waits_for("signal", value)),
        Filter("activityId", str, lambda value: standing_at([value])),
        Filter("active", Flag, lambda _: _I.state == "active"),
        Filter("suspended", Flag, lambda _: _I.state == "suspended"),
        *OPEN_INCIDENT,
        Filter("variables", VariableConditions),
        Filter("processVariables", VariableConditions),
        *IGNORE_CASE,
        *TENANTS,
    ),
    sorts={"instanceId": _I.id, "definitionKey": _I.process_key, "definitionId": _I.process_definition_id, "tenantId": NO_VALUE},
    order=(_I.started_at, _I.id),
    also=(on_variables("variables", _I.id), on_variables("processVariables", _I.id)),
).declare()


@operation("GET", "/execution/{execution_id}", tag=_TAG)
def get(execution_id: str) -> ExecutionDto:
    """One execution."""
    with database().session() as session:
        return _show(_find(session, execution_id))


def _find(session: Session, execution_id: str) -> ProcessInstance:
    found = session.scalar(select(_I).where(_I.id == execution_id, _I.ended_at.is_(None), _visible(person())))
    if found is None:
        raise Refused(404, "InvalidRequestException", f"没有执行 {execution_id}。", f"Execution with id {execution_id} does not exist")
    return found


def _variables(session: Session, execution_id: str) -> Variables:
    found = _find(session, execution_id)
    return Variables(variables_of(found.runtime_state), found.root_id, found.id)


Holder("/execution/{holder_id}/localVariables", _TAG, "variable", "of an execution", _variables).declare()
