"""Which values a variable can have, as far as that can be told: what forms, handlers and decisions give."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from engine.diagrams.model import Element, Parameter, Process
from engine.diagrams.variables import Providers
from engine.errors import ExpressionError
from engine.feel import ast, compile_expression

#: A value that conditions compare with.
Value = str | bool | Decimal | None


@dataclass(frozen=True)
class Values:
    """All values a variable can have: some of their own, or numbers between two bounds."""

    options: frozenset[Value] = frozenset()
    low: Decimal | None = None
    high: Decimal | None = None
    numbers: bool = False  #: any number between the bounds

    def __or__(self, other: "Values") -> "Values":
        """The values of either."""
        return Values(
            self.options | other.options,
            _outer(self, other, "low"),
            _outer(self, other, "high"),
            self.numbers or other.numbers,
        )


def _outer(first: Values, second: Values, bound: str) -> Decimal | None:
    bounds = [getattr(values, bound) for values in (first, second) if values.numbers]
    return None if None in bounds or not bounds else (min if bound == "low" else max)(bounds)


@dataclass(frozen=True)
class Given:
    """What values forms, handlers and decisions give; a name that is not there may have any."""

    fields: Mapping[str, Mapping[str, Values]] = field(default_factory=dict)  #: form id to field to values
    results: Mapping[str, Mapping[str, Values]] = field(default_factory=dict)  #: topic to field to values
    decisions: Mapping[str, Mapping[str, Values]] = field(default_factory=dict)  #: decision id to output ('' if it has one) to values


class VariableValues:
    """The values of the variables of one process."""

    def __init__(self, process: Process, providers: Providers, given: Given) -> None:
        """Look at every element once; what callers or messages give may be anything."""
        self._found: dict[str, list[Values | None]] = {name: [None] for name in _given_by_callers(process, providers)}
        for element in process.elements.values():
            for name, values in _given_by(element, providers, given):
                self._found.setdefault(name, []).append(values)

    def of(self, name: str) -> Values | None:
        """All values of a variable, or of an entry of one (`result.kind`); None when it may have any."""
        known = self._found.get(name, [])
        whole = self._found.get(name.partition(".")[0], []) if "." in name else known
        if not known or None in known or len(known) != len(whole):  # an entry counts when everybody who gives the whole says what it may be
            return None
        found = Values()
        for values in known:
            found |= values or Values()
        return found


def _given_by_callers(process: Process, providers: Providers) -> Iterator[str]:
    for caller in providers.processes:
        for element in caller.elements.values():
            if element.called_element == process.id:
                yield from (mapping.target for mapping in element.calls_in)


def _given_by(element: Element, providers: Providers, given: Given) -> Iterator[tuple[str, Values | None]]:
    yield from ((parameter.name, constant_of(parameter)) for parameter in (*element.inputs, *element.outputs))
    names = set(_own_names(element, providers))
    result = element.camunda.get("resultVariable", "")
    if form := element.camunda.get("formRef"):
        known = given.fields.get(form, {})
        yield from ((name, known.get(name)) for name in providers.form_keys.get(form, ()))
    elif element.camunda.get("topic"):
        known = given.results.get(element.camunda["topic"], {})
        yield from _under(result, known, providers.handler_results.get(element.camunda["topic"], frozenset()))
    elif element.type == "businessRuleTask" and result:
        yield from _decided(element, result, given)
    elif element.type == "scriptTask":
        yield from _computed(element, result)
    else:
        yield from ((name, None) for name in names)


def _own_names(element: Element, providers: Providers) -> Iterator[str]:
    yield from filter(None, (element.camunda.get("resultVariable"), element.properties.get("opsbook:outputCollection")))
    yield from (mapping.target for mapping in element.calls_out)
    if element.loop is not None and element.loop.element_variable:
        yield element.loop.element_variable
    if element.event is not None:
        yield from filter(None, (element.event.code_variable, element.event.message_variable))
    yield from _content_of(element, providers)


def _content_of(element: Element, providers: Providers) -> Iterator[str]:
    """What a message that is caught may bring."""
    if element.event is None or element.event.kind != "message" or element.type in ("endEvent", "intermediateThrowEvent"):
        return
    for process in providers.processes:
        for other in process.elements.values():
            thrown = other.message if other.type == "sendTask" else other.event.name if other.event is not None else ""
            if thrown == element.event.name:
                yield from (parameter.name for parameter in other.inputs)


def _under(result: str, known: Mapping[str, Values], names: Iterable[str]) -> Iterator[tuple[str, Values | None]]:
    """Fields of a result, each a variable or all in one."""
    if result:
        yield result, None
    yield from ((f"{result}.{name}" if result else name, known.get(name)) for name in names)


def _decided(element: Element, result: str, given: Given) -> Iterator[tuple[str, Values | None]]:
    outputs = given.decisions.get(element.camunda.get("decisionRef", ""), {})
    mapping = element.camunda.get("mapDecisionResult")
    if mapping == "singleEntry":
        yield result, next(iter(outputs.values()), None) if len(outputs) == 1 else None
    else:
        yield result, None
        if mapping == "singleResult":
            yield from ((f"{result}.{name}", values) for name, values in outputs.items())


def _computed(element: Element, result: str) -> Iterator[tuple[str, Values | None]]:
    try:
        tree = compile_expression(element.script).tree
    except ExpressionError:
        return  # found and reported by the rule on expressions
    if result:
        yield result, constants_of(tree)
        entries = tree.entries if isinstance(tree, ast.ContextOf) else ()
        yield from ((f"{result}.{name}", constants_of(value)) for name, value in entries)
    elif isinstance(tree, ast.ContextOf):
        yield from ((name, constants_of(value)) for name, value in tree.entries)


def constant_of(parameter: Parameter) -> Values | None:
    """The values of a mapping's parameter, if it is a constant or chooses between constants."""
    if not isinstance(parameter.value, str):
        return None
    if not parameter.value.startswith(("=", "$")):
        return Values(frozenset((parameter.value,)))
    try:
        return constants_of(compile_expression(parameter.value).tree)
    except ExpressionError:
        return None


def constants_of(tree: ast.Node) -> Values | None:
    """The values of an expression that is a constant or chooses between constants; truths are either."""
    if isinstance(tree, ast.Literal):
        return Values(frozenset((tree.value,))) if isinstance(tree.value, str | bool | Decimal | None) else None
    if isinstance(tree, ast.If):
        positive, negative = constants_of(tree.positive), constants_of(tree.negative)
        return None if positive is None or negative is None else positive | negative
    return None
