"""One decision under way."""

from dataclasses import dataclass, field
from typing import Any

from engine.feel import Environment
from engine.feel.scope import Run


@dataclass(frozen=True)
class TableHit:
    """What a decision table did."""

    inputs: dict[str, Any]  #: label of the column to its FEEL value
    rules: list[dict[str, Any]]  #: index (from 1), id and annotation of every rule that matched


@dataclass(frozen=True)
class Violation:
    """A table that broke its own hit policy."""

    zh: str
    en: str
    details: dict[str, Any] = field(default_factory=dict)


class DecisionRun(Run):
    """A run that also notes what tables did."""

    __slots__ = ("hits", "violations")

    def __init__(self, env: Environment) -> None:
        """Args: env: where notes go."""
        super().__init__(env)
        self.hits: list[TableHit] = []
        self.violations: list[Violation] = []
