"""Finds mistakes in decision models before they run."""

from collections.abc import Collection, Iterator

from engine.dmn.coverage import Coverage
from engine.dmn.graph import Decision, Node
from engine.dmn.model import Model
from engine.dmn.table import DecisionTable
from engine.errors import Problem
from engine.feel.check import Finding, check_expression, check_tests

_SINGLE_HIT = ("UNIQUE", "ANY", "FIRST", "PRIORITY")


def check_model(model: Model, known: Collection[str] | None = None, resource: str = "") -> list[Problem]:
    """Everything that is wrong with a model: unreadable texts, unknown names, overlapping rules, inputs that no rule answers.

    Args:
        model: as read.
        known: the variables that the callers have; None when that is not known.
        resource: the file's name.
    """
    problems = list(model.problems)
    for node in model.graph.nodes.values():
        if isinstance(node, Decision) and node.table is not None:
            problems.extend(_table_problems(model, node, node.table, known, resource))
    return problems


def _table_problems(
    model: Model, decision: Decision, table: DecisionTable, known: Collection[str] | None, resource: str
) -> Iterator[Problem]:
    visible = None if known is None else {*known, *_required(model, decision)}
    functions = {node.name for node in model.graph.nodes.values()}
    for column in table.inputs:
        yield from _problems(check_expression(column.text, visible, functions=functions), decision, resource, decision.line)
    for rule in table.rules:
        for cell in rule.tests:
            yield from _problems(check_tests(cell.source, visible, functions=functions), decision, resource, rule.line)
    coverage = Coverage(table)
    if table.policy == "UNIQUE":
        yield from _overlaps(coverage, decision, table, resource)
    elif table.policy == "FIRST":
        for earlier, later in coverage.hidden():
            yield _problem(
                decision,
                resource,
                table.rules[later].line,
                "dmn-hidden-rule",
                f"规则 {later + 1} 永远轮不到：规则 {earlier + 1} 在它之前，并且总是同时命中。",
                f"rule {later + 1} is never taken: rule {earlier + 1} comes before and matches whenever it does.",
            )
    if table.policy in _SINGLE_HIT and not any(column.default for column in table.outputs):
        for gap in coverage.gaps():
            yield _problem(
                decision,
                resource,
                decision.line,
                "dmn-gap",
                f"没有规则适用于：{gap.zh}；结果将是空值。",
                f"no rule answers {gap.en}; the result would be null.",
            )


def _overlaps(coverage: Coverage, decision: Decision, table: DecisionTable, resource: str) -> Iterator[Problem]:
    for count, (first, second) in enumerate(coverage.overlaps()):
        if count == 5:
            return
        yield _problem(
            decision,
            resource,
            table.rules[second].line,
            "dmn-overlap",
            f"命中策略为 UNIQUE，规则 {first + 1} 和 {second + 1} 却可能同时命中。",
            f"the hit policy is UNIQUE, but the rules {first + 1} and {second + 1} can match together.",
        )


def _required(model: Model, decision: Decision) -> Iterator[str]:
    """The names that the graph itself gives to a decision."""
    for reference in decision.requirements:
        found = model.graph.find(reference)
        if found is not None:
            owner, node = found
            yield model.graph.import_names.get(owner.namespace, node.name) if owner is not model.graph else node.name


def _problems(findings: list[Finding], node: Node, resource: str, line: int) -> Iterator[Problem]:
    for finding in findings:
        if finding.severity == "warning":  # the reader has told about errors, with the line of the very cell
            yield _problem(node, resource, line, finding.code, finding.zh, finding.en, finding.severity)


def _problem(node: Node, resource: str, line: int, code: str, zh: str, en: str, severity: str = "warning") -> Problem:
    return Problem(code, zh, en, resource, node.id, node.name, line, severity)
