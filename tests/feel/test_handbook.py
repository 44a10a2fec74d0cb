"""The page about FEEL tells the truth."""

import re
from pathlib import Path

import pytest

from tests.feel.evaluating import compile_expression, value

PAGE = Path(__file__).parents[2] / "docs/feel.md"
EXAMPLES = [line for block in re.findall(r"```feel\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL) for line in block.splitlines()]


@pytest.mark.parametrize("line", EXAMPLES)
def test_every_example_is_right(line: str) -> None:
    """Given an example of the page, when it is read, then it is FEEL, and has the value that the page says."""
    text, _, result = line.partition(" // = ")
    compile_expression(text)

    if result:
        assert value(text) == value(result)
