"""BPMN as a token game: what may happen from outside, and what may come next where the standard leaves the order open."""

from collections import Counter

from tests.engine.random_processes.marking import Level, Piece
from tests.engine.random_processes.net import Node
from tests.engine.random_processes.undoing import Undoing

#: A choice: an end or throw event that closes something, an inclusive join that may go on, a condition that became true, a call that is over.
Choice = tuple[str, Level, Node, Piece | None]


class TokenGame(Undoing):
    """One process at play."""

    # -- what is seen from outside -----------------------------------------------------------------------------------

    @property
    def state(self) -> str:
        """active, completed or failed."""
        return "failed" if self.failed else "completed" if self.root.dead else "active"

    def offers(self) -> list[Piece]:
        """All that may happen from outside."""
        return [] if self.state != "active" else [piece for piece in self.root.everything() if piece.waits not in ("", "conditional")]

    def view(self) -> tuple[object, ...]:
        """State, what it waits for, the flows where tokens rest, and x."""
        resting: Counter[str] = Counter()
        if self.state == "active":
            for level in self._levels():
                resting.update(level.tokens)
        return self.state, sorted(piece.label for piece in self.offers()), sorted(resting.elements()), self.root.values["x"]

    def key(self) -> tuple[object, ...]:
        """What makes this game differ from another."""
        return self.failed, self.root.dead, self.root.key(self.closing)

    # -- what comes from outside -------------------------------------------------------------------------------------

    def happen(self, name: str, x: int | None = None, error: str | None = None) -> None:
        """The oldest offer of this name happens; it may set x, or be a job that reports a business error."""
        found = [piece for piece in self.offers() if piece.name == name]
        piece = min(found, key=lambda piece: (piece.due if piece.waits == "timer" else 0, piece.age, piece.around()))
        self.step += 1
        if x is not None:
            self._instance(piece.level).values["x"] = x
        if error is None:
            self._happen(piece)
        else:
            self._throw(piece.level, "error", error, piece.body or piece)

    def catches(self, name: str, error: str) -> bool:
        """Whether somebody catches an error that the job of this name reports."""
        return self._catcher(next(piece for piece in self.offers() if piece.name == name), "error", error) is not None

    # -- moves that may exclude each other ---------------------------------------------------------------------------

    def choices(self) -> list[Choice]:
        """What may come next when no move is certain."""
        if self.state != "active":
            return []
        if self.closing:
            return [("closing", level, node, None) for level, node in self.closing]
        found: list[Choice] = [("join", level, node, None) for level in self._levels() for node in self._joins(level)]
        for piece in self.root.everything():
            if piece.waits == "conditional":
                was, piece.held = piece.held, piece.holds(piece.node.condition)
                if piece.held and not was:
                    piece.held = False  # until it is chosen
                    found.append(("condition", piece.level, piece.node, piece))
            if piece.returned:
                found.append(("return", piece.level, piece.node, piece))
        return found

    def choose(self, number: int) -> None:
        """Make a choice."""
        kind, level, node, piece = self.choices()[number]
        if kind == "join":
            marked = [flow.id for flow in level.net.into[node.id] if level.tokens[flow.id]]
            level.tokens.subtract(marked)
            self.leaving.append((level, node))
        elif kind == "closing":
            self.closing.remove((level, node))
            self._close(level, node)
        elif piece is not None and kind == "condition":
            piece.held = True
            self._happen(piece)
        elif piece is not None:
            piece.returned = False
            self._done(piece)

    def _close(self, level: Level, node: Node) -> None:
        if node.event == "terminate":
            self._clear(level)
        elif node.event == "compensate":
            self._compensate(level, node)
        elif node.event == "cancel":
            self._cancel(level, node)
        elif node.event == "error":
            self.failed = not self._throw(level, "error", node.name)
        else:
            self.leaving.append((level, node))  # it goes on unless the handler interrupts it
            self._throw(level, "escalation", node.name)

    def _joins(self, level: Level) -> list[Node]:
        """Inclusive joins with a token that no other token can add one to (BPMN 2.0 §13.4.3)."""
        found = []
        for node in level.net.inside.get(level.scope, []):
            flows = {flow.id for flow in level.net.into.get(node.id, [])}
            marked = {flow for flow in flows if level.tokens[flow]}
            if node.kind == "inclusiveGateway" and marked:
                upstream = level.net.upstream(node.id)
                adds = frozenset[str]().union(*(upstream[flow] for flow in flows - marked))
                merely = frozenset[str]().union(*(upstream[flow] for flow in marked))
                if not self._positions(level, node) & (adds - merely):
                    found.append(node)
        return found

    def _positions(self, level: Level, join: Node) -> set[str]:
        targets = {flow.id: flow.target for flows in level.net.into.values() for flow in flows}
        resting = {targets[flow] for flow in +level.tokens}
        return (resting | {piece.node.id for piece in level.pieces if not piece.beside}) - {join.id}
