"""What a person asked for on a page, as an operation; and the same as text, so that what was previewed is what is done."""

import json
from collections.abc import Mapping
from typing import Any

from engine.errors import InvalidInput
from engine.runtime.operations import Cancel, Instruction, Modify, Operation, Restart, Resume, SetVariables, Suspend
from engine.runtime.operations.modification import Kind
from engine.storage.tables import ProcessInstance

#: What may be done, and the states of the instance in which it may be.
KINDS: dict[str, tuple[str, ...]] = {
    "modify": ("active",),
    "variables": ("active",),
    "suspend": ("active",),
    "resume": ("suspended",),
    "cancel": ("active", "suspended"),
    "restart": ("completed", "cancelled", "failed"),
}
#: Those that need no further question.
SIMPLE = frozenset(("suspend", "resume", "cancel"))
#: How many places to start at, and how many variables, one form offers.
ROWS = 4


def kinds_for(instance: ProcessInstance) -> list[str]:
    """What may be done to an instance now; a called one is suspended, resumed and restarted with its case."""
    whole = ("suspend", "resume", "restart")
    return [kind for kind, states in KINDS.items() if instance.state in states and (instance.parent_id is None or kind not in whole)]


def asked(kind: str, instance_id: str, form: Any) -> Operation:
    """The operation that a filled-in form means.

    Raises:
        InvalidInput: nothing was chosen.
    """
    if kind == "modify":
        cancelled = [Instruction("cancel", element_instance_id=run) for run in form.getlist("cancel")]
        starts = _starts(form)
        order = (*starts, *cancelled) if form.get("keep_scope") else (*cancelled, *starts)
        return Modify(instance_id, order)
    if kind == "variables":
        values, removed = _variables(form)
        if not values and not removed:
            raise InvalidInput("请至少填写一项资料。", "Fill in at least one variable.")
        return SetVariables(instance_id, values, removed)
    if kind == "restart":
        last = form.get("variables") != "initial"
        return Restart(instance_id, _starts(form), "last" if last else "initial", form.get("definition") or None)
    simple: dict[str, type[Suspend | Resume | Cancel]] = {"suspend": Suspend, "resume": Resume, "cancel": Cancel}
    return simple[kind](instance_id)


def to_text(operation: Operation) -> str:
    """An operation as text for a hidden field."""
    values: dict[str, Any] = {}
    if isinstance(operation, Modify | Restart):
        values["instructions"] = [instruction.told() for instruction in operation.instructions]
    if isinstance(operation, SetVariables):
        values.update(values=dict(operation.values), removed=operation.removed)
    if isinstance(operation, Restart):
        values.update(variables=operation.variables, definition_id=operation.definition_id)
    return json.dumps(values, ensure_ascii=False)


def from_text(kind: str, instance_id: str, text: str) -> Operation:
    """The operation that `to_text` gave.

    Raises:
        InvalidInput: the text is none of ours.
    """
    try:
        values: Mapping[str, Any] = json.loads(text or "{}")
        instructions = tuple(Instruction(**item) for item in values.get("instructions", ()))
        if kind == "modify":
            return Modify(instance_id, instructions)
        if kind == "variables":
            return SetVariables(instance_id, values["values"], tuple(values["removed"]))
        if kind == "restart":
            return Restart(instance_id, instructions, values["variables"], values["definition_id"])
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise InvalidInput("请重新预览后再确认。", "Please look at the preview again, then confirm.") from error
    return asked(kind, instance_id, {})


def _starts(form: Any) -> tuple[Instruction, ...]:
    """The filled-in rows of places to start at."""
    found = []
    for number in range(ROWS):
        place = form.get(f"element{number}", "")
        if not place:
            continue
        ancestor = form.get(f"ancestor{number}", "").strip() or None
        if place.startswith("flow:"):
            found.append(Instruction("start_transition", flow_id=place.removeprefix("flow:"), ancestor_element_instance_id=ancestor))
        else:
            kind: Kind = "start_after" if form.get(f"where{number}") == "after" else "start_before"
            found.append(Instruction(kind, place, ancestor_element_instance_id=ancestor))
    return tuple(found)


def _variables(form: Any) -> tuple[dict[str, Any], tuple[str, ...]]:
    values, removed = {}, []
    for number in range(ROWS):
        name = form.get(f"name{number}", "").strip()
        if name and form.get(f"remove{number}"):
            removed.append(name)
        elif name:
            values[name] = _value(form.get(f"value{number}", ""))
    return values, tuple(removed)


def _value(text: str) -> Any:
    """A value as it was typed: JSON where it is JSON, else text."""
    try:
        return json.loads(text)
    except ValueError:
        return text
