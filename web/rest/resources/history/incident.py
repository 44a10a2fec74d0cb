"""Incidents, open and resolved."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from engine.storage.tables import Incident
from web.auth.person import Person
from web.rest.listing import Asked, Filter, Listing
from web.rest.resources.incident import FILTERS, SORTS, incidents_of
from web.rest.types import Dto, Flag, Instant

_N = Incident


class HistoricIncidentDto(Dto):
    """Something that needed a person."""

    id: str
    process_definition_key: str | None = None
    process_definition_id: str | None = None
    process_instance_id: str | None = None
    execution_id: str | None = None
    root_process_instance_id: str | None = None
    create_time: Instant
    end_time: Instant | None = None
    removal_time: Instant | None = None
    incident_type: str
    activity_id: str | None = None
    failed_activity_id: str | None = None
    cause_incident_id: str
    root_cause_incident_id: str
    configuration: str | None = None
    history_configuration: str | None = None
    incident_message: str | None = None
    tenant_id: str | None = None
    job_definition_id: str | None = None
    open: bool
    deleted: bool
    resolved: bool
    annotation: str | None = None


def _select(me: Person) -> Select[Any]:
    query: Select[Any] = incidents_of(me)
    return query


def _show(_session: Session, rows: Sequence[Any], _asked: Asked) -> list[HistoricIncidentDto]:
    return [
        HistoricIncidentDto(
            id=row.Incident.id,
            process_definition_key=row.process_key,
            process_definition_id=row.process_definition_id,
            process_instance_id=row.Incident.instance_id,
            execution_id=row.Incident.instance_id,
            root_process_instance_id=row.root_id,
            create_time=row.Incident.opened_at,
            end_time=row.Incident.resolved_at,
            incident_type=row.kind,
            activity_id=row.Incident.element_id,
            failed_activity_id=row.Incident.element_id,
            cause_incident_id=row.Incident.id,
            root_cause_incident_id=row.Incident.id,
            configuration=row.Incident.job_id,
            incident_message=row.Incident.message,
            open=row.Incident.state == "open",
            deleted=False,
            resolved=row.Incident.state == "resolved",
        )
        for row in rows
    ]


Listing(
    path="/history/incident",
    tag="history-incident",
    item=HistoricIncidentDto,
    about="incidents, open and resolved,",
    select=_select,
    show=_show,
    filters=(
        *FILTERS,
        Filter("createTimeBefore", Instant, lambda value: _N.opened_at < value),
        Filter("createTimeAfter", Instant, lambda value: _N.opened_at > value),
        Filter("endTimeBefore", Instant, lambda value: _N.resolved_at < value),
        Filter("endTimeAfter", Instant, lambda value: _N.resolved_at > value),
        Filter("open", Flag, lambda _: _N.state == "open"),
        Filter("resolved", Flag, lambda _: _N.state == "resolved"),
        Filter("deleted", Flag, lambda _: _N.id.is_(None)),
    ),
    sorts={**SORTS, "createTime": _N.opened_at, "endTime": _N.resolved_at, "incidentState": _N.state},
    order=(_N.opened_at, _N.id),
).declare()
