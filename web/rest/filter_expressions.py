"""Filters given as expressions, `assigneeExpression=${currentUser()}`: FEEL, or JUEL's spelling, evaluated for whoever asks."""

from datetime import UTC
from typing import Any

from pydantic import TypeAdapter

from engine.errors import InvalidInput
from engine.feel import Environment, compile_expression, to_json
from engine.feel.temporals import DateTime
from web.current import engine, now, person


def evaluated(name: str, text: str, kind: Any) -> Any:
    """What an expression gives, as a value of the filter's type.

    Args:
        name: of the parameter, for the message.
        text: FEEL or `${…}`; it may ask `currentUser()`, `currentUserGroups()` and whatever FEEL knows: `now() + duration("PT2H")`.
        kind: the filter's type.

    Raises:
        InvalidInput: it cannot be read or evaluated, or gives something else than the filter needs.
    """
    me, running = person(), engine()
    known = {"currentUser": lambda: me.id, "currentUserGroups": lambda: sorted(me.groups)}
    environment = Environment(now=now(), time_zone=running.settings.time_zone, calendar=running.calendars.get(), functions=known)
    value = compile_expression(text).evaluate({}, environment)
    try:
        return TypeAdapter(kind).validate_python(_plain(value))
    except (ValueError, OverflowError):
        raise InvalidInput(
            f"表达式 {name} 的结果不是需要的类型：{text}", f"The expression {name} does not give what the filter needs: {text}", name=name
        ) from None


def _plain(value: Any) -> Any:
    """As the interface writes it; its dates have no name of a zone."""
    return value.to_datetime(engine().settings.time_zone).astimezone(UTC) if isinstance(value, DateTime) else to_json(value)
