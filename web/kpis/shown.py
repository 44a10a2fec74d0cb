"""Figures as the pages show them: cards, small trends, and what the charts draw."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.manuals.kpis import Kpi
from handlers.reports.figures import Figure, Line
from handlers.reports.formats import met_text, plain_value, target_text, title_text, unit_text, value_text
from handlers.reports.measures import Kind
from web.language import locale

#: The box of a small trend.
_WIDTH, _HEIGHT, _EDGE = 120, 32, 3


@dataclass(frozen=True)
class Card:
    """An indicator on the dashboard."""

    kpi: Kpi
    figure: Figure
    further: list[Figure]
    value: str
    target: str
    verdict: str
    tone: str  #: good, bad or quiet
    points: list[str]  #: of the lines of its trend; a month without a value interrupts it
    last: tuple[float, float] | None  #: where the trend stands now
    words: str  #: the trend in words

    @property
    def has_cases(self) -> bool:
        """Whether there was anything to look at."""
        return self.figure.tally.observations > 0


def card(figures: list[Figure]) -> Card:
    """The card of an indicator from its measures, the first one first."""
    first, *further = figures
    unit = first.measure.unit
    values = [value for _, value in first.trend]
    spots = _spots(values)
    return Card(
        kpi=first.kpi,
        figure=first,
        further=further,
        value=value_text(first.value, unit, language()),
        target=target_text(first.target, unit, language()),
        verdict=met_text(first.is_met, language()),
        tone=tone(first.is_met),
        points=_lines(spots),
        last=next((spot for spot in reversed(spots) if spot), None),
        words=" · ".join(f"{month} {value_text(value, unit, language())}" for month, value in first.trend if value is not None),
    )


def tone(is_met: bool | None) -> str:
    """The colour of a verdict."""
    return "quiet" if is_met is None else "good" if is_met else "bad"


def language() -> Any:
    """The reader's language as the formats have it."""
    return locale()


def months_chart(figure: Figure) -> dict[str, Any]:
    """Properties of the chart of a figure by month, with its target as a line."""
    unit = figure.measure.unit
    return {
        "kind": "bar" if figure.measure.kind is Kind.TOTAL else "line",
        "categories": [str(month) for month, _ in figure.trend],
        "values": [plain_value(value, unit) for _, value in figure.trend],
        "name": title_text(figure, language()),
        "unit": unit_text(unit, language()),
        "target": plain_value(figure.target.bound, unit) if figure.target.bound is not None else None,
        "targetName": target_text(figure.target, unit, language()),
    }


def lines_chart(figure: Figure, lines: Iterable[tuple[str, Line]], most: int = 12) -> dict[str, Any]:
    """Properties of the chart of a breakdown, its first lines."""
    shown = list(lines)[:most]
    return {
        "kind": "ranking",
        "categories": [name for name, _ in shown],
        "values": [plain_value(line.value, figure.measure.unit) for _, line in shown],
        "name": title_text(figure, language()),
        "unit": unit_text(figure.measure.unit, language()),
    }


def by_kpi(figures: Mapping[str, Figure]) -> dict[str, list[Figure]]:
    """The measures of each indicator."""
    found: dict[str, list[Figure]] = {}
    for figure in figures.values():
        found.setdefault(figure.kpi.id, []).append(figure)
    return found


def _spots(values: list[float | None]) -> list[tuple[float, float] | None]:
    known = [value for value in values if value is not None]
    low, high = (min(known), max(known)) if known else (0, 0)
    step = (_WIDTH - 2 * _EDGE) / max(1, len(values) - 1)

    def height(value: float) -> float:
        share = (value - low) / (high - low) if high > low else 0.5
        return _HEIGHT - _EDGE - share * (_HEIGHT - 2 * _EDGE)

    return [None if value is None else (round(_EDGE + place * step, 1), round(height(value), 1)) for place, value in enumerate(values)]


def _lines(spots: list[tuple[float, float] | None]) -> list[str]:
    lines: list[list[str]] = [[]]
    for spot in spots:
        if spot is None:
            lines.append([])
        else:
            lines[-1].append(f"{spot[0]},{spot[1]}")
    return [" ".join(line) for line in lines if len(line) > 1]
