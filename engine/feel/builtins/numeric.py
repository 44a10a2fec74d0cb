"""Functions of numbers."""

import decimal
from decimal import Decimal
from typing import Any

from engine.feel.builtins.registry import builtin
from engine.feel.durations import DaysTime, YearsMonths
from engine.feel.errors import NullResult
from engine.feel.numbers import CONTEXT, whole

_MAX_SCALE = 6176  # of IEEE 754 decimal128; the standard allows -6111 to 6176
_MIN_SCALE = -6111


def whole_number(value: Decimal, what_zh: str = "参数", what_en: str = "the argument") -> int:
    """The value as an integer.

    Raises:
        NullResult: it is not whole.
    """
    number = whole(value)
    if number is None:
        raise NullResult(f"{what_zh}应为整数。", f"{what_en} must be a whole number.")
    return number


def rounded(value: Decimal, scale: Decimal, rounding: str) -> Decimal:
    """The value with `scale` digits behind the point (before it when negative).

    Raises:
        NullResult: the scale is out of range.
    """
    digits = int(scale)
    if not _MIN_SCALE <= digits <= _MAX_SCALE:
        raise NullResult(f"小数位数应在 {_MIN_SCALE} 和 {_MAX_SCALE} 之间。", f"the scale must be between {_MIN_SCALE} and {_MAX_SCALE}.")
    if -value.as_tuple().exponent <= digits:  # type: ignore[operator]
        return value
    wide = decimal.Context(prec=len(value.as_tuple().digits) + abs(digits) + abs(value.adjusted()) + 2, rounding=rounding)
    return CONTEXT.plus(value.quantize(Decimal((0, (1,), -digits)), context=wide))


@builtin("decimal(n: number, scale: number)")
def decimal_function(n: Decimal, scale: Decimal) -> Decimal:
    """Half to even."""
    return rounded(n, scale, decimal.ROUND_HALF_EVEN)


@builtin("floor(n: number, scale?: number)")
def floor(n: Decimal, scale: Decimal | None = None) -> Decimal:
    """Towards minus infinity."""
    return rounded(n, Decimal(0) if scale is None else scale, decimal.ROUND_FLOOR)


@builtin("ceiling(n: number, scale?: number)")
def ceiling(n: Decimal, scale: Decimal | None = None) -> Decimal:
    """Towards plus infinity."""
    return rounded(n, Decimal(0) if scale is None else scale, decimal.ROUND_CEILING)


@builtin("round up(n: number, scale: number)")
def round_up(n: Decimal, scale: Decimal) -> Decimal:
    """Away from zero."""
    return rounded(n, scale, decimal.ROUND_UP)


@builtin("round down(n: number, scale: number)")
def round_down(n: Decimal, scale: Decimal) -> Decimal:
    """Towards zero."""
    return rounded(n, scale, decimal.ROUND_DOWN)


@builtin("round half up(n: number, scale: number)")
def round_half_up(n: Decimal, scale: Decimal) -> Decimal:
    """Half away from zero."""
    return rounded(n, scale, decimal.ROUND_HALF_UP)


@builtin("round half down(n: number, scale: number)")
def round_half_down(n: Decimal, scale: Decimal) -> Decimal:
    """Half towards zero."""
    return rounded(n, scale, decimal.ROUND_HALF_DOWN)


@builtin("abs(n: number|days and time duration|years and months duration)")
def absolute(n: Any) -> Any:
    """Without sign, also of durations."""
    if isinstance(n, YearsMonths):
        return YearsMonths(abs(n.total))
    return DaysTime(abs(n.nanos)) if isinstance(n, DaysTime) else n.copy_abs()


@builtin("modulo(dividend: number, divisor: number)")
def modulo(dividend: Decimal, divisor: Decimal) -> Decimal:
    """Dividend - divisor * floor(dividend / divisor)."""
    if not divisor:
        raise NullResult("除数为零。", "the divisor is zero.")
    remainder = CONTEXT.remainder(dividend, divisor)
    return CONTEXT.add(remainder, divisor) if remainder and (remainder < 0) is not (divisor < 0) else remainder


@builtin("sqrt(number: number)")
def square_root(number: Decimal) -> Decimal:
    """Of a number that is not negative."""
    if number < 0:
        raise NullResult("负数没有平方根。", "a negative number has no square root.")
    return CONTEXT.sqrt(number)


@builtin("log(number: number)")
def logarithm(number: Decimal) -> Decimal:
    """Natural logarithm."""
    if number <= 0:
        raise NullResult("只有正数有对数。", "only a positive number has a logarithm.")
    return CONTEXT.ln(number)


@builtin("exp(number: number)")
def exponential(number: Decimal) -> Decimal:
    """E to the power of the number."""
    return CONTEXT.exp(number)


@builtin("odd(number: number)")
def odd(number: Decimal) -> bool:
    """Of a whole number."""
    return whole_number(number) % 2 == 1


@builtin("even(number: number)")
def even(number: Decimal) -> bool:
    """Of a whole number."""
    return whole_number(number) % 2 == 0
