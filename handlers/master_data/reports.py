"""The report of an import, row by row, as a table."""

from collections.abc import Iterator

from handlers.master_data.imports import Preview
from handlers.master_data.planning import Outcome, RowPlan
from handlers.master_data.reading import Reading
from handlers.master_data.records import shown
from handlers.master_data.types import Cell

OUTCOME_WORDS: dict[Outcome, tuple[str, str]] = {
    "faulty": ("错误", "Faulty"),
    "new": ("新增", "New"),
    "changed": ("修改", "Changed"),
    "unchanged": ("不变", "Unchanged"),
}


def report_head(reading: Reading) -> list[str]:
    """The heads of the report."""
    words = (("行", "Line"), ("结果", "Result"), ("列", "Column"), ("文件中", "In the file"), ("现在", "Now"), ("说明", "Explanation"))
    return [reading.say(zh, en) for zh, en in words]


def report_rows(reading: Reading, preview: Preview) -> list[list[Cell]]:
    """One line for each fault and each change, and one for each other row."""
    return [cells for item in preview.plans for cells in _told(reading, item)]


def _told(reading: Reading, item: RowPlan) -> Iterator[list[Cell]]:
    start: list[Cell] = [item.line.number, reading.say(*OUTCOME_WORDS[item.outcome])]
    if item.faults:
        for fault in item.faults:
            words = reading.say(fault.problem.zh, fault.problem.en)
            yield [*start, fault.column.label(reading.locale), fault.text, "", words]
    elif item.outcome == "changed":
        for change in item.differences:
            before, after = (shown(reading, change.column, text) for text in (change.before, change.after))
            yield [*start, change.column.label(reading.locale), after, before, ""]
    else:
        yield [*start, "", "", "", ""]
