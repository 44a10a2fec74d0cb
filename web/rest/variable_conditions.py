"""Asking lists for variables: `variables=city_eq_杭州,level_gteq_2` in an address, `[{name, operator, value}]` in a body."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator
from sqlalchemy import Select
from sqlalchemy.orm import Session

from engine.storage.many import is_one_of
from web.rest.held_variables import Held, of_instances
from web.rest.listing import Also, Asked, Condition, Filter
from web.rest.types import Dto, Flag, InQuery, read_instant

Operator = Literal["eq", "neq", "gt", "gteq", "lt", "lteq", "like", "notLike"]


#: Camunda takes three parts only; here names and values may have underscores, since names of variables usually do.
_PART = re.compile(r"(?P<name>.+?)_(?P<operator>eq|neq|gteq|gt|lteq|lt|like|notLike)_(?P<value>.*)", re.DOTALL)


class VariableCondition(Dto):
    """What one variable must be."""

    name: str
    operator: Operator
    value: Any = None


def _read(given: Any) -> Any:
    parts = given.split(",") if isinstance(given, str) else given
    return [_read_part(part) if isinstance(part, str) else part for part in parts] if isinstance(parts, list) else parts


def _read_part(text: str) -> dict[str, Any]:
    found = _PART.fullmatch(text)
    if found is None:
        message = f"variable query parameter has to have format NAME_OPERATOR_VALUE, not '{text}'"
        raise ValueError(message)
    return found.groupdict()


VariableConditions = Annotated[
    list[VariableCondition],
    BeforeValidator(_read),
    InQuery({"type": "string", "pattern": "^[^,]+_(eq|neq|gt|gteq|lt|lteq|like|notLike)_[^,]*$"}),
]


#: How every list takes upper and lower case in names and values of variables.
IGNORE_CASE = (Filter("variableNamesIgnoreCase", Flag), Filter("variableValuesIgnoreCase", Flag))


def on_variables(parameter: str, holder: Any, held: Held = of_instances) -> Also:
    """For a list's `also`: what a parameter and the flags of `IGNORE_CASE` ask of variables.

    Variables are part of an instance's state, not columns: those of every row that fulfils the list's other conditions are read.

    Args:
        parameter: name of the filter of type `VariableConditions`.
        holder: column that says whose variables are a row's.
        held: reads them.
    """

    def conditions(session: Session, asked: Asked, query: Select[Any]) -> list[Condition]:
        if not asked.get(parameter):
            return []
        names, values = bool(asked.get("variableNamesIgnoreCase")), bool(asked.get("variableValuesIgnoreCase"))
        everybody = held(session, query.with_only_columns(holder))
        found = [key for key, variables in everybody if _all_hold(asked[parameter], variables, any_name_case=names, any_value_case=values)]
        return [is_one_of(session, holder, found)]

    return conditions


def instances_having(session: Session, values: Mapping[str, Any], among: Select[Any]) -> list[str]:
    """Ids of the instances whose variables have these values.

    Args:
        session: to read with.
        values: by name.
        among: selects the ids of the instances to look at.
    """
    wanted = [VariableCondition(name=name, operator="eq", value=value) for name, value in values.items()]
    return [key for key, variables in of_instances(session, among) if _all_hold(wanted, variables)]


def _all_hold(
    conditions: Iterable[VariableCondition], variables: Mapping[str, Any], *, any_name_case: bool = False, any_value_case: bool = False
) -> bool:
    """A variable that is not there fulfils nothing."""
    known = {_folded(name, any_name_case): _folded(value, any_value_case) for name, value in variables.items()}
    return all(
        name in known and holds(known[name], item.operator, _folded(item.value, any_value_case))
        for item in conditions
        for name in [_folded(item.name, any_name_case)]
    )


def _folded(value: Any, fold: bool) -> Any:
    return value.casefold() if fold and isinstance(value, str) else value


def holds(value: Any, operator: str, wanted: Any) -> bool:
    """Whether a value fulfils a condition; what cannot be compared is unequal and in no order."""
    if operator in ("like", "notLike"):
        matches = isinstance(value, str) and re.fullmatch(_pattern(str(wanted)), value, re.DOTALL) is not None
        return matches == (operator == "like")
    left, right = _comparable(value, wanted)
    if operator in ("eq", "neq"):
        return bool(left == right) == (operator == "eq")
    if type(left) is not type(right) or left is None:
        return False
    return _ORDER[operator](left, right)


_ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "gt": lambda left, right: left > right,
    "gteq": lambda left, right: left >= right,
    "lt": lambda left, right: left < right,
    "lteq": lambda left, right: left <= right,
}


def _comparable(value: Any, wanted: Any) -> tuple[Any, Any]:
    """Both sides as what the variable is: in an address every value is a text."""
    if isinstance(value, bool):
        return value, {"true": True, "false": False}.get(wanted.lower()) if isinstance(wanted, str) else wanted
    if isinstance(value, (int, float)):
        try:
            return float(value), wanted if isinstance(wanted, bool) else float(wanted)
        except (TypeError, ValueError):
            return float(value), None
    if isinstance(value, str):
        try:
            return read_instant(value), read_instant(wanted)
        except ValueError:
            return value, wanted if isinstance(wanted, str) else str(wanted)
    return value, wanted


def _pattern(like: str) -> str:
    """SQL's pattern as a regular expression: `%` for any text, `_` for any character."""
    return "".join({"%": ".*", "_": "."}.get(sign, re.escape(sign)) for sign in like)
