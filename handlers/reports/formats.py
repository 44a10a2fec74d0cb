"""Values, targets and months as people read them, in Chinese or in English."""

from typing import Literal

from engine.manuals.kpis import Kpi
from handlers.reports.figures import Figure
from handlers.reports.measures import Unit
from handlers.reports.observations import Words
from handlers.reports.targets import Target

Language = Literal["zh", "en"]

_COUNTED = {
    Unit.WORKING_DAYS: ("{} 个工作日", "{} working days"),
    Unit.DAYS: ("{} 天", "{} days"),
    Unit.CASES: ("{} 件", "{}"),
    Unit.PIECES: ("{} 个", "{} pieces"),
    Unit.POINTS: ("{} 分", "{} of 5"),
}
_BOUNDS = {"at_least": ("不低于 {}", "at least {}"), "at_most": ("不超过 {}", "at most {}")}
_DIRECTIONS = {"up": ("比上期高", "higher than before"), "down": ("比上期低", "lower than before")}


def value_text(value: float | None, unit: Unit, language: Language) -> str:
    """A value with its unit; a dash where there is none."""
    if value is None:
        return "—"
    if unit is Unit.PERCENT:
        return f"{_short(value * 100)}%"
    if unit is Unit.WORKING_TIME:
        return _time(value, language)
    if unit is Unit.YUAN:
        return f"¥{value:,.2f}"
    return said(_COUNTED[unit], language).format(_short(value, 2 if unit is Unit.POINTS else 1))


def plain_value(value: float | None, unit: Unit) -> float | None:
    """A value as charts and tables of figures have it: percentages from 0 to 100, working time in hours."""
    if value is None:
        return None
    scale = {Unit.PERCENT: 100, Unit.WORKING_TIME: 1 / 3600}.get(unit, 1)
    return round(value * scale, 2)


def unit_text(unit: Unit, language: Language) -> str:
    """The unit of `plain_value`."""
    names: dict[Unit, Words] = {
        Unit.PERCENT: ("%", "%"),
        Unit.WORKING_TIME: ("工作小时", "working hours"),
        Unit.WORKING_DAYS: ("工作日", "working days"),
        Unit.DAYS: ("天", "days"),
        Unit.CASES: ("件", "cases"),
        Unit.PIECES: ("个", "pieces"),
        Unit.YUAN: ("元", "yuan"),
        Unit.POINTS: ("分", "points"),
    }
    return said(names[unit], language)


def target_text(target: Target, unit: Unit, language: Language) -> str:
    """What is to be reached."""
    if target.kind == "none":
        return said(("未设目标", "no target set"), language) if target.parameter else said(("只统计", "for information"), language)
    if target.kind in _DIRECTIONS:
        return said(_DIRECTIONS[target.kind], language)
    if target.bound == 0:
        return value_text(0, unit, language)
    if target.kind == "at_least" and target.bound == 1:
        return "100%"
    return said(_BOUNDS[target.kind], language).format(value_text(target.bound, unit, language))


def met_text(is_met: bool | None, language: Language) -> str:
    """Whether it is reached, in a word."""
    if is_met is None:
        return "—"
    return said(("达标", "met") if is_met else ("未达标", "not met"), language)


def title_text(figure: Figure, language: Language) -> str:
    """What a figure is called."""
    return said(figure.measure.title, language) if figure.measure.part else kpi_title(figure.kpi, language)


def kpi_title(kpi: Kpi, language: Language) -> str:
    """What an indicator is called."""
    return kpi.title_zh if language == "zh" else kpi.title_en


def definition_text(kpi: Kpi, language: Language) -> str:
    """What an indicator says."""
    return kpi.definition_zh if language == "zh" else kpi.definition_en


def said(words: Words, language: Language) -> str:
    """One of two texts."""
    return words[0] if language == "zh" else words[1]


def _short(number: float, digits: int = 1) -> str:
    return f"{number:,.{digits}f}".rstrip("0").rstrip(".") if digits else f"{number:,.0f}"


def _time(seconds: float, language: Language) -> str:
    hours, minutes = divmod(round(seconds / 60), 60)
    if language == "zh":
        return f"{hours} 小时 {minutes} 分钟" if hours and minutes else f"{hours} 小时" if hours else f"{minutes} 分钟"
    return f"{hours} h {minutes} min" if hours and minutes else f"{hours} h" if hours else f"{minutes} min"
