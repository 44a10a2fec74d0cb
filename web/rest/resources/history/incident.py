"""Incidents, open and resolved."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from engine.storage.tables import Incident, ProcessInstance
from web.auth.person import Person
from web.rest.absent import NO_VALUE, nothing
from web.rest.listing import Asked, Filter, Listing
from web.rest.resources.incident import FILTERS, SORTS, fields, incidents_of
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
            **fields(row),
            process_definition_key=row.process_key,
            root_process_instance_id=row.root_id,
            create_time=row.Incident.opened_at,
            end_time=row.Incident.resolved_at,
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
        Filter("processDefinitionKey", str, lambda value: ProcessInstance.process_key == value),
        *nothing("historyConfiguration"),
    ),
    sorts={
        **SORTS,
        "createTime": _N.opened_at,
        "endTime": _N.resolved_at,
        "incidentState": _N.state,
        "processDefinitionKey": ProcessInstance.process_key,
        "historyConfiguration": NO_VALUE,
    },
    order=(_N.opened_at, _N.id),
).declare()
