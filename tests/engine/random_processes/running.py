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
    """What all blocks of a process share."""

    def __init__(self, x: int = 0, ages: "count[int] | None" = None) -> None:
        """Args: ages: goes on counting for a called process."""
        self.x = x
        self.ages = ages or count()

    def called(self) -> "World":
        """That of a called process: it gets x as it is, and keeps its own."""
        return World(self.x, self.ages)


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
    """A task or its rounds, with the jobs before and after; or an event that is waited for."""

    def __init__(self, world: World, scope: "RunningScope | None", block: b.Work | b.Wait) -> None:
        super().__init__(world, scope)
        self.name = block.name
        self.work = block if isinstance(block, b.Work) else b.Work(block.name)
        self.left = 1 if self.work.rounds is None else self.work.rounds
        self.broken = False
        self._enter("before" if self.work.before else "work")

    def _enter(self, stage: str) -> None:
        self.stage = stage
        self.age = next(self.world.ages)
        if stage == "work" and self.left == 0:
            self._enter("after")
        elif stage == "after" and not self.work.after:
            self.done = True

    def offers(self) -> Iterator[Offer]:
        if self.stage == "work":
            for _ in range(0 if self.done else 1 if self.work.sequential else self.left):
                yield self.name, self
        elif not self.done:
            yield f"{self.stage} {self.name}", self

    def take(self, name: str) -> None:  # noqa: ARG002 -- it has one offer
        if self.stage == "before":
            self._enter("work")
        elif self.stage == "after":
            self.done = True
        else:
            self.left -= 1
            if self.work.sequential or self.left == 0:  # the next round is a younger offer
                self._enter("work")

    def settle(self) -> None:
        if self.broken:
            raise Closed("error")


def never_arrives(block: b.Block) -> bool:
    """Whether no way through a block leads to its end."""
    if isinstance(block, b.Sequence):
        return any(never_arrives(part) for part in block.parts)
    if isinstance(block, b.Repeat):
        return never_arrives(block.body)
    if isinstance(block, b.Choice | b.All | b.Some | b.Race):
        return all(never_arrives(branch) for branch in block.branches)
    return isinstance(block, b.Leave)
