"""BPMN diagram interchange (BPMN 2.0 §12) to boxes, lines and labels."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from lxml import etree

from engine.diagrams.layout.geometry import Box, Point, Segment
from engine.diagrams.reader import BPMN, local

_NS = {
    "b": BPMN,
    "di": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "dd": "http://www.omg.org/spec/DD/20100524/DI",
}
_FLOW_NODE_ENDINGS = ("Task", "Event", "Gateway")
_FLOW_NODES = frozenset(("task", "callActivity", "subProcess", "transaction"))
CONTAINERS = frozenset(("subProcess", "transaction"))


@dataclass
class Plane:
    """One drawing: the whole diagram, or the inside of a collapsed sub-process."""

    shapes: dict[str, Box] = field(default_factory=dict)
    lines: dict[str, list[Point]] = field(default_factory=dict)
    labels: dict[str, Box] = field(default_factory=dict)

    def segments(self) -> Iterator[tuple[str, Segment]]:
        """Every straight piece of every line, with the id of what it draws."""
        for identifier, points in self.lines.items():
            for start, end in pairwise(points):
                yield identifier, Segment(start, end)


class Drawing:
    """A diagram's planes, and the BPMN elements they draw."""

    def __init__(self, root: etree._Element) -> None:
        """Args: root: the definitions element of a BPMN file."""
        self.root = root
        self.elements = {node.get("id", ""): node for node in root.iter() if isinstance(node.tag, str) and local(node) and node.get("id")}
        self.planes = [self._plane(plane) for plane in root.iterfind("di:BPMNDiagram/di:BPMNPlane", _NS)]

    @cached_property
    def lane_of(self) -> dict[str, str]:
        """Element id to the id of the innermost lane that lists it."""
        found: dict[str, str] = {}
        for lane in self.root.iter(f"{{{BPMN}}}lane"):
            found.update({(ref.text or "").strip(): lane.get("id", "") for ref in lane.findall("b:flowNodeRef", _NS)})
        return found

    @cached_property
    def drawn(self) -> frozenset[str]:
        """Ids of everything that has a shape or a line."""
        return frozenset(identifier for plane in self.planes for identifier in (*plane.shapes, *plane.lines))

    def tag(self, identifier: str) -> str:
        """BPMN local name of a drawn element, '' when it stands for nothing."""
        return local(self.elements[identifier]) if identifier in self.elements else ""

    def name(self, identifier: str) -> str:
        """What people call a drawn element."""
        return " ".join(self.elements[identifier].get("name", "").split()) if identifier in self.elements else ""

    def is_flow_node(self, identifier: str) -> bool:
        """Whether it is an activity, an event or a gateway."""
        tag = self.tag(identifier)
        return tag.endswith(_FLOW_NODE_ENDINGS) or tag in _FLOW_NODES

    def is_container(self, identifier: str) -> bool:
        """Whether others are drawn inside it."""
        return self.tag(identifier) in CONTAINERS

    def host(self, identifier: str) -> str:
        """The activity a boundary event sits on."""
        return self.elements[identifier].get("attachedToRef", "")

    def ends(self, identifier: str) -> frozenset[str]:
        """What a flow joins."""
        node = self.elements[identifier]
        return frozenset((node.get("sourceRef", ""), node.get("targetRef", "")))

    def family(self, identifier: str) -> frozenset[str]:
        """Ids of everything an element lies in."""
        return frozenset(parent.get("id", "") for parent in self.elements[identifier].iterancestors())

    def has_lanes(self, process: etree._Element) -> bool:
        """Whether a process has lanes with elements in them."""
        return process.find("b:laneSet//b:flowNodeRef", _NS) is not None

    def undrawn(self) -> Iterator[etree._Element]:
        """Flow nodes and sequence flows without diagram interchange."""
        for identifier, node in self.elements.items():
            if identifier not in self.drawn and (self.is_flow_node(identifier) or local(node) == "sequenceFlow"):
                yield node

    def _plane(self, node: etree._Element) -> Plane:
        plane = Plane()
        for shape in node.iterfind("di:BPMNShape", _NS):
            identifier = shape.get("bpmnElement", "")
            box = _box(shape.find("dc:Bounds", _NS))
            if identifier in self.elements and box is not None:
                plane.shapes[identifier] = box
            self._label(plane, shape, identifier)
        for edge in node.iterfind("di:BPMNEdge", _NS):
            identifier = edge.get("bpmnElement", "")
            if identifier in self.elements:
                plane.lines[identifier] = [Point(_number(point, "x"), _number(point, "y")) for point in edge.iterfind("dd:waypoint", _NS)]
            self._label(plane, edge, identifier)
        return plane

    def _label(self, plane: Plane, node: etree._Element, identifier: str) -> None:
        box = _box(node.find("di:BPMNLabel/dc:Bounds", _NS))
        if box is not None and self.name(identifier) and not self._is_inside(identifier):
            plane.labels[identifier] = box

    def _is_inside(self, identifier: str) -> bool:
        """Whether the name is written inside the shape."""
        tag = self.tag(identifier)
        return tag.endswith("Task") or tag in _FLOW_NODES or tag in ("lane", "participant", "textAnnotation")


def _box(node: etree._Element | None) -> Box | None:
    return None if node is None else Box(*(_number(node, name) for name in ("x", "y", "width", "height")))


def _number(node: etree._Element, name: str) -> float:
    try:
        return float(node.get(name, "0"))
    except ValueError:
        return 0.0
