"""A process as drawn: elements, sequence flows, lanes. Plain data, read from BPMN XML and never changed."""

from dataclasses import dataclass, field
from typing import Literal

EventKind = Literal["none", "message", "timer", "signal", "error", "escalation", "conditional", "link", "terminate", "compensate", "cancel"]
TimerKind = Literal["timeDate", "timeDuration", "timeCycle"]

TASK_TYPES = frozenset(("task", "manualTask", "userTask", "serviceTask", "sendTask", "receiveTask", "businessRuleTask", "scriptTask"))
SUB_PROCESS_TYPES = frozenset(("subProcess", "transaction"))
ACTIVITY_TYPES = TASK_TYPES | SUB_PROCESS_TYPES | {"callActivity"}
GATEWAY_TYPES = frozenset(("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"))
EVENT_TYPES = frozenset(("startEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent", "endEvent"))


@dataclass(frozen=True)
class EventDefinition:
    """What an event waits for or does (BPMN 2.0 §10.5)."""

    kind: EventKind
    name: str = ""  #: message or signal name, error or escalation code, link name
    timer: TimerKind | None = None
    text: str = ""  #: the timer's text or the condition
    code_variable: str = ""  #: camunda:errorCodeVariable or escalationCodeVariable
    message_variable: str = ""  #: camunda:errorMessageVariable
    activity_ref: str = ""  #: the activity that a compensation event undoes, without it the whole scope
    wait_for_completion: bool = True  #: whether a compensation event waits until all is undone


@dataclass(frozen=True)
class Loop:
    """Multi-instance or standard loop characteristics (BPMN 2.0 §10.3.8)."""

    kind: Literal["parallel", "sequential", "standard"]
    cardinality: str = ""
    collection: str = ""
    element_variable: str = ""
    completion_condition: str = ""
    condition: str = ""  #: standard loop
    test_before: bool = False
    maximum: str = ""


@dataclass(frozen=True)
class Parameter:
    """One camunda:inputParameter or outputParameter; `value` is text, a list or a map of the same."""

    name: str
    value: "ParameterValue"


ParameterValue = str | list["ParameterValue"] | dict[str, "ParameterValue"]


@dataclass(frozen=True)
class CallMapping:
    """One camunda:in or camunda:out of a call activity."""

    target: str = ""
    source: str = ""
    expression: str = ""
    all_variables: bool = False
    business_key: bool = False


@dataclass(frozen=True)
class SequenceFlow:
    """An arrow between two elements."""

    id: str
    name: str
    source: str
    target: str
    condition: str
    line: int


@dataclass(frozen=True)
class Element:
    """One flow element."""

    id: str
    name: str
    type: str  #: BPMN local name
    line: int
    scope: str  #: id of the sub-process that contains it, or of the process
    camunda: dict[str, str]  #: attributes of the Camunda namespace
    properties: dict[str, str]
    inputs: tuple[Parameter, ...] = ()
    outputs: tuple[Parameter, ...] = ()
    calls_in: tuple[CallMapping, ...] = ()
    calls_out: tuple[CallMapping, ...] = ()
    event: EventDefinition | None = None
    message: str = ""  #: message name of a send or receive task
    attached_to: str = ""
    interrupting: bool = True  #: cancelActivity or isInterrupting
    default_flow: str = ""
    loop: Loop | None = None
    script: str = ""
    script_format: str = ""
    called_element: str = ""
    triggered_by_event: bool = False  #: event sub-process
    for_compensation: bool = False  #: runs only to undo another activity
    retry_cycle: str = ""
    documentation: str = ""

    @property
    def label(self) -> str:
        """What people call it."""
        return self.name or self.id

    @property
    def clauses(self) -> tuple[str, ...]:
        """Clause ids of the manuals that this element realises."""
        cited = (part.partition("#")[0].strip() for part in self.properties.get("opsbook:clause", "").split(","))
        return tuple(dict.fromkeys(clause for clause in cited if clause))


@dataclass(frozen=True)
class Lane:
    """A lane and the elements in it."""

    id: str
    name: str
    elements: frozenset[str]


@dataclass
class Process:
    """One executable process of a diagram."""

    id: str
    name: str
    line: int
    camunda: dict[str, str]
    properties: dict[str, str]
    documentation: str = ""
    elements: dict[str, Element] = field(default_factory=dict)
    flows: dict[str, SequenceFlow] = field(default_factory=dict)
    lanes: list[Lane] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Index what every reader of the model asks for."""
        self.incoming: dict[str, list[SequenceFlow]] = {}
        self.outgoing: dict[str, list[SequenceFlow]] = {}
        self.members: dict[str, list[Element]] = {self.id: []}
        self.boundaries: dict[str, list[Element]] = {}
        self.associations: dict[str, list[str]] = {}  #: what an element is associated with

    def add_element(self, element: Element) -> None:
        """Add an element and index it."""
        self.elements[element.id] = element
        self.members.setdefault(element.scope, []).append(element)
        if element.attached_to:
            self.boundaries.setdefault(element.attached_to, []).append(element)

    def add_flow(self, flow: SequenceFlow) -> None:
        """Add a sequence flow and index it."""
        self.flows[flow.id] = flow
        self.outgoing.setdefault(flow.source, []).append(flow)
        self.incoming.setdefault(flow.target, []).append(flow)

    def add_association(self, source: str, target: str) -> None:
        """Add a dotted line from one element to another."""
        self.associations.setdefault(source, []).append(target)

    def label_of(self, flow: SequenceFlow) -> str:
        """What people know a flow by: its name, otherwise what it leads to."""
        target = self.elements.get(flow.target)
        return flow.name or (f"→ {target.label}" if target is not None else flow.id)

    def start_events(self, scope: str) -> list[Element]:
        """Start events of the process or of a sub-process."""
        return [element for element in self.members.get(scope, []) if element.type == "startEvent"]

    def event_sub_processes(self, scope: str) -> list[Element]:
        """Event sub-processes directly in a scope."""
        return [element for element in self.members.get(scope, []) if element.triggered_by_event]

    def compensation_handler(self, activity_id: str) -> Element | None:
        """What undoes an activity: the activity associated with its compensation boundary event, or its compensation event sub-process."""
        for boundary in self.boundaries.get(activity_id, []):
            if boundary.event is not None and boundary.event.kind == "compensate":
                return next((self.elements[item] for item in self.associations.get(boundary.id, []) if item in self.elements), None)
        return next((item for item in self.event_sub_processes(activity_id) if self.is_compensation(item)), None)

    def is_compensation(self, element: Element) -> bool:
        """Whether an element runs only to undo others: a compensation activity or a compensation event sub-process."""
        starts = self.start_events(element.id) if element.triggered_by_event else []
        return element.for_compensation or any(start.event is not None and start.event.kind == "compensate" for start in starts)

    def only_undoes(self, element: Element) -> bool:
        """Whether an element has no place in the flow: compensation, or an event that leads to it."""
        catches = element.type in ("boundaryEvent", "startEvent") and element.event is not None and element.event.kind == "compensate"
        return catches or self.is_compensation(element)

    def is_compensable(self, activity_id: str) -> bool:
        """Whether an activity, once completed, can be undone: it has a handler, or something inside has."""
        inside = (item for item in self.members.get(activity_id, []) if not self.is_compensation(item))
        return self.compensation_handler(activity_id) is not None or any(self.is_compensable(item.id) for item in inside)

    def lane_of(self, element_id: str) -> Lane | None:
        """The lane that holds an element of the top level."""
        return next((lane for lane in self.lanes if element_id in lane.elements), None)
