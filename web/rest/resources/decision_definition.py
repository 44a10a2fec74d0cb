"""DMN decisions: what is deployed, and evaluating one without a case."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, exists, false, select
from sqlalchemy.orm import Session, aliased

from engine.errors import NotFound
from engine.runtime.catalog import Catalog
from engine.runtime.surroundings import Surroundings
from engine.storage.tables import DecisionDefinition, Deployment, Resource
from engine.xml import read_xml
from web.auth.person import Person
from web.current import database, engine, now, person
from web.rest.listing import Asked, Condition, Filter, Listing
from web.rest.operation import operation
from web.rest.types import Dto, Flag, Instant, Natural, TextList
from web.rest.values import TypedValue, VariableValue, read_variables, show_value

_D, _TAG = DecisionDefinition, "decision-definition"


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


class DmnXmlDto(Dto):
    """The file of a decision."""

    id: str
    dmn_xml: str


class EvaluateDto(Dto):
    """What is known."""

    variables: dict[str, TypedValue] = {}


def _latest() -> Condition:
    newer = aliased(_D)
    return ~exists(select(newer.id).where(newer.key == _D.key, newer.version > _D.version))


def _rows() -> Any:
    return select(_D, Resource.name.label("resource")).join(Resource, Resource.id == _D.resource_id)


def _select(_me: Person) -> Select[Any]:
    query: Select[Any] = _rows().join(Deployment, Deployment.id == _D.deployment_id)
    return query


def _show(_session: Session, rows: Sequence[Any], _asked: Asked) -> list[DecisionDefinitionDto]:
    return [_shown(row) for row in rows]


def _shown(row: Any) -> DecisionDefinitionDto:
    found: DecisionDefinition = row.DecisionDefinition
    return DecisionDefinitionDto(
        id=found.id, key=found.key, name=found.name, version=found.version, resource=row.resource, deployment_id=found.deployment_id
    )


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
        Filter("name", str, lambda value: _D.name == value),
        Filter("nameLike", str, _D.name.like),
        Filter("deploymentId", str, lambda value: _D.deployment_id == value),
        Filter("deployedAfter", Instant, lambda value: Deployment.deployed_at > value),
        Filter("deployedAt", Instant, lambda value: Deployment.deployed_at == value),
        Filter("key", str, lambda value: _D.key == value),
        Filter("keyLike", str, _D.key.like),
        Filter("version", Natural, lambda value: _D.version == value),
        Filter("latestVersion", Flag, lambda _: _latest()),
        Filter("resourceName", str, lambda value: Resource.name == value),
        Filter("resourceNameLike", str, Resource.name.like),
        Filter("tenantIdIn", TextList, lambda _: false()),
        Filter("withoutTenantId", Flag),
    ),
    sorts={
        "id": _D.id,
        "key": _D.key,
        "name": _D.name,
        "version": _D.version,
        "deploymentId": _D.deployment_id,
        "deployTime": Deployment.deployed_at,
    },
    order=(_D.key, _D.version),
).declare()


@operation("GET", "/decision-definition/{decision_id}", tag=_TAG)
def get(decision_id: str) -> DecisionDefinitionDto:
    """One version of a decision."""
    with database().session() as session:
        return _shown(_find(session, _D.id == decision_id, decision_id))


@operation("GET", "/decision-definition/key/{key}", tag=_TAG)
def get_by_key(key: str) -> DecisionDefinitionDto:
    """The newest version of a decision."""
    with database().session() as session:
        return _shown(_find(session, _D.key == key, key))


@operation("GET", "/decision-definition/{decision_id}/xml", tag=_TAG)
def xml(decision_id: str) -> DmnXmlDto:
    """The DMN XML of a version of a decision."""
    with database().session() as session:
        return _xml(session, _find(session, _D.id == decision_id, decision_id).DecisionDefinition)


@operation("GET", "/decision-definition/key/{key}/xml", tag=_TAG)
def xml_by_key(key: str) -> DmnXmlDto:
    """The DMN XML of the newest version of a decision."""
    with database().session() as session:
        return _xml(session, _find(session, _D.key == key, key).DecisionDefinition)


@operation("POST", "/decision-definition/{decision_id}/evaluate", tag=_TAG, scope="read", changes=False)
def evaluate(decision_id: str, body: EvaluateDto) -> list[dict[str, VariableValue]]:
    """Decide by one version; one map of outputs for each matching rule."""
    with database().session() as session:
        return _evaluate(session, _find(session, _D.id == decision_id, decision_id).DecisionDefinition, body)


@operation("POST", "/decision-definition/key/{key}/evaluate", tag=_TAG, scope="read", changes=False)
def evaluate_by_key(key: str, body: EvaluateDto) -> list[dict[str, VariableValue]]:
    """Decide by the newest version; one map of outputs for each matching rule."""
    with database().session() as session:
        return _evaluate(session, _find(session, _D.key == key, key).DecisionDefinition, body)


def _find(session: Session, condition: Condition, asked: str) -> Any:
    row = session.execute(_rows().where(condition).order_by(_D.version.desc()).limit(1)).one_or_none()
    if row is None:
        raise NotFound(f"没有决策“{asked}”。", f"No matching decision definition with id or key {asked}", id=asked)
    return row


def _xml(session: Session, found: DecisionDefinition) -> DmnXmlDto:
    return DmnXmlDto(id=found.id, dmn_xml=_content(session, found).decode("utf-8", "replace"))


def _content(session: Session, found: DecisionDefinition) -> bytes:
    return session.scalars(select(Resource.content).where(Resource.id == found.resource_id)).one()


def _evaluate(session: Session, found: DecisionDefinition, body: EvaluateDto) -> list[dict[str, VariableValue]]:
    served = engine()
    surroundings = Surroundings(now(), served.calendars, Catalog(session, served.cache), served.settings.time_zone, person().id)
    decided = surroundings.decide(found.key, "deployment", found.deployment_id, read_variables(body.variables)).json_value
    results = decided if isinstance(decided, list) else [] if decided is None else [decided]
    name = _only_output(_content(session, found), found.key)
    return [
        {key: show_value(value) for key, value in (result if isinstance(result, dict) else {name: result}).items()} for result in results
    ]


def _only_output(content: bytes, key: str) -> str:
    """What Camunda calls the value of a table with one output: by the output's name."""
    for node in read_xml(content).iter("{*}decision"):
        if node.get("id") == key:
            output = node.find("{*}decisionTable/{*}output")
            return (output.get("name") if output is not None else None) or "result"
    return "result"
