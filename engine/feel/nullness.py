"""Whether a condition can come out as null when variables are empty."""

from collections.abc import Collection
from decimal import Decimal

from engine.feel import ast

_NULL_SAFE = frozenset(["list contains", "is", "not null", "string", "count", "get entries", "list replace", "append", "now", "today"])


def can_be_null(node: ast.Node, nullable: Collection[str]) -> bool:
    """Whether the part may be null when the variables in `nullable` are; `x = null or …` and `x != null and …` count as guards."""
    if isinstance(node, ast.Literal):
        return node.value is None
    if isinstance(node, ast.Name):
        return node.name in nullable
    if isinstance(node, ast.Path):
        return can_be_null(node.target, nullable)
    if isinstance(node, ast.Junction):
        guarded = _guarded(node)
        return any(can_be_null(operand, set(nullable) - guarded) for operand in node.operands)
    if isinstance(node, ast.Comparison):
        return node.op not in ("=", "!=") and any(can_be_null(side, nullable) for side in (node.left, node.right))
    if isinstance(node, ast.In):
        return can_be_null(node.value, nullable) and any(isinstance(test, ast.RangeOf | ast.UnaryTest) for test in node.tests)
    if isinstance(node, ast.If):
        return any(can_be_null(branch, nullable) for branch in (node.positive, node.negative))
    if isinstance(node, ast.Call):
        safe = isinstance(node.function, ast.Name) and node.function.name in _NULL_SAFE
        return not safe and any(can_be_null(argument, nullable) for argument in node.arguments)
    if isinstance(node, ast.Filter):
        return can_be_null(node.target, nullable) or (isinstance(node.condition, ast.Literal) and isinstance(node.condition.value, Decimal))
    if isinstance(node, ast.InstanceOf | ast.ListOf | ast.ContextOf | ast.RangeOf | ast.FunctionOf):
        return False
    return any(can_be_null(child, nullable) for child in ast.children(node))


def _guarded(node: ast.Junction) -> set[str]:
    """The names that one operand tests for null, so that the other operands do not matter when they are."""
    op = "!=" if node.op == "and" else "="
    names: set[str] = set()
    for operand in node.operands:
        if isinstance(operand, ast.Comparison) and operand.op == op:
            sides = (operand.left, operand.right)
            if any(isinstance(side, ast.Literal) and side.value is None for side in sides):
                names.update(side.name for side in sides if isinstance(side, ast.Name))
    return names
