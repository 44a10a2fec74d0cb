"""Sums and averages."""

from decimal import Decimal
from typing import Any

from engine.feel.arithmetic import calculate
from engine.feel.builtins.registry import builtin
from engine.feel.errors import NullResult
from engine.feel.numbers import CONTEXT
from engine.feel.scope import Run
from engine.feel.values import lift


def _numbers(values: list[Any]) -> list[Decimal]:
    numbers = [lift(value) for value in values]
    if not numbers or not all(isinstance(number, Decimal) for number in numbers):
        raise NullResult("需要非空的数字列表。", "a list of numbers is needed that is not empty.")
    return numbers


@builtin("sum(list: list)", "sum(n...: Any)")
def total(run: Run, values: list[Any]) -> Any:
    """The sum of numbers or of durations; null for the empty list."""
    if not values:
        raise NullResult("空列表没有总和。", "an empty list has no sum.")
    result = lift(values[0])
    calculate("+", result, result, run)
    for value in map(lift, values[1:]):
        both_numbers = value.__class__ is Decimal and result.__class__ is Decimal
        result = CONTEXT.add(result, value) if both_numbers else calculate("+", result, value, run)
    if isinstance(result, str):
        raise NullResult("文本不能求和。", "texts have no sum.")
    return result


@builtin("product(list: list)", "product(n...: Any)")
def product(values: list[Any]) -> Decimal:
    """All numbers multiplied."""
    result = Decimal(1)
    for number in _numbers(values):
        result = CONTEXT.multiply(result, number)
    return result


@builtin("mean(list: list)", "mean(n...: Any)")
def mean(run: Run, values: list[Any]) -> Any:
    """The arithmetic mean of numbers or durations."""
    return calculate("/", total(run, values), Decimal(len(values)), run)


@builtin("median(list: list)", "median(n...: Any)")
def median(values: list[Any]) -> Decimal:
    """The middle number; the mean of the two in the middle for an even count."""
    numbers = sorted(_numbers(values))
    middle = len(numbers) // 2
    if len(numbers) % 2:
        return numbers[middle]
    return CONTEXT.divide(CONTEXT.add(numbers[middle - 1], numbers[middle]), Decimal(2))


@builtin("stddev(list: list)", "stddev(n...: Any)")
def standard_deviation(values: list[Any]) -> Decimal:
    """The standard deviation of a sample; null for fewer than two numbers."""
    numbers = _numbers(values)
    if len(numbers) < 2:
        raise NullResult("标准差至少需要两个数。", "a standard deviation needs two numbers.")
    count = Decimal(len(numbers))
    centre = CONTEXT.divide(_sum(numbers), count)
    squares = [CONTEXT.power(CONTEXT.subtract(number, centre), 2) for number in numbers]
    return CONTEXT.sqrt(CONTEXT.divide(_sum(squares), CONTEXT.subtract(count, Decimal(1))))


@builtin("mode(list: list)", "mode(n...: Any)")
def mode(values: list[Any]) -> list[Decimal]:
    """The most frequent numbers, ascending."""
    if not values:
        return []
    counts: dict[Decimal, int] = {}
    for number in _numbers(values):
        counts[number] = counts.get(number, 0) + 1
    most = max(counts.values())
    return sorted(number for number, count in counts.items() if count == most)


def _sum(numbers: list[Decimal]) -> Decimal:
    result = Decimal(0)
    for number in numbers:
        result = CONTEXT.add(result, number)
    return result
