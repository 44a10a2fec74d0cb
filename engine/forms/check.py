"""Checks a form's schema at deployment: what the form cannot do, or would do silently wrong, is said with the field's id."""

from collections.abc import Iterator
from typing import Any

from engine.errors import Problem
from engine.forms import check_expressions, check_fields
from engine.forms.components import CONTAINERS, INPUTS, PRESENTATION, Component, Placed, children, is_list, walk
from engine.forms.findings import Finding, finding
from engine.forms.names import RESERVED, is_name

NEWEST_SCHEMA = 19
MOST_FIELDS = 400
DEEPEST = 8


def check_schema(schema: dict[str, Any], resource: str) -> list[Problem]:
    """Everything that is wrong or doubtful in a form.

    Args:
        schema: the parsed `.form` file.
        resource: its file name, for the messages.
    """
    return [found.at(resource) for found in _findings(schema)]


def _findings(schema: Any) -> Iterator[Finding]:
    if not isinstance(schema, dict) or schema.get("type") != "default" or not isinstance(schema.get("components"), list):
        yield finding(
            {}, "form-unreadable", "不是 form-js 表单（缺少 type 或 components）。", "Not a form-js form (no type or components)."
        )
        return
    version = schema.get("schemaVersion", NEWEST_SCHEMA)
    if not isinstance(version, int) or version > NEWEST_SCHEMA:
        yield finding(schema, "form-version", f"表单格式版本 {version} 太新。", f"The schema version {version} is too new.")
    fields = list(walk(schema))
    if len(fields) > MOST_FIELDS or any(placed.depth > DEEPEST for placed in fields):
        yield finding(schema, "form-too-big", "表单太大或嵌套太深。", "The form is too big or too deeply nested.")
        return
    for placed in fields:
        yield from _component(placed, schema)
    yield from _repeated_ids(fields)
    yield from _repeated_paths(fields)


def _component(placed: Placed, schema: Component) -> Iterator[Finding]:
    component = placed.component
    kind = component.get("type")
    if kind not in INPUTS | CONTAINERS | PRESENTATION:
        yield finding(component, "form-component", f"不支持组件类型 {kind}。", f"The component type {kind} is not supported.")
        return
    if kind in INPUTS:
        yield from _key(component)
        yield from check_fields.findings(component)
    if kind == "dynamiclist" and not (is_list(component) and component.get("path")):
        yield finding(component, "form-list", "动态列表要有 path 并可重复。", "A dynamic list needs a path and isRepeating.")
    if kind in CONTAINERS and not children(component):
        yield finding(component, "form-empty-container", "容器里没有组件。", "The container is empty.", severity="warning")
    yield from check_expressions.findings(component, schema)


def _key(component: Component) -> Iterator[Finding]:
    key = component.get("key")
    parts = key.split(".") if isinstance(key, str) else []
    if not parts or not all(is_name(part) for part in parts):
        zh = f"键 {key!r} 不是合格的变量名（字母、数字、下划线，不以数字开头）。"
        yield finding(component, "form-key", zh, f"The key {key!r} is not a name (letters, digits, underscores, no digit first).")
        return
    for part in parts:
        if part in RESERVED and component.get("disabled") is not True:
            zh = f"键 {part} 是表达式语言的保留名，请改名，例如 {part}_value。"
            yield finding(component, "form-reserved-name", zh, f"The key {part} is reserved by FEEL. Rename it, for example {part}_value.")


def _repeated_ids(fields: list[Placed]) -> Iterator[Finding]:
    seen: set[str] = set()
    for placed in fields:
        identity = str(placed.component.get("id", ""))
        if identity and identity in seen:
            yield finding(placed.component, "form-duplicate-id", f"id {identity} 重复。", f"The id {identity} is used twice.")
        seen.add(identity)


def _repeated_paths(fields: list[Placed]) -> Iterator[Finding]:
    """The browser refuses a form in which two fields write the same value, or one writes into another."""
    seen: set[tuple[str, ...]] = set()
    inputs = [placed for placed in fields if placed.component.get("type") in INPUTS]
    for placed in inputs:
        clashes = placed.path in seen or any(other.path == placed.path[: len(other.path)] for other in inputs if other is not placed)
        if clashes:
            text = ".".join(placed.path)
            yield finding(
                placed.component, "form-duplicate-key", f"键 {text} 被另一个字段占用。", f"The key {text} is taken by another field."
            )
        seen.add(placed.path)
