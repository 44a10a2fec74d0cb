"""Compares two versions part by part; knows nothing of what the parts are."""

from collections.abc import Callable, Iterator

from engine.difference.parts import Difference, Part, Parts

#: A fact that, when it comes or goes, brings or takes those whose aspect begins with one of these.
LEADING = {"event": ("timer", "trigger", "event "), "loop": ("loop ",)}

Same = Callable[[str, str, str], bool]


def compare(before: Parts, after: Parts, same: Same) -> list[Difference]:
    """What differs, in the order of the new version; what is gone comes last.

    Args:
        before: the old version.
        after: the new version.
        same: tells whether two different texts of an aspect mean the same.
    """
    found = []
    moved = _moved(before, after)
    for part in after.values():
        old = before.get(part.id)
        if old is None:
            found.append(Difference("added", None, part))
            continue
        changes = list(_changes(old, part, same))
        found += changes
        if part.id in moved:
            found.append(Difference("moved", old, part))
        elif part.drawing != old.drawing and not any(change.aspect in ("kind", "lane", "parent", "attached to") for change in changes):
            found.append(Difference("redrawn", old, part))
    found += [Difference("removed", part, None) for part in before.values() if part.id not in after]
    return found


def _changes(old: Part, new: Part, same: Same) -> Iterator[Difference]:
    before, after = {"kind": old.kind, "parent": old.parent, **old.facts}, {"kind": new.kind, "parent": new.parent, **new.facts}
    for aspect in dict.fromkeys((*before, *after)):
        was, now = before.get(aspect), after.get(aspect)
        if was == now or same(aspect, was or "", now or "") or _follows(aspect, before, after):
            continue
        yield Difference("changed", old, new, aspect, was, now)


def _follows(aspect: str, before: dict[str, str], after: dict[str, str]) -> bool:
    """Whether the aspect only came or went with the fact that it belongs to."""
    if aspect in before and aspect in after:
        return False
    return any(before.get(leader) != after.get(leader) and aspect.startswith(prefixes) for leader, prefixes in LEADING.items())


def _moved(before: Parts, after: Parts) -> set[str]:
    """Parts that changed their place among their siblings: as few as explain the new order."""
    families: dict[tuple[str, str], list[Part]] = {}
    for part in after.values():
        old = before.get(part.id)
        if part.place is not None and old is not None and old.parent == part.parent:
            families.setdefault((part.parent, part.kind if part.kind in _OWN_ORDER else ""), []).append(part)
    moved: set[str] = set()
    for family in families.values():
        family.sort(key=lambda part: part.place or 0)
        stayed = _longest_rise([before[part.id].place or 0 for part in family])
        moved |= {part.id for index, part in enumerate(family) if index not in stayed}
    return moved


#: Rules and columns of a decision table are counted each for themselves.
_OWN_ORDER = frozenset(("rule", "input", "output"))


def _longest_rise(places: list[int]) -> set[int]:
    """Indices of a longest increasing subsequence."""
    best = [1] * len(places)
    previous = [-1] * len(places)
    for index, place in enumerate(places):
        for earlier in range(index):
            if places[earlier] < place and best[earlier] + 1 > best[index]:
                best[index], previous[index] = best[earlier] + 1, earlier
    if not places:
        return set()
    index, rise = max(range(len(places)), key=best.__getitem__), set()
    while index >= 0:
        rise.add(index)
        index = previous[index]
    return rise
