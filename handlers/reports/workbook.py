"""The report of a month as an Excel file: summary, values by month, the cases behind each figure, what is not measured."""

from collections.abc import Sequence

from handlers.master_data.sheets.writing import excel_book
from handlers.master_data.types import Cell
from handlers.reports.figures import Figure
from handlers.reports.formats import Language, definition_text, kpi_title, met_text, plain_value, said, target_text, title_text, unit_text
from handlers.reports.measures import Kind
from handlers.reports.observations import Observation
from handlers.reports.report import Report

Sheet = tuple[str, Sequence[str], Sequence[Sequence[Cell]]]


def write_workbook(report: Report) -> bytes:
    """The Excel file; numbers are numbers: percentages from 0 to 100, working time in hours."""
    sheets = (_summary, _months, _cases, _not_measured)
    return excel_book([sheet(report) for sheet in sheets])


def _summary(report: Report) -> Sheet:
    language = report.language
    heads = [
        *_name_heads(language),
        *(said(words, language) for words in (("数值", "Value"), ("目标", "Target"), ("结果", "Result"), ("计入", "Counted"))),
        *(said(words, language) for words in (("不合要求", "Missed"), ("定义", "Definition"), ("算法", "Formula"), ("出自", "Source"))),
    ]
    rows: list[list[Cell]] = []
    for figure in _figures(report):
        unit = figure.measure.unit
        rows.append(
            [
                *_names(figure, language),
                plain_value(figure.value, unit),
                target_text(figure.target, unit, language),
                met_text(figure.is_met, language),
                figure.tally.observations,
                figure.tally.missed,
                definition_text(figure.kpi, language),
                figure.kpi.formula,
                ", ".join(figure.kpi.clauses),
            ]
        )
    return f"{said(('一览', 'Summary'), language)} {report.month}", heads, rows


def _months(report: Report) -> Sheet:
    months = [str(month) for month, _ in report.entries[0].figures[0].trend] if report.entries else []
    rows: list[list[Cell]] = [
        [*_names(figure, report.language), *(plain_value(value, figure.measure.unit) for _, value in figure.trend)]
        for figure in _figures(report)
    ]
    return said(("各月数值", "By month"), report.language), [*_name_heads(report.language), *months], rows


def _cases(report: Report) -> Sheet:
    language = report.language
    heads = [
        *_name_heads(language),
        *(said(words, language) for words in (("编号", "Number"), ("时间", "Time"), ("数值", "Value"), ("结果", "Result"))),
        *(said(words, language) for words in (("类别", "Class"), ("谁", "Who"))),
    ]
    rows: list[list[Cell]] = []
    for figure in _figures(report):
        rows += [_case(report, figure, seen) for seen in report.cases[figure.measure.id]]
        if more := report.left_out[figure.measure.id]:
            words = said(("另有 {} 件没有列出", "{} more are not listed"), language).format(more)
            rows.append([*_names(figure, language), words, *[None] * (len(heads) - 4)])
    return said(("计入的案例", "Cases"), language), heads, rows


def _case(report: Report, figure: Figure, seen: Observation) -> list[Cell]:
    language = report.language
    yes_or_no = said(("是", "yes") if seen.value else ("否", "no"), language)
    return [
        *_names(figure, language),
        seen.about,
        seen.at.astimezone(report.zone).strftime("%Y-%m-%d %H:%M"),
        yes_or_no if figure.measure.kind is Kind.RATE else plain_value(seen.value, figure.measure.unit),
        said(("不合要求", "missed"), language) if seen.missed else "",
        said(seen.group, language),
        report.people.get(seen.person or "", seen.person or ""),
    ]


def _not_measured(report: Report) -> Sheet:
    reason = said(("还没有程序统计它", "Nothing counts it yet"), report.language)
    rows: list[list[Cell]] = [[kpi_title(kpi, report.language), reason] for kpi in report.not_measured]
    heads = [said(("指标", "Indicator"), report.language), said(("为什么没有统计", "Why it is not measured"), report.language)]
    return said(("尚未统计", "Not measured yet"), report.language), heads, rows


def _figures(report: Report) -> list[Figure]:
    return [figure for entry in report.entries for figure in entry.figures]


def _name_heads(language: Language) -> list[str]:
    return [said(words, language) for words in (("指标", "Indicator"), ("数值名称", "Figure"), ("单位", "Unit"))]


def _names(figure: Figure, language: Language) -> list[Cell]:
    return [kpi_title(figure.kpi, language), title_text(figure, language), unit_text(figure.measure.unit, language)]
