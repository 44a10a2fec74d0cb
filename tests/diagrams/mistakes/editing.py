"""What somebody does to a diagram in the modeler, as functions on its XML."""

from collections.abc import Callable

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
Edit = Callable[[etree._Element], None]


def _q(name: str) -> str:
    return f"{{{BPMN}}}{name}"


def _found(root: etree._Element, identifier: str) -> etree._Element:
    (node,) = root.xpath("//*[@id=$id]", id=identifier)
    return node


def become(identifier: str, kind: str) -> Edit:
    """An element is replaced by one of another type."""

    def edit(root: etree._Element) -> None:
        _found(root, identifier).tag = _q(kind)

    return edit


def flow_to(flow: str, target: str) -> Edit:
    """A sequence flow is drawn to another element."""

    def edit(root: etree._Element) -> None:
        _found(root, flow).set("targetRef", target)

    return edit


def connect(source: str, target: str, condition: str = "") -> Edit:
    """A new sequence flow."""

    def edit(root: etree._Element) -> None:
        flow = etree.SubElement(
            _found(root, source).getparent(), _q("sequenceFlow"), id=f"new_{source}_{target}", sourceRef=source, targetRef=target
        )
        if condition:
            etree.SubElement(flow, _q("conditionExpression")).text = condition

    return edit


def add(kind: str, identifier: str, beside: str, **attributes: str) -> Edit:
    """A new element on the level of another."""

    def edit(root: etree._Element) -> None:
        etree.SubElement(_found(root, beside).getparent(), _q(kind), id=identifier, **attributes)

    return edit


def remove(identifier: str) -> Edit:
    """An element or flow is deleted."""

    def edit(root: etree._Element) -> None:
        node = _found(root, identifier)
        node.getparent().remove(node)

    return edit


def condition(flow: str, text: str) -> Edit:
    """A condition is written anew; '' removes it."""

    def edit(root: etree._Element) -> None:
        node = _found(root, flow)
        for old in node.findall(_q("conditionExpression")):
            node.remove(old)
        if text:
            etree.SubElement(node, _q("conditionExpression")).text = text

    return edit


def no_default(identifier: str) -> Edit:
    """The default flow is a plain one from now on."""

    def edit(root: etree._Element) -> None:
        del _found(root, identifier).attrib["default"]

    return edit


def attribute(identifier: str, name: str, value: str) -> Edit:
    """A field of the properties panel is filled in; '' empties it."""

    def edit(root: etree._Element) -> None:
        node, key = _found(root, identifier), name.replace("camunda:", f"{{{CAMUNDA}}}")
        node.set(key, value)
        if not value:
            del node.attrib[key]

    return edit


def own_property(identifier: str, name: str, value: str) -> Edit:
    """A property of our own is changed; '' removes it."""

    def edit(root: etree._Element) -> None:
        (node,) = _found(root, identifier).xpath("*/*/*[@name=$name]", name=name)
        node.set("value", value)
        if not value:
            node.getparent().remove(node)

    return edit


def event(identifier: str, kind: str, **attributes: str) -> Edit:
    """An event gets another definition."""

    def edit(root: etree._Element) -> None:
        node = _found(root, identifier)
        for old in [child for child in node if str(child.tag).endswith("EventDefinition")]:
            node.remove(old)
        etree.SubElement(node, _q(f"{kind}EventDefinition"), **attributes)

    return edit


def declare(kind: str, identifier: str, **attributes: str) -> Edit:
    """A message, signal, error or escalation is made."""

    def edit(root: etree._Element) -> None:
        etree.SubElement(root, _q(kind), id=identifier, **attributes)

    return edit


def timer(identifier: str, kind: str, text: str) -> Edit:
    """A timer is set anew."""

    def edit(root: etree._Element) -> None:
        (definition,) = _found(root, identifier).findall(_q("timerEventDefinition"))
        for old in list(definition):
            definition.remove(old)
        etree.SubElement(definition, _q(kind)).text = text

    return edit


def no_mapping(identifier: str, target: str) -> Edit:
    """A call no longer hands a variable over."""

    def edit(root: etree._Element) -> None:
        (node,) = _found(root, identifier).xpath("*/*[@target=$target]", target=target)
        node.getparent().remove(node)

    return edit


def boundary(identifier: str, host: str, kind: str, **attributes: str) -> Edit:
    """A boundary event is attached."""

    def edit(root: etree._Element) -> None:
        node = etree.SubElement(_found(root, host).getparent(), _q("boundaryEvent"), id=identifier, attachedToRef=host)
        definition = etree.SubElement(node, _q(f"{kind}EventDefinition"), **attributes)
        if kind == "timer":
            etree.SubElement(definition, _q("timeDuration")).text = "PT1H"

    return edit
