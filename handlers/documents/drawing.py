"""Draws a paper as a PDF, A4. The same paper gives the same bytes."""

from io import BytesIO
from typing import Any

from PIL import Image as Picture
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import HexColor, white
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import BaseDocTemplate, Flowable, Image, KeepTogether, PageTemplate, Paragraph, Spacer, Table, TableStyle

from handlers.documents.english import both, english
from handlers.documents.paper import Paper, Section, Signature
from handlers.documents.typography import ACCENT, FONT, HAIRLINE, MARGIN, PALE, QUIET, WIDTH, draw_foot, marked, sheet_frame, style, text

_SIGNATURE_BOX = (48 * mm, 17 * mm)

_VALUE = style(9.5, leading=13)
_LABEL = style(8, textColor=QUIET, leading=13)
_FIELD = style(8, textColor=QUIET, leading=9.5)
#: Points of the English under a label.
_SMALL = 6
_NUMBER = style(8.5, leading=13)
_HEAD = style(8.5, textColor=ACCENT)
_TITLE = style(21)
_SUBTITLE = style(9, textColor=QUIET)
_SECTION = style(10.5, textColor=ACCENT)
_TOTAL = style(10, alignment=TA_RIGHT)


def draw(paper: Paper) -> bytes:
    """The PDF of a paper."""
    buffer = BytesIO()
    template = BaseDocTemplate(
        buffer,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=16 * mm,
        bottomMargin=18 * mm,
        title=f"{paper.title} {paper.number}",
        author=paper.office,
        subject=paper.kind,
        invariant=1,
    )

    def footer(canvas: Any, _template: Any) -> None:
        canvas.saveState()
        page = f"第 {canvas.getPageNumber()} 页 page {canvas.getPageNumber()}"
        draw_foot(canvas, f"{paper.office}　{paper.office_line}", page)
        canvas.setFont("Helvetica", 7.5)
        canvas.drawRightString(A4[0] - MARGIN - canvas.stringWidth(page, FONT, 7.5) - 3 * mm, 10 * mm, paper.number)
        canvas.restoreState()

    template.addPageTemplates(PageTemplate(frames=[sheet_frame()], onPage=footer))
    template.build([*_header(paper), *(block for section in paper.sections for block in _section(section)), *_closing(paper)])
    return buffer.getvalue()


def _field(label: str) -> Paragraph:
    """A label with its English small below."""
    return Paragraph(f'{marked(label)}<br/><font size="{_SMALL}">{marked(english(label))}</font>', _FIELD)


def _header(paper: Paper) -> list[Flowable]:
    words = [text(paper.office, _HEAD), Spacer(1, 2 * mm), text(paper.title, _TITLE), Spacer(1, 1 * mm), text(paper.title_en, _SUBTITLE)]
    facts = Table(
        [
            [text(both("单号"), _LABEL), text(paper.number, _NUMBER)],
            [text(both("日期"), _LABEL), text(paper.made_at, _NUMBER)],
            [text(both("表式"), _LABEL), text(paper.kind, _NUMBER)],
        ],
        colWidths=[18 * mm, 44 * mm],
        style=[("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("TOPPADDING", (0, 0), (-1, -1), 0.5), ("BOTTOMPADDING", (0, 0), (-1, -1), 0.5)],
    )
    code = QrCodeWidget(paper.number, barWidth=24 * mm, barHeight=24 * mm, barBorder=1)
    square = Drawing(24 * mm, 24 * mm)
    square.add(code)
    head = Table(
        [[words, facts, square]],
        colWidths=[WIDTH - 87 * mm, 62 * mm, 25 * mm],
        style=[
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 0),
            ("LINEBELOW", (0, 0), (-1, -1), 1.6, ACCENT),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3 * mm),
        ],
    )
    return [head, Spacer(1, 3 * mm)]


def _section(section: Section) -> list[Flowable]:
    title = Table(
        [[text(both(section.title), _SECTION)]],
        colWidths=[WIDTH],
        style=[
            ("LINEBEFORE", (0, 0), (0, 0), 2.4, ACCENT),
            ("LEFTPADDING", (0, 0), (-1, -1), 2.4 * mm),
            ("TOPPADDING", (0, 0), (-1, -1), 0),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
        ],
    )
    blocks: list[Flowable] = []
    if section.fields:
        blocks.append(_grid(section))
    if section.columns:
        blocks.append(_rows(section))
    if section.total:
        blocks.append(text(section.total, _TOTAL))
    return [KeepTogether([title, Spacer(1, 1.5 * mm), *blocks[:1]]), *blocks[1:], Spacer(1, 2.6 * mm)]


def _grid(section: Section) -> Table:
    """Two fields in a row; a wide one has a row of its own."""
    rows: list[list[Any]] = []
    spans = []
    half: list[Any] = []
    for item in section.fields:
        cell = [_field(item.label), text(item.value or "—", _VALUE)]
        if item.wide:
            if half:
                rows.append([*half, "", ""])
                half = []
            spans.append(("SPAN", (1, len(rows)), (3, len(rows))))
            rows.append([*cell, "", ""])
        elif half:
            rows.append([*half, *cell])
            half = []
        else:
            half = cell
    if half:
        rows.append([*half, "", ""])
    label = 24 * mm
    return Table(
        rows,
        colWidths=[label, WIDTH / 2 - label, label, WIDTH / 2 - label],
        splitInRow=1,  # a very long answer goes on overleaf
        style=TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, HAIRLINE),
                ("TOPPADDING", (0, 0), (-1, -1), 1.6),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2.2),
                ("LEFTPADDING", (0, 0), (-1, -1), 1.2 * mm),
                *spans,
            ]
        ),
    )


def _rows(section: Section) -> Table:
    head = [text(both(name), _HEAD) for name in section.columns]
    body = [[text(value or "—", _VALUE) for value in row] for row in section.rows]
    first = WIDTH * 0.36 if len(head) > 2 else WIDTH / len(head)
    rest = (WIDTH - first) / max(1, len(head) - 1)
    return Table(
        [head, *body],
        colWidths=[first, *([rest] * (len(head) - 1))],
        repeatRows=1,
        splitInRow=1,
        style=TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, 0), PALE),
                ("ROWBACKGROUNDS", (0, 1), (-1, -1), [white, HexColor("#fafcfe")]),
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, HAIRLINE),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("TOPPADDING", (0, 0), (-1, -1), 1.6),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2.2),
            ]
        ),
    )


def _closing(paper: Paper) -> list[Flowable]:
    blocks: list[Flowable] = []
    if paper.signatures:
        blocks.append(_signatures(paper.signatures))
    if paper.note:
        blocks += [Spacer(1, 3 * mm), text(paper.note, _LABEL)]
    return [KeepTogether(blocks)] if blocks else []


def _signatures(signatures: list[Signature]) -> Table:
    width = WIDTH / len(signatures)
    pictures = [_signature_image(signature.image) if signature.image else Spacer(*_SIGNATURE_BOX) for signature in signatures]
    names = [text(f"{both(signature.label)}　{signature.name}".rstrip("　"), _LABEL) for signature in signatures]
    return Table(
        [pictures, names],
        colWidths=[width] * len(signatures),
        style=TableStyle(
            [
                ("BOX", (0, 0), (-1, -1), 0.6, HAIRLINE),
                ("LINEAFTER", (0, 0), (-2, -1), 0.4, HAIRLINE),
                ("ALIGN", (0, 0), (-1, 0), "CENTER"),
                ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
                ("BACKGROUND", (0, 1), (-1, 1), PALE),
                ("TOPPADDING", (0, 0), (-1, 0), 2 * mm),
            ]
        ),
    )


def _signature_image(content: bytes) -> Image:
    """The picture, white behind it, as large as the box allows without distortion."""
    with Picture.open(BytesIO(content)) as picture:
        inked = picture.convert("RGBA")
    paper = Picture.new("RGB", inked.size, "white")
    paper.paste(inked, mask=inked.getchannel("A"))
    flat = BytesIO()
    paper.save(flat, "PNG")
    scale = min(_SIGNATURE_BOX[0] / paper.width, _SIGNATURE_BOX[1] / paper.height)
    flat.seek(0)
    return Image(flat, width=paper.width * scale, height=paper.height * scale)
