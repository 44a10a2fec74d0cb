"""Rules that several kinds share."""

from collections.abc import Iterator

from engine.errors import FieldProblem
from handlers.master_data.description import Rule, Values
from handlers.master_data.reading import Reading
from handlers.master_data.types import Text

PHONE = Text(longest=32, pattern=r"\+?[0-9][0-9 ()\-]{4,}([转x#,]\d+)?", example="027-87000000")
EMAIL = Text(longest=255, pattern=r"[^@\s]+@[^@\s]+", example="name@example.com")


def in_order(first: str, second: str, zh: str, en: str) -> Rule:
    """The first column is not greater than the second; a blank one agrees with everything."""

    def rule(values: Values, _reading: Reading) -> Iterator[tuple[str, FieldProblem]]:
        if values[first] is not None and values[second] is not None and values[first] > values[second]:
            yield second, FieldProblem(zh, en)

    return rule
