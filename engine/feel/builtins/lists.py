"""Functions of lists. Positions count from 1; negative ones from the end."""

from decimal import Decimal
from typing import Any

from engine.feel.builtins.numeric import whole_number
from engine.feel.builtins.registry import builtin
from engine.feel.compare import equal
from engine.feel.errors import NullResult
from engine.feel.functions import Function
from engine.feel.scope import Run
from engine.feel.types import kind_of
from engine.feel.values import lift


def among(run: Run, value: Any, items: list[Any]) -> bool:
    """Whether one of the items equals the value."""
    run.meter.spend(len(items))
    return any(equal(value, item, run) is True for item in items)


def index_of_position(position: Decimal, length: int) -> int:
    """The Python index of a position.

    Raises:
        NullResult: the list has no such position.
    """
    number = whole_number(position, "位置", "the position")
    if not 1 <= abs(number) <= length:
        raise NullResult(f"列表有 {length} 个元素，没有第 {number} 个。", f"the list has {length} element(s), none at {number}.")
    return number - 1 if number > 0 else length + number


@builtin("list contains(list: list, element: Any)")
def list_contains(run: Run, items: list[Any], element: Any) -> bool:
    """Whether the element is in the list; null can be."""
    return among(run, element, items)


@builtin("count(list: list)")
def count(items: list[Any]) -> Decimal:
    """The number of elements."""
    return Decimal(len(items))


@builtin("sublist(list: list, start position: number, length?: number)")
def sublist(items: list[Any], start: Decimal, length: Decimal | None = None) -> list[Any]:
    """The part from a position on."""
    begin = index_of_position(start, len(items))
    if length is None:
        return items[begin:]
    amount = whole_number(length, "长度", "the length")
    if amount < 1 or begin + amount > len(items):
        raise NullResult(f"列表没有从 {start} 起的 {amount} 个元素。", f"the list does not have {amount} element(s) from {start} on.")
    return items[begin : begin + amount]


@builtin("append(list: list, item...: Any)")
def append(items: list[Any], more: list[Any]) -> list[Any]:
    """The list with items at the end."""
    return [*items, *more]


@builtin("concatenate(list...: list)")
def concatenate(run: Run, lists: list[list[Any]]) -> list[Any]:
    """All lists as one."""
    run.meter.check_items(sum(map(len, lists)))
    return [item for items in lists for item in items]


@builtin("insert before(list: list, position: number, newItem: Any)")
def insert_before(items: list[Any], position: Decimal, new: Any) -> list[Any]:
    """The list with an item inserted at a position."""
    index = index_of_position(position, len(items))
    return [*items[:index], new, *items[index:]]


@builtin("remove(list: list, position: number)")
def remove(items: list[Any], position: Decimal) -> list[Any]:
    """The list without the item at a position."""
    index = index_of_position(position, len(items))
    return [*items[:index], *items[index + 1 :]]


@builtin("list replace(list: list, position: number, newItem: Any)")
def list_replace(items: list[Any], position: Decimal, new: Any) -> list[Any]:
    """The list with another item at a position."""
    index = index_of_position(position, len(items))
    return [*items[:index], new, *items[index + 1 :]]


@builtin("list replace(list: list, match: function, newItem: Any)")
def list_replace_matching(run: Run, items: list[Any], match: Function, new: Any) -> list[Any]:
    """The list with another item wherever `match(item, newItem)` is true."""
    answers = [predicate(run, match, lift(item), new) for item in items]
    return [new if answer else item for item, answer in zip(items, answers, strict=True)]


def predicate(run: Run, function: Function, *arguments: Any) -> bool:
    """The boolean that a function gives.

    Raises:
        NullResult: it gives something else.
    """
    answer = function.call(run, arguments)
    if not isinstance(answer, bool):
        kind = kind_of(answer)
        raise NullResult(f"函数的结果应为布尔值，而不是 {kind}。", f"the function must give a boolean, not a {kind}.")
    return answer


@builtin("reverse(list: list)")
def reverse(items: list[Any]) -> list[Any]:
    """Back to front."""
    return items[::-1]


@builtin("index of(list: list, match: Any)")
def index_of(run: Run, items: list[Any], match: Any) -> list[Decimal]:
    """All positions of the value."""
    return [Decimal(position) for position, item in enumerate(items, start=1) if equal(item, match, run) is True]


@builtin("distinct values(list: list)")
def distinct_values(run: Run, items: list[Any]) -> list[Any]:
    """Every value once, in the order of first appearance."""
    kept: list[Any] = []
    for item in items:
        if not among(run, item, kept):
            kept.append(item)
    return kept


@builtin("union(list...: list)")
def union(run: Run, lists: list[list[Any]]) -> list[Any]:
    """All lists as one, every value once."""
    return distinct_values(run, concatenate(run, lists))


@builtin("flatten(list: list)")
def flatten(run: Run, items: list[Any]) -> list[Any]:
    """Nested lists as one."""
    flat: list[Any] = []
    open_lists = [iter(items)]
    while open_lists:
        for item in open_lists[-1]:
            run.meter.spend()
            if isinstance(item, list):
                open_lists.append(iter(item))
                break
            flat.append(item)
        else:
            open_lists.pop()
    return flat


@builtin("all(list: list)", "all(b...: Any)")
def all_true(values: list[Any]) -> bool | None:
    """Three-valued `and`; true for the empty list."""
    return _verdict(values, decisive=False)


@builtin("any(list: list)", "any(b...: Any)")
def any_true(values: list[Any]) -> bool | None:
    """Three-valued `or`; false for the empty list."""
    return _verdict(values, decisive=True)


def _verdict(values: list[Any], *, decisive: bool) -> bool | None:
    if any(value is decisive for value in values):
        return decisive
    return not decisive if all(isinstance(value, bool) for value in values) else None
