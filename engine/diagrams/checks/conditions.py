"""Rules on conditions: a split says where every case goes, and every condition can come true (also judged by the values there can be)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise, product
from math import prod

from engine.diagrams.checks.check import Check
from engine.diagrams.model import Element, SequenceFlow
from engine.diagrams.values import Value, Values, VariableValues
from engine.errors import ExpressionError
from engine.feel import CompiledExpression, Environment, ast, compile_expression

_NOWHEN = datetime(2000, 1, 1, tzinfo=UTC)
#: Combinations of values that are tried; with more, nothing is said.
_MOST_CASES = 5_000
_OTHER = "\0"  #: stands for any text that no condition names


@dataclass(frozen=True)
class _Case:
    """Values for the variables of conditions, in words."""

    context: dict[str, object]
    zh: str
    en: str
    has_null: bool


def splits(check: Check) -> None:
    """Every gateway and every step with several ways on."""
    values = VariableValues(check.process, check.known.providers, check.known.given)
    for element in check.elements():
        flows = check.process.outgoing.get(element.id, [])
        if element.type not in ("parallelGateway", "eventBasedGateway") and any(flow.condition for flow in flows):
            _Split(check, element, flows, values).examine()


class _Split:
    """The ways out of an element."""

    def __init__(self, check: Check, element: Element, flows: Sequence[SequenceFlow], values: VariableValues) -> None:
        self.check = check
        self.element = element
        self.is_exclusive = element.type == "exclusiveGateway"
        self.has_rest = any(flow.id == element.default_flow or not flow.condition for flow in flows)
        self.flows = [flow for flow in flows if flow.condition and flow.id != element.default_flow]
        self.conditions = [_compiled(flow.condition) for flow in self.flows]
        self.cases = list(_cases([item for item in self.conditions if item is not None], values))
        self.outcomes = [self._outcome(case) for case in self.cases]

    def examine(self) -> None:
        """Report what is wrong with the conditions."""
        if not self.has_rest:
            self._uncovered()
        for number, flow in enumerate(self.flows):
            if self.conditions[number] is None or not self.cases:
                continue
            if not any(outcome[number] for outcome in self.outcomes):
                self._never(flow)
            elif self.is_exclusive and not any(outcome[number] and not any(outcome[:number]) for outcome in self.outcomes):
                self._shadowed(flow)
            elif self.is_exclusive and len(self.flows) == 1 and all(outcome[number] for outcome in self.outcomes):
                self._always(flow)

    def _outcome(self, case: _Case) -> list[bool]:
        env = Environment(now=_NOWHEN)
        return [item is not None and item.evaluate(case.context, env) is True for item in self.conditions]

    def _uncovered(self) -> None:
        uncovered = next(
            (case for case, outcome in zip(self.cases, self.outcomes, strict=True) if not any(outcome) and not case.has_null), None
        )
        if uncovered is None and self.cases and None not in self.conditions:
            return
        zh, en = (
            (f"例如{uncovered.zh}时", f"for example when {uncovered.en}") if uncovered else ("条件都不成立时", "when no condition holds")
        )
        self.check.report(
            "missing-default",
            self.element,
            f"没有默认出线，而{zh}没有一条出线成立，案例会停在这里；请把一条出线设为默认。",
            f"There is no default flow, and {en} no flow is taken: the case gets stuck here. Make one flow the default.",
            severity="warning",
        )

    def _never(self, flow: SequenceFlow) -> None:
        self.check.report(
            "condition-never",
            self.element,
            f"出线“{self.check.process.label_of(flow)}”的条件 {flow.condition} 永远不成立：变量没有这样的取值；请核对选项的值。",
            f"The condition {flow.condition} of the flow “{self.check.process.label_of(flow)}” never holds: the variables have no such values. Compare it with the options.",
            line=flow.line,
            severity="warning",
        )

    def _shadowed(self, flow: SequenceFlow) -> None:
        self.check.report(
            "condition-shadowed",
            self.element,
            f"出线“{self.check.process.label_of(flow)}”永远走不到：条件 {flow.condition} 成立时，前面的条件已经成立；请调整条件或顺序。",
            f"The flow “{self.check.process.label_of(flow)}” is never taken: whenever {flow.condition} holds, an earlier condition does. Change the conditions or their order.",
            line=flow.line,
            severity="warning",
        )

    def _always(self, flow: SequenceFlow) -> None:
        self.check.report(
            "condition-always",
            self.element,
            f"出线“{self.check.process.label_of(flow)}”的条件 {flow.condition} 总是成立，其他出线永远走不到。",
            f"The condition {flow.condition} of the flow “{self.check.process.label_of(flow)}” always holds; no other flow is ever taken.",
            line=flow.line,
            severity="warning",
        )


def _compiled(text: str) -> CompiledExpression | None:
    """A condition that compares variables with constants; None for any other."""
    try:
        expression = compile_expression(text)
    except ExpressionError:
        return None  # found and reported by the rule on expressions
    return expression if _is_plain(expression.tree) else None


def _is_plain(node: ast.Node) -> bool:
    if isinstance(node, ast.Junction):
        return all(map(_is_plain, node.operands))
    if isinstance(node, ast.Call):
        return isinstance(node.function, ast.Name) and node.function.name == "not" and all(map(_is_plain, node.arguments))
    if isinstance(node, ast.Comparison):
        return {bool(_name(node.left)), bool(_name(node.right))} == {True, False} and any(map(_is_constant, (node.left, node.right)))
    if isinstance(node, ast.In):
        return bool(_name(node.value)) and all(_is_constant(part) for test in node.tests for part in (ast.children(test) or [test]))
    if isinstance(node, ast.Between):
        return bool(_name(node.value)) and _is_constant(node.low) and _is_constant(node.high)
    return bool(_name(node)) or (isinstance(node, ast.Literal) and isinstance(node.value, bool))


def _name(node: ast.Node) -> str:
    if isinstance(node, ast.Name):
        return node.name
    return f"{node.target.name}.{node.name}" if isinstance(node, ast.Path) and isinstance(node.target, ast.Name) else ""


def _is_constant(node: ast.Node) -> bool:
    if isinstance(node, ast.Negation):
        return isinstance(node.operand, ast.Literal)
    return isinstance(node, ast.Literal) and isinstance(node.value, str | bool | Decimal | None)


def _cases(conditions: Sequence[CompiledExpression], values: VariableValues) -> Iterator[_Case]:
    """Every combination of values that makes a difference to the conditions."""
    compared: dict[str, set[Value]] = {}
    for condition in conditions:
        _collect(condition.tree, compared)
    choices = {name: sorted(_representatives(constants, values.of(name)), key=repr) for name, constants in compared.items()}
    if not choices or prod(map(len, choices.values())) > _MOST_CASES:
        return
    for combination in product(*choices.values()):
        context: dict[str, object] = {}
        for name, value in zip(choices, combination, strict=True):
            variable, _, entry = name.partition(".")
            if entry:
                inner = context.setdefault(variable, {})
                if isinstance(inner, dict):
                    inner[entry] = value
            else:
                context.setdefault(variable, value)
        zh, en = zip(*(_told(name, value) for name, value in zip(choices, combination, strict=True)), strict=True)
        yield _Case(context, "、".join(zh), ", ".join(en), has_null=None in combination)


def _collect(node: ast.Node, compared: dict[str, set[Value]]) -> None:
    """The variables of a condition with what they are compared with; a condition by itself is true or false."""
    if isinstance(node, ast.Comparison | ast.In | ast.Between):
        name = next(filter(None, map(_name, ast.children(node))))
        compared.setdefault(name, set()).update(_constants(node))
    elif name := _name(node):
        compared.setdefault(name, set()).update((True, False))
    else:
        for child in ast.children(node):
            if not (isinstance(node, ast.Call) and child is node.function):
                _collect(child, compared)


def _constants(node: ast.Node) -> Iterator[Value]:
    if isinstance(node, ast.Negation) and isinstance(node.operand, ast.Literal) and isinstance(node.operand.value, Decimal):
        yield -node.operand.value
    elif isinstance(node, ast.Literal):
        yield node.value
    else:
        for child in ast.children(node):
            yield from _constants(child)


def _representatives(constants: set[Value], known: Values | None) -> set[Value]:
    """Values that stand for all: what there is, or each constant and something beside each."""
    numbers = sorted(item for item in constants if isinstance(item, Decimal))
    beside = {numbers[0] - 1, numbers[-1] + 1, *((low + high) / 2 for low, high in pairwise(numbers))} if numbers else set()
    if known is None:
        found: set[Value] = {*constants, *beside, None}
        found |= {_OTHER} if any(isinstance(item, str) for item in constants) or constants == {None} else set()
        return found | ({True, False} if any(isinstance(item, bool) for item in constants) else set())
    found = {*known.options, None}
    if known.numbers:
        bounds = {bound for bound in (known.low, known.high) if bound is not None}
        inside = {item for item in {*numbers, *beside} if _is_inside(item, known)}
        found |= {*bounds, *inside}
    return found


def _is_inside(number: Decimal, known: Values) -> bool:
    return (known.low is None or number >= known.low) and (known.high is None or number <= known.high)


def _told(name: str, value: Value) -> tuple[str, str]:
    if value == _OTHER:
        return f" {name} 为其他值", f"{name} is something else"
    text = {None: "null", True: "true", False: "false"}[value] if value is None or isinstance(value, bool) else str(value)
    return (f" {name} = “{text}”", f"{name} = “{text}”") if isinstance(value, str) else (f" {name} = {text}", f"{name} = {text}")


RULES = (splits,)
