"""Which variables a process can have: what its forms, mappings, handlers, messages and callers provide."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from engine.diagrams.model import Element, Process
from engine.errors import ExpressionError
from engine.feel import ast, compile_expression

#: Names that expressions have always, or inside rounds, or after a user task or a call.
ALWAYS = frozenset(
    (
        "parameters",
        "instance_id",
        "business_key",
        "initiator",
        "completed_by",
        "end_event",
        "loopCounter",
        "nrOfInstances",
        "nrOfActiveInstances",
        "nrOfCompletedInstances",
    )
)


class NotKnown(Exception):
    """Something outside the deployment may provide variables of any name."""


@dataclass(frozen=True)
class Providers:
    """What provides variables to the processes of a deployment."""

    processes: Collection[Process] = ()
    form_keys: Mapping[str, frozenset[str]] = field(default_factory=dict)  #: form id to the keys of its fields
    optional_keys: Mapping[str, frozenset[str]] = field(default_factory=dict)  #: of these, the fields that may stay empty
    handler_results: Mapping[str, frozenset[str]] = field(default_factory=dict)  #: topic to the fields of its result


def variables_of(process: Process, providers: Providers) -> frozenset[str] | None:
    """Every variable that some step, form, message or caller provides; None when something unknown may provide more."""
    try:
        names = {name for element in process.elements.values() for name in _provided_by(element, providers)}
        names.update(_given_by_callers(process, providers))
    except NotKnown:
        return None
    return frozenset(names) | ALWAYS


def may_be_empty(process: Process, providers: Providers) -> frozenset[str]:
    """The fields of the process's forms that people may leave empty."""
    forms = (element.camunda.get("formRef", "") for element in process.elements.values())
    return frozenset(key for form in forms for key in providers.optional_keys.get(form, ()))


def _provided_by(element: Element, providers: Providers) -> Iterator[str]:
    yield from (parameter.name for parameter in (*element.inputs, *element.outputs))
    yield from filter(None, (element.camunda.get("resultVariable"), element.properties.get("opsbook:outputCollection")))
    if element.loop is not None and element.loop.element_variable:
        yield element.loop.element_variable
    if element.event is not None:
        yield from filter(None, (element.event.code_variable, element.event.message_variable))
    if form := element.camunda.get("formRef"):
        yield from _looked_up(providers.form_keys, form)
    if topic := element.camunda.get("topic"):
        yield from _looked_up(providers.handler_results, topic)
    if element.type == "scriptTask" and not element.camunda.get("resultVariable"):
        yield from _entries_of(element.script)
    if element.type == "businessRuleTask" and not element.camunda.get("resultVariable"):
        raise NotKnown  # the table's outputs become variables by their own names
    for mapping in element.calls_out:
        if mapping.all_variables:
            raise NotKnown
        yield mapping.target
    if message := _awaited(element):
        yield from _content_of(message, providers)


def _entries_of(script: str) -> Iterator[str]:
    """A script without a result variable gives the entries of its context."""
    try:
        tree = compile_expression(script).tree
    except ExpressionError:
        return  # found and reported by the rule on expressions
    if not isinstance(tree, ast.ContextOf):
        raise NotKnown
    yield from (name for name, _ in tree.entries)


def _looked_up(known: Mapping[str, frozenset[str]], name: str) -> frozenset[str]:
    found = known.get(name)
    if found is None:
        raise NotKnown
    return found


def _awaited(element: Element) -> str:
    if element.type == "receiveTask":
        return element.message
    catches = element.type in ("startEvent", "intermediateCatchEvent", "boundaryEvent")
    return element.event.name if catches and element.event is not None and element.event.kind == "message" else ""


def _content_of(message: str, providers: Providers) -> Iterator[str]:
    """The input parameters of whoever throws the message; one that nobody here throws comes from outside."""
    throwers = [element for process in providers.processes for element in process.elements.values() if _thrown(element) == message]
    if not throwers:
        raise NotKnown
    for element in throwers:
        yield from (parameter.name for parameter in element.inputs)


def _thrown(element: Element) -> str:
    if element.type == "sendTask":
        return element.message
    throws = element.type in ("intermediateThrowEvent", "endEvent")
    return element.event.name if throws and element.event is not None and element.event.kind == "message" else ""


def _given_by_callers(process: Process, providers: Providers) -> Iterator[str]:
    for caller in providers.processes:
        for element in caller.elements.values():
            if element.type != "callActivity" or element.called_element != process.id:
                continue
            for mapping in element.calls_in:
                if mapping.all_variables:
                    raise NotKnown
                yield mapping.target
