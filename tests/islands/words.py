"""Collects what a page says in the wrong language, and samples that contain every kind of element."""

import json
from typing import Any

from playwright.sync_api import Page

_COLLECT = r"""(pattern) => {
  const wrong = new RegExp(pattern.wrong, 'u'), right = new RegExp(pattern.right, 'u'), found = new Set();
  const data = '.djs-element, .cm-editor, script, style, textarea, .ops-own, .bjs-crumb, .bio-properties-panel-header-label, '
    + '.ops-choice, td.input-cell, td.output-cell, td.annotation, .dmn-definitions';
  const note = (text) => {
    const words = (text || '').replace(/\s+/g, ' ').trim();
    if (wrong.test(words) && !right.test(words)) found.add(words);
  };
  for (const root of document.querySelectorAll('[data-island], .element-template-chooser, .djs-popup, .bio-properties-panel-feel-popup, dialog')) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.currentNode; node; node = walker.nextNode()) {
      const element = node.nodeType === 3 ? node.parentElement : node;
      if (element.closest(data) || !element.checkVisibility()) continue;
      if (node.nodeType === 3) note(node.data);
      else for (const name of ['title', 'placeholder', 'aria-label']) note(node.getAttribute(name));
    }
  }
  return [...found];
}"""
#: Proper names and notations, the same in every language.
_NAMES = r"^(BPMN\.iO|bpmn\.io|ID|FEEL|JUEL|HTML|URL|SVG|PNG|JSON|XOR|iFrame|Java|PMML|[a-z0-9_]+(\.[a-z0-9_]+)*|#.*)$"
ENGLISH = {"wrong": r"[A-Za-z]{2}", "right": r"[\u4e00-\u9fff]|" + _NAMES}
CHINESE = {"wrong": r"[\u4e00-\u9fff]", "right": r"^$"}


def wrong_words(page: Page, pattern: dict[str, str]) -> set[str]:
    """The visible texts and titles of the modeler in the other language."""
    return set(page.evaluate(_COLLECT, pattern))


_EVENTS = ["", "message", "timer", "conditional", "signal", "error", "escalation", "compensate", "link", "cancel", "terminate"]
_TASKS = ["task", "userTask", "serviceTask", "sendTask", "receiveTask", "manualTask", "businessRuleTask", "scriptTask", "callActivity"]
_GATEWAYS = ["exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"]
_OTHERS = ["subProcess", "transaction", "dataObjectReference", "dataStoreReference"]
_ALLOWED = {
    "startEvent": ["", "message", "timer", "conditional", "signal"],
    "intermediateCatchEvent": ["message", "timer", "conditional", "signal", "link"],
    "intermediateThrowEvent": ["", "message", "signal", "escalation", "compensate", "link"],
    "endEvent": ["", "message", "signal", "error", "escalation", "compensate", "cancel", "terminate"],
}


def every_element() -> tuple[str, list[str]]:
    """A diagram with one of each kind, without names, and the ids."""
    nodes, shapes, ids = [], [], []

    def add(tag: str, content: str = "", suffix: str = "", width: int = 100, height: int = 80, attributes: str = "") -> None:
        identity = f"{tag.lower()}_{suffix}" if suffix else tag.lower()
        column, row = len(ids) % 8, len(ids) // 8
        nodes.append(f'<bpmn:{tag} id="{identity}"{attributes}>{content}</bpmn:{tag}>')
        bounds = f'<dc:Bounds x="{160 + column * 150}" y="{80 + row * 120}" width="{width}" height="{height}"/>'
        shapes.append(f'<bpmndi:BPMNShape id="{identity}_di" bpmnElement="{identity}">{bounds}</bpmndi:BPMNShape>')
        ids.append(identity)

    for tag in (*_TASKS, *_OTHERS):
        add(tag)
    for tag in _GATEWAYS:
        add(tag, width=50, height=50)
    for tag, kinds in _ALLOWED.items():
        for kind in kinds:
            add(tag, f'<bpmn:{kind}EventDefinition id="{tag}_{kind}_d"/>' if kind else "", kind, 36, 36)
    for kind in ("message", "timer", "error", "escalation"):
        add("boundaryEvent", f'<bpmn:{kind}EventDefinition id="b_{kind}"/>', kind, 36, 36, ' attachedToRef="usertask"')
    loop = '<bpmn:multiInstanceLoopCharacteristics isSequential="true"/>'
    add("userTask", loop, "many")
    nodes.append('<bpmn:sequenceFlow id="flow" sourceRef="exclusivegateway" targetRef="usertask"/>')
    ids.append("flow")
    flow = '<bpmndi:BPMNEdge id="flow_di" bpmnElement="flow"><di:waypoint x="200" y="300"/><di:waypoint x="300" y="400"/></bpmndi:BPMNEdge>'
    pool = '<bpmndi:BPMNShape id="pool_di" bpmnElement="pool" isHorizontal="true"><dc:Bounds x="100" y="40" width="1300" height="760"/></bpmndi:BPMNShape>'
    content = (
        '<?xml version="1.0"?><bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="all" targetNamespace="x" '
        'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
        'xmlns:di="http://www.omg.org/spec/DD/20100524/DI"><bpmn:collaboration id="c"><bpmn:participant id="pool" processRef="p"/>'
        f'</bpmn:collaboration><bpmn:process id="p" isExecutable="true">{"".join(nodes)}</bpmn:process>'
        f'<bpmndi:BPMNDiagram id="d"><bpmndi:BPMNPlane id="plane" bpmnElement="c">{pool}{"".join(shapes)}{flow}</bpmndi:BPMNPlane>'
        "</bpmndi:BPMNDiagram></bpmn:definitions>"
    )
    return content, ["pool", *ids]


def every_component() -> tuple[str, list[str]]:
    """A form with one component of each kind, and their ids."""
    types = [
        "textfield", "textarea", "number", "datetime", "expression", "filepicker", "checkbox", "checklist", "radio", "select", "taglist", "text",
        "html", "image", "table", "documentPreview", "spacer", "separator", "group", "dynamiclist", "iframe", "button", "signature", "photo",
    ]  # fmt: skip
    components: list[dict[str, Any]] = []
    for kind in types:
        more: dict[str, Any] = {"components": [], "isRepeating": kind == "dynamiclist"} if kind in ("group", "dynamiclist") else {}
        if kind == "text":
            more["text"] = "1"
        if kind in ("checklist", "radio", "select", "taglist"):
            more["values"] = [{"label": "1", "value": "1"}]
        if kind == "table":
            more |= {"columns": [{"label": "1", "key": "a"}], "rowCount": 10, "dataSource": "=rows"}
        if kind == "datetime":
            more |= {"subtype": "datetime", "dateLabel": "1", "timeLabel": "2"}
        path = {"path": kind} if kind == "dynamiclist" else {} if kind == "group" else {"key": kind}
        components.append({"type": kind, "id": f"c_{kind.lower()}", "label": "1", **path, **more})
    schema = {"id": "f_all", "type": "default", "schemaVersion": 19, "components": components}
    return json.dumps(schema), [str(component["id"]) for component in components]
