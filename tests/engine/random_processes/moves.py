"""The moves of a token game that are certain: tokens pass, wait, join and begin activities (BPMN 2.0 §13); events happen.

Independent of the engine on purpose: it reads the diagram by itself, has no task tree and no queue, and moves tokens in another order.
"""

from tests.engine.random_processes.marking import WAITING, Level, Piece
from tests.engine.random_processes.memories import remember
from tests.engine.random_processes.net import Flow, Net, Node

#: Events that end, throw or undo something in a scope.
_CLOSING = ("terminate", "error", "escalation", "compensate", "cancel")


class Moves:
    """A marking of a process, and of those it calls, that moves until every token waits."""

    def __init__(self, nets: dict[str, Net], key: str) -> None:
        """Args: nets: by process id. key: the process to begin; its x is 0."""
        self.nets = nets
        self.now = 0  #: hours
        self.step = 0
        self.failed = False
        self.moving: list[tuple[Level, Node, Flow | None]] = []  #: tokens about to arrive
        self.leaving: list[tuple[Level, Node]] = []  #: tokens about to leave a node
        self.closing: list[tuple[Level, Node]] = []  #: tokens at events that end or throw something
        self.root = Level(nets[key], key, None)
        self.root.values["x"] = 0
        self._open(self.root)

    # -- moves that are certain --------------------------------------------------------------------------------------

    def move(self) -> None:
        """Move every token as far as it comes, whatever the order."""
        while True:
            if self.leaving:
                level, node = self.leaving.pop()
                if not level.dead:
                    self._go(level, node)
            elif self.moving:
                level, node, flow = self.moving.pop()
                if not level.dead:
                    self._arrive(level, node, flow)
            elif not self._finish_empty_level():
                break
        self.closing = [(level, node) for level, node in self.closing if not level.dead]

    def _go(self, level: Level, node: Node) -> None:
        flows = level.net.out.get(node.id, [])
        taken = flows if node.kind == "parallelGateway" else [flow for flow in flows if self._passes(level, node, flow)]
        if node.kind == "exclusiveGateway":
            taken = taken[:1]
        for flow in taken or [flow for flow in flows if flow.id == node.default]:
            self.moving.append((level, level.net.nodes[flow.target], flow))

    def _passes(self, level: Level, node: Node, flow: Flow) -> bool:
        return flow.id != node.default and (not flow.condition or level.holds(flow.condition))

    def _arrive(self, level: Level, node: Node, flow: Flow | None) -> None:
        into = level.net.into.get(node.id, [])
        if node.kind in ("parallelGateway", "inclusiveGateway") and len(into) > 1:
            assert flow is not None
            level.tokens[flow.id] += 1
            if node.kind == "parallelGateway" and all(level.tokens[item.id] for item in into):
                level.tokens.subtract(item.id for item in into)
                self.leaving.append((level, node))
        elif node.kind == "eventBasedGateway":
            gateway = Piece(node, level, self.step)
            level.pieces.append(gateway)
            for exit_ in level.net.out[node.id]:
                gateway.watchers.append(self._watch(level.net.nodes[exit_.target], level, gateway))
        elif node.kind == "intermediateCatchEvent" and node.event in WAITING:
            level.pieces.append(self._watch(node, level, None))
        elif node.kind == "intermediateThrowEvent" and node.event == "link":
            self.moving.append((level, level.net.link_target(node), None))
        elif node.event in _CLOSING and node.kind in ("endEvent", "intermediateThrowEvent"):
            self.closing.append((level, node))
        elif node.kind.endswith(("Event", "Gateway")):
            self.leaving.append((level, node))
        else:
            piece = Piece(node, level, self.step)
            level.pieces.append(piece)
            if node.job_before:
                piece.waits, piece.stage = "job", "before"
            else:
                self._work(piece)

    def _finish_empty_level(self) -> bool:
        for level in list(self._levels()):
            busy = level.pieces or +level.tokens or any(item[0] is level for item in self.closing)
            if busy or level.dead:
                continue
            level.dead = True
            level.watching.clear()
            if level.host is not None:
                level.host.memories += level.memories
                self._inside_done(level.host)
                return True
        return False

    def _inside_done(self, host: Piece) -> None:
        if host.node.kind == "callActivity":
            host.returned = True
        elif host.node.by_event:
            host.level.pieces.remove(host)
            remember(host)
        else:
            self._done(host)

    # -- activities --------------------------------------------------------------------------------------------------

    def _open(self, level: Level) -> None:
        for _, start in level.net.event_starts(level.scope):
            if start.event in WAITING:
                level.watching.append(self._watch(start, level, None))
        for node in level.net.starts(level.scope):
            self.moving.append((level, node, None))

    def _watch(self, node: Node, level: Level, watches: Piece | None) -> Piece:
        piece = Piece(node, level, self.step, watches=watches)
        piece.waits = "message" if node.kind == "receiveTask" else node.event
        if node.timer is not None:
            piece.due, piece.left = self.now + node.timer.hours, node.timer.times
        return piece

    def _work(self, piece: Piece) -> None:
        piece.stage = "work"
        for boundary in piece.level.net.boundaries.get(piece.node.id, []):
            if boundary.event in WAITING:
                piece.watchers.append(self._watch(boundary, piece.level, piece))
        rounds = piece.node.rounds
        if rounds is None:
            self._perform(piece)
        elif rounds.times == 0 or (rounds.test_before and not self._loops(piece)):
            self._done(piece)
        else:
            for _ in range(rounds.times if rounds.kind == "parallel" else 1):
                self._begin_round(piece)
            for round_ in list(piece.rounds):
                if round_ in piece.rounds:
                    self._perform(round_)

    def _loops(self, body: Piece) -> bool:
        body.values["loopCounter"] = body.started
        rounds = body.node.rounds
        assert rounds is not None
        again = body.started < rounds.times and body.holds(rounds.again)
        del body.values["loopCounter"]
        return again

    def _begin_round(self, body: Piece) -> Piece:
        round_ = Piece(body.node, body.level, self.step, body=body)
        round_.values["loopCounter"] = body.started
        body.started += 1
        body.rounds.append(round_)
        return round_

    def _perform(self, piece: Piece) -> None:
        node, level = piece.node, piece.level
        if node.kind == "userTask":
            piece.waits = "user"
        elif node.kind == "serviceTask":
            piece.waits = "job"
        elif node.kind == "receiveTask":
            piece.waits = "message"
        elif node.kind in ("subProcess", "transaction"):
            piece.inside = Level(level.net, node.id, piece)
            self._open(piece.inside)
        elif node.kind == "callActivity":
            piece.inside = Level(self.nets[node.called], node.called, piece)
            piece.inside.values["x"] = self._instance(level).values["x"]
            self._open(piece.inside)
        else:
            self._done(piece)

    def _done(self, piece: Piece) -> None:
        if piece.body is not None:
            self._round_done(piece, piece.body)
            return
        piece.watchers.clear()
        piece.inside = None
        if piece.node.job_after:
            piece.waits, piece.stage = "job", "after"
        else:
            self._leave(piece)

    def _round_done(self, piece: Piece, body: Piece) -> None:
        rounds = body.node.rounds
        assert rounds is not None
        remember(piece)
        body.rounds.remove(piece)
        body.completed += 1
        piece.values["nrOfCompletedInstances"] = body.completed
        enough = bool(rounds.until) and piece.holds(rounds.until)
        more = self._loops(body) if rounds.kind == "loop" else body.started < rounds.times
        if enough or (body.completed == body.started and not more):
            for other in body.rounds:
                other.kill()
            body.rounds.clear()
            self._done(body)
        elif more and rounds.kind != "parallel":
            self._perform(self._begin_round(body))

    def _leave(self, piece: Piece) -> None:
        if not piece.node.kind.endswith("Event"):
            remember(piece)
        piece.level.pieces.remove(piece)
        self.leaving.append((piece.level, piece.node))

    def _instance(self, level: Level) -> Level:
        while level.host is not None and level.host.node.kind != "callActivity":
            level = level.host.level
        return level

    def _levels(self) -> list[Level]:
        return [level for level in self.root.levels() if not level.dead]

    # -- catching ----------------------------------------------------------------------------------------------------

    def _caught(self, node: Node, level: Level, host: Piece | None) -> None:
        """A boundary event of a host, or the start of an event sub-process of a level, has happened."""
        if host is not None:
            if node.interrupting:
                host.kill()
                level.pieces.remove(host)
            self.leaving.append((level, node))
            return
        if node.interrupting:
            self._clear(level)
        self._begin_event_sub_process(next(item for item, start in level.net.event_starts(level.scope) if start is node), level)

    def _begin_event_sub_process(self, sub_process: Node, level: Level) -> None:
        piece = Piece(sub_process, level, self.step)
        level.pieces.append(piece)
        piece.inside = Level(level.net, sub_process.id, piece)
        self._open(piece.inside)

    def _clear(self, level: Level) -> None:
        for piece in level.pieces:
            piece.kill()
        level.pieces.clear()
        level.watching.clear()
        level.tokens.clear()
        self.moving = [item for item in self.moving if item[0] is not level]
        self.leaving = [item for item in self.leaving if item[0] is not level]
        self.closing = [item for item in self.closing if item[0] is not level]

    def _catcher(self, piece: Piece | None, kind: str, code: str, level: Level | None = None) -> tuple[Node, Level, Piece | None] | None:
        """The innermost handler: of the piece that throws, then of the levels around it."""
        handling = False
        while piece is not None or level is not None:
            if level is not None:
                starts = [] if handling else [start for _, start in level.net.event_starts(level.scope)]
                if found := _match(starts, kind, code):
                    return found, level, None
                piece, level = level.host, None
            if piece is None:
                return None
            host = piece.body or piece
            if found := _match(host.level.net.boundaries.get(host.node.id, []), kind, code):
                return found, host.level, host
            handling, level, piece = host.node.by_event, host.level, None
        return None

    def _throw(self, level: Level, kind: str, code: str, piece: Piece | None = None) -> bool:
        catcher = self._catcher(piece, kind, code, None if piece is not None else level)
        if catcher is not None:
            self._caught(*catcher)
        return catcher is not None

    # -- what happens ------------------------------------------------------------------------------------------------

    def _happen(self, piece: Piece) -> None:
        node, level, waits, piece.waits = piece.node, piece.level, piece.waits, ""
        if waits == "job" and piece.stage == "before":
            self._work(piece)
        elif waits == "job" and piece.stage == "after":
            self._leave(piece)
        elif piece.watches is not None and piece.watches.node.kind == "eventBasedGateway":
            level.pieces.remove(piece.watches)
            self.leaving.append((level, node))
        elif node.kind == "intermediateCatchEvent":
            self._leave(piece)
        elif waits in ("user", "job") or node.kind == "receiveTask":
            self._done(piece)
        else:
            fires, again = self._turn(piece) if node.timer is not None else (True, True)
            if again and not node.interrupting:
                piece.waits = waits
            else:
                (piece.watches.watchers if piece.watches is not None else level.watching).remove(piece)
            if fires:
                self._caught(node, level, piece.watches)

    def _turn(self, piece: Piece) -> tuple[bool, bool]:
        """Whether a timer that is due fires, and whether it waits again: what it missed is over, made up for later, or keeps it from firing."""
        timer = piece.node.timer
        if timer is None or not timer.again:
            return True, False
        missed = (self.now - piece.due) // timer.hours
        if piece.left is not None:
            missed = missed if timer.missed == "keepRemaining" else min(missed, piece.left - 1)
            piece.left -= 1 if timer.missed == "keepRemaining" else 1 + missed
        newest = piece.due + missed * timer.hours
        piece.due = newest + timer.hours
        return timer.missed != "skip" or newest == self.now, piece.left != 0


def _match(handlers: list[Node], kind: str, code: str) -> Node | None:
    """The handler of exactly this code, else one of any code."""
    found = [node for node in handlers if node.event == kind and node.name in (code, "")]
    return max(found, key=lambda node: bool(node.name), default=None)
