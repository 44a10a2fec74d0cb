"""The list of decisions, one of them, its file."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, aliased

from engine.storage.tables import DecisionDefinition, Deployment
from web.auth.person import Person
from web.current import database
from web.rest.absent import NO_VALUE, TENANTS, nothing
from web.rest.definition_filters import definition_filters
from web.rest.listing import Asked, Condition, Filter, Listing
from web.rest.operation import operation
from web.rest.resources.decision_definition.shape import DecisionDefinitionDto, content, decisions, find, show_decision
from web.rest.types import Dto, Flag, TextList

_D, _TAG = DecisionDefinition, "decision-definition"


class DmnXmlDto(Dto):
    """The file of a decision."""

    id: str
    dmn_xml: str


def _latest() -> Condition:
    newer = aliased(_D)
    return ~exists(select(newer.id).where(newer.key == _D.key, newer.version > _D.version))


def _select(_me: Person) -> Select[Any]:
    query: Select[Any] = decisions().join(Deployment, Deployment.id == _D.deployment_id)
    return query


def _show(_session: Session, rows: Sequence[Any], _asked: Asked) -> list[DecisionDefinitionDto]:
    return [show_decision(*row) for row in rows]


Listing(
    path="/decision-definition",
    tag=_TAG,
    item=DecisionDefinitionDto,
    about="versions of decisions",
    select=_select,
    show=_show,
    filters=(
        Filter("decisionDefinitionId", str, lambda value: _D.id == value),
        Filter("decisionDefinitionIdIn", TextList, _D.id.in_),
        *definition_filters(_D, _latest),
        Filter("withoutDecisionRequirementsDefinition", Flag),
        *nothing("category", "categoryLike", "versionTag", "versionTagLike"),
        *nothing("decisionRequirementsDefinitionId", "decisionRequirementsDefinitionKey"),
        *TENANTS,
        Filter("includeDecisionDefinitionsWithoutTenantId", Flag),
    ),
    sorts={
        "id": _D.id,
        "key": _D.key,
        "name": _D.name,
        "version": _D.version,
        "deploymentId": _D.deployment_id,
        "deployTime": Deployment.deployed_at,
        **dict.fromkeys(("category", "versionTag", "decisionRequirementsDefinitionKey", "tenantId"), NO_VALUE),
    },
    order=(_D.key, _D.version, _D.id),
).declare()


@operation("GET", "/decision-definition/{decision_id}", tag=_TAG)
def get(decision_id: str) -> DecisionDefinitionDto:
    """One version of a decision."""
    with database().session() as session:
        return show_decision(*find(session, _D.id == decision_id, decision_id))


@operation("GET", "/decision-definition/key/{key}", tag=_TAG)
def get_by_key(key: str) -> DecisionDefinitionDto:
    """The newest version of a decision."""
    with database().session() as session:
        return show_decision(*find(session, _D.key == key, key))


@operation("GET", "/decision-definition/{decision_id}/xml", tag=_TAG)
def xml(decision_id: str) -> DmnXmlDto:
    """The DMN XML of a version of a decision."""
    with database().session() as session:
        return _xml(session, find(session, _D.id == decision_id, decision_id).DecisionDefinition)


@operation("GET", "/decision-definition/key/{key}/xml", tag=_TAG)
def xml_by_key(key: str) -> DmnXmlDto:
    """The DMN XML of the newest version of a decision."""
    with database().session() as session:
        return _xml(session, find(session, _D.key == key, key).DecisionDefinition)


def _xml(session: Session, found: DecisionDefinition) -> DmnXmlDto:
    return DmnXmlDto(id=found.id, dmn_xml=content(session, found).decode("utf-8", "replace"))
