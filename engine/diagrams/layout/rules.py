"""What makes a drawing hard to read; every finding is a warning, since the process runs all the same."""

from collections.abc import Callable, Iterator
from itertools import combinations

from engine.diagrams.layout.drawing import Drawing, Plane
from engine.diagrams.layout.geometry import Box
from engine.diagrams.layout.labels import fits_inside, outside_size
from engine.diagrams.model import ACTIVITY_TYPES
from engine.diagrams.reader import Diagram
from engine.errors import Problem

#: Lines may run on one another for this many pixels, which is where they leave or reach a shape.
_SHARED_LINE = 12.0
#: A label's box may be this much smaller than our estimate of its text.
_LABEL_TOLERANCE = 6.0

#: code, element at which it is reported, Chinese, English
Finding = tuple[str, str, str, str]


def check_layout(diagram: Diagram, resource: str) -> list[Problem]:
    """All findings about how a diagram is drawn, each once, in the order of its lines."""
    if diagram.root is None:
        return []
    drawing = Drawing(diagram.root)
    found = list(_undrawn(drawing))
    for plane in drawing.planes:
        for rule in _RULES:
            found += rule(drawing, plane)
    return sorted(
        (_problem(drawing, resource, finding) for finding in dict.fromkeys(found)),
        key=lambda problem: (problem.line, problem.element_id, problem.code),
    )


def _problem(drawing: Drawing, resource: str, finding: Finding) -> Problem:
    code, identifier, zh, en = finding
    line = drawing.elements[identifier].sourceline or 0
    return Problem(code, zh, en, resource, identifier, drawing.name(identifier), line, "warning")


def _undrawn(drawing: Drawing) -> Iterator[Finding]:
    for node in drawing.undrawn():
        yield (
            "not-drawn",
            node.get("id", ""),
            "没有画在图上（缺少图形信息），请在建模器里补画。",
            "It is not drawn (no diagram interchange); draw it in the modeler.",
        )


def _shapes_overlap(drawing: Drawing, plane: Plane) -> Iterator[Finding]:
    nodes = {identifier: box for identifier, box in plane.shapes.items() if drawing.is_flow_node(identifier)}
    for one, other in combinations(nodes, 2):
        related = other in drawing.family(one) or one in drawing.family(other) or drawing.host(one) == other or drawing.host(other) == one
        if not related and nodes[one].overlaps(nodes[other]):
            yield "shapes-overlap", one, f"与“{_called(drawing, other)}”重叠。", f"It overlaps “{_called(drawing, other)}”."


def _outside_frame(drawing: Drawing, plane: Plane) -> Iterator[Finding]:
    """Elements lie inside the lane that lists them, and inside their sub-process."""
    for identifier, box in plane.shapes.items():
        if not drawing.is_flow_node(identifier):
            continue
        parent = drawing.elements[identifier].getparent()
        frame = drawing.lane_of.get(identifier) or (parent.get("id", "") if parent is not None else "")
        if frame in plane.shapes and not plane.shapes[frame].holds(box):
            yield (
                "outside-frame",
                identifier,
                f"画在了“{_called(drawing, frame)}”之外。",
                f"It is drawn outside “{_called(drawing, frame)}”.",
            )


def _in_no_lane(drawing: Drawing, plane: Plane) -> Iterator[Finding]:
    """Where a process has lanes, each element of its top level is in one."""
    for identifier in plane.shapes:
        parent = drawing.elements[identifier].getparent()
        if drawing.is_flow_node(identifier) and parent is not None and drawing.has_lanes(parent) and identifier not in drawing.lane_of:
            yield "in-no-lane", identifier, "不属于任何泳道，看不出由谁来做。", "It is in no lane, so nobody sees who does it."


def _flow_through_shape(drawing: Drawing, plane: Plane) -> Iterator[Finding]:
    nodes = {identifier: box for identifier, box in plane.shapes.items() if drawing.is_flow_node(identifier)}
    for flow, segment in plane.segments():
        if drawing.tag(flow) != "sequenceFlow":
            continue
        ends = drawing.ends(flow)
        inside_of = frozenset().union(*(drawing.family(end) for end in ends if end in drawing.elements))
        for identifier, box in nodes.items():
            if (
                identifier not in inside_of
                and segment.crosses(box.shrunk(2))
                and not _starts_on_border(drawing, identifier, ends, box, segment.start)
            ):
                yield (
                    "flow-through-shape",
                    flow,
                    f"连线穿过了“{_called(drawing, identifier)}”。",
                    f"The flow runs through “{_called(drawing, identifier)}”.",
                )


def _starts_on_border(drawing: Drawing, identifier: str, ends: frozenset[str], box: Box, start: tuple[float, float]) -> bool:
    """A flow that leaves a boundary event begins on the border of the event's activity."""
    return any(drawing.host(end) == identifier for end in ends if end in drawing.elements) and not (
        box.x + 20 < start[0] < box.right - 20 and box.y + 20 < start[1] < box.bottom - 20
    )


def _flows_on_one_line(drawing: Drawing, plane: Plane) -> Iterator[Finding]:
    """Two flows to different places drawn as one line cannot be told apart."""
    pieces = [(flow, segment) for flow, segment in plane.segments() if drawing.tag(flow) == "sequenceFlow"]
    for (one, first), (other, second) in combinations(pieces, 2):
        targets = {drawing.elements[flow].get("targetRef") for flow in (one, other)}
        if one != other and len(targets) == 2 and first.shared_length(second) > _SHARED_LINE:
            yield (
                "flows-on-one-line",
                one,
                f"与连线“{_called(drawing, other)}”画在同一条线上。",
                f"It is drawn on the line of the flow “{_called(drawing, other)}”.",
            )


def _labels_fit(drawing: Drawing, plane: Plane) -> Iterator[Finding]:
    for identifier, box in plane.shapes.items():
        name = drawing.name(identifier)
        if (
            name
            and drawing.tag(identifier) in ACTIVITY_TYPES
            and not drawing.is_container(identifier)
            and not fits_inside(name, box.width, box.height)
        ):
            yield (
                "label-too-long",
                identifier,
                "名称太长，框里放不下，请缩短名称或放大图形。",
                "The name does not fit its shape; shorten it or enlarge the shape.",
            )
    for identifier, box in plane.labels.items():
        width, height = outside_size(drawing.name(identifier))
        if width > box.width + _LABEL_TOLERANCE or height > box.height + _LABEL_TOLERANCE:
            yield (
                "label-box-too-small",
                identifier,
                "标签的位置框太小，文字会盖住别的图形。",
                "The label's box is too small; its text covers what is beside it.",
            )


def _labels_covered(drawing: Drawing, plane: Plane) -> Iterator[Finding]:
    """Labels lie on nothing else."""
    solid = {
        identifier: box
        for identifier, box in plane.shapes.items()
        if drawing.is_flow_node(identifier) and not drawing.is_container(identifier)
    }
    for identifier, box in plane.labels.items():
        inner = box.shrunk(2)
        for other, shape in solid.items():
            if other != identifier and inner.overlaps(shape):
                yield (
                    "label-on-shape",
                    identifier,
                    f"标签压在“{_called(drawing, other)}”上。",
                    f"The label lies on “{_called(drawing, other)}”.",
                )
        for flow, segment in plane.segments():
            if segment.crosses(inner):
                yield (
                    "label-on-flow",
                    identifier,
                    f"标签压在连线“{_called(drawing, flow)}”上。",
                    f"The label lies on the flow “{_called(drawing, flow)}”.",
                )
    for one, other in combinations(plane.labels, 2):
        if plane.labels[one].shrunk(1).overlaps(plane.labels[other].shrunk(1)):
            yield (
                "labels-overlap",
                one,
                f"标签与“{_called(drawing, other)}”的标签重叠。",
                f"The label overlaps that of “{_called(drawing, other)}”.",
            )


def _called(drawing: Drawing, identifier: str) -> str:
    return drawing.name(identifier) or identifier


_RULES: tuple[Callable[[Drawing, Plane], Iterator[Finding]], ...] = (
    _shapes_overlap,
    _outside_frame,
    _in_no_lane,
    _flow_through_shape,
    _flows_on_one_line,
    _labels_fit,
    _labels_covered,
)
