"""The semantic difference between two versions of a diagram, a form or a decision table, in words.

Compared is what the files mean: the order of XML attributes, prefixes, indentation and the tool's own marks make no difference,
while timers, conditions, assignments and mappings do.
"""

from engine.difference import bpmn, bpmn_folds, dmn, form
from engine.difference.bpmn import DEFINITIONS
from engine.difference.compare import compare
from engine.difference.parts import Change, Difference, Part, Parts, Text
from engine.difference.wording import Names, Wording

__all__ = ["Change", "Difference", "Names", "Part", "Parts", "Text", "bpmn_changes", "changes", "dmn_changes", "form_changes"]

_REFERENCES = frozenset(("source", "target", "lane", "trigger"))


def changes(file_name: str, before: bytes, after: bytes, names: Names | None = None) -> list[Change]:
    """What changed between two versions of a file, told by its ending: `.bpmn`, `.dmn`, else a form.

    Args:
        file_name: the file's name.
        before: the old version.
        after: the new version.
        names: what roles, handlers, forms … are called, by aspect.

    Raises:
        InvalidInput: a version cannot be read.
    """
    tell = {"bpmn": bpmn_changes, "dmn": dmn_changes}.get(file_name.rpartition(".")[2], form_changes)
    return tell(before, after, names)


def bpmn_changes(before: bytes, after: bytes, names: Names | None = None) -> list[Change]:
    """What changed in a diagram."""
    old, new = bpmn.read_parts(before), bpmn.read_parts(after)

    def same(aspect: str, was: str, now: str) -> bool:
        """A lane or a message under another id but with the same name is the same."""
        one, other = old.get(was), new.get(now)
        if aspect not in _REFERENCES or one is None or other is None:
            return False
        return one.kind == other.kind and one.kind in DEFINITIONS | {"lane"} and one.name == other.name and was not in new

    return _told(bpmn_folds.fold(compare(old, new, same), old, new), old, new, names)


def dmn_changes(before: bytes, after: bytes, names: Names | None = None) -> list[Change]:
    """What changed in a decision model."""
    old, new = dmn.read_parts(before), dmn.read_parts(after)
    return _told(dmn.fold(compare(old, new, _different), old, new), old, new, names)


def form_changes(before: bytes, after: bytes, names: Names | None = None) -> list[Change]:
    """What changed in a form."""
    old, new = form.read_parts(before), form.read_parts(after)

    def same(aspect: str, was: str, now: str) -> bool:
        return aspect == "options" and form.same_options(was, now)

    return _told(compare(old, new, same), old, new, names)


def _different(_aspect: str, _was: str, _now: str) -> bool:
    return False


def _told(found: list[Difference], old: Parts, new: Parts, names: Names | None) -> list[Change]:
    wording = Wording(old, new, names or {})
    return [wording.tell(item) for item in found]
