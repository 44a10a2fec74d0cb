"""What every running block of the oracle has, the world around it, and how it can end."""

from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING

from tests.engine.random_processes import blocks as b

if TYPE_CHECKING:
    from tests.engine.random_processes.oracle import RunningScope

Offer = tuple[str, "Running"]


class Closed(Exception):
    """An end event ends the scope: by `terminate` or by `error`."""

    def __init__(self, kind: str) -> None:
        """Args: kind: terminate or error."""
        super().__init__(kind)
        self.kind = kind


class World:
    """What all blocks share."""

    def __init__(self) -> None:
        """x is 0 at first."""
        self.x = 0
        self.ages = count()


class Running:
    """A block that has begun."""

    def __init__(self, world: World, scope: "RunningScope | None") -> None:
        """Args: scope: the scope the block is directly in."""
        self.world = world
        self.scope = scope
        self.done = False
        self.gone = False  #: done, and its token went elsewhere
        self.age = next(world.ages)

    def offers(self) -> Iterator[Offer]:
        """What it waits for."""
        yield from ()

    def take(self, name: str) -> None:
        """One of its own offers happens."""

    def settle(self) -> None:
        """Something inside happened: move on."""

    def may_arrive(self) -> bool:
        """Whether its token, as far as the drawing goes, can still come out at its end."""
        return not self.gone


class RunningWork(Running):
    """A user task or its rounds."""

    def __init__(self, world: World, scope: "RunningScope | None", block: b.Work) -> None:
        super().__init__(world, scope)
        self.block = block
        self.left = 1 if block.rounds is None else block.rounds
        self.done = self.left == 0

    def offers(self) -> Iterator[Offer]:
        for _ in range(0 if self.done else 1 if self.block.sequential else self.left):
            yield self.block.name, self

    def take(self, name: str) -> None:  # noqa: ARG002 -- it has one offer
        self.left -= 1
        self.done = self.left == 0
        if self.block.sequential:
            self.age = next(self.world.ages)  # the next round is a younger offer


def never_arrives(block: b.Block) -> bool:
    """Whether no way through a block leads to its end."""
    if isinstance(block, b.Sequence):
        return any(never_arrives(part) for part in block.parts)
    if isinstance(block, b.Repeat):
        return never_arrives(block.body)
    if isinstance(block, b.Choice | b.All | b.Some | b.Race):
        return all(never_arrives(branch) for branch in block.branches)
    return isinstance(block, b.Leave)
