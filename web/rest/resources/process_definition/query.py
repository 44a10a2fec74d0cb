"""The list of process definitions."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import String, and_, cast, exists, or_, select
from sqlalchemy.orm import Session, aliased

from engine.storage.tables import Deployment, Incident, Job, Membership, ProcessDefinition, ProcessInstance, Resource
from web.auth.person import Person
from web.rest.absent import NO_VALUE, TENANTS, nothing
from web.rest.definition_filters import definition_filters
from web.rest.incident_types import INCIDENT_TYPE
from web.rest.listing import Asked, Condition, Filter, Listing
from web.rest.resources.process_definition.shape import ProcessDefinitionDto, show_definition, visible
from web.rest.types import Flag, Natural, TextList

_D = ProcessDefinition


def _latest() -> Condition:
    newer = aliased(_D)
    return ~exists(select(newer.id).where(newer.key == _D.key, newer.version > _D.version, newer.state != "candidate"))


def _with_incident(condition: Condition) -> Condition:
    instances = select(ProcessInstance.process_definition_id).join(Incident, Incident.instance_id == ProcessInstance.id)
    return _D.id.in_(instances.outerjoin(Job, Job.id == Incident.job_id).where(Incident.state == "open", condition))


def _startable_by(user: str) -> Condition:
    """Groups are a JSON list; a group's name in quotes is in its text."""
    groups = select(Membership.group_id).where(Membership.user_id == user)
    member = exists(groups.where(cast(_D.starter_groups, String).contains('"' + Membership.group_id + '"')))
    return and_(_D.startable, or_(member, cast(_D.starter_groups, String) == "[]"))


FILTERS = (
    Filter("processDefinitionId", str, lambda value: _D.id == value),
    Filter("processDefinitionIdIn", TextList, _D.id.in_),
    *definition_filters(_D, _latest),
    Filter("keysIn", TextList, _D.key.in_),
    *nothing("category", "categoryLike"),
    Filter("ver", Natural, lambda value: _D.version == value),
    Filter("latest", Flag, lambda _: _latest()),
    Filter("startableBy", str, _startable_by),
    Filter("active", Flag, lambda _: _D.suspended.is_(False)),
    Filter("suspended", Flag, lambda _: _D.suspended.is_(True)),
    Filter("incidentId", str, lambda value: _with_incident(Incident.id == value)),
    Filter("incidentType", str, lambda value: _with_incident(value == INCIDENT_TYPE)),
    Filter("incidentMessage", str, lambda value: _with_incident(Incident.message == value)),
    Filter("incidentMessageLike", str, lambda value: _with_incident(Incident.message.like(value))),
    *TENANTS,
    Filter("includeProcessDefinitionsWithoutTenantId", Flag),
    Filter("versionTag", str, lambda value: _D.version_tag == value),
    Filter("versionTagLike", str, _D.version_tag.like),
    Filter("withoutVersionTag", Flag, lambda _: _D.version_tag.is_(None)),
    Filter("startableInTasklist", Flag, lambda _: _D.startable.is_(True)),
    Filter("notStartableInTasklist", Flag, lambda _: _D.startable.is_(False)),
    Filter("startablePermissionCheck", Flag),
)


def _show(session: Session, rows: Sequence[Any], _asked: Asked) -> list[ProcessDefinitionDto]:
    return [show_definition(session, row.ProcessDefinition, row.name) for row in rows]


def _select(me: Person) -> Any:
    found: Any = select(_D, Resource.name.label("name")).join(Resource, Resource.id == _D.resource_id)
    return found.join(Deployment, Deployment.id == _D.deployment_id).where(visible(me))


Listing(
    path="/process-definition",
    tag="process-definition",
    item=ProcessDefinitionDto,
    about="process definitions",
    select=_select,
    show=_show,
    filters=FILTERS,
    sorts={
        "category": NO_VALUE,
        "key": _D.key,
        "id": _D.id,
        "name": _D.name,
        "version": _D.version,
        "deploymentId": _D.deployment_id,
        "deployTime": Deployment.deployed_at,
        "versionTag": _D.version_tag,
        "tenantId": NO_VALUE,
    },
    order=(_D.key, _D.version, _D.id),
).declare()
