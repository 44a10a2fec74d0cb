"""Does operations the way people should: look at the plan, then apply it; what it did must be what it promised."""

from typing import Any

from engine.runtime import operations
from engine.runtime.operations import Instruction, Item, Modify, Operation, Outcome
from tests.engine.conftest import Play


def do(play: Play, operation: Operation) -> Outcome:
    """Plan, apply, compare, run on."""
    planned = operations.plan(play.engine, operation, "boss")
    done = operations.apply(play.engine, operation, actor="boss", reason="because", expected=planned.revision)
    assert essence(done) == essence(planned)
    play.run()
    return done


def modify(play: Play, case: str, *instructions: Instruction) -> Outcome:
    return do(play, Modify(case, instructions))


def before(element_id: str, ancestor: str | None = None, **variables: Any) -> Instruction:
    return Instruction("start_before", element_id, ancestor_element_instance_id=ancestor, variables=variables)


def after(element_id: str, ancestor: str | None = None) -> Instruction:
    return Instruction("start_after", element_id, ancestor_element_instance_id=ancestor)


def flow(flow_id: str) -> Instruction:
    return Instruction("start_transition", flow_id=flow_id)


def cancel(element_id: str) -> Instruction:
    return Instruction("cancel", element_id)


def cancel_run(element_instance_id: str) -> Instruction:
    return Instruction("cancel", element_instance_id=element_instance_id)


def essence(outcome: Outcome) -> dict[str, Any]:
    """An outcome without the ids that are new each time: of jobs, messages, incidents and started cases."""
    return {
        "closes": [_essence(item) for item in outcome.closes],
        "opens": sorted(_essence(item) for item in outcome.opens),
        "changes": [(_essence(change.before), _essence(change.after)) for change in outcome.changes],
        "variables": [(item.name, item.before, item.after, item.was_there, item.is_there) for item in outcome.variables],
        "passes": [item.element_id for item in outcome.passes],
        "sends": outcome.sends,
        "state": outcome.state,
    }


def _essence(item: Item) -> str:
    facts = {name: value for name, value in item.facts.items() if name not in ("element_instance_id", "parent_id")}
    return f"{item.kind} {item.element_id} {item.name} {facts}"


def names(items: tuple[Item, ...]) -> list[str]:
    """`kind element` of items, sorted."""
    return sorted(f"{item.kind} {item.element_id or item.name}" for item in items)
