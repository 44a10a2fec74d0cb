"""Which variables a process can have: what its forms, mappings, handlers, messages and callers provide."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

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


class Variables:
    """What the elements of one process can read: whatever an earlier step, form or message, or the caller, provides."""

    def __init__(self, process: Process, providers: Providers) -> None:
        """Look at every element once."""
        self._process = process
        self._there: dict[str, frozenset[str] | None] = {}  #: what was asked for already
        self._given: dict[str, frozenset[str] | None] = {item.id: _given_by(item, providers) for item in process.elements.values()}
        self._leaving = {item.id: _leaving(item, providers) for item in process.elements.values()}
        self.from_callers = _known_or_none(_given_by_callers(process, providers))  #: what callers hand over; None when it may be anything

    def givers(self, name: str) -> frozenset[str]:
        """The elements after which a variable may be there that was not there before."""
        return frozenset(item for item, names in self._leaving.items() if names is None or name in names)

    def at(self, element: Element) -> frozenset[str] | None:
        """The variables that may be there when the element runs, its own results included; None when anything may be."""
        if element.id not in self._there:
            self._there[element.id] = self._find(element)
        return self._there[element.id]

    def _find(self, element: Element) -> frozenset[str] | None:
        sources = [self.from_callers, *(self._given[item] for item in self._earlier(element) | self._inside(element.id) | {element.id})]
        names = set(ALWAYS)
        for source in sources:
            if source is None:
                return None
            names |= source
        return frozenset(names)

    def _earlier(self, element: Element) -> set[str]:
        """Elements that may have run before: those that lead here, on this level and around it, with all they contain."""
        found: set[str] = set()
        current: Element | None = element
        undoes = False
        while current is not None:
            before = self._leading_to(current)
            parent = self._process.elements.get(current.scope)
            undoes = undoes or self._process.is_compensation(current)
            if current.triggered_by_event or undoes:  # begins at any time of the level's life; compensation even after it
                before = {item.id for item in self._process.members[current.scope]}
            for item in before:
                found.add(item)
                found |= self._inside(item)
            if parent is not None:
                found.add(parent.id)
            current = parent
        return found

    def _leading_to(self, element: Element) -> set[str]:
        found: set[str] = set()
        open_ = [element.id]
        while open_:
            for item in self._predecessors(self._process.elements[open_.pop()]):
                if item not in found:
                    found.add(item)
                    open_.append(item)
        return found

    def _predecessors(self, element: Element) -> Iterator[str]:
        yield from (flow.source for flow in self._process.incoming.get(element.id, []))
        if element.attached_to:
            yield element.attached_to
        if element.type == "intermediateCatchEvent" and element.event is not None and element.event.kind == "link":
            for item in self._process.members[element.scope]:
                if item.event is not None and item.event.kind == "link" and item.event.name == element.event.name and item.id != element.id:
                    yield item.id

    def _inside(self, element_id: str) -> set[str]:
        found: set[str] = set()
        open_ = [element_id]
        while open_:  # of ids that occur twice one may seem to be inside of itself
            new = {item.id for item in self._process.members.get(open_.pop(), [])} - found
            found |= new
            open_ += new
        return found


def _given_by(element: Element, providers: Providers) -> frozenset[str] | None:
    return _known_or_none(_provided_by(element, providers))


def written_by(element: Element, providers: Providers) -> frozenset[str]:
    """What an element leaves behind: with output parameters only these, and never its input parameters.

    Raises:
        NotKnown: it may be anything.
    """
    if element.outputs:
        return frozenset(parameter.name for parameter in element.outputs)
    return frozenset(_provided_by(replace(element, inputs=()), providers))


def _leaving(element: Element, providers: Providers) -> frozenset[str] | None:
    try:
        return written_by(element, providers)
    except NotKnown:
        return None


def _known_or_none(names: Iterator[str]) -> frozenset[str] | None:
    try:
        return frozenset(names)
    except NotKnown:
        return None


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
