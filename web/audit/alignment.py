"""Two runs beside each other: which step of one is which step of the other, and where they part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any


@dataclass(frozen=True)
class Step:
    """One run of one element."""

    element_id: str
    title: str
    state: str  #: active, completed or cancelled
    begun: float  #: working seconds since the start of its run
    worked: float  #: working seconds that it took, so far if it is active
    who: str = ""
    result: str = ""  #: the flow that a gateway chose
    values: Mapping[str, Any] = field(default_factory=dict)  #: what was entered
    event: int = 0  #: number of the event by which it began


@dataclass(frozen=True)
class Pair:
    """One row: a step of each side, or of one side only."""

    left: Step | None
    right: Step | None

    @property
    def is_parted(self) -> bool:
        """Whether only one of the runs came here."""
        return self.left is None or self.right is None

    @property
    def differences(self) -> frozenset[str]:
        """What is not the same of a step of both: who, result, state, values."""
        if self.left is None or self.right is None:
            return frozenset()
        names = ("who", "result", "state", "values")
        return frozenset(name for name in names if getattr(self.left, name) != getattr(self.right, name))


def align(left: Sequence[Step], right: Sequence[Step]) -> list[Pair]:
    """The longest runs of equal elements side by side, in order; between them what only one side has, the left first."""
    matcher = SequenceMatcher(None, [step.element_id for step in left], [step.element_id for step in right], autojunk=False)
    found: list[Pair] = []
    for kind, left_from, left_to, right_from, right_to in matcher.get_opcodes():
        if kind == "equal":
            found += [Pair(*both) for both in zip(left[left_from:left_to], right[right_from:right_to], strict=True)]
        else:
            found += [Pair(step, None) for step in left[left_from:left_to]]
            found += [Pair(None, step) for step in right[right_from:right_to]]
    return found


def parting(pairs: Sequence[Pair]) -> int | None:
    """The first row that only one side has; None when both went the same way."""
    return next((number for number, pair in enumerate(pairs) if pair.is_parted), None)
