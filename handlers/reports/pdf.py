"""The report of a month as a PDF: cover, summary, every indicator with its chart and its clauses, the breaches."""

from io import BytesIO
from typing import Any

from reportlab.lib.colors import HexColor, white
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import BaseDocTemplate, Flowable, KeepTogether, PageBreak, PageTemplate, Spacer, Table, TableStyle

from handlers.documents.typography import ACCENT, HAIRLINE, INK, PALE, QUIET, WIDTH, draw_foot, sheet_frame, style, text
from handlers.reports.charts import months_chart
from handlers.reports.figures import Figure, Line
from handlers.reports.formats import Language, definition_text, kpi_title, met_text, said, target_text, title_text, value_text
from handlers.reports.report import Entry, Report

#: Breaches on paper; the workbook has the others.
_MOST_BREACHES = 300
#: Lines of a breakdown on paper.
_MOST_LINES = 8

_GOOD, _BAD = HexColor("#14703f"), HexColor("#b42323")
_BODY = style(9, leading=13)
_SMALL = style(8, textColor=QUIET, leading=11)
_HEAD = style(8.5, textColor=ACCENT)
_NUMBER_HEAD = style(8.5, textColor=ACCENT, alignment=TA_RIGHT)
_NUMBER = style(9, leading=13, alignment=TA_RIGHT)
_TITLE = style(26, alignment=TA_CENTER)
_COVER = style(12, textColor=QUIET, alignment=TA_CENTER, leading=20)
_PART = style(15, textColor=ACCENT, spaceAfter=3 * mm)
_ENTRY = style(12)
_VALUE = style(15, leading=20)


def draw_report(report: Report) -> bytes:
    """The PDF; the same report gives the same bytes."""
    buffer = BytesIO()
    name = f"{said(('运营月报', 'Monthly report'), report.language)} {report.month}"
    template = BaseDocTemplate(buffer, pagesize=A4, title=name, author=report.office, invariant=1)
    frame = sheet_frame()

    def footer(canvas: Any, _template: Any) -> None:
        canvas.saveState()
        draw_foot(canvas, f"{report.office}　{name}", str(canvas.getPageNumber()))
        canvas.restoreState()

    template.addPageTemplates([PageTemplate("cover", [frame]), PageTemplate("inside", [frame], onPage=footer)])
    template.handle_nextPageTemplate("inside")
    template.build([*_cover(report), *_summary(report), *_entries(report), *_not_measured(report), *_breaches(report)])
    return buffer.getvalue()


def _cover(report: Report) -> list[Flowable]:
    zh = report.language == "zh"
    met, unmet = report.judged
    made = report.made_at.astimezone(report.zone).strftime("%Y-%m-%d %H:%M")
    month = f"{report.month.year} 年 {report.month.number} 月" if zh else report.month.first_day().strftime("%B %Y")
    words = (
        (f"{len(report.entries)} 项指标：{met} 项达标，{unmet} 项未达标", f"期限违约 {len(report.breaches)} 件", f"编制于 {made}")
        if zh
        else (f"{len(report.entries)} indicators: {met} met, {unmet} not met", f"{len(report.breaches)} missed deadlines", f"Made {made}")
    )
    rule = Table([[""]], colWidths=[60 * mm], rowHeights=[1], style=[("LINEABOVE", (0, 0), (-1, -1), 1.6, ACCENT)])
    return [
        Spacer(1, 70 * mm),
        text(report.office, _COVER),
        Spacer(1, 6 * mm),
        text("运营月报" if zh else "Monthly report", _TITLE),
        Spacer(1, 10 * mm),
        text(month, style(18, alignment=TA_CENTER)),
        Spacer(1, 8 * mm),
        rule,
        Spacer(1, 6 * mm),
        *(text(line, _COVER) for line in words),
        PageBreak(),
    ]


def _summary(report: Report) -> list[Flowable]:
    language = report.language
    heads = _said_all((("指标", "Indicator"), ("本月", "This month"), ("上月", "Month before"), ("目标", "Target"), ("", "")), language)
    rows = []
    for entry in report.entries:
        for figure in entry.figures:
            title = kpi_title(entry.kpi, language) if not figure.measure.part else f"　{title_text(figure, language)}"
            before = figure.trend[-2][1]
            unit = figure.measure.unit
            rows.append(
                [
                    text(title, _BODY),
                    text(value_text(figure.value, unit, language), _NUMBER),
                    text(value_text(before, unit, language), _NUMBER),
                    text(target_text(figure.target, unit, language), _SMALL),
                    _verdict(figure, language),
                ]
            )
    widths = [54 * mm, 36 * mm, 36 * mm, 32 * mm, WIDTH - 158 * mm]
    return [text(said(("一览", "Summary"), language), _PART), _table(heads, rows, widths), PageBreak()]


def _entries(report: Report) -> list[Flowable]:
    blocks: list[Flowable] = [text(said(("各项指标", "Indicators"), report.language), _PART)]
    for entry in report.entries:
        blocks += [KeepTogether(_entry(report, entry)), Spacer(1, 5 * mm)]
    return blocks


def _entry(report: Report, entry: Entry) -> list[Flowable]:
    language, first = report.language, entry.figures[0]
    title = Table(
        [[text(kpi_title(entry.kpi, language), _ENTRY), _verdict(first, language)]],
        colWidths=[WIDTH - 24 * mm, 24 * mm],
        style=[
            ("LINEBEFORE", (0, 0), (0, 0), 2.4, ACCENT),
            ("LEFTPADDING", (0, 0), (0, 0), 2.4 * mm),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ],
    )
    counted = ("计入 {}，不合要求 {}", "{} counted, {} missed")
    told = [
        text(value_text(first.value, first.measure.unit, language), _VALUE),
        text(f"{said(('目标', 'Target'), language)} {target_text(first.target, first.measure.unit, language)}", _SMALL),
        text(said(counted, language).format(first.tally.observations, first.tally.missed), _SMALL),
    ]
    if first.tally.percentile is not None:
        words = said(("九成不超过 {}", "nine of ten within {}"), language)
        told.append(text(words.format(value_text(first.tally.percentile, first.measure.unit, language)), _SMALL))
    told += [
        text(f"{title_text(item, language)} {value_text(item.value, item.measure.unit, language)}", _SMALL) for item in entry.figures[1:]
    ]
    nothing = text(said(("近 12 个月没有案例。", "No cases in the last 12 months."), language), _SMALL)
    chart = months_chart(first, WIDTH - 52 * mm, 38 * mm, language) or nothing
    facts = Table(
        [[told, chart]],
        colWidths=[52 * mm, WIDTH - 52 * mm],
        style=[("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)],
    )
    blocks: list[Flowable] = [title, Spacer(1, 1.5 * mm), text(definition_text(entry.kpi, language), _BODY), facts]
    for heading, lines in (
        (("按办事处", "By office"), [(line.name, line) for line in entry.offices]),
        (("按类别", "By class"), entry.groups),
    ):
        if len(lines) > 1:
            blocks += [_breakdown(said(heading, language), first, lines, language), Spacer(1, 1.5 * mm)]
    blocks.append(text(f"{said(('算法', 'Formula'), language)}：{entry.kpi.formula}", _SMALL))
    blocks.append(text(f"{said(('出自', 'Source'), language)}：{_sources(report, entry)}", _SMALL))
    return blocks


def _sources(report: Report, entry: Entry) -> str:
    named = []
    for clause_id in entry.kpi.clauses:
        clause = report.clauses.get(clause_id)
        paragraph = (clause.ref_zh if report.language == "zh" else clause.ref_en) if clause else ""
        title = (clause.title_zh if report.language == "zh" else clause.title_en) if clause else ""
        named.append(f"{clause.manual} {paragraph} {title}" if clause else clause_id)
    return "；".join(named) if report.language == "zh" else "; ".join(named)


def _breakdown(title: str, figure: Figure, lines: list[tuple[str, Line]], language: Language) -> Table:
    heads = [title, *_said_all((("数值", "Value"), ("计入", "Counted"), ("不合要求", "Missed")), language)]
    rows = [
        [
            text(name, _BODY),
            text(value_text(line.value, figure.measure.unit, language), _NUMBER),
            text(str(line.tally.observations), _NUMBER),
            text(str(line.tally.missed), _NUMBER),
        ]
        for name, line in lines[:_MOST_LINES]
    ]
    return _table(heads, rows, [WIDTH - 84 * mm, 36 * mm, 22 * mm, 26 * mm])


def _not_measured(report: Report) -> list[Flowable]:
    language = report.language
    if not report.not_measured:
        return []
    reason = said(("还没有程序统计它", "Nothing counts it yet"), language)
    rows = [[text(kpi_title(kpi, language), _BODY), text(reason, _BODY)] for kpi in report.not_measured]
    heads = _said_all((("指标", "Indicator"), ("为什么没有统计", "Why it is not measured")), language)
    return [PageBreak(), text(said(("尚未统计", "Not measured yet"), language), _PART), _table(heads, rows, [60 * mm, WIDTH - 60 * mm])]


def _breaches(report: Report) -> list[Flowable]:
    language = report.language
    title = text(said(("期限违约", "Missed deadlines"), language), _PART)
    if not report.breaches:
        return [Spacer(1, 8 * mm), title, text(said(("本月没有。", "None in this month."), language), _BODY)]
    rows = [
        [
            text(item.at.astimezone(report.zone).strftime("%m-%d %H:%M"), _BODY),
            text(item.about, _BODY),
            text(said(item.group, language), _BODY),
            text(report.people.get(item.person or "", ""), _BODY),
        ]
        for item in report.breaches[:_MOST_BREACHES]
    ]
    heads = _said_all((("时间", "Time"), ("编号", "Number"), ("流程与活动", "Procedure and activity"), ("谁", "Who")), language)
    blocks: list[Flowable] = [PageBreak(), title, _table(heads, rows, [26 * mm, 38 * mm, WIDTH - 88 * mm, 24 * mm])]
    if len(report.breaches) > _MOST_BREACHES:
        more = ("另有 {} 件，见 Excel 月报。", "{} more are in the workbook.")
        blocks.append(text(said(more, language).format(len(report.breaches) - _MOST_BREACHES), _SMALL))
    return blocks


def _verdict(figure: Figure, language: Language) -> Any:
    colour = QUIET if figure.is_met is None else _GOOD if figure.is_met else _BAD
    return text("" if figure.is_met is None else met_text(figure.is_met, language), style(9, textColor=colour, alignment=TA_RIGHT))


def _said_all(words: tuple[tuple[str, str], ...], language: Language) -> list[str]:
    """Several texts in one language."""
    return [said(each, language) for each in words]


def _table(heads: list[str], rows: list[list[Any]], widths: list[float]) -> Table:
    numbers = [cell.style is _NUMBER for cell in rows[0]]
    return Table(
        [[text(head, _NUMBER_HEAD if is_number else _HEAD) for head, is_number in zip(heads, numbers, strict=True)], *rows],
        colWidths=widths,
        repeatRows=1,
        style=TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, 0), PALE),
                ("ROWBACKGROUNDS", (0, 1), (-1, -1), [white, HexColor("#fafcfe")]),
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, HAIRLINE),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("TOPPADDING", (0, 0), (-1, -1), 1.6),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2.2),
                ("TEXTCOLOR", (0, 0), (-1, -1), INK),
            ]
        ),
    )
