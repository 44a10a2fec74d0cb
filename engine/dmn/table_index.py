"""Finds the rules of a table that match, column by column."""

from collections.abc import Sequence
from typing import Any

from engine.feel import CompiledTests
from engine.feel.scope import Frame


class TableIndex:
    """The condition cells of a table."""

    def __init__(self, rows: Sequence[tuple[CompiledTests, ...]], width: int) -> None:
        """Args: rows: the cells of every rule; width: the number of columns."""
        self._rows = rows
        self._width = width

    def matches(self, frame: Frame, values: Sequence[Any], *, first_only: bool) -> list[int]:
        """The positions (from 0) of the rules whose cells accept the values."""
        matched = []
        for position, tests in enumerate(self._rows):
            if all(test.accepts(frame, value) is True for test, value in zip(tests, values, strict=True)):
                matched.append(position)
                if first_only:
                    break
        return matched
