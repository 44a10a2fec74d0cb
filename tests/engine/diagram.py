"""BPMN in a few words, so that a test shows its diagram at a glance.

    start fork a join end
    fork b join
    <boundaryEvent id="late" on="a" duration="PT1H"/>
    late c end_late

Text is chains of sequence flows: `g [x > 1] a` is a conditional flow, `g / a` the default flow. An id that no element draws is a start event
(`start…`), an end event (`end…`), a parallel gateway (`fork…`, `join…`), an exclusive one (`choose…`, `merge…`) or else a user task.
Elements are BPMN XML without prefix, with short attributes for what is long-winded: the event definitions (`message="order"`), `on` (attachedToRef),
`topic`, multi-instance (`each`, `item`, `times`, `until`, `sequential`) and loop (`again`), compensation (`compensate="a"`, or `compensate=""` for the scope; `by` associates
a compensation boundary event with its handler, which is a user task unless drawn), and the prefixes `in:`, `out:` and `opsbook:`.
"""

import re
from itertools import count

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
_SHORT = ("in", "out", "opsbook")
_WORD = re.compile(r"\[([^]]*)\]|(/)|([^\s\[\]/]+)")
_IMPLIED = (
    (r"start", "startEvent"),
    (r"end", "endEvent"),
    (r"fork|join", "parallelGateway"),
    (r"choose|merge", "exclusiveGateway"),
    (r"", "userTask"),
)
_TIMERS = {"duration": "timeDuration", "date": "timeDate", "cycle": "timeCycle"}
_NAMED = {"message": "name", "signal": "name", "error": "errorCode", "escalation": "escalationCode"}
_SCOPES = ("process", "subProcess", "transaction", "adHocSubProcess")


def bpmn(body: str, key: str = "p", **process: str) -> bytes:
    """A BPMN file with one executable process; `process` are attributes of the Camunda namespace."""
    body = body.replace("< ", "&lt; ")  # the comparison; a tag has no space there
    prefixes = " ".join(f'xmlns:{name}="{name}"' for name in _SHORT)
    attributes = " ".join(f'camunda:{name}="{value}"' for name, value in process.items())
    text = (
        f'<definitions xmlns="{BPMN}" xmlns:camunda="{CAMUNDA}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" {prefixes} '
        f'targetNamespace="test"><process id="{key}" name="{key}" isExecutable="true" {attributes}>{body}</process></definitions>'
    )
    root = etree.fromstring(text)
    _Spelling(root).spell()
    etree.cleanup_namespaces(root, keep_ns_prefixes=["camunda"])
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


class _Spelling:
    """Spells the short forms out."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.numbers = count(1)

    def spell(self) -> None:
        for node in list(self.root.iter()):
            if etree.QName(node).localname in _SCOPES:
                self._chains(node)
        for node in list(self.root.iter()):
            self._event(node)
            self._loop(node)
            self._extensions(node)
            if "on" in node.attrib:
                node.set("attachedToRef", node.attrib.pop("on"))

    def _chains(self, scope: etree._Element) -> None:
        lines = [line for text in (scope.text, *(child.tail for child in scope)) for line in (text or "").splitlines()]
        for child in scope:
            child.tail = None
        scope.text = None
        drawn = {child.get("id", ""): child for child in scope}
        for line in lines:
            source, condition, default = "", None, False
            for wanted, slash, identifier in _WORD.findall(line):
                if wanted:
                    condition = wanted
                elif slash:
                    default = True
                else:
                    target = self._element(scope, identifier, drawn)
                    if source:
                        flow = self._flow(scope, source, identifier, condition)
                        if default:
                            drawn[source].set("default", flow)
                    source, condition, default = target.get("id", ""), None, False

    def _element(self, scope: etree._Element, identifier: str, drawn: dict[str, etree._Element]) -> etree._Element:
        if identifier not in drawn:
            kind = next(kind for prefix, kind in _IMPLIED if re.match(prefix, identifier))
            drawn[identifier] = etree.SubElement(scope, _q(kind), id=identifier)
        return drawn[identifier]

    def _flow(self, scope: etree._Element, source: str, target: str, condition: str | None) -> str:
        flow = etree.SubElement(scope, _q("sequenceFlow"), id=f"flow_{next(self.numbers)}", sourceRef=source, targetRef=target)
        if condition is not None:
            etree.SubElement(flow, _q("conditionExpression")).text = condition
        return str(flow.get("id"))

    def _event(self, node: etree._Element) -> None:
        is_event = etree.QName(node).localname.endswith("Event")
        for name in set(node.attrib) & set(_NAMED):
            reference = self._reference(name, node.attrib.pop(name))
            holder = etree.SubElement(node, _q(f"{name}EventDefinition")) if is_event else node
            holder.set(f"{name}Ref", reference)
        for name in set(node.attrib) & set(_TIMERS):
            text = node.attrib.pop(name)
            etree.SubElement(etree.SubElement(node, _q("timerEventDefinition")), _q(_TIMERS[name])).text = text
        if "condition" in node.attrib:
            text = node.attrib.pop("condition")
            etree.SubElement(etree.SubElement(node, _q("conditionalEventDefinition")), _q("condition")).text = text
        if "link" in node.attrib:
            etree.SubElement(node, _q("linkEventDefinition"), name=node.attrib.pop("link"))
        for name in ("terminate", "cancel"):
            if node.attrib.pop(name, ""):
                etree.SubElement(node, _q(f"{name}EventDefinition"))
        if "compensate" in node.attrib or "by" in node.attrib:
            self._compensation(node)

    def _compensation(self, node: etree._Element) -> None:
        definition = etree.SubElement(node, _q("compensateEventDefinition"))
        if activity := node.attrib.pop("compensate", ""):
            definition.set("activityRef", activity)
        if "waitForCompletion" in node.attrib:
            definition.set("waitForCompletion", node.attrib.pop("waitForCompletion"))
        if handler := node.attrib.pop("by", ""):
            scope = node.getparent()
            if not self.root.xpath(".//*[@id=$id]", id=handler):
                etree.SubElement(scope, _q("userTask"), id=handler, isForCompensation="true")
            etree.SubElement(
                scope, _q("association"), id=f"undo_{handler}_{node.get('id')}", sourceRef=node.get("id", ""), targetRef=handler
            )

    def _reference(self, kind: str, name: str) -> str:
        identifier = f"{kind}_{name or 'any'}"
        if not self.root.xpath("./*[@id=$id]", id=identifier):
            declared = etree.Element(_q(kind), id=identifier, name=name)
            declared.set(_NAMED[kind], name)
            self.root.insert(0, declared)
        return identifier

    def _loop(self, node: etree._Element) -> None:
        if "each" in node.attrib or "times" in node.attrib:
            loop = etree.SubElement(node, _q("multiInstanceLoopCharacteristics"), isSequential=node.attrib.pop("sequential", "false"))
            for short, attribute in (("each", "collection"), ("item", "elementVariable")):
                if short in node.attrib:
                    loop.set(f"{{{CAMUNDA}}}{attribute}", node.attrib.pop(short))
            for short, tag in (("times", "loopCardinality"), ("until", "completionCondition")):
                if short in node.attrib:
                    etree.SubElement(loop, _q(tag)).text = node.attrib.pop(short)
        if "again" in node.attrib:
            loop = etree.SubElement(node, _q("standardLoopCharacteristics"))
            etree.SubElement(loop, _q("loopCondition")).text = node.attrib.pop("again")
            for name in ("testBefore", "loopMaximum"):
                if name in node.attrib:
                    loop.set(name, node.attrib.pop(name))

    def _extensions(self, node: etree._Element) -> None:
        if "topic" in node.attrib:
            node.set(f"{{{CAMUNDA}}}type", "external")
            node.set(f"{{{CAMUNDA}}}topic", node.attrib.pop("topic"))
        short = {name: value for name, value in node.attrib.items() if etree.QName(name).namespace in _SHORT}
        if not short:
            return
        extensions = node.find(_q("extensionElements"))
        if extensions is None:
            extensions = etree.Element(_q("extensionElements"))
            node.insert(0, extensions)
        for name, value in short.items():
            del node.attrib[name]
            prefix, plain = etree.QName(name).namespace, etree.QName(name).localname
            if prefix == "opsbook":
                etree.SubElement(_child(extensions, "properties"), _c("property"), name=f"opsbook:{plain}", value=value)
            else:
                etree.SubElement(_child(extensions, "inputOutput"), _c(f"{prefix}putParameter"), name=plain).text = value


def _child(parent: etree._Element, name: str) -> etree._Element:
    found = parent.find(_c(name))
    return etree.SubElement(parent, _c(name)) if found is None else found


def _q(name: str) -> str:
    return f"{{{BPMN}}}{name}"


def _c(name: str) -> str:
    return f"{{{CAMUNDA}}}{name}"
