"""Checks of one input at deployment: options, limits, patterns, kinds of date."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.errors import ExpressionError
from engine.forms.components import MULTIPLE_CHOICES, SINGLE_CHOICES, TEXTS, Component
from engine.forms.expressions import is_expression
from engine.forms.findings import Finding, finding
from engine.forms.options import declared_options
from engine.forms.patterns import compile_pattern
from engine.forms.rules import RULES

_SOURCES = ("values", "valuesKey", "valuesExpression")
_NUMBER_RULES = frozenset({"min", "max"})
_TEXT_RULES = frozenset({"minLength", "maxLength", "pattern", "patternErrorMessage", "validationType"})


def findings(component: Component) -> Iterator[Finding]:
    """What is wrong with one input."""
    kind = component["type"]
    if kind in SINGLE_CHOICES | MULTIPLE_CHOICES:
        yield from _options(component)
    if kind == "datetime" and component.get("subtype", "date") not in ("date", "time", "datetime"):
        zh = f"日期类型 {component['subtype']} 不存在。"
        yield finding(component, "form-date-kind", zh, f"There is no kind of date {component['subtype']}.")
    if kind == "expression" and not is_expression(component.get("expression")):
        yield finding(
            component, "form-expression", "计算字段缺少以 = 开头的表达式。", "A computed field needs an expression that begins with =."
        )
    if not component.get("label") and kind not in ("datetime", "expression"):
        yield finding(
            component, "form-label", "字段没有标签，读屏软件无法读出。", "The field has no label for screen readers.", severity="warning"
        )
    yield from _rules(component)


def misplaced_rules(component: Component) -> list[str]:
    """The validation rules that no form has, or that do not apply to this kind of input."""
    rules, kind = component.get("validate") or {}, component["type"]
    return sorted(
        name
        for name in rules
        if name not in RULES or (name in _NUMBER_RULES and kind != "number") or (name in _TEXT_RULES and kind not in TEXTS)
    )


def _options(component: Component) -> Iterator[Finding]:
    given = [source for source in _SOURCES if component.get(source) is not None]
    if len(given) != 1:
        yield finding(component, "form-options", "选项要有且只有一个来源。", "A choice needs exactly one source of options.")
        return
    if given != ["values"]:
        return
    values = declared_options(component, {})
    if not values or len(values) != len(component["values"]):
        yield finding(component, "form-options", "选项为空或缺少标签、值。", "There are no options, or one has no label or value.")
    if len({repr(value) for value in values}) != len(values):
        yield finding(component, "form-options", "有两个选项的值相同。", "Two options have the same value.")


def _rules(component: Component) -> Iterator[Finding]:
    rules = component.get("validate") or {}
    kind = component["type"]
    for name in misplaced_rules(component):
        if name in RULES:
            yield finding(component, "form-rule", f"规则 {name} 不适用于 {kind}。", f"The rule {name} does not apply to {kind}.")
        else:
            yield finding(component, "form-rule", f"不支持校验规则 {name}。", f"The rule {name} is not supported.")
    if "pattern" in rules:
        yield from _pattern(component, rules["pattern"])
    if rules.get("validationType") not in (None, "", "custom", "email", "phone"):
        yield finding(component, "form-rule", "validationType 只能是 email 或 phone。", "validationType is email or phone.")
    for low, high in (("minLength", "maxLength"), ("min", "max")):
        yield from _limits(component, rules, low, high)


def _pattern(component: Component, pattern: Any) -> Iterator[Finding]:
    try:
        compile_pattern(str(pattern))
    except ExpressionError as error:
        yield finding(component, "form-pattern", error.zh, error.en)


def _limits(component: Component, rules: dict[str, Any], low: str, high: str) -> Iterator[Finding]:
    numbers: dict[str, Decimal] = {}
    for name in (low, high):
        value = rules.get(name)
        if value is None or value == "" or is_expression(value):
            continue
        try:
            numbers[name] = Decimal(str(value))
        except InvalidOperation:
            yield finding(component, "form-limit", f"{name} 不是数字：{value}。", f"{name} is not a number: {value}.")
    if len(numbers) > 1 and numbers[low] > numbers[high]:
        yield finding(component, "form-limit", f"{low} 大于 {high}，无法填写。", f"{low} is greater than {high}: nothing can be entered.")
