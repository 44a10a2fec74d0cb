"""Names, paths and filters."""

from decimal import Decimal
from typing import Any

from engine.feel import ast
from engine.feel.builtins.registry import BUILTINS
from engine.feel.compiler.base import Compiler, Evaluate, compiles
from engine.feel.errors import suggestion
from engine.feel.numbers import whole
from engine.feel.properties import property_names, property_of
from engine.feel.scope import Frame, Place
from engine.feel.types import kind_of
from engine.feel.values import lift


@compiles(ast.Name)
def name(node: ast.Name, compiler: Compiler) -> Evaluate:
    """A variable; a built-in function when no variable has the name; else null with the nearest known name."""
    key, place = node.name, compiler.place(node)

    def evaluate(frame: Frame) -> Any:
        names = frame.names
        if key in names:
            return lift(names[key])
        found = frame.find(key)
        if found is not None:
            return lift(found.names[key])
        return BUILTINS[key] if key in BUILTINS else unknown(frame, key, place)

    return evaluate


def unknown(frame: Frame, key: str, place: Place) -> Any:
    """Note that no variable has this name."""

    def reason() -> tuple[str, str]:
        zh, en = suggestion(key, frame.visible())
        return f"未知变量 {key}{zh}", f"unknown variable {key}{en}"

    return frame.run.null(place, reason)


@compiles(ast.Path)
def path(node: ast.Path, compiler: Compiler) -> Evaluate:
    """`target.name`: an entry of a context, a property of a temporal or a range; of a list, those of its elements."""
    target, key, place = compiler(node.target), node.name, compiler.place(node)

    def evaluate(frame: Frame) -> Any:
        value = target(frame)
        if value.__class__ is dict:
            return lift(value[key]) if key in value else missing(frame, key, value, place)
        if isinstance(value, list):
            frame.run.meter.spend(len(value))
            return [_element(frame, lift(item), key, place) for item in value]
        return _element(frame, value, key, place)

    return evaluate


def _element(frame: Frame, value: Any, key: str, place: Place) -> Any:
    if isinstance(value, dict):
        return lift(value[key]) if key in value else missing(frame, key, value, place)
    known, result = property_of(value, key)
    return result if known else _no_property(frame, value, key, place)


def _no_property(frame: Frame, value: Any, key: str, place: Place) -> Any:
    def reason() -> tuple[str, str]:
        kind, (zh, en) = kind_of(value), suggestion(key, property_names(value))
        return f"{kind} 没有属性 {key}{zh}", f"a {kind} has no property {key}{en}"

    return frame.run.null(place, reason)


def missing(frame: Frame, key: str, context: dict[str, Any], place: Place) -> Any:
    """Note that a context has no such entry."""

    def reason() -> tuple[str, str]:
        zh, en = suggestion(key, context)
        return f"没有条目 {key}{zh}", f"there is no entry {key}{en}"

    return frame.run.null(place, reason)


@compiles(ast.Filter)
def filtered(node: ast.Filter, compiler: Compiler) -> Evaluate:
    """`list[3]`, `list[-1]` and `list[condition]`; what is no list counts as a list of one."""
    target, condition, place = compiler(node.target), compiler(node.condition), compiler.place(node)

    def evaluate(frame: Frame) -> Any:
        value = target(frame)
        if value is None:
            return frame.run.null(place, lambda: ("空值不能过滤。", "null cannot be filtered."))
        items = value if isinstance(value, list) else [value]
        if isinstance(node.condition, ast.Literal) and isinstance(node.condition.value, Decimal):
            return _pick(frame, items, node.condition.value, place)
        frame.run.meter.spend(len(items))
        kept = []
        for position, item in enumerate(items):
            answer = condition(_item_frame(frame, lift(item)))
            if answer is True:
                kept.append(item)
            elif position == 0 and isinstance(answer, Decimal):
                return _pick(frame, items, answer, place)
            elif answer is not False and answer is not None:
                return not_boolean(frame, place, answer)
        if not items:
            answer = condition(frame.inner({"item": None}))
            return _pick(frame, items, answer, place) if isinstance(answer, Decimal) else kept
        return kept

    return evaluate


def not_boolean(frame: Frame, place: Place, answer: Any) -> Any:
    """Note that a filter's condition gave something that is no boolean."""
    kind = kind_of(answer)
    return frame.run.null(place, lambda: (f"过滤条件应为布尔值，而不是 {kind}。", f"a filter is a boolean, not a {kind}."))


def _item_frame(frame: Frame, item: Any) -> Frame:
    inner = frame.inner({"item": item})
    return inner.inner(item) if isinstance(item, dict) else inner


def _pick(frame: Frame, items: list[Any], position: Decimal, place: Place) -> Any:
    index = whole(position)
    if index is None or not 1 <= abs(index) <= len(items):
        return frame.run.null(
            place,
            lambda: (f"列表有 {len(items)} 个元素，没有第 {position} 个。", f"the list has {len(items)} element(s), none at {position}."),
        )
    return lift(items[index - 1] if index > 0 else items[index])
