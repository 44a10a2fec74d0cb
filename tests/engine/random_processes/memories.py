"""What a level remembers of what completed in it, to undo it (BPMN 2.0 §13.5.5)."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tests.engine.random_processes.net import Node

if TYPE_CHECKING:
    from tests.engine.random_processes.marking import Level, Piece


@dataclass
class Memory:
    """An activity that completed, with what its inside remembers, or each of its rounds."""

    node: Node
    inside: list["Memory"]
    of_rounds: bool = False
    taken_from: "Level | None" = field(
        default=None, repr=False
    )  #: where it goes back to when the undoing is interrupted before it began with it

    def threads(self) -> list[list["Memory"]]:
        """What is undone one after the other; the rounds of a parallel multi-instance are undone side by side."""
        is_parallel = self.of_rounds and self.node.rounds is not None and self.node.rounds.kind == "parallel"
        return [[memory] for memory in self.inside] if is_parallel else [self.inside]

    def key(self) -> tuple[object, ...]:
        """What makes it differ from another."""
        return self.node.id, self.of_rounds, tuple(memory.key() for memory in self.inside)


def remember(piece: "Piece") -> None:
    """An activity, or one round of it, completed."""
    node, net = piece.node, piece.level.net
    if node.id in net.undoing:
        return
    handler = net.handlers.get(node.id)
    is_whole = node.rounds is not None and piece.body is None
    if is_whole or handler is None or handler.by_event:
        if not piece.memories and (is_whole or handler is None):
            return
        memory = Memory(node, piece.memories, of_rounds=is_whole)
    else:
        memory = Memory(node, [])
    (piece.level if piece.body is None else piece.body).memories.append(memory)


def take(level: "Level", activity: str) -> list[Memory]:
    """Everything to be undone, or only one activity, first what completed first; an event sub-process also undoes the level around it."""
    taken: list[Memory] = []
    while True:
        here = [memory for memory in level.memories if activity in ("", memory.node.id)]
        for memory in here:
            memory.taken_from = level
        taken = here + taken
        level.memories = [memory for memory in level.memories if activity not in ("", memory.node.id)]
        if level.host is None or not level.host.node.by_event:
            return taken
        level = level.host.level


def give_back(piece: "Piece") -> None:
    """An undoing is interrupted: what it had not begun with is remembered again, of a sub-process what is left of it."""
    undoes, inside = piece.undoes, piece.inside
    assert undoes is not None
    left = [memory for inner in (inside.pieces if inside is not None else ()) for memory in inner.undoes or ()]
    if left:
        assert piece.begun is not None
        undoes.append(replace(piece.begun, inside=left))
    host = piece.level.host
    if host is not None and host.undoes is not None:
        return  # what is left here is left of what the host undoes
    for memory in reversed(undoes):
        assert memory.taken_from is not None
        memory.taken_from.memories.insert(0, memory)
