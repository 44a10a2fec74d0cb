"""A process definition as it is answered, and how one is found."""

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from engine.storage.tables import ProcessDefinition, Resource
from web.auth.person import Person
from web.definitions import definition
from web.rest.errors import Refused
from web.rest.types import Dto


class ProcessDefinitionDto(Dto):
    """One version of a process."""

    id: str
    key: str
    category: str | None = None
    description: str | None = None
    name: str | None = None
    version: int
    resource: str
    deployment_id: str
    diagram: str | None = None
    suspended: bool
    tenant_id: str | None = None
    version_tag: str | None = None
    history_time_to_live: int | None = None
    startable_in_tasklist: bool


def visible(me: Person) -> ColumnElement[bool]:
    """Condition on ProcessDefinition: what is published is for everybody, a candidate for those who see everything."""
    return true() if me.sees_everything else ProcessDefinition.state != "candidate"


def show_definition(session: Session, found: ProcessDefinition, resource: str) -> ProcessDefinitionDto:
    """One version; `resource` is the name of its file."""
    process = definition(session, found.id).process
    kept_for = process.camunda.get("historyTimeToLive", "").removeprefix("P").removesuffix("D")
    return ProcessDefinitionDto(
        id=found.id,
        key=found.key,
        description=process.documentation or None,
        name=found.name,
        version=found.version,
        resource=resource,
        deployment_id=found.deployment_id,
        suspended=found.suspended,
        version_tag=found.version_tag,
        history_time_to_live=int(kept_for) if kept_for.isdecimal() else None,
        startable_in_tasklist=found.startable,
    )


def find(session: Session, me: Person, definition_id: str) -> ProcessDefinition:
    """A definition by its id.

    Raises:
        Refused: 404, there is none that the caller may see.
    """
    found = session.scalar(select(ProcessDefinition).where(ProcessDefinition.id == definition_id, visible(me)))
    if found is None:
        raise Refused(404, "InvalidRequestException", f"没有流程定义 {definition_id}。", f"No matching definition with id {definition_id}")
    return found


def find_live(session: Session, key: str) -> ProcessDefinition:
    """The live version of a process.

    Raises:
        Refused: 404, there is none.
    """
    query = select(ProcessDefinition).where(ProcessDefinition.key == key, ProcessDefinition.state == "live")
    found = session.scalars(query.order_by(ProcessDefinition.version.desc()).limit(1)).first()
    if found is None:
        raise Refused(404, "RestException", f"没有流程“{key}”。", f"No matching process definition with key: {key} and no tenant-id")
    return found


def file_name(session: Session, found: ProcessDefinition) -> str:
    """The name of the file that a definition came from."""
    return session.scalars(select(Resource.name).where(Resource.id == found.resource_id)).one()
