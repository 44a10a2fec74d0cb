"""Flow nodes as the token game sees them."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["work", "pass", "parallel", "inclusive", "end", "terminate", "abort"]
Split = Literal["all", "one", "some"]


@dataclass(frozen=True)
class Exit:
    """A way out of a node: a sequence flow, or a link to its target."""

    flow: str
    target: str
    role: Literal["always", "maybe", "default"] = "always"
    through: tuple[str, ...] = ()  #: elements and flows that are passed before the flow


@dataclass(frozen=True)
class Node:
    """A flow node, with those behind it that are no place of their own."""

    id: str
    kind: Kind
    split: Split
    exits: tuple[Exit, ...]
    interrupted_by: tuple[str, ...] = ()
    told_by: tuple[str, ...] = ()  #: boundary events that do not interrupt
    completes: bool = True  #: whether it is ever left by its exits
    waits: bool = False  #: for a person, an event, a job or another process
