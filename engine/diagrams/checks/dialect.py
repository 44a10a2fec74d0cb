"""Rules on the Camunda 7 namespace: what the engine would ignore is refused (docs/supported-bpmn.md has the same list)."""

from lxml import etree

from engine.diagrams.checks.check import Check, element_of, nearest
from engine.diagrams.model import ACTIVITY_TYPES
from engine.diagrams.reader import CAMUNDA, local

EVERY_ACTIVITY = frozenset(("asyncBefore", "asyncAfter", "exclusive", "jobPriority"))
#: Attributes of the Camunda namespace that have an effect, by element type.
ATTRIBUTES: dict[str, frozenset[str]] = {
    "process": frozenset(("versionTag", "isStartableInTasklist", "candidateStarterGroups", "historyTimeToLive")),
    "userTask": EVERY_ACTIVITY
    | {"assignee", "candidateUsers", "candidateGroups", "dueDate", "followUpDate", "priority", "formRef", "formRefBinding"},
    "serviceTask": EVERY_ACTIVITY | {"type", "topic", "taskPriority", "resultVariable"},
    "sendTask": EVERY_ACTIVITY | {"type", "topic", "taskPriority", "resultVariable"},
    "businessRuleTask": EVERY_ACTIVITY | {"decisionRef", "decisionRefBinding", "mapDecisionResult", "resultVariable"},
    "scriptTask": EVERY_ACTIVITY | {"resultVariable"},
    "callActivity": EVERY_ACTIVITY | {"calledElementBinding", "calledElementVersion"},
    "startEvent": frozenset(("formRef", "formRefBinding", "initiator")),
    "multiInstanceLoopCharacteristics": frozenset(("collection", "elementVariable")),
    "errorEventDefinition": frozenset(("errorCodeVariable", "errorMessageVariable")),
    "escalationEventDefinition": frozenset(("escalationCodeVariable",)),
}
#: Attributes without which nothing is lost; kept for Camunda's own modeler.
HARMLESS = frozenset(("modelerTemplate", "modelerTemplateVersion", "modelerTemplateIcon", "diagramRelationId"))
#: Extension elements that have an effect, with the element types they have it on (properties: anywhere).
EXTENSIONS: dict[str, frozenset[str]] = {
    "inputOutput": ACTIVITY_TYPES | {"intermediateThrowEvent", "intermediateCatchEvent", "boundaryEvent", "endEvent", "startEvent"},
    "in": frozenset(("callActivity",)),
    "out": frozenset(("callActivity",)),
    "failedJobRetryTimeCycle": ACTIVITY_TYPES,
}
#: Properties of our own.
PROPERTIES = frozenset(
    f"opsbook:{name}"
    for name in (
        "businessKey",
        "clause",
        "clock",
        "correlationKey",
        "guidance",
        "missed",
        "mode",
        "outputCollection",
        "outputElement",
        "receiver",
        "sender",
        "ttl",
    )
)
_JAVA = frozenset(("class", "delegateExpression", "expression"))
_MODES = frozenset(("", "单人", "或签"))


def attributes(check: Check) -> None:
    """Every Camunda attribute has an effect here."""
    for node in check.root.iter():
        if not isinstance(node.tag, str) or etree.QName(node).namespace == CAMUNDA:
            continue
        kind = local(node)
        allowed = ATTRIBUTES.get(kind, EVERY_ACTIVITY if kind in ACTIVITY_TYPES else frozenset()) | HARMLESS
        for attribute in node.attrib:
            name = etree.QName(str(attribute))
            if name.namespace != CAMUNDA or name.localname in allowed:
                continue
            element = element_of(check, node)
            if name.localname in _JAVA:
                zh, en = "服务任务请用 type=external 和 topic 选择处理器。", "Use type=external and a topic to choose a handler."
            elif name.localname == "formKey":
                zh, en = "请用 formRef 引用表单。", "Refer to a form by formRef."
            else:
                zh, en = "请删除它。", "Remove it."
            check.report(
                "unsupported-attribute",
                element,
                f"属性 camunda:{name.localname} 在这里没有作用。{zh}",
                f"The attribute camunda:{name.localname} has no effect here. {en}",
                line=int(node.sourceline or 0),
            )


def extensions(check: Check) -> None:
    """Every Camunda extension element has an effect here."""
    for holder in check.root.iter("{*}extensionElements"):
        for child in holder:
            if not isinstance(child.tag, str) or etree.QName(child).namespace != CAMUNDA:
                continue
            name, owner = etree.QName(child).localname, element_of(check, holder)
            parent = holder.getparent()
            kind = local(parent) if parent is not None else ""
            if name != "properties" and kind not in EXTENSIONS.get(name, frozenset()):
                check.report(
                    "unsupported-extension",
                    owner,
                    f"扩展元素 camunda:{name} 在这里没有作用，请删除；监听器的事请画成服务任务。",
                    f"The extension element camunda:{name} has no effect here; remove it, and draw listeners as service tasks.",
                    line=int(child.sourceline or 0),
                )


def properties(check: Check) -> None:
    """Properties of our own are spelt as we know them."""
    for element in check.elements():
        for name in element.properties:
            if name.startswith("opsbook:") and name not in PROPERTIES:
                zh, en = nearest(name, PROPERTIES)
                check.report("unknown-property", element, f"不认识属性“{name}”。{zh}", f"Unknown property “{name}”. {en}")


def bindings(check: Check) -> None:
    """References are bound to the latest version or to the same deployment; calls also to a given version."""
    for element in check.elements():
        for attribute in ("formRefBinding", "decisionRefBinding", "calledElementBinding"):
            value = element.camunda.get(attribute, "latest")
            allowed = ("latest", "deployment", "version") if attribute == "calledElementBinding" else ("latest", "deployment")
            if value not in allowed:
                check.report(
                    "unknown-binding",
                    element,
                    f"绑定方式 {attribute}=“{value}”不支持，请用 {'、'.join(allowed)}。",
                    f"The binding {attribute}=“{value}” is not supported; use {', '.join(allowed)}.",
                )
            elif value == "version" and not element.camunda.get("calledElementVersion", "").isdigit():
                check.report("unknown-binding", element, "没有写明调用的版本号。", "The version to call is missing or no number.")


def service_tasks(check: Check) -> None:
    """A service task names a topic."""
    for element in check.elements("serviceTask"):
        if element.camunda.get("type") != "external" or not element.camunda.get("topic"):
            check.report(
                "service-without-topic",
                element,
                "服务任务没有处理器，请设 type=external 和 topic。",
                "The service task has no handler; set type=external and a topic.",
            )


def scripts(check: Check) -> None:
    """Scripts are FEEL."""
    for element in check.elements("scriptTask"):
        if element.script_format.lower() != "feel":
            check.report(
                "script-language",
                element,
                f"脚本语言“{element.script_format}”不支持，只支持 feel。",
                f"The script language “{element.script_format}” is not supported; write FEEL.",
            )
        elif not element.script:
            check.report("empty-script", element, "脚本是空的。", "The script is empty.")


def modes(check: Check) -> None:
    """The way several people sign is one the engine knows."""
    for element in check.elements():
        mode = element.properties.get("opsbook:mode", "")
        if mode not in _MODES:
            check.report(
                "unsupported-mode",
                element,
                f"办理方式“{mode}”不支持；会签请用并行多实例。",
                f"The mode “{mode}” is not supported; draw a parallel multi-instance for joint signing.",
            )
        clock = element.properties.get("opsbook:clock", "calendar")
        if clock not in ("working", "calendar"):
            check.report(
                "unknown-clock", element, f"时钟“{clock}”应为 working 或 calendar。", f"The clock “{clock}” must be working or calendar."
            )


def loops(check: Check) -> None:
    """A multi-instance says over what."""
    for element in check.elements():
        if element.loop is not None and element.loop.kind != "standard" and not element.loop.collection and not element.loop.cardinality:
            check.report(
                "loop-without-items",
                element,
                "多实例没有集合，也没有次数。",
                "The multi-instance has neither a collection nor a cardinality.",
            )


RULES = (attributes, extensions, properties, bindings, service_tasks, scripts, modes, loops)
