"""How diagrams, forms, decision rows and parameters name a clause, or one figure of it."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Reference:
    """A clause of a manual, or with `figure` one of its figures."""

    clause: str
    figure: str = ""

    def __str__(self) -> str:
        """As written: `M3-3.2-hotline-4.2` or `M3-3.2-hotline-4.2#deadline`."""
        return f"{self.clause}#{self.figure}" if self.figure else self.clause


def read_references(written: str | Iterable[str]) -> tuple[Reference, ...]:
    """References from a list, or from text with commas between them."""
    parts = written.split(",") if isinstance(written, str) else written
    return tuple(_read(part.strip()) for part in parts if part.strip())


def _read(text: str) -> Reference:
    clause, _, figure = text.partition("#")
    return Reference(clause.strip(), figure.strip())
