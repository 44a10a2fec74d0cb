"""Values as scenarios write them: plain, as FEEL behind an equals sign, or as an office wall clock."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.errors import ExpressionError
from engine.feel import Environment, compile_expression, to_json
from engine.runtime.engine import Engine
from engine.scenarios.office import wall_clock

#: How a scenario writes the office's clock.
WALL_CLOCK = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")


class Values:
    """Resolves what a scenario writes, with the names that are known so far."""

    def __init__(self, engine: Engine, names: Mapping[str, Callable[[], Any]]) -> None:
        """Args: names: what FEEL may read; each is asked for only when it is used."""
        self._engine = engine
        self._names = names

    def resolve(self, value: Any, **more: Callable[[], Any]) -> Any:
        """The JSON value of what is written, at all levels.

        Args:
            value: as written.
            more: names besides the known ones.

        Raises:
            ExpressionError: an expression cannot be read, or a part of it is null because something is missing.
        """
        if isinstance(value, dict):
            return {key: self.resolve(item, **more) for key, item in value.items()}
        if isinstance(value, list):
            return [self.resolve(item, **more) for item in value]
        if not isinstance(value, str):
            return value
        if value.startswith("="):
            return self._evaluate(value, {**self._names, **more})
        return wall_clock(value, self._engine.settings).isoformat() if WALL_CLOCK.fullmatch(value) else value

    def _evaluate(self, source: str, names: Mapping[str, Callable[[], Any]]) -> Any:
        settings = self._engine.settings
        environment = Environment(now=self._engine.clock.now(), time_zone=settings.time_zone, calendar=self._engine.calendars.get())
        expression = compile_expression(source)
        context = {name: names[name]() for name in expression.names if name in names}
        result = _with_offset(to_json(expression.evaluate(context, environment)))
        if result is None and environment.warnings:
            warning = environment.warnings[0]
            raise ExpressionError(f"“{source}”没有结果：{warning.zh}", f"“{source}” gives nothing: {warning.en}", source=source)
        return result


def _with_offset(value: Any) -> Any:
    """An instant in a named zone as forms write it, with its offset; FEEL writes the name of the zone behind an @."""
    if not isinstance(value, str) or "@" not in value:
        return value
    text, zone = value.rsplit("@", 1)
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).isoformat()
    except (ValueError, KeyError):  # an address of a mail, say
        return value
