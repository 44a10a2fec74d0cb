"""What is wrong with a net, each flaw with the shortest way to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from engine.diagrams.soundness.exploration import Exploration, explore
from engine.diagrams.soundness.net import Net
from engine.diagrams.soundness.nodes import Node
from engine.diagrams.soundness.play import DONE, FINAL, TERMINATED, Game, Marking, Move, is_complete

Code = Literal["deadlock", "no-synchronisation", "livelock", "unreachable", "not-decided"]


@dataclass(frozen=True)
class Flaw:
    """One thing that is wrong with a level."""

    code: Code
    node: str
    certain: bool = False  #: whether it happens whenever the node is come to, whatever the data
    path: tuple[Move, ...] = ()  #: a way there
    lacking: tuple[str, ...] = ()  #: deadlock: the flows on which no token can come
    waits: bool = False  #: livelock: whether somebody or something is waited for in it


@dataclass(frozen=True)
class Verdict:
    """All flaws of a level, and whether it ever completes."""

    flaws: tuple[Flaw, ...]
    completes: bool


@lru_cache(maxsize=2048)
def judge(net: Net) -> Verdict:
    """Play a net and tell what is wrong; equal nets are played once."""
    game = Game(net)
    found = [explore(game, beginning) for beginning in net.beginnings]
    flaws: list[Flaw] = []
    if any(item.out_of_budget for item in found):
        flaws.append(Flaw("not-decided", net.beginnings[0][0]))
        found = [explore(game, beginning, one_at_a_time=True) for beginning in net.beginnings]
    whole = all(item.whole for item in found) and all(is_complete(node) for node in net.nodes)
    deadlocks = list(_deadlocks(game, found, whole=whole))
    flaws += [*deadlocks, *_meetings(game, found)]
    if whole and not deadlocks:
        flaws += _livelocks(net, found)
    if whole:
        flaws += _unreachable(net, found)
    goals = {marking for item in found[: len(net.starts)] for marking in item.origin} & {DONE, TERMINATED}
    return Verdict(tuple(flaws), completes=bool(goals) or not whole)


def _deadlocks(game: Game, found: list[Exploration], *, whole: bool) -> Iterator[Flaw]:
    """Joins with a token that waits for ever."""
    completing = set[str]().union(*(item.moved for item in found))
    for join, places in game.flows.items():
        for item in found:
            stuck = _stuck(item, join, places)
            if stuck is not None:
                lacking = tuple(game.places[place][1] for place in sorted(places - set(stuck)))
                yield Flaw("deadlock", join, certain=whole and join not in completing, path=item.path(stuck), lacking=lacking)
                break


def _stuck(item: Exploration, join: str, places: frozenset[int]) -> Marking | None:
    """The first marking in which a token waits at a join and from which the join never goes on, nor the level ends."""
    waiting = [marking for marking in item.origin if not places.isdisjoint(marking)]
    if not waiting:
        return None
    if item.one_at_a_time:  # what did not move in it might have: only where nothing moves at all is it certain
        return next((marking for marking in waiting if item.following.get(marking) == []), None)
    going_on = {marking for marking, following in item.following.items() if any(move.node == join for move, _ in following)}
    unexplored = {marking for marking in item.origin if marking not in item.following}  # ended, or left out
    hopeful = item.leading_to(going_on | unexplored)
    return next((marking for marking in waiting if marking not in hopeful), None)


def _meetings(game: Game, found: list[Exploration]) -> Iterator[Flaw]:
    """Where two tokens meet that nothing had joined: what follows is done twice."""
    for item in found:
        for marking in item.origin:
            double = next((place for number, place in enumerate(marking[1:]) if place == marking[number] and _is_place(game, place)), None)
            if double is not None:
                yield Flaw("no-synchronisation", game.places[double][0], path=item.path(marking))
                return


def _is_place(game: Game, place: int) -> bool:
    node, flow = game.places[place]
    return bool(flow) or game.nodes[node].kind == "work"


def _livelocks(net: Net, found: list[Exploration]) -> Iterator[Flaw]:
    """Rounds that are never left; an event from outside may end those in which something is waited for."""
    nodes = {node.id: node for node in net.nodes}
    entries: dict[str, int] = {}
    for node in net.nodes:
        for exit_ in node.exits:
            entries[exit_.target] = entries.get(exit_.target, 0) + 1
    for item in found:
        ending = item.leading_to(marking for marking in item.origin if marking in FINAL or marking not in item.following)
        caught = [marking for marking in item.following if marking not in ending]
        turning = _turning(item, caught)
        if not turning:
            continue
        moving = [move.node for marking in turning for move, _ in item.following[marking]]
        waits = any(nodes[name].waits for name in moving)
        if not (waits and net.left_from_outside):
            heads = sorted(set(moving), key=lambda name: (entries.get(name, 0) < 2, list(nodes).index(name)))
            yield Flaw("livelock", heads[0], certain=not waits, path=item.path(caught[0]), waits=waits)
            return


def _turning(item: Exploration, caught: list[Marking]) -> set[Marking]:
    """Of some markings those that are part of a round, or between two."""
    left = set(caught)
    before: dict[Marking, set[Marking]] = {marking: set() for marking in caught}
    for marking in caught:
        for _, after in item.following[marking]:
            before[after].add(marking)
    while ends := {marking for marking in left if not (before[marking] & left and {after for _, after in item.following[marking]} & left)}:
        left -= ends
    return left


def _unreachable(net: Net, found: list[Exploration]) -> Iterator[Flaw]:
    """Rounds that no token comes to and nothing outside leads into: the first node of each."""
    come_to = {node for beginning in net.beginnings for node in beginning}
    come_to |= {exit_.target for item in found for following in item.following.values() for move, _ in following for exit_ in move.exits}
    come_to |= {move.event for item in found for following in item.following.values() for move, _ in following}
    left = {node.id: node for node in net.nodes if node.id not in come_to}
    for node in net.nodes:
        if node.id in left and node.id in (behind := _behind(left, node.id)):
            yield Flaw("unreachable", node.id)
            left = {name: other for name, other in left.items() if name not in behind}


def _behind(nodes: dict[str, Node], start: str) -> set[str]:
    """Of some nodes those that are reached from one of them through them."""
    found, open_ = set[str](), [start]
    while open_:
        node = nodes[open_.pop()]
        following = [item.target for item in node.exits] + [*node.interrupted_by, *node.told_by]
        fresh = {name for name in following if name in nodes} - found
        found |= fresh
        open_ += fresh
    return found
