"""The list of running process instances that the caller may see, and one of them."""

from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from engine.storage.tables import ElementInstance, Incident, Job, ProcessDefinition, ProcessInstance
from web.current import database, person
from web.permissions import visible_cases
from web.rest.absent import NO_VALUE, TENANTS, nothing
from web.rest.incident_types import INCIDENT_TYPE
from web.rest.listing import Condition, Filter, Listing
from web.rest.operation import operation
from web.rest.resources.process_instance.shape import WITHOUT_STATE, ProcessInstanceDto, find_running, show_instance, show_listed
from web.rest.types import Flag, TextList
from web.rest.variable_conditions import IGNORE_CASE, VariableConditions, on_variables

_I = ProcessInstance


def _with_incident(*conditions: Condition) -> Condition:
    troubled = select(Incident.instance_id).outerjoin(Job, Job.id == Incident.job_id).where(Incident.state == "open", *conditions)
    return _I.id.in_(troubled)


def _called_by(parent_id: str) -> Condition:
    return _I.parent_id == parent_id


def _calling(called_id: str) -> Condition:
    called = aliased(ProcessInstance)
    return _I.id == select(called.parent_id).where(called.id == called_id).scalar_subquery()


def _leaf() -> Condition:
    called = aliased(ProcessInstance)
    return ~exists(select(called.id).where(called.parent_id == _I.id, called.ended_at.is_(None)))


def standing_at(elements: Sequence[str]) -> Condition:
    """Instances that have a token at one of the elements."""
    alive = ElementInstance.state == "active"
    return exists(select(ElementInstance.id).where(ElementInstance.instance_id == _I.id, alive, ElementInstance.element_id.in_(elements)))


#: What an instance's open incidents are asked for.
OPEN_INCIDENT = (
    Filter("incidentId", str, lambda value: _with_incident(Incident.id == value)),
    Filter("incidentType", str, lambda value: _with_incident(value == INCIDENT_TYPE)),
    Filter("incidentMessage", str, lambda value: _with_incident(Incident.message == value)),
    Filter("incidentMessageLike", str, lambda value: _with_incident(Incident.message.like(value))),
)

FILTERS = (
    Filter("processInstanceIds", TextList, _I.id.in_),
    Filter("processInstanceId", str, lambda value: _I.id == value),
    Filter("processDefinitionId", str, lambda value: _I.process_definition_id == value),
    Filter("processDefinitionKey", str, lambda value: _I.process_key == value),
    Filter("processDefinitionKeyIn", TextList, _I.process_key.in_),
    Filter("processDefinitionKeyNotIn", TextList, _I.process_key.not_in),
    Filter(
        "deploymentId",
        str,
        lambda value: _I.process_definition_id.in_(select(ProcessDefinition.id).where(ProcessDefinition.deployment_id == value)),
    ),
    Filter("businessKey", str, lambda value: _I.business_key == value),
    Filter("businessKeyLike", str, _I.business_key.like),
    Filter("superProcessInstance", str, _called_by),
    Filter("subProcessInstance", str, _calling),
    Filter("rootProcessInstanceId", str, lambda value: _I.root_id == value),
    Filter("rootProcessInstances", Flag, lambda _: _I.parent_id.is_(None)),
    Filter("leafProcessInstances", Flag, lambda _: _leaf()),
    Filter("active", Flag, lambda _: _I.state == "active"),
    Filter("suspended", Flag, lambda _: _I.state == "suspended"),
    Filter("withIncident", Flag, lambda _: _with_incident()),
    *OPEN_INCIDENT,
    Filter("activityIdIn", TextList, standing_at),
    *TENANTS,
    Filter("processDefinitionWithoutTenantId", Flag),
    Filter("variables", VariableConditions),
    *IGNORE_CASE,
    *nothing("caseInstanceId", "superCaseInstance", "subCaseInstance"),
)


RUNNING = Listing(
    path="/process-instance",
    tag="process-instance",
    item=ProcessInstanceDto,
    about="running process instances",
    select=lambda me: select(_I).options(WITHOUT_STATE).where(_I.ended_at.is_(None), visible_cases(me)),
    show=lambda _session, rows, _asked: [show_listed(row.ProcessInstance) for row in rows],
    filters=FILTERS,
    sorts={
        "instanceId": _I.id,
        "definitionKey": _I.process_key,
        "definitionId": _I.process_definition_id,
        "businessKey": _I.business_key,
        "tenantId": NO_VALUE,
    },
    order=(_I.started_at, _I.id),
    also=(on_variables("variables", _I.id),),
    or_queries=True,
)
RUNNING.declare()


@operation("GET", "/process-instance/{instance_id}", tag="process-instance")
def get(instance_id: str) -> ProcessInstanceDto:
    """A running process instance."""
    with database().session() as session:
        return show_instance(session, find_running(session, person(), instance_id).id)
