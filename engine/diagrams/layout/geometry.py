"""Boxes and lines on a plane; pixels, y grows downwards."""

from dataclasses import dataclass
from typing import NamedTuple


class Point(NamedTuple):
    """A place on the plane."""

    x: float
    y: float


@dataclass(frozen=True)
class Box:
    """An upright rectangle."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The x of its right side."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The y of its lower side."""
        return self.y + self.height

    def shrunk(self, by: float) -> "Box":
        """The box inside, `by` pixels from each side; never smaller than a point."""
        across, down = min(by, self.width / 2), min(by, self.height / 2)
        return Box(self.x + across, self.y + down, self.width - 2 * across, self.height - 2 * down)

    def overlaps(self, other: "Box") -> bool:
        """Whether they share more than a border."""
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom

    def holds(self, other: "Box") -> bool:
        """Whether the other lies wholly inside."""
        return self.x <= other.x and other.right <= self.right and self.y <= other.y and other.bottom <= self.bottom


class Segment(NamedTuple):
    """A straight piece of a flow."""

    start: Point
    end: Point

    def crosses(self, box: Box) -> bool:
        """Whether it runs through the inside of a box (Liang–Barsky clipping)."""
        delta = (self.end.x - self.start.x, self.end.y - self.start.y)
        enters, leaves = 0.0, 1.0
        for axis, (low, high) in enumerate(((box.x, box.right), (box.y, box.bottom))):
            if delta[axis] == 0:
                if not low < self.start[axis] < high:
                    return False
                continue
            first, last = sorted(((low - self.start[axis]) / delta[axis], (high - self.start[axis]) / delta[axis]))
            enters, leaves = max(enters, first), min(leaves, last)
        return enters < leaves

    def shared_length(self, other: "Segment") -> float:
        """How far two upright or level segments run on the same line; 0 when they do not."""
        for along, across in ((0, 1), (1, 0)):
            if self.start[across] == self.end[across] == other.start[across] == other.end[across]:
                begin = max(min(self.start[along], self.end[along]), min(other.start[along], other.end[along]))
                end = min(max(self.start[along], self.end[along]), max(other.start[along], other.end[along]))
                return max(0.0, end - begin)
        return 0.0
