"""What a diagram, a form or a decision table consists of, and how two versions of it differ. Plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

ChangeKind = Literal["added", "removed", "changed", "moved", "redrawn"]


@dataclass(frozen=True)
class Text:
    """A sentence or a name in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class Part:
    """One thing that has an id: an element, a sequence flow, a rule, a field."""

    id: str
    kind: str  #: BPMN, DMN or form-js type
    name: str  #: what people call it; '' when it has none
    facts: Mapping[str, str]  #: everything it says, aspect by aspect
    parent: str = ""  #: id of the part that contains it
    place: int | None = None  #: among its siblings, where the order means something
    drawing: str = ""  #: where and how it is drawn


Parts = dict[str, Part]


@dataclass(frozen=True)
class Difference:
    """One thing that is not as it was."""

    kind: ChangeKind
    before: Part | None
    after: Part | None
    aspect: str = ""  #: which fact, when the kind is `changed`
    old: str | None = None
    new: str | None = None
    along: tuple[str, ...] = ()  #: ids of parts that came, went or were led elsewhere with it

    @property
    def part(self) -> Part:
        """The part as it is now, or as it was when it is gone."""
        part = self.after or self.before
        assert part is not None  # one side always is
        return part


@dataclass(frozen=True)
class Change:
    """A difference in words."""

    kind: ChangeKind
    part_id: str
    part_kind: str
    part_name: str
    aspect: str
    old: str | None
    new: str | None
    zh: str
    en: str
    along: tuple[str, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """JSON for pages and for the command line."""
        keys = ("kind", "part_id", "part_kind", "part_name", "aspect", "old", "new", "zh", "en")
        return {**{key: getattr(self, key) for key in keys}, "along": list(self.along)}
