"""FEEL numbers: decimals of 34 digits, as IEEE 754 decimal128 and the DMN standard say."""

import decimal
from decimal import Decimal
from functools import lru_cache

#: every arithmetic operation goes through this context, never through the thread's
CONTEXT = decimal.Context(
    prec=34,
    rounding=decimal.ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)


@lru_cache(maxsize=1024)
def from_int(value: int) -> Decimal:
    """A JSON integer as a FEEL number; beyond 34 digits it is rounded."""
    return Decimal(value) if -(10**34) < value < 10**34 else CONTEXT.create_decimal(value)


@lru_cache(maxsize=4096)
def from_float(value: float) -> Decimal | None:
    """A JSON float as the decimal that people wrote (0.1, not 0.1000…0555); None for NaN and infinity."""
    text = repr(value)
    return None if text[-1] in "nf" else Decimal(text)


def whole(value: Decimal) -> int | None:
    """The integer with the same value, or None; numbers beyond the sizes of any list count as not whole."""
    if value.adjusted() > 34 or value != value.to_integral_value():
        return None
    return int(value)


def number_text(value: Decimal) -> str:
    """The number as FEEL writes it: plain digits, no exponent, no useless zeros after the point."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
