"""One measured figure, and how a list of them is printed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One figure."""

    what: str
    value: float
    unit: str = ""
    note: str = ""
    limit: float | None = None  #: more than this is a failure

    @property
    def is_over(self) -> bool:
        """Whether the figure breaks its limit."""
        return self.limit is not None and self.value > self.limit

    def __str__(self) -> str:
        """One line of the table."""
        limit = "" if self.limit is None else f"limit {self.limit:g}"
        return f"  {self.what:<62}{self.value:>10,.2f} {self.unit:<6} {'OVER ' if self.is_over else ''}{limit:<10} {self.note}".rstrip()
