"""Reads decision tables from XML."""

from engine.dmn.elements import Element, child, children, name_of, text, type_name
from engine.dmn.hit_policies import AGGREGATIONS, POLICIES
from engine.dmn.item_types import ItemTypes
from engine.dmn.table import DecisionTable, InputColumn, OutputColumn, Rule
from engine.dmn.texts import NEVER, Texts
from engine.feel import CompiledTests, ast, compile_unary_tests
from engine.feel.compiler.base import Compiler, Evaluate


def read_table(element: Element, types: ItemTypes, texts: Texts) -> DecisionTable:
    """The table; what is wrong in it becomes problems of the model."""
    owner = element.getparent()
    name = name_of(owner) if owner is not None else ""
    inputs = [_input(column, types, texts) for column in children(element, "input")]
    columns = list(children(element, "output"))
    outputs = [_output(column, types, texts, single=len(columns) == 1) for column in columns]
    rules = [_rule(rule, texts, len(inputs), len(outputs)) for rule in children(element, "rule")]
    policy = POLICIES.get((element.get("hitPolicy") or "UNIQUE").upper())
    aggregation = (element.get("aggregation") or "").upper()
    if policy is None:
        texts.problem(
            element, "dmn-hit-policy", f"没有命中策略 {element.get('hitPolicy')}。", f"there is no hit policy {element.get('hitPolicy')}."
        )
    if aggregation == "LIST":  # what some modelers write for none
        aggregation = ""
    if aggregation and aggregation not in (*AGGREGATIONS, "COUNT"):
        texts.problem(element, "dmn-aggregation", f"没有汇总方式 {aggregation}。", f"there is no aggregation {aggregation}.")
        aggregation = ""
    if not outputs:
        texts.problem(element, "dmn-no-output", "决策表没有输出列。", "the table has no output column.")
    return DecisionTable(name, inputs, outputs, rules, policy or "UNIQUE", aggregation)


def _input(column: Element, types: ItemTypes, texts: Texts) -> InputColumn:
    expression = child(column, "inputExpression")
    written = text(expression)
    evaluate: Evaluate
    if expression is None or not written.strip():
        texts.problem(column, "dmn-empty", "输入列没有表达式。", "an input column has no expression.")
        evaluate = _null
    else:
        evaluate = texts.expression(expression, written)
    label = " ".join((column.get("label") or written).split())
    return InputColumn(label, written, evaluate, types.resolve(type_name(expression)), _tests(child(column, "inputValues"), texts))


def _output(column: Element, types: ItemTypes, texts: Texts, *, single: bool) -> OutputColumn:
    name = "" if single else " ".join((column.get("name") or column.get("label") or column.get("id") or "").split())
    default = child(column, "defaultOutputEntry")
    allowed = _tests(child(column, "outputValues"), texts)
    declared = types.resolve(type_name(column))
    ranked = allowed or getattr(declared, "tests", None)
    return OutputColumn(
        name,
        " ".join((column.get("label") or column.get("name") or "").split()),
        declared,
        allowed,
        _ranking(ranked),
        texts.expression(default, text(default)) if default is not None and text(default).strip() else None,
    )


def _tests(element: Element | None, texts: Texts) -> CompiledTests | None:
    written = text(element)
    return texts.tests(element, written) if element is not None and written.strip() else None


def _ranking(allowed: CompiledTests | None) -> tuple[Evaluate, ...]:
    if allowed is None:
        return ()
    compiler = Compiler(allowed.source)
    return tuple(compiler(test) for test in allowed.tree.tests if not isinstance(test, ast.UnaryTest))


def _rule(rule: Element, texts: Texts, width: int, outputs: int) -> Rule:
    tests = [texts.tests(entry, text(entry)) for entry in children(rule, "inputEntry")]
    results = [texts.expression(entry, text(entry)) if text(entry).strip() else _null for entry in children(rule, "outputEntry")]
    if len(tests) != width or len(results) != outputs:
        texts.problem(
            rule,
            "dmn-rule-width",
            f"规则有 {len(tests)} 个条件和 {len(results)} 个结果，应为 {width} 和 {outputs}。",
            f"the rule has {len(tests)} conditions and {len(results)} results instead of {width} and {outputs}.",
        )
        tests = [*tests, *[compile_unary_tests(NEVER)] * width][:width]
        results = [*results, *[_null] * outputs][:outputs]
    annotations = [text(entry) for entry in children(rule, "annotationEntry")]
    annotation = "；".join(part for part in annotations if part) or text(child(rule, "description"))
    cells = tuple(text(entry) for name in ("inputEntry", "outputEntry") for entry in children(rule, name))
    return Rule(rule.get("id") or "", tuple(tests), tuple(results), annotation, rule.sourceline or 0, cells)


def _null(_: object) -> None:
    return None
