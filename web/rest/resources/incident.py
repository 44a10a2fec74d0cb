"""Open incidents."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, case, select
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.runtime import incidents
from engine.storage.tables import Incident, Job, ProcessInstance
from web.auth.person import Person
from web.current import database, engine, person
from web.permissions import require_may_steer, visible_cases
from web.rest.absent import NO_VALUE, TENANTS
from web.rest.incident_types import INCIDENT_TYPE
from web.rest.listing import Asked, Filter, Listing
from web.rest.operation import operation
from web.rest.types import Dto, Instant, TextList

_N, _I = Incident, ProcessInstance
#: As the job says it; external tasks have none.
_JOB_DEFINITION = case((Job.kind != "handler", _I.process_definition_id + ":" + _N.element_id))


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
    Filter("incidentType", str, lambda value: value == INCIDENT_TYPE),
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
    Filter("jobDefinitionIdIn", TextList, _JOB_DEFINITION.in_),
    *TENANTS,
)
SORTS: dict[str, Any] = {
    "incidentId": _N.id,
    "incidentMessage": _N.message,
    "incidentTimestamp": _N.opened_at,
    "incidentType": INCIDENT_TYPE,
    "processInstanceId": _N.instance_id,
    "executionId": _N.instance_id,
    "activityId": _N.element_id,
    "processDefinitionId": _I.process_definition_id,
    "causeIncidentId": _N.id,
    "rootCauseIncidentId": _N.id,
    "configuration": _N.job_id,
    "tenantId": NO_VALUE,
}


def incidents_of(me: Person) -> Any:
    """Incidents of the cases that a person may see, with process definition, process and type."""
    query = select(
        _N, _I.process_definition_id, _I.process_key, _I.root_id, INCIDENT_TYPE.label("kind"), _JOB_DEFINITION.label("job_definition")
    )
    return query.join(_I, _I.id == _N.instance_id).outerjoin(Job, Job.id == _N.job_id).where(visible_cases(me))


def fields(row: Any) -> dict[str, Any]:
    """What every form of an incident says."""
    found: Incident = row.Incident
    return {
        "id": found.id,
        "process_definition_id": row.process_definition_id,
        "process_instance_id": found.instance_id,
        "execution_id": found.instance_id,
        "incident_type": row.kind,
        "activity_id": found.element_id,
        "failed_activity_id": found.element_id,
        "cause_incident_id": found.id,
        "root_cause_incident_id": found.id,
        "configuration": found.job_id,
        "incident_message": found.message,
        "job_definition_id": row.job_definition,
    }


def _select(me: Person) -> Select[Any]:
    query: Select[Any] = incidents_of(me).where(_N.state == "open")
    return query


def _show(_session: Session, rows: Sequence[Any], _asked: Asked) -> list[IncidentDto]:
    return [IncidentDto(**fields(row), incident_timestamp=row.Incident.opened_at) for row in rows]


Listing(
    path="/incident",
    tag="incident",
    item=IncidentDto,
    about="open incidents",
    select=_select,
    show=_show,
    filters=(
        *FILTERS,
        Filter("incidentTimestampBefore", Instant, lambda value: _N.opened_at < value),
        Filter("incidentTimestampAfter", Instant, lambda value: _N.opened_at > value),
    ),
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
