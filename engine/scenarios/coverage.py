"""What scenarios covered of the processes: sequence flows, and rules of the decision tables that they use."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.diagrams.model import Element, Process, SequenceFlow
from engine.dmn.graph import Decision
from engine.dmn.table import DecisionTable
from engine.runtime.package import Package
from engine.storage.tables import Event, ProcessInstance

#: Process and flow, or decision and rule.
Pair = tuple[str, str]


@dataclass
class Touched:
    """What was passed, by scenarios or by real cases."""

    flows: set[Pair] = field(default_factory=set)
    rules: set[Pair] = field(default_factory=set)

    def add(self, other: "Touched") -> None:
        """Take in what another touched."""
        self.flows |= other.flows
        self.rules |= other.rules


def touched(session: Session) -> Touched:
    """What the instances of a database passed."""
    query = (
        select(Event.type, Event.data, ProcessInstance.process_key)
        .join(ProcessInstance, ProcessInstance.id == Event.instance_id)
        .where(Event.type.in_(("FlowTaken", "DecisionEvaluated")))
    )
    found = Touched()
    for row in session.execute(query):
        if row.type == "FlowTaken":
            found.flows.add((row.process_key, row.data["flow_id"]))
        else:
            found.rules |= {(row.data["decision"], rule["id"]) for rule in row.data["rules"]}
    return found


@dataclass(frozen=True)
class Missed:
    """Something no scenario passes."""

    id: str
    label: str
    line: int


@dataclass(frozen=True)
class Part:
    """The flows of one diagram, or the rules of one decision."""

    kind: str  #: flows or rules
    key: str  #: process or decision
    name: str
    resource: str
    total: int
    missed: tuple[Missed, ...]

    @property
    def covered(self) -> int:
        """How many were passed."""
        return self.total - len(self.missed)


@dataclass(frozen=True)
class ProcessCoverage:
    """One process with the decisions that are counted with it."""

    process: str
    parts: tuple[Part, ...]

    @property
    def is_full(self) -> bool:
        """Whether nothing was missed."""
        return not any(part.missed for part in self.parts)


class Coverage:
    """Compares what was touched with what there is."""

    def __init__(self, package: Package) -> None:
        """Args: package: the diagrams and decision models."""
        self._processes = {
            process.id: (resource, process) for resource, diagram in package.diagrams.items() for process in diagram.processes
        }
        self._tables = {
            node.id: (resource, node, table)
            for resource, model in package.models.items()
            for node in model.graph.nodes.values()
            if isinstance(node, Decision) and (table := node.table) is not None
        }
        self._users: dict[str, set[str]] = {}
        for _, process in self._processes.values():
            for element in process.elements.values():
                if decision := element.camunda.get("decisionRef"):
                    self._users.setdefault(decision, set()).add(process.id)

    def of(self, processes: list[str], found: Touched) -> list[ProcessCoverage]:
        """The coverage of some processes; a decision counts with the first of its users, once all of them are among these."""
        counted: set[str] = set()
        return [ProcessCoverage(key, tuple(self._parts(key, set(processes), counted, found))) for key in processes]

    def sharing(self, process: str) -> set[str]:
        """The process itself and all that use a decision which it uses."""
        return {process}.union(*(users for users in self._users.values() if process in users))

    def _parts(self, key: str, asked: set[str], counted: set[str], found: Touched) -> list[Part]:
        resource, process = self._processes[key]
        parts = [_flows(resource, process, {flow for owner, flow in found.flows if owner == key})]
        for decision, users in sorted(self._users.items()):
            if key in users and users <= asked and decision in self._tables and decision not in counted:
                counted.add(decision)
                parts.append(_rules(*self._tables[decision], {rule for owner, rule in found.rules if owner == decision}))
        return parts


def _flows(resource: str, process: Process, passed: set[str]) -> Part:
    missed = tuple(Missed(flow.id, _flow_label(process, flow), flow.line) for flow in process.flows.values() if flow.id not in passed)
    return Part("flows", process.id, process.name, resource, len(process.flows), missed)


def _rules(resource: str, decision: Any, table: DecisionTable, passed: set[str]) -> Part:
    missed = tuple(
        Missed(rule.id, f"第 {number} 行 / row {number} {rule.annotation}".strip(), rule.line)
        for number, rule in enumerate(table.rules, start=1)
        if rule.id not in passed
    )
    return Part("rules", decision.id, decision.name, resource, len(table.rules), missed)


def _flow_label(process: Process, flow: SequenceFlow) -> str:
    source, target = process.elements.get(flow.source), process.elements.get(flow.target)
    way = f"{_label(source, flow.source)} → {_label(target, flow.target)}"
    return f"{way}（{flow.name}）" if flow.name else way


def _label(element: Element | None, element_id: str) -> str:
    return element.label if element is not None else element_id
