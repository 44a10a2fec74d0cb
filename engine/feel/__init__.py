"""FEEL, the one expression language of Opsbook: conditions, timers, mappings, decision tables and form rules."""

from engine.feel.budget import Budget
from engine.feel.errors import BudgetExceeded, FeelSyntaxError, FeelWarning
from engine.feel.expression import CompiledExpression, CompiledTests, compile_expression, compile_unary_tests, function_names
from engine.feel.scope import Environment
from engine.feel.values import from_json, to_json

__all__ = [
    "Budget",
    "BudgetExceeded",
    "CompiledExpression",
    "CompiledTests",
    "Environment",
    "FeelSyntaxError",
    "FeelWarning",
    "compile_expression",
    "compile_unary_tests",
    "from_json",
    "function_names",
    "to_json",
]
