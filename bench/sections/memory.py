"""Memory of a worker over 100,000 completed service tasks of 2,000 cases."""

import subprocess
import sys
from collections.abc import Iterator
from statistics import median

from bench.rows import Row
from bench.stage import BOTH, Stage

DATABASES = BOTH


def rows(stage: Stage) -> Iterator[Row]:
    """A process of its own, measured a hundred times; its second tenth beside its last."""
    completions = stage.sized(100_000, 1_000)
    command = [sys.executable, "-m", "bench.worker", stage.databases.empty(stage.kind), str(completions)]
    curve = [float(line) for line in subprocess.check_output(command, text=True).split()]  # noqa: S603 -- ourselves
    early, late = median(curve[10:20]), median(curve[-10:])
    shown = " ".join(f"{size:.0f}" for size in curve[9::10])
    limit = stage.sized(1.1, None)  # a quick run is still warming up
    yield Row(f"memory after {completions:,} completions ÷ after a tenth", late / early, "×", f"MB at every tenth: {shown}", limit)
