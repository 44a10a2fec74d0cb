"""Item definitions: a model's own types, with allowed values."""

from dataclasses import dataclass
from typing import Any

from engine.dmn.elements import Element, child, children, name_of, text, type_name
from engine.feel import CompiledTests, FeelSyntaxError, compile_unary_tests
from engine.feel.parse_types import type_from_text
from engine.feel.scope import Frame, Run
from engine.feel.temporal_text import read_as
from engine.feel.types import ANY, ContextType, FeelType, FunctionType, ListType, simple_type

#: what Camunda's modelers write
_CAMUNDA = {"integer": "number", "long": "number", "double": "number"}


@dataclass(frozen=True)
class ConstrainedType(FeelType):
    """A type whose values must also pass tests."""

    base: FeelType
    tests: CompiledTests

    def accepts(self, value: Any, run: Run) -> bool:
        """Whether the value is of the base type and allowed."""
        return self.base.accepts(value, run) and self.tests.accepts(Frame({}, None, run), value) is True

    def unconstrained(self) -> FeelType:
        """The base type."""
        return self.base.unconstrained()


def from_text(value: Any, declared: FeelType, run: Run) -> Any:
    """The value; a text that is declared as a date, time or duration is read as one, since JSON has none (not in standard mode)."""
    if not isinstance(value, str) or run.env.standard:
        return value
    read = read_as(value, declared.name)
    return value if read is None else read


class ItemTypes:
    """The types of one model by name; resolved when first asked for, so that they may refer to each other in any order."""

    def __init__(self, definitions: Element) -> None:
        """Args: definitions: the model's root element."""
        self._elements = {name_of(item): item for item in children(definitions, "itemDefinition")}
        self._types: dict[str, FeelType] = {}
        self.imported: dict[str, ItemTypes] = {}  #: by the name of the import

    def find(self, name: str) -> FeelType | None:
        """The model's own type of that name, or one of an imported model (`import.name`), or None."""
        if name in self._types:
            return self._types[name]
        if name in self._elements:
            self._types[name] = ANY  # a type that contains itself is not checked all the way down
            self._types[name] = self._define(self._elements[name])
            return self._types[name]
        prefix, separator, rest = name.partition("." if "." in name else ":")
        return self.imported[prefix].find(rest) if separator and prefix in self.imported else None

    def resolve(self, name: str) -> FeelType:
        """The type that a `typeRef` means; what nobody knows is `Any`."""
        if not name:
            return ANY
        own = self.find(name) or simple_type(_CAMUNDA.get(name, name))
        if own is not None:
            return own
        try:
            return type_from_text(name, self.find)
        except FeelSyntaxError:
            return ANY

    def _define(self, item: Element) -> FeelType:
        components = list(children(item, "itemComponent"))
        function = child(item, "functionItem")
        kind: FeelType
        if components:
            kind = ContextType("context", tuple((name_of(component), self._define(component)) for component in components))
        elif function is not None:
            parameters = tuple(self.resolve(type_name(parameter)) for parameter in children(function, "parameters"))
            kind = FunctionType("function", parameters, self.resolve(function.get("outputTypeRef") or ""))
        else:
            kind = self.resolve(type_name(item))
        kind = _constrained(kind, text(child(item, "allowedValues")))
        if item.get("isCollection") == "true":
            kind = ListType("list", kind)
        return _constrained(kind, text(child(item, "typeConstraint")))


def _constrained(kind: FeelType, tests: str) -> FeelType:
    return ConstrainedType(kind.name, kind, compile_unary_tests(tests)) if tests.strip() else kind
