"""`+ - * / **` for all kinds of values."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.feel.durations import DAY, DaysTime, YearsMonths, bounded
from engine.feel.errors import NullResult
from engine.feel.numbers import CONTEXT
from engine.feel.scope import Run
from engine.feel.temporals import Date, DateTime, Time
from engine.feel.types import kind_of

Rule = Callable[[Any, Any, Run], Any]
_MAX_EXPONENT = 999_999


def calculate(op: str, left: Any, right: Any, run: Run) -> Any:
    """The result of an operator.

    Raises:
        NullResult: the operands do not go together; says why.
        ArithmeticError: the result is no FEEL number.
    """
    rule = _RULES.get((op, left.__class__, right.__class__))
    result = None if rule is None else rule(left, right, run)
    if result is None:
        if left is None or right is None:
            raise NullResult(f"“{op}”的一侧是空值。", f"one side of '{op}' is null.")
        if rule is None:
            kinds = kind_of(left), kind_of(right)
            raise NullResult(f"{kinds[0]} 与 {kinds[1]} 之间不能用“{op}”。", f"'{op}' does not work between a {kinds[0]} and a {kinds[1]}.")
        raise NullResult("计算结果超出日历范围。", "the result is beyond the calendar.")
    return result


def negate(value: Any) -> Any:
    """`-value`, or None when the value has no sign."""
    if isinstance(value, Decimal):
        return value.copy_negate() if value else value
    if isinstance(value, YearsMonths):
        return YearsMonths(-value.total)
    return DaysTime(-value.nanos) if isinstance(value, DaysTime) else None


def _concatenate(left: str, right: str, run: Run) -> str:
    run.meter.check_text(len(left) + len(right))
    return left + right


def _power(left: Decimal, right: Decimal, _: Run) -> Decimal:
    if abs(right) > _MAX_EXPONENT:
        raise NullResult("指数过大。", "the exponent is too large.")
    if not left:
        if right < 0:
            raise NullResult("零没有负数次方。", "zero has no negative power.")
        return Decimal(0) if right else Decimal(1)
    return CONTEXT.power(left, right)


def _remainder(left: Decimal, right: Decimal, _: Run) -> Decimal:
    return CONTEXT.remainder(left, right)


def _instant(value: Date | DateTime) -> DateTime:
    return value if isinstance(value, DateTime) else DateTime(value, Time(0, 0))


def _between_instants(left: Date | DateTime, right: Date | DateTime, run: Run) -> DaysTime:
    one, other = _instant(left), _instant(right)
    if one.time.zone is None and other.time.zone is None:
        return DaysTime(one.local - other.local)
    zone = run.env.time_zone
    if run.env.standard and (one.time.zone is None or other.time.zone is None):
        raise NullResult("两个时刻中只有一个带时区，不能相减。", "only one of the two has a time zone, so they cannot be subtracted.")
    return DaysTime(one.value(zone) - other.value(zone))


def _date_plus(left: Date, right: DaysTime, _: Run) -> Date | None:
    return Date.from_ordinal((left.ordinal * DAY + right.nanos) // DAY)


def _scale_months(left: YearsMonths, factor: Decimal, _: Run) -> Any:
    return bounded(YearsMonths(int(CONTEXT.multiply(Decimal(left.total), factor))))


def _scale_nanos(left: DaysTime, factor: Decimal, _: Run) -> Any:
    return bounded(DaysTime(int(CONTEXT.multiply(Decimal(left.nanos), factor))))


def _divide_months(left: YearsMonths, right: Decimal, _: Run) -> Any:
    return bounded(YearsMonths(int(CONTEXT.divide(Decimal(left.total), right))))


def _divide_nanos(left: DaysTime, right: Decimal, _: Run) -> Any:
    return bounded(DaysTime(int(CONTEXT.divide(Decimal(left.nanos), right))))


def _both_ways(rules: dict[tuple[str, type, type], Rule]) -> dict[tuple[str, type, type], Rule]:
    """The rules, and for commuting operators also with the sides exchanged."""
    swapped: dict[tuple[str, type, type], Rule] = {}
    for (op, left, right), rule in rules.items():
        if op in "+*" and left is not right:
            swapped[op, right, left] = lambda one, other, run, rule=rule: rule(other, one, run)  # type: ignore[misc]
    return {**rules, **swapped}


_RULES: dict[tuple[str, type, type], Rule] = {
    ("+", Decimal, Decimal): lambda left, right, _: CONTEXT.add(left, right),
    ("-", Decimal, Decimal): lambda left, right, _: CONTEXT.subtract(left, right),
    ("*", Decimal, Decimal): lambda left, right, _: CONTEXT.multiply(left, right),
    ("/", Decimal, Decimal): lambda left, right, _: CONTEXT.divide(left, right),
    ("%", Decimal, Decimal): _remainder,
    ("**", Decimal, Decimal): _power,
    ("+", str, str): _concatenate,
    ("+", YearsMonths, YearsMonths): lambda left, right, _: bounded(YearsMonths(left.total + right.total)),
    ("-", YearsMonths, YearsMonths): lambda left, right, _: bounded(YearsMonths(left.total - right.total)),
    ("/", YearsMonths, YearsMonths): lambda left, right, _: CONTEXT.divide(Decimal(left.total), Decimal(right.total)),
    ("+", DaysTime, DaysTime): lambda left, right, _: bounded(DaysTime(left.nanos + right.nanos)),
    ("-", DaysTime, DaysTime): lambda left, right, _: bounded(DaysTime(left.nanos - right.nanos)),
    ("/", DaysTime, DaysTime): lambda left, right, _: CONTEXT.divide(Decimal(left.nanos), Decimal(right.nanos)),
    ("/", YearsMonths, Decimal): _divide_months,
    ("/", DaysTime, Decimal): _divide_nanos,
    ("-", Date, Date): _between_instants,
    ("-", DateTime, DateTime): _between_instants,
    ("-", Date, DateTime): _between_instants,
    ("-", DateTime, Date): _between_instants,
    ("-", Time, Time): lambda left, right, _: DaysTime(left.value - right.value),
    ("-", Date, YearsMonths): lambda left, right, _: left.plus_months(-right.total),
    ("-", Date, DaysTime): lambda left, right, run: _date_plus(left, DaysTime(-right.nanos), run),
    ("-", DateTime, YearsMonths): lambda left, right, _: left.plus(YearsMonths(-right.total)),
    ("-", DateTime, DaysTime): lambda left, right, _: left.plus(DaysTime(-right.nanos)),
    ("-", Time, DaysTime): lambda left, right, _: left.plus(DaysTime(-right.nanos)),
    **_both_ways(
        {
            ("*", YearsMonths, Decimal): _scale_months,
            ("*", DaysTime, Decimal): _scale_nanos,
            ("+", Date, YearsMonths): lambda left, right, _: left.plus_months(right.total),
            ("+", Date, DaysTime): _date_plus,
            ("+", DateTime, YearsMonths): lambda left, right, _: left.plus(right),
            ("+", DateTime, DaysTime): lambda left, right, _: left.plus(right),
            ("+", Time, DaysTime): lambda left, right, _: left.plus(right),
        }
    ),
}
