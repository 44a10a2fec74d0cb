"""What a level remembers of what completed in it, to undo it (BPMN 2.0 §13.5.5)."""

from dataclasses import dataclass
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
        taken = [memory for memory in level.memories if activity in ("", memory.node.id)] + taken
        level.memories = [memory for memory in level.memories if activity not in ("", memory.node.id)]
        if level.host is None or not level.host.node.by_event:
            return taken
        level = level.host.level
