"""Rules on FEEL: every expression of a diagram can be parsed."""

import re
from collections.abc import Iterator

from engine.diagrams.checks.check import Check
from engine.diagrams.model import Element, Loop, ParameterValue
from engine.diagrams.variables import Variables, may_be_empty
from engine.feel.check import check_expression
from engine.feel.durations import parse_duration

_MARKED = re.compile(r"\$\{[^{}]*\}")
_CYCLE = re.compile(r"R\d*/.*")
_DATE = re.compile(r"\d{4}-\d\d-\d\d.*")
_RESOLVED = ("assignee", "candidateUsers", "candidateGroups", "priority", "topic", "taskPriority", "jobPriority")
_RESERVED = frozenset(("parameters", "instance_id", "business_key", "initiator"))


def expressions(check: Check) -> None:
    """Every expression can be parsed and names only functions and variables that exist."""
    variables = Variables(check.process, check.known.providers)
    empty = may_be_empty(check.process, check.known.providers)
    for element in check.elements():
        for place, source in _sources(element):
            _examine(check, element, (f"{place} ", place), source, element.line, variables.at(element))
        for mapping in element.calls_out:  # these see the called process's variables
            for place, source in _marked(mapping.target, mapping.expression):
                _examine(check, element, (f"{place} ", place), source, element.line, None)
    for flow in check.process.flows.values():
        source_element = check.process.elements.get(flow.source)
        if flow.condition and source_element is not None:
            label = check.process.label_of(flow)
            _examine(
                check,
                source_element,
                (f"出线“{label}”", f"the flow “{label}”"),
                flow.condition,
                flow.line,
                variables.at(source_element),
                empty,
            )


def _examine(
    check: Check,
    element: Element,
    place: tuple[str, str],
    source: str,
    line: int,
    variables: frozenset[str] | None,
    empty: frozenset[str] | None = None,
) -> None:
    for finding in check_expression(source, variables, nullable=empty):
        code = "bad-expression" if finding.severity == "error" else finding.code
        check.report(
            code,
            element,
            f"{place[0]}的表达式“{source}”：{finding.zh}",
            f"The expression “{source}” of {place[1]}: {finding.en}",
            line=line,
            severity=finding.severity,
        )


def _sources(element: Element) -> Iterator[tuple[str, str]]:
    event = element.event
    if event is not None and event.text and not _is_literal_time(event.text):
        yield event.kind, event.text
    if element.type == "scriptTask" and element.script:
        yield "script", element.script
    for name in ("dueDate", "followUpDate"):
        text = element.camunda.get(name, "")
        if text and not _is_literal_time(text):
            yield name, text
    for name in _RESOLVED:
        yield from _marked(name, element.camunda.get(name, ""))
    for parameter in (*element.inputs, *element.outputs):
        yield from _marked_value(parameter.name, parameter.value)
    for mapping in (*element.calls_in, *element.calls_out):
        yield from _marked(mapping.target or "businessKey", mapping.expression)
    if element.loop is not None:
        yield from _sources_of_loop(element.loop)
    yield from _marked("calledElement", element.called_element)
    for name in ("opsbook:correlationKey", "opsbook:outputElement"):
        if element.properties.get(name):
            yield name, element.properties[name]


def _sources_of_loop(loop: Loop) -> Iterator[tuple[str, str]]:
    yield from _marked("collection", loop.collection)
    for name, text in (
        ("loopCardinality", loop.cardinality),
        ("completionCondition", loop.completion_condition),
        ("loopCondition", loop.condition),
        ("loopMaximum", loop.maximum),
    ):
        if text:
            yield name, text


def _marked_value(name: str, value: ParameterValue) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield from _marked(name, value)
    else:
        for item in value.values() if isinstance(value, dict) else value:
            yield from _marked_value(name, item)


def _marked(name: str, text: str) -> Iterator[tuple[str, str]]:
    if text.startswith("="):
        yield name, text
    else:
        for part in _MARKED.findall(text):
            yield name, part


def _is_literal_time(text: str) -> bool:
    return bool(parse_duration(text.strip()) is not None or _CYCLE.fullmatch(text.strip()) or _DATE.fullmatch(text.strip()))


def reserved_names(check: Check) -> None:
    """No mapping writes a name that expressions always have."""
    for element in check.elements():
        targets = [parameter.name for parameter in (*element.inputs, *element.outputs)]
        targets += [element.camunda.get("resultVariable", ""), element.properties.get("opsbook:outputCollection", "")]
        for name in targets:
            if name in _RESERVED:
                check.report(
                    "reserved-name",
                    element,
                    f"变量名“{name}”是保留字，请换一个。",
                    f"The variable name “{name}” is reserved; choose another.",
                )


RULES = (expressions, reserved_names)
