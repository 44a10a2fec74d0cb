"""Charts of the printed report as vector drawings."""

from reportlab.graphics.charts.barcharts import VerticalBarChart
from reportlab.graphics.charts.linecharts import HorizontalLineChart
from reportlab.graphics.shapes import Drawing, Line, String
from reportlab.graphics.widgets.markers import makeMarker
from reportlab.lib.colors import HexColor

from handlers.documents.typography import FONT, HAIRLINE, QUIET
from handlers.reports.figures import Figure
from handlers.reports.formats import Language, plain_value, target_text, unit_text
from handlers.reports.measures import Kind, Unit

_BLUE = HexColor("#1f5fbf")
_AMBER = HexColor("#8a5300")
_LEFT, _BOTTOM, _TOP = 34, 20, 14


def months_chart(figure: Figure, width: float, height: float, language: Language) -> Drawing | None:
    """A figure by month with its target as a dashed line; None when no month has a value."""
    unit = figure.measure.unit
    values = [plain_value(value, unit) for _, value in figure.trend]
    known = [value for value in values if value is not None]
    if not known:
        return None
    target = plain_value(figure.target.bound, unit) if figure.target.bound is not None else None
    highest = 100.0 if unit is Unit.PERCENT else max([*known, target or 0, 1]) * 1.1
    drawing = Drawing(width, height)
    chart = VerticalBarChart() if figure.measure.kind is Kind.TOTAL else HorizontalLineChart()
    chart.x, chart.y, chart.width, chart.height = _LEFT, _BOTTOM, width - _LEFT - 8, height - _BOTTOM - _TOP
    chart.data = [values]
    chart.valueAxis.valueMin, chart.valueAxis.valueMax = 0, highest
    chart.valueAxis.valueSteps = [highest * step / 4 for step in range(5)]
    chart.valueAxis.labelTextFormat = lambda value: f"{value:,.0f}" if highest >= 8 else f"{value:.1f}"
    chart.valueAxis.visibleGrid = True
    chart.valueAxis.gridStrokeColor = chart.valueAxis.strokeColor = chart.categoryAxis.strokeColor = HAIRLINE
    chart.categoryAxis.categoryNames = [str(month)[2:] for month, _ in figure.trend]
    for axis in (chart.valueAxis, chart.categoryAxis):
        axis.labels.fontName, axis.labels.fontSize, axis.labels.fillColor = "Helvetica", 6.5, QUIET
        axis.visibleTicks = False
    if isinstance(chart, VerticalBarChart):
        chart.bars[0].fillColor, chart.bars[0].strokeColor = _BLUE, None
        chart.barWidth, chart.groupSpacing = 1, 1
    else:
        chart.lines[0].strokeColor, chart.lines[0].strokeWidth = _BLUE, 1.4
        chart.lines[0].symbol = makeMarker("FilledCircle", size=3.5, fillColor=_BLUE, strokeColor=_BLUE)
        chart.joinedLines = 1
    drawing.add(chart)
    drawing.add(String(_LEFT, height - 9, unit_text(unit, language), fontName=FONT, fontSize=6.5, fillColor=QUIET))
    if target is not None:
        y = chart.y + chart.height * target / highest
        drawing.add(Line(chart.x, y, chart.x + chart.width, y, strokeColor=_AMBER, strokeWidth=0.9, strokeDashArray=[3, 2]))
        words = target_text(figure.target, unit, language)
        label = String(chart.x + chart.width, height - 9, words, fontName=FONT, fontSize=6.5, fillColor=_AMBER, textAnchor="end")
        drawing.add(label)
    return drawing
