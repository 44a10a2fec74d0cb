"""Texts that a spreadsheet program would take for a formula, made harmless and back again.

An apostrophe before a text keeps it a text (OWASP, CSV Injection). It is set before what begins with a sign of a formula, however many
apostrophes stand there already, so that taking one away always gives the first text back. Excel files get it, too: they are saved as CSV
by others, and then the text would come to life.
"""

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def harmless(text: str) -> str:
    """A text that no program calculates."""
    return f"'{text}" if _FORMULA.match(text) else text


def as_meant(text: str) -> str:
    """The text before it was made harmless."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
