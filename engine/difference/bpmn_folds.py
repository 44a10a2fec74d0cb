"""What belongs together in a diagram is told as one change: a task that is put into a flow, a sub-process that goes with all it holds."""

from dataclasses import replace

from engine.difference.bpmn import DEFINITIONS
from engine.difference.parts import Difference, Part, Parts

_LINES = frozenset(("sequenceFlow", "messageFlow", "association"))
_ENDS = frozenset(("source", "target"))


def fold(differences: list[Difference], before: Parts, after: Parts) -> list[Difference]:
    """The same differences with those that another one brings along inside it (`along`)."""
    found = [item for item in differences if not (item.kind in ("added", "removed") and item.part.kind in DEFINITIONS)]
    come = {item.part.id for item in found if item.kind == "added" and item.part.kind not in _LINES}
    gone = {item.part.id for item in found if item.kind == "removed" and item.part.kind not in _LINES}
    redrawn = {item.part.id for item in found if item.kind == "redrawn"}
    owners: dict[int, str] = {}
    for index, item in enumerate(found):
        owner = _owner(item, come, gone, before, after)
        if owner:
            owners[index] = owner
    led = {found[index].part.id for index in owners}
    kept = []
    for index, item in enumerate(found):
        if index in owners or _drawn_along(item, redrawn, led, after):
            continue
        whole = item.kind in ("added", "removed")
        kept.append(replace(item, along=_along(item.part.id, owners, found)) if whole else item)
    return kept


def _owner(item: Difference, come: set[str], gone: set[str], before: Parts, after: Parts) -> str:
    """The part that came or went and brought this difference; '' when it stands for itself."""
    if item.kind == "added":
        return _inside(item.part, come) or _end(item.part, come)
    if item.kind == "removed":
        return _inside(item.part, gone) or _end(item.part, gone)
    if item.kind != "changed":
        return ""
    if item.part.kind in _LINES and item.aspect in _ENDS:
        return _first(item.new, come) or _first(item.old, gone)
    if item.aspect == "lane":
        return _first(item.old, gone) or _first(item.new, come)
    if item.aspect == "default" and item.new is None and item.old is not None and item.old not in after:
        return _end(before[item.old], gone) if item.old in before else ""
    return ""


def _inside(part: Part, ids: set[str]) -> str:
    return part.parent if part.parent in ids else _first(part.facts.get("attached to"), ids)


def _end(part: Part, ids: set[str]) -> str:
    if part.kind not in _LINES:
        return ""
    return _first(part.facts.get("target"), ids) or _first(part.facts.get("source"), ids)


def _first(identifier: str | None, ids: set[str]) -> str:
    return identifier if identifier and identifier in ids else ""


def _drawn_along(item: Difference, redrawn: set[str], led: set[str], after: Parts) -> bool:
    """Whether something is drawn elsewhere only because what it hangs on is."""
    if item.kind != "redrawn":
        return False
    part = item.part
    if part.id in led or part.parent in redrawn or part.facts.get("attached to") in redrawn:
        return True
    if part.kind in _LINES:
        return any(part.facts.get(end) in redrawn for end in _ENDS)
    return part.kind == "lane" and any(after[other].kind == "participant" for other in redrawn)


def _along(part_id: str, owners: dict[int, str], found: list[Difference]) -> tuple[str, ...]:
    """Everything that came or went with a part, what is inside of what is inside included."""
    own = [found[index].part.id for index, owner in owners.items() if owner == part_id]
    return tuple(dict.fromkeys(own + [deeper for inner in own for deeper in _along(inner, owners, found) if inner != part_id]))
