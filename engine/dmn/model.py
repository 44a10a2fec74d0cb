"""A DMN model, ready to decide."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.dmn.evaluation import Decided, Evaluation
from engine.dmn.graph import Decision, Graph, Node, Service
from engine.dmn.run import DecisionRun
from engine.errors import InvalidInput, Problem
from engine.feel import Environment, to_json
from engine.feel.errors import nearest
from engine.feel.expression import too_deep


class DecisionError(InvalidInput):
    """A decision does not exist, or its table broke its own hit policy."""

    code = "OPS-115"


@dataclass(frozen=True)
class DecisionResult:
    """What was decided and why."""

    decision_id: str
    decision_name: str
    value: Any  #: the FEEL value, as the hit policy shapes it
    inputs: dict[str, Any] = field(default_factory=dict)  #: label of the table's column to its value as JSON
    matched_rules: list[dict[str, Any]] = field(default_factory=list)  #: index (from 1), id, annotation
    trace: "list[DecisionResult]" = field(default_factory=list)  #: the required decisions, in the order in which they were made

    @property
    def json_value(self) -> Any:
        """The value as JSON."""
        return to_json(self.value)


class Model:
    """One DMN file with what it imports."""

    def __init__(self, graph: Graph, problems: list[Problem]) -> None:
        """Args: graph: its elements; problems: what is wrong with it."""
        self.graph = graph
        self.problems = problems

    @property
    def name(self) -> str:
        """The model's name."""
        return self.graph.name

    @property
    def decisions(self) -> list[tuple[str, str]]:
        """Id and name of every decision, in the order of the file."""
        return [(node.id, node.name) for node in self.graph.nodes.values() if isinstance(node, Decision)]

    def decide(self, key: str, context: Mapping[str, Any], env: Environment, *, strict: bool = True) -> DecisionResult:
        """Decide.

        Args:
            key: id or name of a decision or a decision service.
            context: the caller's variables, JSON or FEEL values.
            env: the world; warnings are collected in it.
            strict: whether a UNIQUE or ANY table whose rules contradict each other is an error; otherwise it gives null.

        Raises:
            DecisionError: no such decision, or contradicting rules.
            BudgetExceeded: the evaluation became too big.
        """
        node = self.graph.by_key(key)
        if not isinstance(node, Decision | Service):
            close = nearest(key, [name for pair in self.decisions for name in pair])
            hint = (f"，是否指 {close}？", f"; did you mean {close}?") if close else ("。", ".")
            raise DecisionError(f"没有决策 {key}{hint[0]}", f"there is no decision {key}{hint[1]}", decision=key)
        run = DecisionRun(env)
        evaluation = Evaluation(self.graph, context, run)
        try:
            value = self._value(evaluation, node, context)
        except RecursionError:
            raise too_deep() from None
        if strict and run.violations:
            violation = run.violations[0]
            raise DecisionError(violation.zh, violation.en, **violation.details)
        results = [_result(decided) for decided in evaluation.decided]
        if results and isinstance(node, Decision):
            own = results[-1]
            return DecisionResult(own.decision_id, own.decision_name, value, own.inputs, own.matched_rules, results[:-1])
        return DecisionResult(node.id, node.name, value, trace=results)

    def _value(self, evaluation: Evaluation, node: Node, context: Mapping[str, Any]) -> Any:
        if not isinstance(node, Service):
            return evaluation.value(self.graph, node)
        inputs = [found[1] for reference in node.inputs if (found := self.graph.find(reference)) is not None]
        return evaluation.service_result(self.graph, node, {item.id: context.get(item.name) for item in inputs})


def _result(decided: Decided) -> DecisionResult:
    decision = decided.decision
    own = decided.hits[-1] if decided.hits else None
    inputs = {} if own is None else {label: _shown(value) for label, value in own.inputs.items()}
    return DecisionResult(decision.id, decision.name, decided.value, inputs, [] if own is None else own.rules)


def _shown(value: Any) -> Any:
    """An input as JSON; ranges and functions as text."""
    try:
        return to_json(value)
    except InvalidInput:
        return str(value)
