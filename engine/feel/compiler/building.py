"""Lists, contexts, ranges, functions and calls."""

from collections.abc import Callable, Sequence
from typing import Any

from engine.feel import ast
from engine.feel.builtins.registry import BUILTINS
from engine.feel.closures import Closure
from engine.feel.compiler.base import Compiler, Evaluate, compiles, constant
from engine.feel.durations import parse_duration
from engine.feel.errors import NullResult, suggestion
from engine.feel.functions import Function
from engine.feel.ranges import Range
from engine.feel.scope import Frame, Place, Run
from engine.feel.temporal_text import parse_date
from engine.feel.types import kind_of
from engine.feel.values import lift

_CONSTRUCTORS: dict[str, Callable[[str], Any]] = {"date": parse_date, "duration": parse_duration}


@compiles(ast.ListOf)
def list_of(node: ast.ListOf, compiler: Compiler) -> Evaluate:
    """`[a, b]`."""
    items = tuple(compiler(item) for item in node.items)
    return lambda frame: [item(frame) for item in items]


@compiles(ast.ContextOf)
def context_of(node: ast.ContextOf, compiler: Compiler) -> Evaluate:
    """`{a: 1, b: a + 1}`: each entry sees those before it; a key given twice makes the whole null."""
    entries, place = [(key, compiler(value)) for key, value in node.entries], compiler.place(node)
    doubled = len({key for key, _ in entries}) < len(entries)

    def evaluate(frame: Frame) -> Any:
        if doubled:
            return frame.run.null(place, lambda: ("上下文中有重复的键。", "a key of the context is given twice."))
        context: dict[str, Any] = {}
        inner = frame.inner(context)
        for key, value in entries:
            context[key] = value(inner)
        return context

    return evaluate


@compiles(ast.RangeOf)
def range_of(node: ast.RangeOf, compiler: Compiler) -> Evaluate:
    """`[a..b]` and `(< a)`."""
    start = compiler(node.start) if node.start else None
    end = compiler(node.end) if node.end else None

    def evaluate(frame: Frame) -> Range:
        low, high = start(frame) if start else None, end(frame) if end else None
        return Range(low, high, node.start_included, node.end_included, node.op)

    return evaluate


@compiles(ast.FunctionOf)
def function_of(node: ast.FunctionOf, compiler: Compiler) -> Evaluate:
    """`function(a) body`; external functions are never run: they would be code."""
    body, place = compiler(node.body), compiler.place(node)

    def evaluate(frame: Frame) -> Closure:
        def invoke(run: Run, arguments: dict[str, Any]) -> Any:
            if node.external:
                return run.null(place, lambda: ("这里不执行外部函数。", "external functions are not run here."))
            return body(Frame(arguments, frame, run))

        return Closure(node.parameters, invoke)

    return evaluate


@compiles(ast.Call)
def call(node: ast.Call, compiler: Compiler) -> Evaluate:
    """`f(a, b)` and `f(a: 1)`; a built-in function is not hidden by data of the same name."""
    folded = constant_call(node)
    if folded is not None:
        return constant(folded)
    place, names = compiler.place(node), node.names
    arguments = tuple(compiler(argument) for argument in node.arguments)
    resolve = _by_name(node.function.name, place) if isinstance(node.function, ast.Name) else _by_value(compiler(node.function), place)

    def evaluate(frame: Frame) -> Any:
        function = resolve(frame)
        if function is None:
            return None
        run = frame.run
        run.meter.spend()
        values = [argument(frame) for argument in arguments]
        try:
            return function.call_named(run, dict(zip(names, values, strict=True))) if names else function.call(run, values)
        except NullResult as failure:
            zh, en = failure.zh, failure.en
            return run.null(place, lambda: (zh, en))

    return evaluate


def constant_call(node: ast.Call) -> Any:
    """The value of `date("…")` or `duration("…")` with a good literal, so that it is read once; else None."""
    read = _CONSTRUCTORS.get(node.function.name) if isinstance(node.function, ast.Name) else None
    argument = node.arguments[0] if len(node.arguments) == 1 else None
    return read(argument.value) if read and isinstance(argument, ast.Literal) and isinstance(argument.value, str) else None


def _by_name(name: str, place: Place) -> Any:
    builtin = BUILTINS.get(name)

    def resolve(frame: Frame) -> Any:
        holder = frame.find(name)
        if holder is not None and isinstance(holder.names[name], Function):
            return holder.names[name]
        if name in frame.run.env.functions:
            return _Native(name, frame.run.env.functions[name])
        if builtin is not None:
            return builtin

        def reason() -> tuple[str, str]:
            zh, en = suggestion(name, (*BUILTINS, *frame.run.env.functions, *frame.visible()))
            return f"未知函数 {name}{zh}", f"unknown function {name}{en}"

        return frame.run.null(place, reason)

    return resolve


def _by_value(target: Evaluate, place: Place) -> Any:
    def resolve(frame: Frame) -> Any:
        value = target(frame)
        if isinstance(value, Function):
            return value
        kind = kind_of(value)
        return frame.run.null(place, lambda: (f"{kind} 不是函数，不能调用。", f"a {kind} is no function and cannot be called."))

    return resolve


class _Native(Function):
    """A Python function that the environment lends."""

    def __init__(self, name: str, function: Any) -> None:
        self.name = name
        self._function = function

    def call(self, run: Run, arguments: Sequence[Any]) -> Any:
        del run
        return lift(self._function(*arguments))

    def call_named(self, run: Run, arguments: dict[str, Any]) -> Any:
        del run, arguments
        raise NullResult(f"函数 {self.name} 不能用参数名调用。", f"the function {self.name} takes no named arguments.")
