"""Migration plans: which element of the old version continues at which element of the new one."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from engine.diagrams.model import Element, Process
from engine.runtime.catalog import Catalog
from engine.runtime.engine import Engine


@dataclass(frozen=True)
class MigrationInstruction:
    """What is alive at one element goes on at another."""

    source: str
    target: str
    update_trigger: bool = False  #: compute its timer, message or condition anew instead of keeping what it waits for


@dataclass(frozen=True)
class MigrationPlan:
    """A mapping between two versions of one process."""

    source_definition_id: str
    target_definition_id: str
    instructions: tuple[MigrationInstruction, ...]
    forms: Literal["target", "keep"] = "target"  #: whether open tasks get the forms of the new version; drafts are kept either way

    @property
    def targets(self) -> dict[str, str]:
        """Target element by source element."""
        return {item.source: item.target for item in self.instructions}

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self) | {"instructions": [asdict(item) for item in self.instructions]}

    @staticmethod
    def from_json(values: dict[str, Any]) -> "MigrationPlan":
        """The plan that `to_json` gave."""
        return MigrationPlan(**values | {"instructions": tuple(MigrationInstruction(**item) for item in values["instructions"])})


def generate(
    engine: Engine,
    source_definition_id: str,
    target_definition_id: str,
    *,
    overrides: Iterable[MigrationInstruction] = (),
    update_triggers: bool = False,
) -> MigrationPlan:
    """A plan that maps every element to the one of the same id, type and place; overrides go first.

    Raises:
        NotFound: no such definition.
    """
    with engine.database.session() as session:
        catalog = Catalog(session, engine.cache)
        source = catalog.process(source_definition_id).spec.process
        target = catalog.process(target_definition_id).spec.process
    given = {item.source: item for item in overrides}
    targets = {source.id: target.id} | {item.source: item.target for item in given.values()}
    instructions = []
    for element in _outer_first(source):
        if element.id in given:
            instructions.append(given[element.id])
            continue
        twin = target.elements.get(element.id)
        if twin is not None and kind_of(element) == kind_of(twin) and _same_place(element, twin, targets):
            targets[element.id] = twin.id
            updates = update_triggers and element.event is not None and element.event.kind in ("timer", "message", "signal", "conditional")
            instructions.append(MigrationInstruction(element.id, twin.id, updates))
    instructions += [item for item in given.values() if item.source not in source.elements]  # for the validation to name
    return MigrationPlan(source_definition_id, target_definition_id, tuple(instructions))


def kind_of(element: Element) -> tuple[object, ...]:
    """What must be equal of two elements for one to continue as the other."""
    return (
        element.type,
        element.event.kind if element.event else None,
        element.loop.kind if element.loop else None,
        element.triggered_by_event,
        element.for_compensation,
        bool(element.camunda.get("topic")) if element.type == "sendTask" else None,
    )


def _same_place(source: Element, target: Element, targets: dict[str, str]) -> bool:
    return targets.get(source.scope) == target.scope and (not source.attached_to or targets.get(source.attached_to) == target.attached_to)


def _outer_first(process: Process) -> Iterable[Element]:
    """Sub-processes before what is in them, activities before their boundary events."""

    def depth(element: Element) -> tuple[int, bool]:
        levels, scope = 0, element.scope
        while scope in process.elements:
            levels, scope = levels + 1, process.elements[scope].scope
        return levels, bool(element.attached_to)

    return sorted(process.elements.values(), key=depth)
