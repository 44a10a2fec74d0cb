"""Boxed expressions: contexts, lists, relations, invocations, functions, conditionals, filters and iterators."""

from collections.abc import Callable
from typing import Any

from engine.dmn.elements import Element, child, children, kind, name_of, text, type_name
from engine.dmn.item_types import ItemTypes
from engine.dmn.read_table import read_table
from engine.dmn.table import DecisionTable
from engine.dmn.texts import Texts
from engine.feel.closures import Closure
from engine.feel.compiler.access import not_boolean
from engine.feel.compiler.base import Evaluate
from engine.feel.compiler.control import visit_all
from engine.feel.errors import NullResult
from engine.feel.functions import Function
from engine.feel.scope import Frame, Run
from engine.feel.types import ANY, FeelType, FunctionType, coerce, kind_of
from engine.feel.values import lift

EXPRESSIONS = (
    "literalExpression",
    "context",
    "invocation",
    "functionDefinition",
    "relation",
    "list",
    "decisionTable",
    "conditional",
    "filter",
    "for",
    "every",
    "some",
)


class Boxes:
    """Compiles the boxed expressions of one model."""

    def __init__(self, types: ItemTypes, texts: Texts) -> None:
        """Args: types: the model's types; texts: compiles its FEEL texts."""
        self.types = types
        self.texts = texts
        self.tables: dict[Element, DecisionTable] = {}  #: every decision table by its element

    def inside(self, element: Element | None) -> Evaluate | None:
        """The expression directly inside an element, or None when there is none."""
        found = None if element is None else next((item for item in children(element) if kind(item) in EXPRESSIONS), None)
        return None if found is None else self.compile(found)

    def required(self, element: Element, name: str | None = None) -> Evaluate:
        """The expression inside an element (or inside its child of that name); its absence is a problem and means null."""
        holder = element if name is None else child(element, name)
        evaluate = self.inside(holder)
        if evaluate is None:
            self.texts.problem(element, "dmn-empty", "这里缺少表达式。", "an expression is missing here.")
            return lambda _: None
        return evaluate

    def compile(self, element: Element) -> Evaluate:
        """The closure of a boxed expression; a declared type is checked."""
        evaluate = _COMPILERS[kind(element)](self, element)
        declared = self.types.resolve(type_name(element))
        return evaluate if declared is ANY or kind(element) == "functionDefinition" else typed(evaluate, declared, name_of(element))

    def literal(self, element: Element) -> Evaluate:
        """`literalExpression`."""
        return self.texts.expression(element, text(element))

    def context(self, element: Element) -> Evaluate:
        """`context`: each entry sees those before it; an entry without name is the result."""
        entries: list[tuple[str, Evaluate, FeelType]] = []
        result: Evaluate | None = None
        for entry in children(element, "contextEntry"):
            variable = child(entry, "variable")
            if variable is None:
                result = self.required(entry)
            else:
                entries.append((name_of(variable), self.required(entry), self.types.resolve(type_name(variable))))

        def evaluate(frame: Frame) -> Any:
            context: dict[str, Any] = {}
            inner = frame.inner(context)
            for name, value, declared in entries:
                context[name] = _fitted(inner, value(inner), declared, name)
            return context if result is None else result(inner)

        return evaluate

    def list(self, element: Element) -> Evaluate:
        """`list`."""
        items = [self.compile(item) for item in children(element) if kind(item) in EXPRESSIONS]
        return lambda frame: [item(frame) for item in items]

    def relation(self, element: Element) -> Evaluate:
        """`relation`: a list of contexts."""
        columns = [name_of(column) for column in children(element, "column")]
        rows = [[self.compile(cell) for cell in children(row) if kind(cell) in EXPRESSIONS] for row in children(element, "row")]
        return lambda frame: [{name: cell(frame) for name, cell in zip(columns, row, strict=False)} for row in rows]

    def invocation(self, element: Element) -> Evaluate:
        """`invocation`: a function called with arguments by name."""
        function = self.required(element)
        bindings = {}
        for binding in children(element, "binding"):
            parameter = child(binding, "parameter")
            if parameter is not None:
                bindings[name_of(parameter)] = self.inside(binding) or (lambda _: None)
        called = text(child(element, "literalExpression"))

        def evaluate(frame: Frame) -> Any:
            target = function(frame)
            if not isinstance(target, Function):
                shown = kind_of(target)
                return frame.run.null((called, 0), lambda: (f"{shown} 不是函数。", f"a {shown} is no function."))
            try:
                return target.call_named(frame.run, {name: value(frame) for name, value in bindings.items()})
            except NullResult as failure:
                zh, en = failure.zh, failure.en
                return frame.run.null((called, 0), lambda: (zh, en))

        return evaluate

    def function(self, element: Element) -> Evaluate:
        """`functionDefinition`; kinds other than FEEL are never run: they would be code."""
        parameters = tuple((name_of(item), self.types.resolve(type_name(item))) for item in children(element, "formalParameter"))
        external = (element.get("kind") or "FEEL").upper() not in ("F", "FEEL")
        body = (lambda _: None) if external else self.required(element)
        declared = self.types.resolve(type_name(element))
        result = declared.result if isinstance(declared, FunctionType) else declared
        name = name_of(element)

        def evaluate(frame: Frame) -> Closure:
            def invoke(run: Run, arguments: dict[str, Any]) -> Any:
                if external:
                    return run.null((name, 0), lambda: ("这里不执行外部函数。", "external functions are not run here."))
                return body(Frame(arguments, frame, run))

            return Closure(parameters, invoke, name, result)

        return evaluate

    def decision_table(self, element: Element) -> Evaluate:
        """`decisionTable`."""
        self.tables[element] = read_table(element, self.types, self.texts)
        return self.tables[element].decide

    def conditional(self, element: Element) -> Evaluate:
        """`conditional`: if, then, else."""
        condition, positive, negative = (self.required(element, part) for part in ("if", "then", "else"))

        def evaluate(frame: Frame) -> Any:
            answer = condition(frame)
            if answer is None or isinstance(answer, bool):
                return positive(frame) if answer else negative(frame)
            shown = kind_of(answer)
            return frame.run.null(
                ("if", 0), lambda: (f"if 的条件应为布尔值，而不是 {shown}。", f"the condition of if is a boolean, not a {shown}.")
            )

        return evaluate

    def filter(self, element: Element) -> Evaluate:
        """`filter`: the elements of a list for which a match expression is true."""
        source, match = self.required(element, "in"), self.required(element, "match")

        def evaluate(frame: Frame) -> Any:
            items = source(frame)
            if items is None:
                return frame.run.null(("filter", 0), lambda: ("空值不能过滤。", "null cannot be filtered."))
            items = items if isinstance(items, list) else [items]
            frame.run.meter.spend(len(items))
            kept = []
            for item in map(lift, items):
                inner = frame.inner({"item": item})
                answer = match(inner.inner(item) if isinstance(item, dict) else inner)
                if answer is True:
                    kept.append(item)
                elif answer is not False and answer is not None:
                    return not_boolean(frame, ("filter", 0), answer)
            return kept

        return evaluate

    def loop(self, element: Element) -> Evaluate:
        """`for`: the results for every element of a list."""
        name, source, body = self._iterator(element, "return")

        def evaluate(frame: Frame) -> Any:
            results: list[Any] = []

            def visit(inner: Frame) -> bool:
                results.append(body(inner))
                inner.run.meter.check_items(len(results))
                return True

            outer = frame.inner({"partial": results})
            return results if visit_all(((name, source, None),), outer, visit, (name, 0)) is not None else None

        return evaluate

    def quantified(self, element: Element) -> Evaluate:
        """`every` and `some`."""
        name, source, condition = self._iterator(element, "satisfies")
        decisive = kind(element) == "some"

        def evaluate(frame: Frame) -> bool | None:
            answers: list[Any] = []

            def visit(inner: Frame) -> bool:
                answers.append(condition(inner))
                return answers[-1] is not decisive

            if visit_all(((name, source, None),), frame, visit, (name, 0)) is None:
                return None
            if decisive in answers:
                return decisive
            return not decisive if all(isinstance(answer, bool) for answer in answers) else None

        return evaluate

    def _iterator(self, element: Element, body: str) -> tuple[str, Evaluate, Evaluate]:
        return element.get("iteratorVariable") or "item", self.required(element, "in"), self.required(element, body)


_COMPILERS: dict[str, Callable[[Boxes, Element], Evaluate]] = {
    "literalExpression": Boxes.literal,
    "context": Boxes.context,
    "invocation": Boxes.invocation,
    "functionDefinition": Boxes.function,
    "relation": Boxes.relation,
    "list": Boxes.list,
    "decisionTable": Boxes.decision_table,
    "conditional": Boxes.conditional,
    "filter": Boxes.filter,
    "for": Boxes.loop,
    "every": Boxes.quantified,
    "some": Boxes.quantified,
}


def typed(evaluate: Evaluate, declared: FeelType, name: str) -> Evaluate:
    """The same expression with its result checked and converted."""
    return evaluate if declared is ANY else lambda frame: _fitted(frame, evaluate(frame), declared, name)


def _fitted(frame: Frame, value: Any, declared: FeelType, name: str) -> Any:
    if declared is ANY:
        return value
    fits, fitted = coerce(value, declared, frame.run)
    if not fits:
        shown = kind_of(value)
        frame.run.null(
            (name, 0),
            lambda: (
                f"{name} 应为允许的 {declared.name}，而不是这个 {shown}。",
                f"{name} must be an allowed {declared.name}, not this {shown}.",
            ),
        )
    return fitted
