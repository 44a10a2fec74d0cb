"""Where built-in functions are declared: a signature in FEEL's own words gives binding, conversion, type checks and messages.

In a signature, `name?: type` may be left out, `name...: type` takes any number of arguments as one list, and `type|type` allows
several types. An argument that is null where no type is `Any` or `Null` makes the result null. Arguments that fit without conversion win.
"""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from engine.feel.errors import NullResult
from engine.feel.functions import Function
from engine.feel.scope import Run
from engine.feel.types import ANY, FeelType, ListType, coerce, conforms, kind_of, simple_type
from engine.feel.values import lift

Implementation = TypeVar("Implementation", bound=Callable[..., Any])
BUILTINS: dict[str, "Builtin"] = {}


@dataclass(frozen=True)
class Parameter:
    """One parameter of a signature."""

    name: str
    types: tuple[FeelType, ...]
    optional: bool = False
    variadic: bool = False

    def take(self, value: Any, run: Run, *, convert: bool) -> tuple[bool, Any]:
        """Whether the value fits as it is or, when allowed, converted; and the value to use."""
        value = _lift_elements(lift(value)) if isinstance(self.types[0], ListType) else lift(value)
        if value is None:
            return any(kind.name in ("Any", "Null") for kind in self.types), None
        if any(conforms(value, kind, run) for kind in self.types):
            return True, value
        for kind in self.types if convert else ():
            fits, converted = coerce(value, kind, run)
            if fits and converted is not None:
                return True, converted
        return False, None


def _lift_elements(value: Any) -> Any:
    return [lift(item) for item in value] if isinstance(value, list) else value


@dataclass(frozen=True)
class Signature:
    """One way to call a built-in function."""

    text: str
    parameters: tuple[Parameter, ...]
    implementation: Callable[..., Any]
    wants_run: bool

    def bind(self, arguments: Sequence[Any], run: Run, *, convert: bool) -> list[Any] | None:
        """The arguments for the implementation, or None when they do not fit."""
        if self.parameters and self.parameters[-1].variadic:
            fixed = len(self.parameters) - 1
            if len(arguments) <= fixed:
                return None
            given = [
                *zip(self.parameters[:fixed], arguments[:fixed], strict=True),
                *((self.parameters[-1], item) for item in arguments[fixed:]),
            ]
        else:
            fixed = len(arguments)
            if fixed > len(self.parameters) or any(not parameter.optional for parameter in self.parameters[fixed:]):
                return None
            given = list(zip(self.parameters, arguments, strict=False))
        bound = []
        for parameter, argument in given:
            fits, value = parameter.take(argument, run, convert=convert)
            if not fits:
                return None
            bound.append(value)
        return [*bound[:fixed], bound[fixed:]] if self.parameters and self.parameters[-1].variadic else bound

    def positions(self, arguments: dict[str, Any]) -> list[Any] | None:
        """Named arguments in order, or None when the names are not those of the signature."""
        names = [parameter.name for parameter in self.parameters]
        if any(name not in names for name in arguments) or any(not p.optional and p.name not in arguments for p in self.parameters):
            return None
        values = [arguments.get(name) for name in names]
        while values and names[len(values) - 1] not in arguments:
            values.pop()
        return values


class Builtin(Function):
    """A built-in function with all its signatures."""

    def __init__(self, name: str) -> None:
        """Args: name: as FEEL writes it."""
        self.name = name
        self.signatures: list[Signature] = []

    def call(self, run: Run, arguments: Sequence[Any]) -> Any:
        """The first signature that fits decides."""
        for convert in (False, True):
            for signature in self.signatures:
                bound = signature.bind(arguments, run, convert=convert)
                if bound is not None:
                    return self._invoke(signature, bound, run)
        raise self._misfit(arguments)

    def call_named(self, run: Run, arguments: dict[str, Any]) -> Any:
        """The first signature with these parameter names decides."""
        for convert in (False, True):
            for signature in self.signatures:
                values = signature.positions(arguments)
                bound = None if values is None else signature.bind(values, run, convert=convert)
                if bound is not None:
                    return self._invoke(signature, bound, run)
        raise self._misfit(list(arguments.values()))

    def fits(self, parameters: tuple[FeelType, ...], result: FeelType) -> bool:
        """By the number of parameters."""
        del result
        return any(
            sum(not p.optional for p in signature.parameters) <= len(parameters) <= len(signature.parameters)
            for signature in self.signatures
        )

    def _invoke(self, signature: Signature, bound: list[Any], run: Run) -> Any:
        for value in bound:
            if value.__class__ is list or value.__class__ is dict:
                run.meter.spend(len(value))
            elif value.__class__ is str:
                run.meter.spend(len(value) // 1000)
        try:
            result = signature.implementation(run, *bound) if signature.wants_run else signature.implementation(*bound)
        except ArithmeticError:
            raise NullResult("计算结果超出数的范围。", "the result is beyond the range of numbers.") from None
        if result.__class__ is str:
            run.meter.check_text(len(result))
        elif result.__class__ is list:
            run.meter.check_items(len(result))
        return result

    def _misfit(self, arguments: Sequence[Any]) -> NullResult:
        kinds = ", ".join(kind_of(lift(argument)) for argument in arguments)
        forms = " / ".join(signature.text for signature in self.signatures)
        return NullResult(
            f"{self.name}({kinds}) 的参数不对，应为 {forms}。", f"{self.name}({kinds}) has the wrong arguments; it is {forms}."
        )


def builtin(*signatures: str) -> Callable[[Implementation], Implementation]:
    """Declares the decorated Python function as a built-in one; a first parameter `run` receives the evaluation under way."""

    def register(implementation: Implementation) -> Implementation:
        wants_run = next(iter(inspect.signature(implementation).parameters), "") == "run"
        for text in signatures:
            name, _, rest = text.partition("(")
            parameters = tuple(_parameter(part) for part in rest.rstrip(")").split(",") if part.strip())
            BUILTINS.setdefault(name, Builtin(name)).signatures.append(Signature(text, parameters, implementation, wants_run))
        return implementation

    return register


def _parameter(text: str) -> Parameter:
    name, _, kinds = (part.strip() for part in text.partition(":"))
    types = tuple(_type(kind) for kind in kinds.split("|"))
    return Parameter(name.rstrip("?."), types, optional=name.endswith("?"), variadic=name.endswith("..."))


def _type(text: str) -> FeelType:
    if text.startswith("list<"):
        return ListType("list", _type(text[5:-1]))
    if text == "Any":
        return ANY
    kind = simple_type(text)
    if kind is None:
        raise ValueError(text)
    return kind
