"""The inbox of a person in several groups, with 100,000 open tasks beside 1,000."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from statistics import median

from bench import crowd
from bench.browsing import reader
from bench.rows import Row
from bench.stage import BOTH, Stage
from engine.clock import monotonic_s

DATABASES = BOTH

_PAGES = {
    "my tasks": "tab=mine",
    "my groups": "tab=groups",
    "due today": "tab=due",
    "overdue": "tab=overdue",
    "all": "tab=all",
    "my groups, by priority": "tab=groups&sort=priority",
    "my groups, newest": "tab=groups&sort=newest",
    "my groups, oldest": "tab=groups&sort=oldest",
    "my groups, by name": "tab=groups&sort=name",
    "my groups, page 5": "tab=groups&page=5",
    "my groups, one process": "tab=groups&process=linear",
}
#: A search has no index: it looks at every open task that the reader may see.
_SEARCHES = {
    "search: a task's name": "tab=groups&q=task_9",
    "search: an order's number": "tab=all&q=SO-0000161",
    "search: a customer": "tab=all&q=单位000001",
    "search: nothing found": "tab=all&q=nothing",
}
_EVERYTHING = {"overdue": "tab=overdue", "all": "tab=all", "all, newest": "tab=all&sort=newest"}


def rows(stage: Stage) -> Iterator[Row]:
    """Medians of whole pages, rendered, the two sizes in turn."""
    with ExitStack() as opened:
        few, many = (opened.enter_context(stage.engine()) for _ in range(2))
        crowd.fill(few, 1_000)
        crowd.fill(many, stage.sized(100_000, 5_000))
        staff, auditor = (("", crowd.ME, crowd.GROUPS), ("auditor: ", "auditor", ["opsbook-auditor"]))
        for (prefix, user, groups), pages, limit in ((staff, _PAGES, 1.5), (auditor, _EVERYTHING, 1.5), (staff, _SEARCHES, None)):
            readers = [reader(engine, user, groups) for engine in (few, many)]
            for name, query in pages.items():
                pairs = [[_ms(read, f"/inbox?{query}") for read in readers] for _ in range(stage.sized(20, 3))]
                small, large = (median(times) for times in zip(*pairs[1:], strict=True))
                yield Row(f"{prefix}{name}", large / small, "×", f"{small:.1f} ms and {large:.1f} ms", limit)


def _ms(read: Callable[[str], str], path: str) -> float:
    begun = monotonic_s()
    read(path)
    return (monotonic_s() - begun) * 1000
