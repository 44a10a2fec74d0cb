"""Open incidents."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, false, select
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.runtime import incidents
from engine.storage.tables import Incident, Job, ProcessInstance
from web.auth.person import Person
from web.current import database, engine, person
from web.permissions import require_may_steer, visible_cases
from web.rest.incident_types import incident_type
from web.rest.listing import Asked, Filter, Listing
from web.rest.operation import operation
from web.rest.types import Dto, Flag, Instant, TextList

_N, _I = Incident, ProcessInstance


class IncidentDto(Dto):
    """Something that needs a person."""

    id: str
    process_definition_id: str | None = None
    process_instance_id: str | None = None
    execution_id: str | None = None
    incident_timestamp: Instant
    incident_type: str
    activity_id: str | None = None
    failed_activity_id: str | None = None
    cause_incident_id: str
    root_cause_incident_id: str
    configuration: str | None = None
    incident_message: str | None = None
    tenant_id: str | None = None
    job_definition_id: str | None = None
    annotation: str | None = None


#: What chooses among incidents, open and resolved.
FILTERS = (
    Filter("incidentId", str, lambda value: _N.id == value),
    Filter("incidentType", str, lambda value: incident_type() == value),
    Filter("incidentMessage", str, lambda value: _N.message == value),
    Filter("incidentMessageLike", str, _N.message.like),
    Filter("processDefinitionId", str, lambda value: _I.process_definition_id == value),
    Filter("processDefinitionKeyIn", TextList, _I.process_key.in_),
    Filter("processInstanceId", str, lambda value: _N.instance_id == value),
    Filter("executionId", str, lambda value: _N.instance_id == value),
    Filter("activityId", str, lambda value: _N.element_id == value),
    Filter("failedActivityId", str, lambda value: _N.element_id == value),
    Filter("causeIncidentId", str, lambda value: _N.id == value),
    Filter("rootCauseIncidentId", str, lambda value: _N.id == value),
    Filter("configuration", str, lambda value: _N.job_id == value),
    Filter("tenantIdIn", TextList, lambda _: false()),
    Filter("withoutTenantId", Flag),
)
SORTS: dict[str, Any] = {
    "incidentId": _N.id,
    "incidentMessage": _N.message,
    "incidentTimestamp": _N.opened_at,
    "incidentType": incident_type(),
    "processInstanceId": _N.instance_id,
    "executionId": _N.instance_id,
    "activityId": _N.element_id,
    "processDefinitionId": _I.process_definition_id,
    "causeIncidentId": _N.id,
    "rootCauseIncidentId": _N.id,
    "configuration": _N.job_id,
}


def incidents_of(me: Person) -> Any:
    """Incidents of the cases that a person may see, with process definition, process and type."""
    query = select(_N, _I.process_definition_id, _I.process_key, _I.root_id, incident_type().label("kind"))
    return query.join(_I, _I.id == _N.instance_id).outerjoin(Job, Job.id == _N.job_id).where(visible_cases(me))


def _select(me: Person) -> Select[Any]:
    query: Select[Any] = incidents_of(me).where(_N.state == "open")
    return query


def _show(_session: Session, rows: Sequence[Any], _asked: Asked) -> list[IncidentDto]:
    return [
        IncidentDto(
            id=row.Incident.id,
            process_definition_id=row.process_definition_id,
            process_instance_id=row.Incident.instance_id,
            execution_id=row.Incident.instance_id,
            incident_timestamp=row.Incident.opened_at,
            incident_type=row.kind,
            activity_id=row.Incident.element_id,
            failed_activity_id=row.Incident.element_id,
            cause_incident_id=row.Incident.id,
            root_cause_incident_id=row.Incident.id,
            configuration=row.Incident.job_id,
            incident_message=row.Incident.message,
        )
        for row in rows
    ]


Listing(
    path="/incident",
    tag="incident",
    item=IncidentDto,
    about="open incidents",
    select=_select,
    show=_show,
    filters=FILTERS,
    sorts=SORTS,
    order=(_N.opened_at, _N.id),
).declare()


@operation("GET", "/incident/{incident_id}", tag="incident")
def get(incident_id: str) -> IncidentDto:
    """One open incident."""
    return _found(incident_id)


@operation("DELETE", "/incident/{incident_id}", tag="incident", scope="operate")
def resolve(incident_id: str) -> None:
    """Try again what failed; the incident is resolved when the work succeeds."""
    _found(incident_id)
    require_may_steer(person())
    incidents.resolve(engine(), incident_id, person().id)


def _found(incident_id: str) -> IncidentDto:
    with database().session() as session:
        rows = session.execute(_select(person()).where(_N.id == incident_id)).all()
        if not rows:
            raise NotFound(f"没有异常 {incident_id}。", f"No matching incident with id {incident_id}", id=incident_id)
        return _show(session, rows, {})[0]
