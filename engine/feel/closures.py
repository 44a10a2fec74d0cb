"""Functions that an expression or a model defines."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from engine.feel.errors import NullResult
from engine.feel.functions import Function
from engine.feel.scope import Run
from engine.feel.types import ANY, FeelType, coerce, kind_of
from engine.feel.values import lift


@dataclass(frozen=True, eq=False)
class Closure(Function):
    """A function with the names that were visible where it was defined."""

    parameters: tuple[tuple[str, FeelType], ...]
    body: Callable[[Run, dict[str, Any]], Any]  #: gets the arguments by name
    name: str = ""
    result: FeelType = ANY

    def call(self, run: Run, arguments: Sequence[Any]) -> Any:
        """Bind by position and evaluate; a wrong number of arguments, a wrong type or a wrong result gives null."""
        if len(arguments) != len(self.parameters):
            raise NullResult(
                f"函数 {self.name} 需要 {len(self.parameters)} 个参数，却给了 {len(arguments)} 个。",
                f"the function {self.name} takes {len(self.parameters)} argument(s), not {len(arguments)}.",
            )
        bound = {}
        for (name, kind), argument in zip(self.parameters, arguments, strict=True):
            fits, bound[name] = coerce(lift(argument), kind, run)
            if not fits:
                raise NullResult(
                    f"函数 {self.name} 的参数 {name} 应为 {kind.name}，而不是 {kind_of(argument)}。",
                    f"the parameter {name} of the function {self.name} is a {kind.name}, not a {kind_of(argument)}.",
                )
        run.meter.enter()
        try:
            value = self.body(run, bound)
        finally:
            run.meter.leave()
        fits, value = coerce(value, self.result, run)
        if not fits:
            raise NullResult(
                f"函数 {self.name} 的结果不是 {self.result.name}。", f"the result of the function {self.name} is not a {self.result.name}."
            )
        return value

    def call_named(self, run: Run, arguments: dict[str, Any]) -> Any:
        """Bind by name; exactly the parameters must be given."""
        names = [name for name, _ in self.parameters]
        if set(names) != set(arguments):
            raise NullResult(
                f"函数 {self.name} 的参数是 {'、'.join(names)}。",
                f"the parameters of the function {self.name} are {', '.join(names) or 'none'}.",
            )
        return self.call(run, [arguments[name] for name in names])

    def fits(self, parameters: tuple[FeelType, ...], result: FeelType) -> bool:
        """As many parameters, each the same type or `Any`, and no contradicting result."""
        own = [kind for _, kind in self.parameters]
        return len(parameters) == len(own) and all(
            "Any" in (mine.name, asked.name) or mine == asked
            for mine, asked in zip((*own, self.result), (*parameters, result), strict=True)
        )
