"""The elements of a decision requirements graph."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.feel.compiler.base import Evaluate
from engine.feel.types import ANY, FeelType

if TYPE_CHECKING:
    from engine.dmn.table import DecisionTable


@dataclass(frozen=True)
class Reference:
    """A requirement: the model (empty for the own one) and the id of the element that is meant."""

    namespace: str
    id: str


@dataclass
class Node:
    """Any element that has a name in expressions."""

    id: str
    name: str
    type: FeelType = ANY
    requirements: list[Reference] = field(default_factory=list)


@dataclass
class InputData(Node):
    """What the caller gives."""


@dataclass
class Decision(Node):
    """What is decided."""

    evaluate: Evaluate = lambda _: None
    table: "DecisionTable | None" = None  #: when the decision is a table
    line: int = 0


@dataclass
class Knowledge(Node):
    """A business knowledge model: a function of the model."""

    function: Evaluate = lambda _: None


@dataclass
class Service(Node):
    """A decision service: decisions that are called together like a function."""

    outputs: list[Reference] = field(default_factory=list)
    inputs: list[Reference] = field(default_factory=list)  #: input data, then input decisions: the parameters in order


@dataclass(frozen=True)
class Graph:
    """All elements of one model by id, and the models it imports by namespace."""

    namespace: str
    name: str
    nodes: Mapping[str, Node]
    imports: "Mapping[str, Graph]"
    import_names: Mapping[str, str]  #: namespace to the name in expressions

    def find(self, reference: Reference) -> "tuple[Graph, Node] | None":
        """The element that a reference means, with its model."""
        graph: Graph | None = self
        if reference.namespace and reference.namespace != self.namespace:
            graph = self.imports.get(reference.namespace)
        node = None if graph is None else graph.nodes.get(reference.id)
        return None if graph is None or node is None else (graph, node)

    def by_key(self, key: str) -> Node | None:
        """The element with this id, else with this name."""
        return self.nodes.get(key) or next((node for node in self.nodes.values() if node.name == key), None)
