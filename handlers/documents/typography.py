"""Type and colours of everything that is printed: the Chinese font every PDF reader brings along (no font file needed), Latin beside it."""

import re
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.platypus import Frame, Paragraph

FONT = "STSong-Light"
registerFont(UnicodeCIDFont(FONT))

INK = HexColor("#1f2933")
QUIET = HexColor("#66788a")
ACCENT = HexColor("#1d4f91")
PALE = HexColor("#eef3f9")
HAIRLINE = HexColor("#c9d4e0")

MARGIN = 18 * mm
WIDTH = A4[0] - 2 * MARGIN

#: Latin letters and figures look better in a Latin font; CJK punctuation stays with the Chinese.
_LATIN = re.compile(r"[\x21-\x7e]+(?: +[\x21-\x7e]+)*")


def style(size: float, **more: Any) -> ParagraphStyle:
    """A paragraph style; `more` are reportlab's own names."""
    return ParagraphStyle("", **({"fontName": FONT, "fontSize": size, "leading": size * 1.45, "textColor": INK, "wordWrap": "CJK"} | more))


def text(content: str, look: ParagraphStyle) -> Paragraph:
    """A paragraph of plain text."""
    return Paragraph(marked(content), look)


def marked(content: str) -> str:
    """Plain text as reportlab's markup, its Latin parts in a Latin font."""
    parts = []
    position = 0
    for match in _LATIN.finditer(content):
        parts.append(escape(content[position : match.start()]))
        parts.append(f'<font name="Helvetica">{escape(match[0])}</font>')
        position = match.end()
    parts.append(escape(content[position:]))
    return "".join(parts).replace("\n", "<br/>")


def sheet_frame() -> Frame:
    """Where the content of an A4 page stands: above its foot."""
    return Frame(MARGIN, 18 * mm, WIDTH, A4[1] - 34 * mm, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)


def draw_foot(canvas: Any, left: str, right: str) -> None:
    """The line at the foot of a page, with what stands on its left and on its right; the canvas keeps the foot's colour and font."""
    canvas.setStrokeColor(HAIRLINE)
    canvas.setLineWidth(0.4)
    canvas.line(MARGIN, 14 * mm, A4[0] - MARGIN, 14 * mm)
    canvas.setFillColor(QUIET)
    canvas.setFont(FONT, 7.5)
    canvas.drawString(MARGIN, 10 * mm, left)
    canvas.drawRightString(A4[0] - MARGIN, 10 * mm, right)
