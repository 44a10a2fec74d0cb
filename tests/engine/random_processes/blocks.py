"""Processes as blocks: what the generator makes, what is drawn as BPMN, and what the oracle plays without looking at the drawing."""

from dataclasses import dataclass, field


@dataclass
class Block:
    """A part of a process with one way in and one way out."""


@dataclass
class Work(Block):
    """A user task, or a service task done by a worker; whoever completes it chooses the variable x. `rounds` makes it a multi-instance."""

    name: str
    rounds: int | None = None
    sequential: bool = False
    tag: str = "userTask"
    before: bool = False  #: a job goes before it
    after: bool = False  #: a job goes after it


@dataclass
class Wait(Block):
    """A receive task, or an intermediate event that waits for a message, a signal or some hours."""

    name: str
    kind: str  #: receive, message, signal or timer
    hours: int


@dataclass
class Quiet(Block):
    """A task that passes at once."""

    name: str


@dataclass
class Sequence(Block):
    """One after the other; may be empty."""

    parts: list[Block]


@dataclass
class Choice(Block):
    """Exclusive: the branch number x if there is one, else the last."""

    name: str
    branches: list[Block]


@dataclass
class All(Block):
    """Parallel branches."""

    name: str
    branches: list[Block]


@dataclass
class Some(Block):
    """Inclusive: every branch whose number is at most x; the last branch is the default."""

    name: str
    branches: list[Block]


@dataclass
class Repeat(Block):
    """Once, and again while x is 1 behind it."""

    name: str
    body: Block


@dataclass
class Race(Block):
    """An event-based gateway: the first event decides the branch."""

    name: str
    branches: list[Block]
    kinds: list[str]
    hours: list[int]

    def event(self, number: int) -> Wait:
        """The event before a branch."""
        return Wait(f"{self.name}_e{number}", self.kinds[number], self.hours[number])


@dataclass
class Leave(Block):
    """An end event of the given kind: none (the token is gone), terminate or error (the scope is over)."""

    name: str
    kind: str


@dataclass
class Handler:
    """A boundary event or an event sub-process: on its event, do the body."""

    name: str
    kind: str  #: message, signal, timer or error
    interrupting: bool
    body: Block
    hours: int = 1


@dataclass
class Scope(Block):
    """A sub-process, or a called process, with boundary events around and event sub-processes inside. `rounds` makes it a multi-instance."""

    name: str
    body: Block
    boundaries: list[Handler] = field(default_factory=list)
    inside: list[Handler] = field(default_factory=list)
    rounds: int | None = None
    sequential: bool = False
    called: bool = False
