"""How many cases stand where: by definition, and by element of one definition."""

from collections import Counter, defaultdict
from typing import Any

from pydantic import Field
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.storage.tables import ElementInstance, Incident, Job, ProcessDefinition, ProcessInstance, Resource
from web.current import database, person
from web.permissions import visible_cases
from web.rest.incident_types import INCIDENT_TYPE
from web.rest.operation import operation
from web.rest.resources.process_definition.shape import ProcessDefinitionDto, find, find_live, show_definition, visible
from web.rest.types import Dto, Flag

_TAG = "process-definition"
_DTO = "org.camunda.bpm.engine.rest.dto.repository"


class IncidentCountDto(Dto):
    """How many open incidents there are of a type."""

    incident_type: str
    incident_count: int


class ActivityStatisticsDto(Dto):
    """How many runs of an element are alive, and what troubles them."""

    id: str
    instances: int
    failed_jobs: int
    incidents: list[IncidentCountDto]
    java_class: str = Field(f"{_DTO}.ActivityStatisticsResultDto", alias="@class")


class DefinitionStatisticsDto(Dto):
    """How many instances of a version are running, and what troubles them."""

    id: str
    instances: int
    failed_jobs: int
    incidents: list[IncidentCountDto]
    definition: ProcessDefinitionDto
    java_class: str = Field(f"{_DTO}.ProcessDefinitionStatisticsResultDto", alias="@class")


@operation("GET", "/process-definition/statistics", tag=_TAG)
def statistics(
    failed_jobs: Flag = False, incidents: Flag = False, root_incidents: Flag = False, incidents_for_type: str | None = None
) -> list[DefinitionStatisticsDto]:
    """Running instances by definition, of the cases that the caller may see."""
    with database().session() as session:
        by = ProcessInstance.process_definition_id
        running = _counted(
            session, select(by, func.count()).where(ProcessInstance.ended_at.is_(None), visible_cases(person())).group_by(by)
        )
        failed = _failed_jobs(session, by) if failed_jobs else Counter()
        troubles = _incidents(session, by, incidents_for_type) if incidents or root_incidents or incidents_for_type else {}
        rows = session.execute(
            select(ProcessDefinition, Resource.name.label("name"))
            .join(Resource, Resource.id == ProcessDefinition.resource_id)
            .where(visible(person()))
            .order_by(ProcessDefinition.key, ProcessDefinition.version)
        ).all()
        return [
            DefinitionStatisticsDto(
                id=row.ProcessDefinition.id,
                instances=running[row.ProcessDefinition.id],
                failed_jobs=failed[row.ProcessDefinition.id],
                incidents=troubles.get(row.ProcessDefinition.id, []),
                definition=show_definition(session, row.ProcessDefinition, row.name),
            )
            for row in rows
        ]


@operation("GET", "/process-definition/{definition_id}/statistics", tag=_TAG)
def activity_statistics(
    definition_id: str, failed_jobs: Flag = False, incidents: Flag = False, incidents_for_type: str | None = None
) -> list[ActivityStatisticsDto]:
    """Living runs by element of one version, of the cases that the caller may see."""
    with database().session() as session:
        found = find(session, person(), definition_id).id
        return _by_element(session, found, failed_jobs=failed_jobs, incidents=incidents, kind=incidents_for_type)


@operation("GET", "/process-definition/key/{key}/statistics", tag=_TAG)
def activity_statistics_by_key(
    key: str, failed_jobs: Flag = False, incidents: Flag = False, incidents_for_type: str | None = None
) -> list[ActivityStatisticsDto]:
    """Living runs by element of the live version, of the cases that the caller may see."""
    with database().session() as session:
        found = find_live(session, key).id
        return _by_element(session, found, failed_jobs=failed_jobs, incidents=incidents, kind=incidents_for_type)


def _by_element(
    session: Session, definition_id: str, *, failed_jobs: bool, incidents: bool, kind: str | None
) -> list[ActivityStatisticsDto]:
    of_it = ProcessInstance.process_definition_id == definition_id
    living = (
        select(ElementInstance.element_id, func.count())
        .join(ProcessInstance, ProcessInstance.id == ElementInstance.instance_id)
        .where(of_it, ElementInstance.state == "active", visible_cases(person()))
        .group_by(ElementInstance.element_id)
    )
    alive = _counted(session, living)
    failed = _failed_jobs(session, Job.element_id, of_it) if failed_jobs else Counter()
    troubles = _incidents(session, Incident.element_id, kind, of_it) if incidents or kind else {}
    return [
        ActivityStatisticsDto(id=element, instances=alive[element], failed_jobs=failed[element], incidents=troubles.get(element, []))
        for element in sorted({*alive, *failed, *troubles})
    ]


def _failed_jobs(session: Session, by: Any, *conditions: Any) -> Counter[str]:
    query = select(by, func.count()).select_from(Job).join(ProcessInstance, ProcessInstance.id == Job.instance_id)
    return _counted(session, query.where(Job.state == "failed", by.is_not(None), visible_cases(person()), *conditions).group_by(by))


def _incidents(session: Session, by: Any, kind: str | None, *conditions: Any) -> dict[str, list[IncidentCountDto]]:
    query = select(by, INCIDENT_TYPE, func.count()).select_from(Incident).join(ProcessInstance, ProcessInstance.id == Incident.instance_id)
    query = query.outerjoin(Job, Job.id == Incident.job_id)
    query = query.where(Incident.state == "open", by.is_not(None), visible_cases(person()), *conditions).group_by(by, INCIDENT_TYPE)
    found: dict[str, list[IncidentCountDto]] = defaultdict(list)
    for key, found_kind, count in session.execute(query):
        if kind in (None, found_kind):
            found[key].append(IncidentCountDto(incident_type=found_kind, incident_count=count))
    return found


def _counted(session: Session, query: Any) -> Counter[str]:
    return Counter({str(row[0]): row[1] for row in session.execute(query)})
