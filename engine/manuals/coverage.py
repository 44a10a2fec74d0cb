"""What of the manuals the procedures enforce, what they show, and what they leave out."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from engine.manuals.catalogue import GUIDANCE, NONE, Catalogue, Clause
from engine.manuals.places import Place, find_places
from engine.manuals.procedures import Procedures

#: `planned`: its process is not drawn yet.
State = Literal["enforced", "guidance", "none", "planned", "missing"]
STATES: tuple[State, ...] = get_args(State)


@dataclass(frozen=True)
class Gap:
    """A clause that a process of ours should realise or show, and does not."""

    clause: Clause
    process: str


@dataclass(frozen=True)
class Coverage:
    """The state of every clause."""

    states: Mapping[str, State]  #: by clause id
    gaps: tuple[Gap, ...]
    places: Mapping[str, list[Place]]  #: by clause id

    def count(self, clauses: Iterable[Clause]) -> dict[State, int]:
        """How many of the clauses are in each state."""
        counted = Counter(self.states[clause.id] for clause in clauses)
        return {state: counted[state] for state in STATES}


def cover(catalogue: Catalogue, procedures: Procedures) -> Coverage:
    """Hold every clause against the procedures."""
    places = find_places(procedures)
    gaps = {clause.id: _gaps(clause, places.get(clause.id, []), procedures) for clause in catalogue.clauses.values()}
    states = {clause.id: _state(clause, gaps[clause.id], procedures) for clause in catalogue.clauses.values()}
    return Coverage(states, tuple(gap for found in gaps.values() for gap in found), places)


def _state(clause: Clause, gaps: list[Gap], procedures: Procedures) -> State:
    if clause.process == NONE:
        return "none" if clause.reason_zh else "missing"
    if gaps:
        return "missing"
    if not any(process in procedures.processes for process in _demanded(clause)):
        return "planned"
    return "guidance" if clause.process == GUIDANCE else "enforced"


def _gaps(clause: Clause, places: list[Place], procedures: Procedures) -> list[Gap]:
    """The processes that exist and do not do what the clause expects of them. A card must be seen by somebody: a place without a user task is none."""
    found = []
    for process in _demanded(clause):
        if process in procedures.processes:
            spots = [spot for place in places for spot in place.spots if spot.process == process]
            if clause.process == GUIDANCE:
                elements = procedures.processes[process].elements
                spots = [spot for spot in spots if spot.element and elements[spot.element].type == "userTask"]
            if not spots:
                found.append(Gap(clause, process))
    return found


def _demanded(clause: Clause) -> tuple[str, ...]:
    if clause.process == NONE:
        return ()
    return clause.shown_in if clause.process == GUIDANCE else (clause.process,)
