"""What is alive in an instance, as a tree of scopes."""

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.storage.tables import ElementInstance, Incident, Job, ProcessInstance
from web.current import database, person
from web.definitions import Definition, definition
from web.rest.activity_types import activity_type
from web.rest.operation import operation
from web.rest.resources.process_instance.shape import find_running
from web.rest.types import Dto


class ActivityIncidentDto(Dto):
    """An open incident at a run."""

    id: str
    activity_id: str | None = None


class TransitionInstanceDto(Dto):
    """A token that waits for its job before or behind an element."""

    id: str
    parent_activity_instance_id: str
    process_instance_id: str
    process_definition_id: str
    activity_id: str
    activity_name: str | None = None
    activity_type: str
    execution_id: str
    target_activity_id: str
    incident_ids: list[str]
    incidents: list[ActivityIncidentDto]


class ActivityInstanceDto(Dto):
    """A living run of an element, or the instance itself at the top."""

    id: str
    parent_activity_instance_id: str | None = None
    activity_id: str
    activity_type: str
    process_instance_id: str
    process_definition_id: str
    child_activity_instances: list["ActivityInstanceDto"] = []
    child_transition_instances: list[TransitionInstanceDto] = []
    execution_ids: list[str]
    activity_name: str | None = None
    name: str | None = None
    incident_ids: list[str]
    incidents: list[ActivityIncidentDto]


@operation("GET", "/process-instance/{instance_id}/activity-instances", tag="process-instance")
def activity_instances(instance_id: str) -> ActivityInstanceDto:
    """The tree of living element runs of an instance; instances that it called are not part of it."""
    with database().session() as session:
        found = find_running(session, person(), instance_id)
        drawn = definition(session, found.process_definition_id)
        incidents = _incidents(session, instance_id)
        top = ActivityInstanceDto(
            id=instance_id,
            activity_id=found.process_definition_id,
            activity_type="processDefinition",
            process_instance_id=instance_id,
            process_definition_id=found.process_definition_id,
            execution_ids=[instance_id],
            activity_name=drawn.name,
            name=drawn.name,
            incident_ids=[item.id for item in incidents[None]],
            incidents=incidents[None],
        )
        return _grow(session, top, found, drawn, incidents)


def _grow(
    session: Session,
    top: ActivityInstanceDto,
    found: ProcessInstance,
    drawn: Definition,
    incidents: dict[str | None, list[ActivityIncidentDto]],
) -> ActivityInstanceDto:
    alive = session.scalars(
        select(ElementInstance)
        .where(ElementInstance.instance_id == found.id, ElementInstance.state == "active")
        .order_by(ElementInstance.entered_at, ElementInstance.id)
    ).all()
    nodes = {top.id: top}
    for run in alive:
        title = _name(drawn, run.element_id)
        nodes[run.id] = ActivityInstanceDto(
            id=run.id,
            activity_id=run.element_id,
            activity_type=activity_type(run.element_type, drawn.element(run.element_id)),
            process_instance_id=found.id,
            process_definition_id=found.process_definition_id,
            execution_ids=[found.id],
            activity_name=title,
            name=title,
            incident_ids=[item.id for item in incidents[run.element_id]],
            incidents=incidents[run.element_id],
        )
    for run in alive:
        holder = nodes.get(run.parent_id or "", top)
        nodes[run.id].parent_activity_instance_id = holder.id
        holder.child_activity_instances.append(nodes[run.id])
    for job in _waiting_tokens(session, found.id, set(nodes)):
        top.child_transition_instances.append(_transition(job, found, drawn, incidents[job.element_id]))
    return top


def _waiting_tokens(session: Session, instance_id: str, runs: set[str]) -> list[Job]:
    """Jobs of asyncBefore, whose tokens have not entered their element yet."""
    waiting = Job.state.in_(("ready", "leased", "failed"))
    found = session.scalars(select(Job).where(Job.instance_id == instance_id, Job.kind == "continue", waiting).order_by(Job.id))
    return [job for job in found if job.element_instance_id not in runs]


def _transition(job: Job, found: ProcessInstance, drawn: Definition, incidents: list[ActivityIncidentDto]) -> TransitionInstanceDto:
    element_id = job.element_id or ""
    element = drawn.element(element_id)
    return TransitionInstanceDto(
        id=job.element_instance_id or job.id,
        parent_activity_instance_id=found.id,
        process_instance_id=found.id,
        process_definition_id=found.process_definition_id,
        activity_id=element_id,
        activity_name=_name(drawn, element_id),
        activity_type=activity_type(element.type if element else "", element),
        execution_id=found.id,
        target_activity_id=element_id,
        incident_ids=[item.id for item in incidents],
        incidents=incidents,
    )


def _incidents(session: Session, instance_id: str) -> dict[str | None, list[ActivityIncidentDto]]:
    found: dict[str | None, list[ActivityIncidentDto]] = defaultdict(list)
    for row in session.execute(
        select(Incident.id, Incident.element_id).where(Incident.instance_id == instance_id, Incident.state == "open").order_by(Incident.id)
    ):
        found[row.element_id].append(ActivityIncidentDto(id=row.id, activity_id=row.element_id))
    return found


def _name(drawn: Definition, element_id: str) -> str | None:
    element = drawn.element(element_id)
    return element.name or None if element else None
