"""The catalogue of the manuals' clauses, in our own words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from engine.errors import InvalidInput
from engine.manuals.yaml_files import load_yaml

#: Names of the files in a deployment.
CLAUSES = "manuals/clauses.yaml"
MANUALS = "manuals/manuals.yaml"

#: Values of `Clause.process` that name no process.
GUIDANCE, NONE = "guidance", "none"


@dataclass(frozen=True)
class Clause:
    """One clause of a manual and what becomes of it."""

    id: str
    manual: str
    ref_zh: str  #: its paragraph
    ref_en: str
    title_zh: str
    title_en: str
    requirement_zh: str
    requirement_en: str
    kind: str  #: rule, step, record, prohibition, deadline, escalation, metric, role-duty, form-field or context
    process: str  #: that realises it, or `guidance`, or `none`
    also: tuple[str, ...] = ()  #: processes that it touches as well
    shown_in: tuple[str, ...] = ()  #: processes whose tasks show it as a card
    reason_zh: str = ""  #: why no process realises it
    reason_en: str = ""
    mandatory: bool = False  #: whether its card is ticked before the task may be completed
    figures: Mapping[str, Any] = field(default_factory=dict)

    @property
    def stated(self) -> Mapping[str, Any]:
        """The figures that the manual itself states; what the catalogue proposes where it says “promptly” is none."""
        return {} if self.figures.get("stated") is False else self.figures


@dataclass(frozen=True)
class Chapter:
    """A part of a manual: the clauses whose id or paragraph begins with one of `prefixes`, unless a longer one claims them."""

    title_zh: str
    title_en: str
    prefixes: tuple[str, ...]

    def claims(self, clause: "Clause") -> int:
        """How long the prefix is by which a clause belongs here; 0 when it does not."""
        return max((len(item) for item in self.prefixes if clause.id.startswith(item) or clause.ref_zh.startswith(item)), default=0)


@dataclass(frozen=True)
class Manual:
    """One manual and its parts, in order."""

    id: str
    title_zh: str
    title_en: str
    chapters: tuple[Chapter, ...]


@dataclass(frozen=True)
class Catalogue:
    """Every clause of every manual, in the manuals' order."""

    clauses: Mapping[str, Clause] = field(default_factory=dict)
    manuals: tuple[Manual, ...] = ()

    def chapter_of(self, clause: Clause) -> Chapter | None:
        """The part of the manual that a clause belongs to."""
        manual = next((item for item in self.manuals if item.id == clause.manual), None)
        found = max(manual.chapters if manual else (), key=lambda chapter: chapter.claims(clause), default=None)
        return found if found and found.claims(clause) else None


@lru_cache(maxsize=4)
def read_catalogue(clauses: bytes, manuals: bytes = b"") -> Catalogue:
    """The catalogue from its files, kept by their contents; without the second, manuals have no parts and are called by their ids.

    Raises:
        InvalidInput: a clause without an id.
        yaml.YAMLError: a file is no YAML.
    """
    found = [_clause(entry) for entry in load_yaml(clauses) or ()]
    described = tuple(_manual(entry) for entry in load_yaml(manuals) or ())
    known = {manual.id for manual in described}
    others = dict.fromkeys(clause.manual for clause in found if clause.manual not in known)
    return Catalogue({clause.id: clause for clause in found}, (*described, *(Manual(name, name, name, ()) for name in others)))


def _clause(entry: Any) -> Clause:
    try:
        return Clause(
            id=entry["id"],
            manual=entry["manual"],
            ref_zh=entry["ref"],
            ref_en=entry.get("ref_en", entry["ref"]),
            title_zh=entry["title_zh"],
            title_en=entry["title_en"],
            requirement_zh=entry["requirement_zh"],
            requirement_en=entry["requirement_en"],
            kind=entry["kind"],
            process=entry.get("process", NONE),
            also=tuple(entry.get("also") or ()),
            shown_in=tuple(entry.get("shown_in") or ()),
            reason_zh=entry.get("reason_zh", entry.get("reason", "")),
            reason_en=entry.get("reason", ""),
            mandatory="mandatory" in str(entry.get("encode_as", "")),
            figures=entry.get("figures") or {},
        )
    except (KeyError, TypeError) as error:
        raise InvalidInput(
            f"条款目录里有一条缺少 {error}。", f"A clause of the catalogue lacks {error}.", clause=str(entry)[:200]
        ) from None


def _manual(entry: Mapping[str, Any]) -> Manual:
    chapters = tuple(Chapter(item["title_zh"], item["title_en"], tuple(item["prefixes"])) for item in entry.get("chapters", ()))
    return Manual(entry["id"], entry["title_zh"], entry["title_en"], chapters)
