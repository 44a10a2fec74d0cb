"""Which running cases of which version move along, as the owner chose."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from engine.runtime.engine import Engine
from engine.runtime.operations.migration import MigrationInstruction, MigrationPlan, generate

Sort = Literal["safe", "answer", "mapping", "stays"]


@dataclass(frozen=True)
class MigrationChoice:
    """The owner's word on the running cases of one version."""

    source_definition_id: str
    sorts: tuple[Sort, ...] = ("safe",)  #: which of them move
    elements: dict[str, str] = field(default_factory=dict)  #: old element to new element, where the ids differ
    update_triggers: bool = False  #: timers and messages anew, as the new version has them; else what they wait for is kept
    forms: Literal["target", "keep"] = "target"  #: which forms open tasks get

    def plan(self, engine: Engine, target_definition_id: str) -> MigrationPlan:
        """The migration plan to a version.

        Raises:
            NotFound: no such definition.
        """
        overrides = [MigrationInstruction(old, new, self.update_triggers) for old, new in self.elements.items()]
        found = generate(engine, self.source_definition_id, target_definition_id, overrides=overrides, update_triggers=self.update_triggers)
        return MigrationPlan(found.source_definition_id, found.target_definition_id, found.instructions, self.forms)

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self) | {"sorts": list(self.sorts)}

    @staticmethod
    def from_json(values: dict[str, Any]) -> "MigrationChoice":
        """The choice that `to_json` gave."""
        return MigrationChoice(**values | {"sorts": tuple(values["sorts"])})
