"""Names in the expressions of one element: which are unknown, and writing them as they were meant."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from difflib import get_close_matches

from lxml import etree

from engine.diagrams.model import ACTIVITY_TYPES, EVENT_TYPES, GATEWAY_TYPES
from engine.diagrams.reader import BPMN, CAMUNDA, local
from engine.feel.builtins import BUILTINS
from engine.feel.check import check_expression

_FLOW_NODES = ACTIVITY_TYPES | GATEWAY_TYPES | EVENT_TYPES
#: Elements and attributes whose text is FEEL without a mark.
_PLAIN = frozenset(
    ("conditionExpression", "condition", "timeDuration", "timeDate", "timeCycle", "script", "loopCardinality", "completionCondition")
)
_PLAIN_ATTRIBUTES = frozenset(("dueDate", "followUpDate"))
_ISO_TIME = re.compile(r"R\d*/.*|P.*|\d{4}-\d\d-\d\d.*")

#: A text, and how it is written anew.
Text = tuple[str, Callable[[str], None]]


def unknown_names(node: etree._Element, visible: Collection[str] | None) -> dict[str, str]:
    """Unknown names in the expressions of an element and of the flows that leave it, each with the known one that is nearest."""
    meant = {}
    for text, _ in _expressions(node):
        for finding in check_expression(text, visible):
            known = BUILTINS if finding.code == "feel-unknown-function" else visible or ()
            if finding.name and (found := get_close_matches(finding.name, list(known), 1)):
                meant[finding.name] = found[0]
    return meant


def rename(node: etree._Element, names: Mapping[str, str]) -> None:
    """Write names of the expressions as they were meant."""
    for text, write in _expressions(node):
        renamed = text
        for written, meant in names.items():
            renamed = re.sub(rf"(?<![\w.\"]){re.escape(written)}(?![\w\"])", meant, renamed)
        if renamed != text:
            write(renamed)


def _expressions(node: etree._Element) -> Iterator[Text]:
    yield from _inside(node)
    for flow in node.getroottree().getroot().iter(f"{{{BPMN}}}sequenceFlow"):
        if flow.get("sourceRef") == node.get("id"):
            yield from _inside(flow)


def _inside(node: etree._Element) -> Iterator[Text]:
    """Of a node and what belongs to it, but not of the elements drawn inside it."""
    yield from _of(node)
    for child in node:
        if isinstance(child.tag, str) and local(child) not in _FLOW_NODES:
            yield from _inside(child)


def _of(node: etree._Element) -> Iterator[Text]:
    for name, value in node.attrib.items():
        key = etree.QName(str(name))
        plain = key.namespace == CAMUNDA and key.localname in _PLAIN_ATTRIBUTES
        if _is_marked(str(value)) or (plain and not _ISO_TIME.fullmatch(str(value))):
            yield str(value), lambda text, name=name: node.set(name, text)  # type: ignore[misc]  # bound for each name
    text = node.text or ""
    if text.strip() and (_is_marked(text) or (local(node) in _PLAIN and not _ISO_TIME.fullmatch(text.strip()))):
        yield text, lambda written: setattr(node, "text", written)


def _is_marked(text: str) -> bool:
    return text.startswith("=") or (text.startswith("${") and text.endswith("}"))
