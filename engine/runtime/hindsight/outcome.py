"""What came of one finished case on files that are tried."""

from dataclasses import dataclass, field
from typing import Literal

#: same: the same path.  steps: the same but for steps that are new or gone.  other: it parts.  stuck: something is asked for that the past does
#: not answer.  refused: a form does not take what was entered.  failed: the engine cannot go on, as with an incident.
State = Literal["same", "steps", "other", "stuck", "refused", "failed"]

#: What cannot be answered: a user task, a job, a message, a signal; or what else keeps the case from going on.
Why = Literal["task", "handler", "message", "signal", "refused", "incident"]


@dataclass(frozen=True)
class Place:
    """An element of a process."""

    process: str
    element_id: str
    label: str


@dataclass(frozen=True)
class Parting:
    """Where a case first leaves its path: behind an element it goes to others than it did; none: it does not go there, or did not."""

    after: Place | None  #: none: at its start
    to: tuple[Place, ...]
    instead: tuple[Place, ...]
    at: str  #: ISO instant


@dataclass(frozen=True)
class Stop:
    """Why a case does not come to an end."""

    why: Why
    place: Place
    at: str  #: ISO instant since when it stands there
    is_new: bool = False  #: whether the past knows no such element
    fields: dict[str, dict[str, str]] = field(default_factory=dict)  #: of a form that refuses: path to what is wrong, zh and en
    zh: str = ""
    en: str = ""


@dataclass(frozen=True)
class Tally:
    """How often something was, and how often it would have been."""

    before: int = 0
    after: int = 0


@dataclass(frozen=True)
class Outcome:
    """What became of a case: where it parts and stops, and the figures that a diagram shows."""

    state: State
    parting: Parting | None
    stop: Stop | None
    added: tuple[Place, ...]  #: steps it takes that the past did not know
    dropped: tuple[Place, ...]  #: steps it took that there are no more
    flows: dict[str, dict[str, Tally]]  #: process to flow to how often it was taken
    fired: dict[str, dict[str, Tally]]  #: process to timer event to how often it fired
    late: dict[str, dict[str, Tally]]  #: process to user task to how often it was done after its due date
