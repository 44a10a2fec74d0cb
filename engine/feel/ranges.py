"""FEEL ranges."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Range:
    """All values between two ends; an end of None is open to infinity when `op` is set, else the range has no sense."""

    start: Any
    end: Any
    start_included: bool
    end_included: bool
    op: str = ""  #: how a one-sided range was written: `<`, `<=`, `>`, `>=`, `=`, `!=`

    def __str__(self) -> str:
        """As FEEL writes it."""
        if self.op:
            return f"({self.op} {self.start if self.start is not None else self.end})"
        return f"{'[' if self.start_included else '('}{self.start}..{self.end}{']' if self.end_included else ')'}"
