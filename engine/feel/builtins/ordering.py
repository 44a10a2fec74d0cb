"""`min`, `max` and `sort`."""

from functools import cmp_to_key
from typing import Any

from engine.feel.builtins.lists import predicate
from engine.feel.builtins.registry import builtin
from engine.feel.compare import order
from engine.feel.errors import NullResult
from engine.feel.functions import Function
from engine.feel.scope import Run
from engine.feel.values import lift


@builtin("min(list: list)", "min(c...: Any)")
def minimum(run: Run, values: list[Any]) -> Any:
    """The least value; null for the empty list or when the values have no order."""
    return _extreme(run, values, sign=-1)


@builtin("max(list: list)", "max(c...: Any)")
def maximum(run: Run, values: list[Any]) -> Any:
    """The greatest value."""
    return _extreme(run, values, sign=1)


def _extreme(run: Run, values: list[Any], sign: int) -> Any:
    if not values:
        raise NullResult("列表是空的。", "the list is empty.")
    best = lift(values[0])
    for value in values:
        answer = order(value, best, run)
        if answer is None:
            raise NullResult("列表中的值不能互相比较。", "the values of the list cannot be compared with each other.")
        if answer == sign:
            best = lift(value)
    return best


@builtin("sort(list: list, precedes?: function)")
def sort(run: Run, items: list[Any], precedes: Function | None = None) -> list[Any]:
    """In the order in which `precedes(a, b)` is true; ascending without it. Equal elements keep their order."""

    def by_function(left: Any, right: Any) -> int:
        run.meter.spend()
        if precedes is None:
            answer = order(left, right, run)
            if answer is None:
                raise NullResult("列表中的值不能互相比较。", "the values of the list cannot be compared with each other.")
            return answer
        if predicate(run, precedes, lift(left), lift(right)):
            return -1
        return 1 if predicate(run, precedes, lift(right), lift(left)) else 0

    return sorted(items, key=cmp_to_key(by_function))
