"""Where the tokens of a game are: levels (runs of a process or sub-process) and the pieces that run or wait in them."""

from collections import Counter
from collections.abc import Iterator
from itertools import count

from tests.engine.random_processes.memories import Memory, give_back
from tests.engine.random_processes.net import Net, Node, holds

_SERIALS = count()
#: Kinds of events that wait for something; errors and escalations are caught when thrown.
WAITING = ("message", "signal", "timer", "conditional")


class Level:
    """One run of a process, a sub-process or an event sub-process: its marking."""

    def __init__(self, net: Net, scope: str, host: "Piece | None") -> None:
        """Args: host: the activity that this is the inside of."""
        self.net = net
        self.scope = scope
        self.host = host
        self.tokens: Counter[str] = Counter()  #: those that rest on the flows into a join
        self.pieces: list[Piece] = []
        self.watching: list[Piece] = []  #: start events of its event sub-processes
        self.values: dict[str, int] = {}
        self.memories: list[Memory] = []  #: what completed here and can be undone
        self.dead = False

    def value(self, name: str) -> int | None:
        """A variable, the nearest first."""
        if name in self.values:
            return self.values[name]
        if self.host is None or self.host.node.kind == "callActivity":  # a called process sees only what it was given
            return None
        return self.host.value(name)

    def holds(self, condition: str) -> bool:
        """Whether a condition holds here."""
        return holds(condition, self.value)

    def levels(self) -> Iterator["Level"]:
        """This one and those inside, innermost first."""
        for piece in list(self.pieces):
            yield from piece.levels()
        yield self

    def everything(self) -> Iterator["Piece"]:
        """All that runs or waits at this level and inside."""
        yield from self.watching
        for piece in self.pieces:
            yield from piece.everything()

    def kill(self) -> None:
        """Nothing happens here any more."""
        self.dead = True
        for piece in self.pieces:
            piece.kill()

    def key(self, leaving: list[tuple["Level", Node]]) -> tuple[object, ...]:
        """What makes this level differ from another."""
        return (
            self.scope,
            tuple(sorted((+self.tokens).items())),
            tuple(sorted((piece.key(leaving) for piece in self.pieces), key=repr)),
            tuple(sorted((piece.key(leaving) for piece in self.watching), key=repr)),
            tuple(sorted(self.values.items())),
            tuple(sorted(node.id for level, node in leaving if level is self)),
            tuple(memory.key() for memory in self.memories),
        )


class Piece:
    """An activity, one round of it, an event or an event-based gateway that has a token or watches."""

    def __init__(self, node: Node, level: Level, age: int, *, watches: "Piece | None" = None, body: "Piece | None" = None) -> None:
        """Args: age: number of the step it began in. watches: the activity or gateway it belongs to. body: the activity it is a round of."""
        self.node = node
        self.level = level
        self.age = age
        self.serial = next(_SERIALS)
        self.watches = watches
        self.body = body
        self.waits = ""  #: what for: user, job, message, signal, timer, conditional, or nothing from outside
        self.stage = "work"  #: of an activity: before (its job before), work, after (its job after)
        self.due = 0
        self.left: int | None = None  #: repetitions of a timer
        self.held = False  #: whether its condition was true
        self.watchers: list[Piece] = []
        self.rounds: list[Piece] = []
        self.started = 0
        self.completed = 0
        self.inside: Level | None = None
        self.returned = False  #: the called process has ended
        self.memories: list[Memory] = []  #: of its rounds, or of its inside when that is over
        self.undoes: list[Memory] | None = None  #: of an event that throws compensation: what is still to be undone
        self.begun: Memory | None = None  #: of those the one that is being undone
        self.beside = False  #: nothing waits for this undoing
        self.values: dict[str, int] = {}

    def value(self, name: str) -> int | None:
        """A variable as seen from here."""
        if name in self.values:
            return self.values[name]
        return self.level.value(name) if self.body is None else self.body.value(name)

    def holds(self, condition: str) -> bool:
        """Whether a condition holds as seen from here."""
        return holds(condition, self.value)

    def around(self) -> list[tuple[int, str, int, int]]:
        """The activities it is in, outermost first: when they began, what they are, the numbers of their rounds, and which of those alike."""
        outer = self.watches or (self.body or self).level.host
        own = (self.age, self.node.id, self.values.get("loopCounter", 0), self.serial)
        return [*(outer.around() if outer is not None else ()), own]

    def levels(self) -> Iterator[Level]:
        """The levels inside."""
        if self.inside is not None:
            yield from self.inside.levels()
        for piece in list(self.rounds):
            yield from piece.levels()

    def everything(self) -> Iterator["Piece"]:
        """This and all inside."""
        yield self
        yield from self.watchers
        for piece in self.rounds:
            yield from piece.everything()
        if self.inside is not None and not self.inside.dead:
            yield from self.inside.everything()

    def kill(self) -> None:
        """It ends before its time."""
        self.waits = ""
        if self.inside is not None:
            self.inside.kill()
        for piece in self.rounds:
            piece.kill()
        if self.undoes is not None:
            give_back(self)

    def key(self, leaving: list[tuple[Level, Node]]) -> tuple[object, ...]:
        """What makes this piece differ from another."""
        return (
            (self.node.id, self.age, self.waits, self.stage, self.due, self.left, self.held, self.started, self.completed, self.returned),
            tuple(sorted((piece.key(leaving) for piece in self.watchers), key=repr)),
            tuple(sorted((piece.key(leaving) for piece in self.rounds), key=repr)),
            None if self.inside is None or self.inside.dead else self.inside.key(leaving),
            tuple(sorted(self.values.items())),
            tuple(memory.key() for memory in (*self.memories, *(self.undoes or ()))),
        )

    @property
    def name(self) -> str:
        """What may happen: the node's id, or its job before or after."""
        return self.node.id if self.stage == "work" else f"{self.stage} {self.node.id}"

    @property
    def label(self) -> str:
        """The name, and when a timer is due."""
        return f"{self.name}@{self.due}" if self.waits == "timer" else self.name
