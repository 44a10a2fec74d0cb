"""Element templates for Camunda's modelers, made from the handler registry: choose a handler, fill in its fields.

The format is Camunda 7's (`@camunda/element-templates-json-schema`). It has no place for the errors of a handler without writing
elements that have no effect here, so the errors stand in the description.
"""

from collections.abc import Iterator
from typing import Any

from engine.runtime.engine import Engine
from engine.runtime.package import Package
from engine.studio.choices import described_handlers
from engine.studio.fields import DescribedHandler, HandlerField
from engine.studio.labels import Words, error_titles

_SCHEMA = "https://unpkg.com/@camunda/element-templates-json-schema/resources/schema.json"
_NEEDED, _RESULTS, _MORE = "needed", "results", "more"
_GROUPS: dict[str, Words] = {
    _NEEDED: {"zh": "必填", "en": "Required"},
    _MORE: {"zh": "选填", "en": "Optional"},
    _RESULTS: {"zh": "结果", "en": "Result"},
}
_NOTHING: Words = {"zh": "（不填）", "en": "(empty)"}
_YES: Words = {"zh": "是", "en": "Yes"}
_NO: Words = {"zh": "否", "en": "No"}


def element_templates(engine: Engine, package: Package, locale: str = "zh") -> list[dict[str, Any]]:
    """One template for each handler, in the reader's language.

    Args:
        engine: whose handlers.
        package: the live files, whose forms say what fields are called.
        locale: `zh`, or anything else for English.
    """
    language = "zh" if locale.startswith("zh") else "en"
    errors = error_titles(package)
    return [_template(handler, errors, language) for handler in described_handlers(engine, package)]


def _template(handler: DescribedHandler, errors: dict[str, Words], language: str) -> dict[str, Any]:
    subject = handler.topic.partition(".")[0]
    properties = [*_task(handler), *_inputs(handler, language), _result_variable(language)]
    used = {item.get("group") for item in properties}
    return {
        "$schema": _SCHEMA,
        "name": handler.title[language],
        "id": f"opsbook.{handler.topic}",
        "description": _description(handler, errors, language),
        "category": {"id": subject, "name": subject},
        "appliesTo": ["bpmn:ServiceTask", "bpmn:SendTask"],
        "groups": [{"id": group, "label": label[language]} for group, label in _GROUPS.items() if group in used],
        "properties": properties,
    }


def _description(handler: DescribedHandler, errors: dict[str, Words], language: str) -> str:
    parts = [handler.description[language]]
    if handler.outputs:
        names = ", ".join(item.name for item in handler.outputs)
        parts.append(f"结果：{names}。" if language == "zh" else f"Result: {names}.")
    if handler.errors:
        codes = ", ".join(f"{code} ({errors[code][language]})" if code in errors else code for code in handler.errors)
        parts.append(f"可能的错误：{codes}。" if language == "zh" else f"Errors: {codes}.")
    return " ".join(part for part in parts if part)


def _task(handler: DescribedHandler) -> Iterator[dict[str, Any]]:
    for name, value in (("camunda:type", "external"), ("camunda:topic", handler.topic)):
        yield {"type": "Hidden", "value": value, "binding": {"type": "property", "name": name}}


def _inputs(handler: DescribedHandler, language: str) -> Iterator[dict[str, Any]]:
    for item in sorted(handler.inputs, key=lambda item: not item.required):
        described: dict[str, Any] = {
            "label": f"{item.title[language]} ({item.name})",
            "type": "String",
            "value": f"={item.name}" if item.required else "",
            "group": _NEEDED if item.required else _MORE,
            "binding": {"type": "camunda:inputParameter", "name": item.name},
        }
        if item.description[language]:
            described["description"] = item.description[language]
        if item.required:
            described["constraints"] = {"notEmpty": True}
        if item.type in ("choice", "boolean"):
            described |= {"type": "Dropdown", "choices": _choices(item, language)}
        yield described


def _choices(item: HandlerField, language: str) -> list[dict[str, str]]:
    """A fixed value, or the variable of the same name."""
    variable = {"zh": f"变量 {item.name}", "en": f"Variable {item.name}"}
    fixed = [(option, option) for option in item.options] or [(_YES[language], "=true"), (_NO[language], "=false")]
    found = [(variable[language], f"={item.name}"), *fixed]
    return [{"name": name, "value": value} for name, value in (found if item.required else [(_NOTHING[language], ""), *found])]


def _result_variable(language: str) -> dict[str, Any]:
    """Without it each field of the result becomes a variable of its own."""
    words = (
        ("结果变量", "不填时，结果的每个字段各成为一个变量。")
        if language == "zh"
        else ("Result variable", "Without it each field of the result becomes a variable.")
    )
    return {
        "label": words[0],
        "description": words[1],
        "type": "String",
        "value": "",
        "group": _RESULTS,
        "binding": {"type": "property", "name": "camunda:resultVariable"},
    }
