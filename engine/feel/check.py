"""Finds mistakes in expressions before they run: for deployments and for the studio."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from engine.feel import ast
from engine.feel.builtins import BUILTINS
from engine.feel.errors import BudgetExceeded, FeelSyntaxError, suggestion
from engine.feel.expression import CompiledExpression, CompiledTests, compile_expression, compile_unary_tests
from engine.feel.nullness import can_be_null
from engine.feel.scope import Environment

_NOWHEN = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, or may be."""

    code: str  #: feel-syntax, feel-unknown-function, feel-unknown-variable, feel-condition-null, feel-hides-when-empty
    severity: str  #: error or warning
    zh: str
    en: str
    position: int = 0  #: offset in the text
    name: str = ""  #: what is unknown


def check_expression(
    text: str,
    known: Collection[str] | None = None,
    *,
    functions: Collection[str] = (),
    nullable: Collection[str] | None = None,
) -> list[Finding]:
    """What is wrong with an expression.

    Args:
        text: what somebody wrote.
        known: the variables that exist there; None when that is not known.
        functions: functions beyond the built-in ones.
        nullable: for a condition, the variables that may be empty: it is then also checked whether it can come out as null.
    """
    try:
        expression = compile_expression(text, known or ())
    except FeelSyntaxError as error:
        return [_syntax(error)]
    findings = _names(expression, known, functions)
    if nullable is not None and can_be_null(expression.tree, nullable):
        empty = "、".join(sorted(expression.names & set(nullable))), ", ".join(sorted(expression.names & set(nullable)))
        findings.append(
            Finding(
                "feel-condition-null",
                "warning",
                f"{empty[0] or '某个值'} 为空时，条件的结果是空值而不是真或假；可写 {empty[0] or 'x'} != null and …。",
                f"when {empty[1] or 'a value'} is empty the condition is null, neither true nor false; consider {empty[1] or 'x'} != null and ….",
            )
        )
    return findings


def check_tests(text: str, known: Collection[str] | None = None, *, functions: Collection[str] = ()) -> list[Finding]:
    """What is wrong with a decision table's input cell; arguments as for expressions."""
    try:
        tests = compile_unary_tests(text, known or ())
    except FeelSyntaxError as error:
        return [_syntax(error)]
    return _names(tests, known, functions)


def check_hide_condition(text: str) -> list[Finding]:
    """Whether a form's hide condition hides the field while nothing has been filled in."""
    try:
        expression = compile_expression(text)
        hidden = expression.evaluate(dict.fromkeys(expression.names), Environment(now=_NOWHEN)) is True
    except FeelSyntaxError as error:
        return [_syntax(error)]
    except BudgetExceeded:
        return []
    if not hidden or not expression.names:
        return []
    names = "、".join(sorted(expression.names)), ", ".join(sorted(expression.names))
    return [
        Finding(
            "feel-hides-when-empty",
            "warning",
            f"{names[0]} 为空时该字段被隐藏，它的值不会保存；请检查是否有意。",
            f"the field is hidden while {names[1]} is empty, and its value is not kept; is that meant?",
        )
    ]


def _syntax(error: FeelSyntaxError) -> Finding:
    return Finding("feel-syntax", "error", error.zh, error.en, int(str(error.details["position"])))


def unknown_functions(compiled: CompiledExpression | CompiledTests, functions: Collection[str]) -> list[Finding]:
    """Calls of functions that nobody defines.

    Args:
        compiled: an expression or a cell.
        functions: names beyond the built-in functions that may be functions.
    """
    findings = []
    for node in _walk(compiled.tree):
        if isinstance(node, ast.Call) and isinstance(node.function, ast.Name):
            name = node.function.name
            if name not in BUILTINS and name not in functions and not _defined(name, compiled.tree):
                zh, en = suggestion(name, (*BUILTINS, *functions))
                findings.append(
                    Finding("feel-unknown-function", "error", f"未知函数 {name}{zh}", f"unknown function {name}{en}", node.at, name)
                )
    return findings


def _unknown_variables(compiled: CompiledExpression | CompiledTests, known: Collection[str]) -> list[Finding]:
    findings = []
    for name in sorted(compiled.names - compiled.item_names):
        if name not in known:
            zh, en = suggestion(name, known)
            position = next((node.at for node in _walk(compiled.tree) if isinstance(node, ast.Name) and node.name == name), 0)
            findings.append(
                Finding("feel-unknown-variable", "warning", f"未知变量 {name}{zh}", f"unknown variable {name}{en}", position, name)
            )
    return findings


def _names(compiled: CompiledExpression | CompiledTests, known: Collection[str] | None, functions: Collection[str]) -> list[Finding]:
    findings = unknown_functions(compiled, (*functions, *(known or ())))
    return findings if known is None else [*findings, *_unknown_variables(compiled, known)]


def _walk(node: ast.Node) -> Iterator[ast.Node]:
    yield node
    for child in ast.children(node):
        yield from _walk(child)


def _defined(name: str, tree: ast.Node) -> bool:
    """Whether the expression itself gives the name to something: a parameter, an entry of a context or an iterator."""
    for node in _walk(tree):
        if isinstance(node, ast.FunctionOf) and name in dict(node.parameters):
            return True
        if isinstance(node, ast.ContextOf) and name in dict(node.entries):
            return True
        if isinstance(node, ast.For | ast.Quantified) and any(iterator.name == name for iterator in node.iterators):
            return True
    return False
