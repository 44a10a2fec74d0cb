"""A deployment as it is answered."""

from typing import Any

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from engine.storage.tables import DecisionDefinition, Deployment, ProcessDefinition, Resource
from web.auth.person import Person
from web.rest import tree
from web.rest.errors import Refused
from web.rest.resources.decision_definition.shape import DecisionDefinitionDto, show_decision
from web.rest.resources.process_definition.shape import ProcessDefinitionDto, show_definition
from web.rest.types import Dto, Instant, Link


class DeploymentDto(Dto):
    """One act of deploying."""

    links: list[Link] = []
    id: str
    name: str | None = None
    source: str | None = None
    deployment_time: Instant
    tenant_id: str | None = None


class DeploymentWithDefinitionsDto(DeploymentDto):
    """A deployment with the definitions that it made; null when everything was there already."""

    deployed_process_definitions: dict[str, ProcessDefinitionDto] | None = None
    deployed_case_definitions: dict[str, Any] | None = None
    deployed_decision_definitions: dict[str, DecisionDefinitionDto] | None = None
    deployed_decision_requirements_definitions: dict[str, Any] | None = None


def visible(me: Person) -> ColumnElement[bool]:
    """Condition on Deployment: what is live is for everybody, a candidate for whoever made it and those who see everything."""
    return true() if me.sees_everything else or_(Deployment.state == "live", Deployment.deployed_by == me.id)


def fields(found: Deployment) -> dict[str, Any]:
    """What every form of a deployment says."""
    return {"id": found.id, "name": found.name, "source": found.source, "deployment_time": found.deployed_at}


def find(session: Session, me: Person, deployment_id: str) -> Deployment:
    """A deployment by its id.

    Raises:
        Refused: 404, there is none that the caller may see.
    """
    found = session.scalar(select(Deployment).where(Deployment.id == deployment_id, visible(me)))
    if found is None:
        raise Refused(404, "InvalidRequestException", f"没有部署 {deployment_id}。", f"Deployment with id '{deployment_id}' does not exist")
    return found


def show_with_definitions(session: Session, deployment_id: str, *, made_nothing: bool = False) -> DeploymentWithDefinitionsDto:
    """A deployment that was just made, or the one that had everything already."""
    found = session.get_one(Deployment, deployment_id)
    answer = DeploymentWithDefinitionsDto(
        links=[Link(method="GET", href=f"{tree.root()}/deployment/{deployment_id}", rel="self")], **fields(found)
    )
    if made_nothing:
        return answer
    processes = session.execute(
        select(ProcessDefinition, Resource.name.label("name"))
        .join(Resource, Resource.id == ProcessDefinition.resource_id)
        .where(ProcessDefinition.deployment_id == deployment_id)
    )
    decisions = session.execute(
        select(DecisionDefinition, Resource.name.label("name"))
        .join(Resource, Resource.id == DecisionDefinition.resource_id)
        .where(DecisionDefinition.deployment_id == deployment_id)
    )
    shown = {row.ProcessDefinition.id: show_definition(session, row.ProcessDefinition, row.name) for row in processes}
    tables = {row.DecisionDefinition.id: show_decision(row.DecisionDefinition, row.name) for row in decisions}
    return answer.model_copy(update={"deployed_process_definitions": shown or None, "deployed_decision_definitions": tables or None})
