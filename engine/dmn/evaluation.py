"""Decides: evaluates an element and whatever it requires, each at most once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.dmn.graph import Decision, Graph, InputData, Knowledge, Node, Service
from engine.dmn.item_types import from_text
from engine.dmn.run import DecisionRun, TableHit
from engine.feel.closures import Closure
from engine.feel.functions import Function
from engine.feel.scope import Frame, Run
from engine.feel.types import coerce, kind_of
from engine.feel.values import lift


@dataclass(frozen=True)
class Decided:
    """What became of one decision on the way."""

    decision: Decision
    value: Any
    hits: tuple[TableHit, ...]


class Evaluation:
    """One graph with one set of inputs."""

    def __init__(self, graph: Graph, context: Mapping[str, Any], run: DecisionRun, given: Mapping[str, Any] | None = None) -> None:
        """Args: graph: the model; context: the caller's variables; run: shared budget and notes; given: decisions whose value is known, by id."""
        self.graph = graph
        self.context = context
        self.run = run
        self.given = given or {}
        self.decided: list[Decided] = []
        self._values: dict[tuple[str, str], Any] = {}
        self._open: set[tuple[str, str]] = set()

    def value(self, graph: Graph, node: Node) -> Any:
        """The value of an element; a circle of requirements is null."""
        key = (graph.namespace, node.id)
        if key not in self._values:
            if key in self._open:
                return self._null(node, f"{node.name} 间接地需要它自己。", f"{node.name} requires itself in a circle.")
            self._open.add(key)
            self._values[key] = self._make(graph, node)
            self._open.discard(key)
        return self._values[key]

    def _make(self, graph: Graph, node: Node) -> Any:
        if node.id in self.given:
            return self._fitted(node, self.given[node.id])
        if isinstance(node, InputData):
            return self._fitted(node, from_text(self._input(graph, node), node.type, self.run))
        if isinstance(node, Decision):
            before = len(self.run.hits)
            value = self._fitted(node, node.evaluate(self.frame(graph, node)))
            self.decided.append(Decided(node, value, tuple(self.run.hits[before:])))
            return value
        if isinstance(node, Knowledge):
            return node.function(self.frame(graph, node))
        return self.service(graph, node) if isinstance(node, Service) else None

    def _input(self, graph: Graph, node: Node) -> Any:
        for key in (f"{graph.namespace}#{node.name}", node.name):
            if key in self.context:
                return lift(self.context[key])
        return self._null(node, f"没有输入 {node.name}。", f"the input {node.name} is missing.")

    def frame(self, graph: Graph, node: Node) -> Frame:
        """What the element's expression sees: its requirements, and around them those variables of the caller that the graph does not define."""
        names: dict[str, Any] = {}
        for reference in node.requirements:
            found = graph.find(reference)
            if found is None:
                self._null(node, f"{node.name} 所需的 {reference.id} 不存在。", f"{reference.id}, required by {node.name}, does not exist.")
                continue
            owner, required = found
            value = self.value(owner, required)
            if owner is graph or not graph.import_names.get(owner.namespace):
                names[required.name] = value
            else:
                names.setdefault(graph.import_names[owner.namespace], {})[required.name] = value
        own = {other.name for other in self.graph.nodes.values()}
        around = {name: value for name, value in self.context.items() if name not in own}
        return Frame(names, Frame(around, None, self.run), self.run)

    def service(self, graph: Graph, service: Service) -> Function:
        """The service as a function of its input data and input decisions."""
        parameters = [found[1] for reference in service.inputs if (found := graph.find(reference)) is not None]

        def invoke(_: Run, arguments: dict[str, Any]) -> Any:
            given = {node.id: arguments[node.name] for node in parameters}
            return self.service_result(graph, service, given)

        return Closure(tuple((node.name, node.type) for node in parameters), invoke, service.name, service.type)

    def service_result(self, graph: Graph, service: Service, given: Mapping[str, Any]) -> Any:
        """The value of a service: its one output decision, or a context of several."""
        inner = Evaluation(graph, {}, self.run, given)
        outputs = [found for reference in service.outputs if (found := graph.find(reference)) is not None]
        values = {node.name: inner.value(owner, node) for owner, node in outputs}
        self.decided.extend(inner.decided)
        return next(iter(values.values())) if len(values) == 1 else values

    def _fitted(self, node: Node, value: Any) -> Any:
        fits, fitted = coerce(lift(value), node.type, self.run)
        if not fits:
            shown, declared = kind_of(value), node.type.name
            return self._null(
                node,
                f"{node.name} 应为允许的 {declared}，而不是这个 {shown}。",
                f"{node.name} must be an allowed {declared}, not this {shown}.",
            )
        return fitted

    def _null(self, node: Node, zh: str, en: str) -> Any:
        return self.run.null((node.name, 0), lambda: (zh, en))
