"""A version of a decision as it is answered."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.storage.tables import DecisionDefinition, Resource
from web.rest.listing import Condition
from web.rest.types import Dto


class DecisionDefinitionDto(Dto):
    """One version of a decision."""

    id: str
    key: str
    category: str | None = None
    name: str | None = None
    version: int
    resource: str
    deployment_id: str
    tenant_id: str | None = None
    decision_requirements_definition_id: str | None = None
    decision_requirements_definition_key: str | None = None
    history_time_to_live: int | None = None
    version_tag: str | None = None


def show_decision(found: DecisionDefinition, resource: str) -> DecisionDefinitionDto:
    """One version; `resource` is the name of its file."""
    return DecisionDefinitionDto(
        id=found.id, key=found.key, name=found.name, version=found.version, resource=resource, deployment_id=found.deployment_id
    )


def decisions() -> Any:
    """Versions of decisions, with the names of their files."""
    return select(DecisionDefinition, Resource.name.label("resource")).join(Resource, Resource.id == DecisionDefinition.resource_id)


def find(session: Session, condition: Condition, asked: str) -> Any:
    """The newest version that fulfils a condition, with the name of its file.

    Args:
        session: to read with.
        condition: on DecisionDefinition.
        asked: what was asked for, for the message.

    Raises:
        NotFound: there is none.
    """
    row = session.execute(decisions().where(condition).order_by(DecisionDefinition.version.desc()).limit(1)).one_or_none()
    if row is None:
        raise NotFound(f"没有决策“{asked}”。", f"No matching decision definition with id or key {asked}", id=asked)
    return row


def content(session: Session, found: DecisionDefinition) -> bytes:
    """The file of a version."""
    return session.scalars(select(Resource.content).where(Resource.id == found.resource_id)).one()
