"""The variants of a process as the page tells them."""

from dataclasses import dataclass
from itertools import accumulate

from engine.history.mining.variants import Variant, happy_path
from web.definitions import Definition
from web.mining.asking import Asked
from web.mining.surveys import surveyed
from web.mining.words import share_text, times_text, worked_text


@dataclass(frozen=True)
class Path:
    """One variant."""

    id: str
    number: int  #: its place by frequency
    count: int
    share: float
    share_text: str
    so_far: str  #: the share of all up to this one
    median: str
    steps: list[tuple[str, str, str]]  #: element, title, how often when several times
    is_happy: bool
    is_chosen: bool
    differs: frozenset[str]  #: steps that the happy path does not have


def paths(asked: Asked, drawn: Definition) -> list[Path]:
    """Every variant of the cases asked for, whichever of them is chosen; the most frequent first."""
    found = surveyed(Asked(asked.key, asked.since, asked.until, asked.version, asked.state, asked.text))
    whole, happy = len(found.ids), happy_path(found.variants)
    usual = frozenset(happy.steps) if happy else frozenset[str]()
    so_far = accumulate(len(variant.cases) for variant in found.variants)
    return [
        _path(number, variant, whole, reached, usual, drawn, is_happy=variant is happy, is_chosen=variant.path == asked.path)
        for number, (variant, reached) in enumerate(zip(found.variants, so_far, strict=True), start=1)
    ]


def _path(
    number: int, variant: Variant, whole: int, reached: int, usual: frozenset[str], drawn: Definition, *, is_happy: bool, is_chosen: bool
) -> Path:
    count = len(variant.cases)
    return Path(
        id=variant.path,
        number=number,
        count=count,
        share=count / whole,
        share_text=share_text(count, whole),
        so_far=share_text(reached, whole),
        median=worked_text(variant.durations.quantile(0.5)),
        steps=[(step.element, drawn.element_title(step.element), times_text(step.fewest, step.most)) for step in variant.steps.values()],
        is_happy=is_happy,
        is_chosen=is_chosen,
        differs=frozenset(variant.steps) - usual,
    )
