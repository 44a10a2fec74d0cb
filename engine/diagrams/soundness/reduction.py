"""Makes a net smaller without changing what can go wrong in it, so that big diagrams are played in no time."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from engine.diagrams.soundness.nodes import Exit, Node


def reduce(nodes: dict[str, Node], first: Collection[str]) -> Iterable[Node]:
    """The nodes without those that belong to the one before: where exactly between the two a token is, and when it chose its way, does not matter.

    Args:
        nodes: of one level, by id; changed.
        first: those that tokens begin with.
    """
    keeps_choices = any(node.kind == "inclusive" for node in nodes.values())  # such a join looks at where tokens may still go
    changed = True
    while changed:
        changed = False
        sources = _sources(nodes, first)
        for node in reversed(list(nodes.values())):
            before = nodes.get(next(iter(sources[node.id]), ""))
            if (
                node.id in nodes
                and before is not None
                and len(sources[node.id]) == 1
                and _belongs(node, before, keeps_choices=keeps_choices)
            ):
                _take_in(nodes, before, node)
                changed = True
                break
    return nodes.values()


def _sources(nodes: dict[str, Node], first: Collection[str]) -> dict[str, set[str]]:
    """What leads to each node; what tokens begin with, or an event leads to, also has a source without a node."""
    found: dict[str, set[str]] = {name: set() for name in nodes}
    for name in first:
        found[name].add("")
    for node in nodes.values():
        for event in (*node.interrupted_by, *node.told_by):
            found[event].add("")
        for item in node.exits:
            found[item.target].add(node.id)
    return found


def _belongs(node: Node, before: Node, *, keeps_choices: bool) -> bool:
    """Whether a token at either may as well be at the one before."""
    is_plain = node.kind in ("work", "pass") and node.completes and not node.interrupted_by and not node.told_by
    if not is_plain or not node.exits or node.id == before.id or not before.completes:
        return False
    chooses = all(item.split == "one" or len(item.exits) == 1 for item in (node, before))
    is_step = len(before.exits) == 1 and node.kind == before.kind
    return is_step or (chooses and not keeps_choices and before.kind in ("work", "pass"))


def _take_in(nodes: dict[str, Node], before: Node, node: Node) -> None:
    exits: list[Exit] = []
    for item in before.exits:
        if item.target == node.id:
            passed = (*item.through, *filter(None, (item.flow,)), node.id)
            exits += [replace(way, through=passed + way.through) for way in node.exits]
        else:
            exits.append(item)
    onward = [item for item in exits if item.target != before.id] or exits[:1]  # a round that can be left is no place of its own
    distinct = {(item.target, item.flow): item for item in reversed(onward)}
    nodes[before.id] = replace(
        before,
        kind="work" if "work" in (node.kind, before.kind) else "pass",
        split=node.split if len(before.exits) == 1 else "one",
        exits=tuple(reversed(distinct.values())),
        waits=before.waits or node.waits,
    )
    del nodes[node.id]
