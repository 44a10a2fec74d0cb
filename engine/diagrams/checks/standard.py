"""Rules on what BPMN 2.0 allows and the engine would ignore or misread: it is refused by name."""

from lxml import etree

from engine.diagrams.checks.check import Check, element_of
from engine.diagrams.reader import local

#: Child elements without which the diagram would mean something else, with advice.
_CHILDREN = {
    "ioSpecification": ("请用 camunda:inputOutput 写输入输出。", "Write inputs and outputs as camunda:inputOutput."),
    "dataInputAssociation": ("请用 camunda:inputOutput 写输入输出。", "Write inputs and outputs as camunda:inputOutput."),
    "dataOutputAssociation": ("请用 camunda:inputOutput 写输入输出。", "Write inputs and outputs as camunda:inputOutput."),
    "potentialOwner": ("请用 camunda:candidateGroups 指定办理人。", "Name the people by camunda:candidateGroups."),
    "humanPerformer": ("请用 camunda:assignee 指定办理人。", "Name the person by camunda:assignee."),
    "performer": ("请用 camunda:assignee 指定办理人。", "Name the person by camunda:assignee."),
    "loopDataOutputRef": ("请用属性 opsbook:outputCollection 收集结果。", "Collect the results by the property opsbook:outputCollection."),
    "outputDataItem": ("请用属性 opsbook:outputElement 收集结果。", "Collect the results by the property opsbook:outputElement."),
    "complexBehaviorDefinition": ("请删除它。", "Remove it."),
    "correlationKey": ("请用属性 opsbook:correlationKey 写关联键。", "Write the key as the property opsbook:correlationKey."),
}
#: Attributes with the only values that mean what the engine does.
_ATTRIBUTES = {
    "method": ("##Compensate", "Compensate"),
    "instantiate": ("false",),
    "eventGatewayType": ("Exclusive",),
    "parallelMultiple": ("false",),
    "behavior": ("All",),
    "startQuantity": ("1",),
    "completionQuantity": ("1",),
}
_REFERENCES = ("messageRef", "signalRef", "errorRef", "escalationRef")
_LANGUAGES = ("", "feel", "https://www.omg.org/spec/DMN/20191111/FEEL/")


def features(check: Check) -> None:
    """Children and attributes of BPMN 2.0 that would be ignored."""
    for node in _bpmn_nodes(check):
        kind, line = local(node), int(node.sourceline or 0)
        if kind in _CHILDREN:
            zh, en = _CHILDREN[kind]
            check.report(
                "unsupported-feature", element_of(check, node), f"{kind} 不起作用。{zh}", f"{kind} has no effect here. {en}", line=line
            )
        for attribute, allowed in _ATTRIBUTES.items():
            value = node.get(attribute)
            if value is not None and value not in allowed:
                check.report(
                    "unsupported-feature",
                    element_of(check, node),
                    f"不支持 {attribute}=“{value}”，只支持 {allowed[0]}。",
                    f"{attribute}=“{value}” is not supported; only {allowed[0]} is.",
                    line=line,
                )


def references(check: Check) -> None:
    """What an event refers to is declared in the file."""
    declared = {node.get("id", "") for node in check.root if isinstance(node.tag, str)}
    for node in _bpmn_nodes(check):
        for attribute in _REFERENCES:
            name = node.get(attribute, "")
            if name and name.rpartition(":")[2] not in declared:
                check.report(
                    "unknown-reference",
                    element_of(check, node),
                    f"{attribute} 指向的“{name}”在文件里没有声明。",
                    f"{attribute} refers to “{name}”, which the file does not declare.",
                    line=int(node.sourceline or 0),
                )


def languages(check: Check) -> None:
    """Conditions are FEEL."""
    for node in _bpmn_nodes(check):
        language = node.get("language", "")
        if local(node) in ("conditionExpression", "condition") and language.lower() not in (item.lower() for item in _LANGUAGES):
            check.report(
                "condition-language",
                element_of(check, node),
                f"条件的语言“{language}”不支持，只支持 FEEL。",
                f"The condition's language “{language}” is not supported; write FEEL.",
                line=int(node.sourceline or 0),
            )


def one_time(check: Check) -> None:
    """A timer has one of duration, date and cycle."""
    for node in _bpmn_nodes(check):
        if local(node) == "timerEventDefinition" and sum(local(child) in ("timeDate", "timeDuration", "timeCycle") for child in node) > 1:
            check.report(
                "timer-with-two-times",
                element_of(check, node),
                "定时事件只能有时长、日期、周期中的一个。",
                "A timer has one of duration, date and cycle.",
                line=int(node.sourceline or 0),
            )


def _bpmn_nodes(check: Check) -> list[etree._Element]:
    return [node for node in check.root.iter() if isinstance(node.tag, str) and local(node)]


RULES = (features, references, languages, one_time)
