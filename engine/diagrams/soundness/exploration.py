"""All markings that a net can come to, breadth first, with the ways between them."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.diagrams.soundness.play import FINAL, Game, Marking, Move

#: Markings of one level that are looked at.
BUDGET = 4_000
#: A place with more tokens than this is not followed further: the first meeting is reported, the rest only multiplies.
_MOST_TOKENS = 2


@dataclass
class Exploration:
    """What was found, from one beginning."""

    game: Game
    first: Marking
    one_at_a_time: bool
    origin: dict[Marking, tuple[Marking, Move] | None] = field(default_factory=dict)  #: by which move from where it was found first
    following: dict[Marking, list[tuple[Move, Marking]]] = field(default_factory=dict)
    whole: bool = True  #: whether no marking was left out
    out_of_budget: bool = False

    def path(self, marking: Marking) -> tuple[Move, ...]:
        """A shortest way to a marking."""
        moves: list[Move] = []
        while (found := self.origin[marking]) is not None:
            marking, move = found
            moves.append(move)
        return tuple(reversed(moves))

    def leading_to(self, goals: Iterable[Marking]) -> set[Marking]:
        """The markings from which one of some can be come to, these included."""
        before: dict[Marking, list[Marking]] = {}
        for marking, following in self.following.items():
            for _, after in following:
                before.setdefault(after, []).append(marking)
        found, open_ = set[Marking](), list(goals)
        while open_:
            marking = open_.pop()
            if marking not in found:
                found.add(marking)
                open_ += before.get(marking, ())
        return found

    @property
    def moved(self) -> set[str]:
        """The nodes that were left."""
        return {move.node for following in self.following.values() for move, _ in following}


def explore(game: Game, start: tuple[str, ...], *, one_at_a_time: bool = False) -> Exploration:
    """Play everything that may happen from a beginning.

    Args:
        game: the net with its places.
        start: the nodes that get a token.
        one_at_a_time: as for `Game.moves`.
    """
    found = Exploration(game, game.begin(start), one_at_a_time)
    found.origin[found.first] = None
    open_ = deque([found.first])
    while open_:
        marking = open_.popleft()
        if marking in FINAL:
            continue
        if _overflows(marking, game):
            found.whole = False
            continue
        found.following[marking] = game.moves(marking, one_at_a_time=one_at_a_time)
        for move, after in found.following[marking]:
            if after not in found.origin:
                if len(found.origin) >= BUDGET:
                    found.whole, found.out_of_budget = False, True
                    return found
                found.origin[after] = (marking, move)
                open_.append(after)
    return found


def _overflows(marking: Marking, game: Game) -> bool:
    tokens = list(game.tokens(marking))
    return any(place == other for place, other in zip(tokens, tokens[_MOST_TOKENS:], strict=False))
