"""The form as it stands when it is sent: which fields are there, with which values, and what FEEL sees at each."""

from dataclasses import dataclass, field
from typing import Any

from engine.feel import Environment
from engine.forms.components import INPUTS, Component, Path, children, is_list, own_path
from engine.forms.expressions import evaluate, hides, is_expression
from engine.forms.initial import initial_values
from engine.forms.tree import MISSING, get, put
from engine.forms.twins import Twins

MOST_ROWS = 200
#: one hidden field may hide another, and a computed one depend on both; longer chains do not occur in honest forms
_ROUNDS = 6


@dataclass(frozen=True)
class Field:
    """A field that counts: visible and enabled."""

    component: Component
    path: Path
    value: Any
    scope: dict[str, Any]  #: what FEEL sees at this place


@dataclass
class Filled:
    """The fields of one round, and the values that they give to FEEL."""

    fields: list[Field] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    lists: list[Path] = field(default_factory=list)
    broken_lists: dict[Path, int] = field(default_factory=dict)


def read_filled(schema: Component, submitted: dict[str, Any], context: dict[str, Any], twins: Twins, env: Environment) -> Filled:
    """Find the fields that count.

    A condition sees what is visible; what is visible depends on conditions: so the reading is repeated until nothing changes.
    """
    initial = initial_values(schema, context)
    filled = _Reader(submitted, context, initial, twins, submitted, env).read(schema)
    for _ in range(_ROUNDS):
        again = _Reader(submitted, context, initial, twins, filled.values, env).read(schema)
        if again.values == filled.values:
            return again
        filled = again
    return filled


class _Reader:
    """One round: walks the form with the values that the round before found."""

    def __init__(
        self,
        submitted: dict[str, Any],
        context: dict[str, Any],
        initial: dict[str, Any],
        twins: Twins,
        known: dict[str, Any],
        env: Environment,
    ) -> None:
        self._submitted = submitted
        self._initial = initial
        self._twins = twins
        self._root = {**context, **initial, **{name: value for name, value in known.items() if name in initial}}
        self._env = env
        self._filled = Filled()

    def read(self, schema: Component) -> Filled:
        """Walk the whole form."""
        self._walk(children(schema), (), (), self._root, None)
        return self._filled

    def _walk(self, components: list[Component], path: Path, numbers: tuple[int, ...], this: Any, parent: Any) -> None:
        special = {"this": this, "parent": parent, "i": list(numbers)}
        scope = {**special, **self._root, **{f"_{name}_": value for name, value in special.items()}}
        for component in components:
            condition = (component.get("conditional") or {}).get("hide")
            if is_expression(condition) and hides(condition, scope, self._env):
                continue
            here = path + own_path(component)
            if is_list(component):
                self._walk_rows(component, here, numbers, this)
            elif component.get("type") in INPUTS:
                self._take(component, here, scope)
            else:
                self._walk(children(component), here, numbers, this, parent)

    def _walk_rows(self, component: Component, path: Path, numbers: tuple[int, ...], this: Any) -> None:
        rows = self._rows(component, path)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows) or len(rows) > MOST_ROWS:
            self._filled.broken_lists[path] = len(rows) if isinstance(rows, list) else 0
            return
        self._filled.lists.append(path)
        put(self._filled.values, path, [])
        for index in range(len(rows)):
            row = get(self._root, (*path, index))
            self._walk(children(component), (*path, index), (*numbers, index + 1), {} if row is MISSING else row, this)

    def _rows(self, component: Component, path: Path) -> Any:
        """The rows that were sent; those from before where none were sent, or where nobody may add or remove any."""
        sent, before = get(self._submitted, path), get(self._initial, path)
        if before is MISSING:
            before = []
        if sent is MISSING or sent is None:
            return before
        is_fixed = not component.get("allowAddRemove")
        return before if is_fixed and isinstance(sent, list) and len(sent) != len(before) else sent

    def _take(self, component: Component, path: Path, scope: dict[str, Any]) -> None:
        if component.get("disabled") is True:
            return
        value = self._value(component, path, scope)
        put(self._filled.values, path, value)
        self._filled.fields.append(Field(component, path, value, scope))

    def _value(self, component: Component, path: Path, scope: dict[str, Any]) -> Any:
        if component["type"] == "expression":
            expression = component.get("expression")
            return evaluate(expression, scope, self._env) if is_expression(expression) else None
        sent, before = get(self._submitted, path), get(self._initial, path)
        before = None if before is MISSING else before
        if sent is MISSING:
            return before
        sent = self._twins.text(path, sent)
        return before if self._is_readonly(component, scope) and sent not in self._column(path) else sent

    def _is_readonly(self, component: Component, scope: dict[str, Any]) -> bool:
        rule = component.get("readonly")
        return hides(rule, scope, self._env) if is_expression(rule) else rule is True

    def _column(self, path: Path) -> list[Any]:
        """The read-only values of all rows: a row may have moved when another was removed, but none may be invented."""
        index = next((position for position, part in enumerate(path) if isinstance(part, int)), None)
        if index is None:
            return []
        rows = get(self._initial, path[:index])
        return [get(row, path[index + 1 :]) for row in rows] if isinstance(rows, list) else []
