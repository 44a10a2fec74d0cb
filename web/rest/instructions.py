"""Camunda's instructions for moving tokens, as operations of the engine."""

from typing import Literal

from engine.errors import InvalidInput
from engine.runtime.operations import Instruction
from engine.runtime.operations.modification import Kind
from web.rest.types import Dto
from web.rest.values import TypedValue, read_variables

_KINDS: dict[str, Kind] = {
    "cancel": "cancel",
    "startBeforeActivity": "start_before",
    "startAfterActivity": "start_after",
    "startTransition": "start_transition",
}


class InstructionDto(Dto):
    """One move: end a token, or begin one before or after an element or on a flow."""

    type: Literal["cancel", "startBeforeActivity", "startAfterActivity", "startTransition"]
    activity_id: str | None = None
    transition_id: str | None = None
    activity_instance_id: str | None = None
    transition_instance_id: str | None = None
    ancestor_activity_instance_id: str | None = None
    cancel_current_active_activity_instances: bool = False
    variables: dict[str, TypedValue] = {}


def read_instruction(given: InstructionDto) -> Instruction:
    """The engine's instruction.

    Raises:
        InvalidInput: what it needs is not there; the message is Camunda's.
    """
    chosen = given.activity_instance_id or given.transition_instance_id
    if given.type == "startTransition" and given.transition_id is None:
        raise InvalidInput(
            "startTransition 要给出 transitionId。",
            "For instruction type 'startTransition': 'transitionId' must be set",
        )
    if given.type.startswith("start") and given.type != "startTransition" and given.activity_id is None:
        raise InvalidInput(f"{given.type} 要给出 activityId。", f"For instruction type '{given.type}': 'activityId' must be set")
    if given.type == "cancel" and (given.activity_id is None) == (chosen is None):
        raise InvalidInput(
            "cancel 要给出 activityId、activityInstanceId、transitionInstanceId 之一。",
            "For instruction type 'cancel': exactly one, 'activityId', 'activityInstanceId', or 'transitionInstanceId', is required",
        )
    local = {name: typed for name, typed in given.variables.items() if typed.local}
    shared = {name: typed for name, typed in given.variables.items() if not typed.local}
    return Instruction(
        _KINDS[given.type],
        element_id=given.activity_id,
        element_instance_id=chosen,
        flow_id=given.transition_id,
        ancestor_element_instance_id=given.ancestor_activity_instance_id,
        variables=read_variables(shared),
        local_variables=read_variables(local),
    )
