"""Rules on what a diagram refers to: handlers, forms, decision tables, other processes."""

from engine.diagrams.checks.check import Check, nearest
from engine.diagrams.model import Element

_MAPPINGS = frozenset(("singleEntry", "singleResult", "collectEntries", "resultList"))


def handlers(check: Check) -> None:
    """The handler exists and gets what it needs."""
    for element in check.elements("serviceTask", "sendTask"):
        name = element.camunda.get("topic", "")
        if not name or name.startswith(("=", "$")):
            continue
        topic = check.known.topics.get(name)
        if topic is None:
            _no_handler(check, element, name)
            continue
        given = {parameter.name for parameter in element.inputs}
        for field in sorted(topic.required - given):
            check.report("missing-input", element, f"处理器“{name}”需要输入“{field}”。", f"The handler “{name}” needs the input “{field}”.")
        for field in sorted(given - topic.inputs):
            zh, en = nearest(field, topic.inputs)
            check.report(
                "unknown-input", element, f"处理器“{name}”没有输入“{field}”。{zh}", f"The handler “{name}” has no input “{field}”. {en}"
            )
        _handler_errors(check, element, name, topic.errors)


def _no_handler(check: Check, element: Element, topic: str) -> None:
    """A topic that nobody here serves is for external workers, where they are to be expected; but not if it looks like a slip of the pen."""
    known = check.known
    if topic in known.external_topics:
        return
    zh, en = nearest(topic, known.topics)
    subjects = {name.partition(".")[0] for name in known.topics if "." in name}
    if not known.external_workers or zh or topic.partition(".")[0] in subjects:
        advice_zh = zh or "如果由外部工作者处理，请把主题写进 OPSBOOK_EXTERNAL_TOPICS。"
        advice_en = en or "If an external worker serves it, name the topic in OPSBOOK_EXTERNAL_TOPICS."
        check.report("unknown-handler", element, f"没有处理器“{topic}”。{advice_zh}", f"There is no handler “{topic}”. {advice_en}")
        return
    check.report(
        "external-topic",
        element,
        f"主题“{topic}”没有内置处理器，要由外部工作者领取。",
        f"No embedded handler serves the topic “{topic}”; an external worker must fetch it.",
        severity="warning",
    )


def _handler_errors(check: Check, element: Element, topic: str, errors: frozenset[str]) -> None:
    attached = check.process.boundaries.get(element.id, [])
    codes = {item.event.name for item in attached if item.event is not None and item.event.kind == "error"}
    for code in sorted(codes - errors - {""}):
        check.report(
            "error-never-thrown",
            element,
            f"处理器“{topic}”不会报告错误“{code}”。",
            f"The handler “{topic}” never reports the error “{code}”.",
            severity="warning",
        )


def forms(check: Check) -> None:
    """The form exists."""
    for element in check.elements("userTask", "startEvent"):
        name = element.camunda.get("formRef", "")
        if name and name not in check.known.forms:
            zh, en = nearest(name, check.known.forms)
            check.report("unknown-form", element, f"没有表单“{name}”。{zh}", f"There is no form “{name}”. {en}")


def decisions(check: Check) -> None:
    """The decision exists and its result can be mapped."""
    for element in check.elements("businessRuleTask"):
        name = element.camunda.get("decisionRef", "")
        if not name:
            check.report("no-decision", element, "业务规则任务没有选择决策表。", "The business rule task names no decision.")
        elif name not in check.known.decisions:
            zh, en = nearest(name, check.known.decisions)
            check.report("unknown-decision", element, f"没有决策“{name}”。{zh}", f"There is no decision “{name}”. {en}")
        mapping = element.camunda.get("mapDecisionResult", "resultList")
        if mapping not in _MAPPINGS:
            check.report("unknown-mapping", element, f"不认识映射方式“{mapping}”。", f"Unknown mapping “{mapping}”.")


def called_processes(check: Check) -> None:
    """The called process exists."""
    for element in check.elements("callActivity"):
        name = element.called_element
        if not name:
            check.report("no-called-process", element, "调用活动没有选择流程。", "The call activity names no process.")
        elif not name.startswith(("=", "$")) and name not in check.known.processes:
            zh, en = nearest(name, check.known.processes)
            check.report("unknown-process", element, f"没有流程“{name}”。{zh}", f"There is no process “{name}”. {en}")


RULES = (handlers, forms, decisions, called_processes)
