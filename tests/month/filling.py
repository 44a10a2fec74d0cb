"""Fills any form at random, and validly: by its schema, and by what people know of a field's name."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from engine.errors import FormRejected
from engine.feel import Environment
from engine.forms import initial_values, submit
from engine.forms.components import ATTACHMENT_LISTS, MULTIPLE_CHOICES, SINGLE_CHOICES, TEXTS, Component, Path, path_text
from engine.forms.expressions import evaluate, is_expression
from engine.forms.filled import Field, read_filled
from engine.forms.options import option_values
from engine.forms.tree import put
from engine.forms.twins import Twins
from engine.ids import Chance

#: Fields of time that lie ahead; all others are about now.
_AHEAD = ("promised", "new_", "next_", "due", "expected", "desired", "requested", "valid", "until", "measure_due", "planned", "wanted")
_WORDS = ("已核对", "客户同意", "更换硬盘", "明天上午", "同型号多次出现", "现场灰尘较大", "请尽快", "电话里说明过")
_TRIES = 40

#: Attaches a file of a kind; returns its id.
Attach = Callable[[str], str]
#: What people know of a field: its value, or None when they know nothing.
Knowledge = Callable[[str, dict[str, Any], Chance], Any]


class CannotFill(AssertionError):
    """No valid values were found: the form asks for what nobody can know."""


@dataclass
class Filler:
    """Somebody with a pen."""

    chance: Chance
    knows: Knowledge
    now: datetime
    env: Environment

    def fill(self, schema: Component, context: dict[str, Any], attach: Attach) -> dict[str, Any]:
        """Values that the form takes.

        Raises:
            CannotFill: none were found.
        """
        initial = initial_values(schema, context)
        values: dict[str, Any] = deepcopy(initial)
        attached: set[str] = set()

        def attach_noted(kind: str) -> str:
            attached.add(found := attach(kind))
            return found

        done: set[Path] = set()
        problems: dict[str, Any] = {}
        for attempt in range(_TRIES):
            twins = Twins(schema, context, initial)
            for field in read_filled(schema, values, context, twins, self.env).fields:
                again = path_text(field.path) in problems or attempt > _TRIES // 2  # what one field cannot mend is thought over as a whole
                if field.path not in done or again:
                    done.add(field.path)
                    if again or not self._keeps(field, refused_before=bool(context.get("error_text"))):
                        put(values, field.path, self._value(field, context, attach_noted))
            try:
                submit(schema, values, context, self.env, attached)
            except FormRejected as refused:
                problems = dict(refused.fields)
            else:
                return values
        raise CannotFill({path: problem.en for path, problem in problems.items()})

    def _keeps(self, field: Field, *, refused_before: bool) -> bool:
        """What the form shows already mostly stays, unless it was refused before; what need not be filled in mostly stays empty."""
        is_empty = field.value is False or field.value is None or field.value in ("", [])
        required = bool((field.component.get("validate") or {}).get("required"))
        if is_empty:
            return not required and self.chance.random() < 0.6
        if refused_before and field.path[-1] in ("barcode", "qty"):
            return self.chance.random() < 0.3
        return field.component["type"] not in SINGLE_CHOICES or self.chance.random() < 0.95

    def _value(self, field: Field, context: dict[str, Any], attach: Attach) -> Any:
        component, kind = field.component, field.component["type"]
        key = str(field.path[-1])
        options = option_values(component, context, field.scope, self.env) if kind in SINGLE_CHOICES | MULTIPLE_CHOICES else []
        known = self.knows(key, field.scope, self.chance) if kind in TEXTS | {"number"} or True in options else None
        if known is not None:
            return known
        if kind in SINGLE_CHOICES | MULTIPLE_CHOICES:
            return self._choice(kind, options)
        if kind in ATTACHMENT_LISTS:
            return [attach("photo" if kind == "photo" else "file")]
        if kind == "signature":
            return attach("signature")
        if kind == "checkbox":
            return bool((component.get("validate") or {}).get("required")) or self.chance.random() < 0.5
        if kind == "number":
            return self._number(field)
        if kind == "datetime":
            return self._moment(key, component)
        return self.chance.choice(_WORDS)

    def _choice(self, kind: str, options: list[Any]) -> Any:
        """The first option is what mostly happens."""
        if kind in MULTIPLE_CHOICES:
            return self.chance.sample(options, self.chance.randint(1, len(options))) if options else []
        if not options:
            return None
        return options[0] if self.chance.random() < 0.6 else self.chance.choice(options)

    def _number(self, field: Field) -> int:
        rules = field.component.get("validate") or {}
        low, high = (self._limit(rules.get(name), field) for name in ("min", "max"))
        start = ceil(low if low is not None else 0 if high is not None and high < 1 else 1)
        return self.chance.randint(start, start + 4 if high is None else min(int(high), start + 4))

    def _limit(self, rule: Any, field: Field) -> float | None:
        limit = evaluate(rule, field.scope, self.env) if is_expression(rule) else rule
        return None if limit is None else float(limit)

    def _moment(self, key: str, component: Component) -> str:
        zone = ZoneInfo(self.env.time_zone)
        ahead = timedelta(hours=self.chance.randint(2, 96)) if any(word in key for word in _AHEAD) else timedelta()
        moment = (self.now + ahead).astimezone(zone).replace(second=0, microsecond=0)
        if component.get("subtype", "date") == "date":
            return moment.date().isoformat()
        return f"{moment:%H:%M}" if component["subtype"] == "time" else moment.isoformat()
