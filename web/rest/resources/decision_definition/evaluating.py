"""Evaluating a decision without a case."""

from sqlalchemy.orm import Session

from engine.runtime.catalog import Catalog
from engine.runtime.surroundings import Surroundings
from engine.storage.tables import DecisionDefinition
from engine.xml import read_xml
from web.current import database, engine, now, person
from web.rest.operation import operation
from web.rest.resources.decision_definition.shape import content, find
from web.rest.types import Dto
from web.rest.values import TypedValue, VariableValue, read_variables, show_value

_TAG = "decision-definition"


class EvaluateDto(Dto):
    """What is known."""

    variables: dict[str, TypedValue] = {}


@operation("POST", "/decision-definition/{decision_id}/evaluate", tag=_TAG, scope="read", changes=False)
def evaluate(decision_id: str, body: EvaluateDto) -> list[dict[str, VariableValue]]:
    """Decide by one version; one map of outputs for each matching rule."""
    with database().session() as session:
        return _evaluate(session, find(session, DecisionDefinition.id == decision_id, decision_id).DecisionDefinition, body)


@operation("POST", "/decision-definition/key/{key}/evaluate", tag=_TAG, scope="read", changes=False)
def evaluate_by_key(key: str, body: EvaluateDto) -> list[dict[str, VariableValue]]:
    """Decide by the newest version; one map of outputs for each matching rule."""
    with database().session() as session:
        return _evaluate(session, find(session, DecisionDefinition.key == key, key).DecisionDefinition, body)


def _evaluate(session: Session, found: DecisionDefinition, body: EvaluateDto) -> list[dict[str, VariableValue]]:
    served = engine()
    surroundings = Surroundings(now(), served.calendars, Catalog(session, served.cache), served.settings.time_zone, person().id)
    decided = surroundings.decide(found.key, "deployment", found.deployment_id, read_variables(body.variables)).json_value
    results = decided if isinstance(decided, list) else [] if decided is None else [decided]
    name = _only_output(content(session, found), found.key)
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
