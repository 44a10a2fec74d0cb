"""Moves that undo what completed: compensation handlers, one after the other, last first (BPMN 2.0 §13.5.5)."""

from tests.engine.random_processes.marking import Level, Piece
from tests.engine.random_processes.memories import Memory, take
from tests.engine.random_processes.moves import Moves
from tests.engine.random_processes.net import Node


class Undoing(Moves):
    """A marking in which what completed can be undone."""

    def _compensate(self, level: Level, node: Node) -> None:
        """An event throws compensation; it waits for it, or goes on beside."""
        memories = take(level, node.name)
        if not memories:
            self.leaving.append((level, node))
        elif node.waits:
            self._undo(level, node, memories, beside=False)
        else:
            self.leaving.append((level, node))
            self._undo(level, node, memories, beside=True)

    def _cancel(self, level: Level, node: Node) -> None:
        """A transaction is cancelled: nothing but its undoing goes on in it."""
        assert level.host is not None
        self._clear(level)
        level.host.watchers.clear()
        self._undo(level, node, take(level, ""), beside=False)

    def _undo(self, level: Level, node: Node, memories: list[Memory], *, beside: bool) -> None:
        piece = Piece(node, level, self.step)
        piece.undoes, piece.beside = memories, beside
        level.pieces.append(piece)
        self._undo_next(piece, memories)

    def _undo_next(self, piece: Piece, memories: list[Memory]) -> None:
        if not memories:
            self._undone(piece)
            return
        piece.begun = memory = memories.pop()
        inside = Level(piece.level.net, "", piece)
        piece.inside = inside
        handler = None if memory.of_rounds else inside.net.handlers.get(memory.node.id)
        if handler is None:
            for together in memory.threads():
                self._undo(inside, piece.node, together, beside=True)
            return
        inside.memories = memory.inside
        if handler.by_event:
            self._begin_event_sub_process(handler, inside)
        else:
            self.moving.append((inside, handler, None))

    def _undone(self, piece: Piece) -> None:
        level, node = piece.level, piece.node
        level.pieces.remove(piece)
        if piece.beside:
            return
        if node.event != "cancel":
            self.leaving.append((level, node))
            return
        assert level.host is not None
        host = level.host.body or level.host
        boundary = next(item for item in level.net.boundaries[host.node.id] if item.event == "cancel")
        self._caught(boundary, host.level, host)

    def _inside_done(self, host: Piece) -> None:
        if host.undoes is None:
            super()._inside_done(host)
        else:
            self._undo_next(host, host.undoes)
