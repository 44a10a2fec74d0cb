"""Many durations of one kind: which case each belongs to, and what they come to."""

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise
from math import ceil


class Samples:
    """Durations in seconds, each of one case. Most steps of a process take no time at all, so zeros are only counted."""

    def __init__(self) -> None:
        """None yet."""
        self._zeros = 0
        self._values = array("d")
        self._cases = array("I")
        self._sorted: list[float] | None = None

    def __len__(self) -> int:
        return self._zeros + len(self._values)

    def add(self, seconds: float, case: int) -> None:
        """One more."""
        if seconds > 0:
            self._values.append(seconds)
            self._cases.append(case)
        else:
            self._zeros += 1

    @property
    def total(self) -> float:
        """All of them together."""
        return sum(self._values)

    def quantile(self, share: float) -> float | None:
        """The smallest duration that at least this share of all does not exceed (nearest rank); None without any."""
        if not len(self):
            return None
        rank = max(1, ceil(share * len(self)))
        return 0.0 if rank <= self._zeros else self._in_order()[rank - self._zeros - 1]

    def by_case(self) -> Iterator[tuple[int, float]]:
        """Case and duration of those that took time."""
        return zip(self._cases, self._values, strict=True)

    def histogram(self, edges: tuple[float, ...]) -> list[int]:
        """How many are up to each edge and above the one before; the last number counts those above the last edge."""
        values = self._in_order()
        up_to = [self._zeros + bisect_right(values, edge) for edge in edges] + [len(self)]
        return [up_to[0], *(later - sooner for sooner, later in pairwise(up_to))]

    def _in_order(self) -> list[float]:
        if self._sorted is None or len(self._sorted) != len(self._values):
            self._sorted = sorted(self._values)
        return self._sorted


class Marks:
    """Things that happened in cases; each case may have several."""

    def __init__(self) -> None:
        """None yet."""
        self._cases = array("I")
        self._last = -1
        self.case_count = 0  #: how many different cases

    def __len__(self) -> int:
        return len(self._cases)

    def __iter__(self) -> Iterator[int]:
        return iter(self._cases)

    def add(self, case: int) -> None:
        """One more; the cases come in order."""
        self._cases.append(case)
        if case != self._last:
            self._last = case
            self.case_count += 1
