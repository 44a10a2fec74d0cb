"""What keeps to the manuals: processes with their forms, decision tables and parameters, and what of them uses what."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.diagrams.model import Element, ParameterValue, Process
from engine.dmn import Model
from engine.dmn.graph import Decision
from engine.manuals.parameters import Parameter

Form = Mapping[str, Any]

_READ = re.compile(r"\bparameters\.(\w+)")


@dataclass(frozen=True)
class Spot:
    """A place in a diagram: an element, or the whole process when `element` is empty."""

    process: str
    element: str = ""


class Procedures:
    """Everything that is deployed together."""

    def __init__(
        self, processes: Iterable[Process], forms: Iterable[Form], models: Iterable[Model], parameters: Mapping[str, Parameter]
    ) -> None:
        """Args: forms: form-js schemas."""
        self.processes = {process.id: process for process in processes}
        self.forms = {str(form["id"]): form for form in forms}
        nodes = (node for model in models for node in model.graph.nodes.values())
        self.decisions = {node.id: node for node in nodes if isinstance(node, Decision)}
        self.parameters = dict(parameters)
        self._form_users: dict[str, list[Spot]] = {}
        self._decision_users: dict[str, list[Spot]] = {}
        self._readers: dict[str, list[Spot]] = {}
        for process in self.processes.values():
            for element in process.elements.values():
                self._note_uses(process, element)

    def users_of_form(self, form_id: str) -> tuple[Spot, ...]:
        """The elements that show a form."""
        return tuple(self._form_users.get(form_id, ()))

    def users_of_decision(self, decision_id: str) -> tuple[Spot, ...]:
        """The elements that ask a decision, or one that requires it."""
        return tuple(self._decision_users.get(decision_id, ()))

    def readers_of(self, parameter: str) -> tuple[Spot, ...]:
        """The elements whose expressions, form or decision read a parameter."""
        return tuple(self._readers.get(parameter, ()))

    def _note_uses(self, process: Process, element: Element) -> None:
        spot, texts = Spot(process.id, element.id), [*texts_of(process, element)]
        form = self.forms.get(element.camunda.get("formRef", ""))
        if form:
            self._form_users.setdefault(str(form["id"]), []).append(spot)
            texts.append(json.dumps(form))
        for decision in self._asked(element.camunda.get("decisionRef", "")):
            self._decision_users.setdefault(decision.id, []).append(spot)
            texts += decision_texts(decision)
        for name in dict.fromkeys(_READ.findall("\n".join(texts))):
            self._readers.setdefault(name, []).append(spot)

    def _asked(self, decision_id: str) -> list[Decision]:
        """A decision and those it requires."""
        found: dict[str, Decision] = {}
        waiting = [decision_id]
        while waiting:
            decision = self.decisions.get(waiting.pop())
            if decision and decision.id not in found:
                found[decision.id] = decision
                waiting += [required.id for required in decision.requirements]
        return list(found.values())


def parameters_read(text: str) -> list[str]:
    """The parameters that an expression reads."""
    return list(dict.fromkeys(_READ.findall(text)))


def texts_of(process: Process, element: Element) -> Iterator[str]:
    """Everything that the author of a diagram wrote at an element and may hold an expression or a figure, the conditions of its exits included."""
    yield from element.camunda.values()
    yield from element.properties.values()
    for parameter in (*element.inputs, *element.outputs):
        yield from _leaves(parameter.value)
    for mapping in (*element.calls_in, *element.calls_out):
        yield mapping.expression
    yield from (element.script, element.retry_cycle)
    if element.event:
        yield element.event.text
    if element.loop:
        yield from (element.loop.cardinality, element.loop.collection, element.loop.completion_condition, element.loop.condition)
        yield element.loop.maximum
    yield from (flow.condition for flow in process.outgoing.get(element.id, ()))


def times_of(process: Process, activity: Element) -> list[str]:
    """The expressions that say when something is due at an activity or event, those of its boundary events included."""
    group = (activity, *process.boundaries.get(activity.id, ()))
    timers = [item.event.text for item in group if item.event and item.event.kind == "timer"]
    return [text for text in (activity.camunda.get("dueDate"), activity.camunda.get("followUpDate"), *timers) if text]


def decision_texts(decision: Decision) -> list[str]:
    """What stands in the columns and cells of a decision table."""
    if decision.table is None:
        return []
    return [*(column.text for column in decision.table.inputs), *(cell for rule in decision.table.rules for cell in rule.texts)]


def _leaves(value: ParameterValue) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    else:
        for item in value.values() if isinstance(value, dict) else value:
            yield from _leaves(item)
