"""One measured figure, and the table of all of them."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = Path(__file__).parent / "results.json"


@dataclass(frozen=True)
class Row:
    """One figure."""

    what: str
    value: float
    unit: str
    note: str = ""
    limit: float | None = None  #: more than this is a failure

    @property
    def is_over(self) -> bool:
        """Whether the figure breaks its limit."""
        return self.limit is not None and self.value > self.limit


def report(rows: Iterable[Row]) -> bool:
    """Print each row as it comes, write all to `bench/results.json`, and say whether every limit was kept."""
    found = []
    for row in rows:
        found.append(row)
        limit = "" if row.limit is None else f"limit {row.limit:g}"
        print(f"{row.what:<58}{row.value:>10.2f} {row.unit:<10} {'OVER ' if row.is_over else ''}{limit:<10} {row.note}", flush=True)
    RESULTS.write_text(json.dumps([asdict(row) for row in found], indent=1, ensure_ascii=False))
    return not any(row.is_over for row in found)
