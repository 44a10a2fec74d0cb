"""The token game on a net: which markings follow a marking (BPMN 2.0 §13)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product

from engine.diagrams.soundness.net import Net
from engine.diagrams.soundness.nodes import Exit, Node

#: Where tokens are: numbers of places, sorted, as often as there are tokens, and of boundary events that have had their turn.
Marking = tuple[int, ...]
DONE: Marking = ()
TERMINATED: Marking = (-1,)
ABORTED: Marking = (-2,)
FINAL = frozenset((DONE, TERMINATED, ABORTED))
#: With more conditional exits than this, not every combination is played.
_MANY_EXITS = 5


@dataclass(frozen=True)
class Move:
    """Something that happens: a node is left, or a boundary event of it happens."""

    node: str
    exits: tuple[Exit, ...]
    event: str = ""  #: the boundary event


class Game:
    """The places of a net, numbered: a node that works or passes, and each flow into a join."""

    def __init__(self, net: Net) -> None:
        """Number the places."""
        self.nodes = {node.id: node for node in net.nodes}
        self.places: list[tuple[str, str]] = [(node.id, "") for node in net.nodes if node.kind in ("work", "pass")]
        joins = {node.id for node in net.nodes if node.kind in ("parallel", "inclusive")}
        self.places += [(item.target, item.flow) for node in net.nodes for item in node.exits if item.target in joins]
        self.number = {place: number for number, place in enumerate(self.places)}
        self.flows: dict[str, frozenset[int]] = {  #: the places in front of a join
            join: frozenset(number for number, (node, flow) in enumerate(self.places) if node == join and flow) for join in joins
        }
        events = [event for node in net.nodes for event in node.told_by]
        self._kinds = ["join" if flow else self.nodes[node].kind for node, flow in self.places]
        self._ways = {node.id: [(Move(node.id, exits), self._outcome(exits)) for exits in choices(node)] for node in net.nodes}
        self._turn = {event: len(self.places) + number for number, event in enumerate(events)}

    @cached_property
    def _upstream(self) -> dict[str, dict[str, frozenset[int]]]:
        """For each inclusive join and node: the places in front of the join that a token at the node can come to without passing the join."""
        return {join: {node: self._ahead(node, join) for node in self.nodes} for join in self.flows if self.nodes[join].kind == "inclusive"}

    def _ahead(self, start: str, join: str) -> frozenset[int]:
        seen, open_, found = {start}, [start], set[int]()
        while open_:
            node = self.nodes[open_.pop()]
            boundaries = [self.nodes[event] for event in (*node.interrupted_by, *node.told_by)]
            for item in (*node.exits, *(item for boundary in boundaries for item in boundary.exits)):
                if item.target == join:
                    found.add(self.number[item.target, item.flow])
                elif item.target not in seen:
                    seen.add(item.target)
                    open_.append(item.target)
        return frozenset(found)

    def begin(self, nodes: tuple[str, ...]) -> Marking:
        """The first marking."""
        return self._with((), [Exit("", node) for node in nodes])

    def tokens(self, marking: Marking) -> Iterator[int]:
        """The places with tokens, once for each."""
        count = len(self.places)
        return (place for place in marking if 0 <= place < count)

    def moves(self, marking: Marking, *, one_at_a_time: bool = False) -> list[tuple[Move, Marking]]:
        """What may happen next and the marking after it.

        Args:
            marking: where the tokens are.
            one_at_a_time: whether only one token moves, as far as it comes, before others do; that finds every end of the game, not every meeting.
        """
        places = list(dict.fromkeys(self.tokens(marking)))
        for place in places:
            if self._kinds[place] == "pass":  # nobody sees a token here: it goes on before anything else happens
                return list(self._leave(marking, place))
        found: list[tuple[Move, Marking]] = []
        for place in places:
            if self._kinds[place] == "work":
                found += self._leave(marking, place)
                found += self._interrupt(marking, place)
                if one_at_a_time and found:
                    return found
        resting = all(self._kinds[place] == "join" or self.nodes[self.places[place][0]].waits for place in places)
        for join in {self.places[place][0] for place in places if self._kinds[place] == "join"}:
            if resting or self.nodes[join].kind == "parallel":  # an inclusive join looks around when all that moves by itself has moved
                found += self._join(marking, self.nodes[join])
        return found

    def _leave(self, marking: Marking, place: int) -> Iterator[tuple[Move, Marking]]:
        rest = _without(marking, place)
        for move, outcome in self._ways[self.places[place][0]]:
            yield move, self._plus(rest, outcome)

    def _interrupt(self, marking: Marking, place: int) -> Iterator[tuple[Move, Marking]]:
        node = self.nodes[self.places[place][0]]
        for event in node.interrupted_by:
            yield Move(node.id, (), event), self._with(_without(marking, place), [Exit("", event)])
        for event in node.told_by:
            if self._turn[event] not in marking:
                yield Move(node.id, (), event), self._with((*marking, self._turn[event]), [Exit("", event)])

    def _join(self, marking: Marking, node: Node) -> Iterator[tuple[Move, Marking]]:
        marked = self.flows[node.id] & set(marking)
        if node.kind == "parallel" and marked != self.flows[node.id]:
            return
        if node.kind == "inclusive" and self._more_may_come(marking, node.id, marked):
            return
        rest = marking
        for place in marked:
            rest = _without(rest, place)
        for move, outcome in self._ways[node.id]:
            yield move, self._plus(rest, outcome)

    def _more_may_come(self, marking: Marking, join: str, marked: frozenset[int]) -> bool:
        """Whether a token elsewhere can reach an empty flow into the join, and none that has a token (BPMN 2.0 §13.4.3)."""
        for place in self.tokens(marking):
            node = self.places[place][0]
            if node != join:
                ahead = self._upstream[join][node]
                if ahead - marked and not ahead & marked:
                    return True
        return False

    def _with(self, rest: Marking, exits: Iterable[Exit]) -> Marking:
        """The marking with tokens that come along the exits."""
        return self._plus(rest, self._outcome(exits))

    def _plus(self, rest: Marking, outcome: Marking) -> Marking:
        if outcome in (TERMINATED, ABORTED):
            return outcome
        found = tuple(sorted(rest + outcome)) if outcome else rest
        return found if found and found[0] < len(self.places) else DONE

    def _outcome(self, exits: Iterable[Exit]) -> Marking:
        """The tokens that come along exits: where, or how everything ends."""
        found: list[int] = []
        for item in exits:
            kind = self.nodes[item.target].kind
            if kind in ("terminate", "abort"):
                return TERMINATED if kind == "terminate" else ABORTED
            if kind != "end":
                found.append(self.number[item.target, item.flow if kind in ("parallel", "inclusive") else ""])
        return tuple(found)


def choices(node: Node) -> list[tuple[Exit, ...]]:
    """The exits that may be taken together; conditions may come out either way."""
    if not node.completes:
        return []
    if node.split == "one" and node.exits:
        return [(item,) for item in node.exits]
    always = [item for item in node.exits if item.role == "always"]
    maybe = [item for item in node.exits if item.role == "maybe"]
    default = [item for item in node.exits if item.role == "default"]
    if node.split == "all" or not (maybe or default):
        return [node.exits]
    if len(maybe) <= _MANY_EXITS:
        taken = [[item for item, yes in zip(maybe, answers, strict=True) if yes] for answers in product((False, True), repeat=len(maybe))]
    else:
        taken = [[], *([item] for item in maybe), *map(list, combinations(maybe, 2)), maybe]
    found = [tuple(always + some) or tuple(default) for some in taken]
    return [some for some in found if some]


def is_complete(node: Node) -> bool:
    """Whether `choices` are all there are."""
    return node.split != "some" or sum(item.role == "maybe" for item in node.exits) <= _MANY_EXITS


def _without(marking: Marking, place: int) -> Marking:
    position = marking.index(place)
    return marking[:position] + marking[position + 1 :]
