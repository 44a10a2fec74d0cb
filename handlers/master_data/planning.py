"""What given texts would do to the rows: new, changed, unchanged, or faulty with everything that is wrong. Nothing is written here.

A form is a plan of one row, an import a plan of many: both are checked by the same rules.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.errors import FieldProblem
from handlers.master_data.description import Column, Kind
from handlers.master_data.links import Reference
from handlers.master_data.reading import Reading, Unreadable
from handlers.master_data.records import look_up_names, plain, rows_of

Outcome = Literal["new", "changed", "unchanged", "faulty"]
OUTCOMES: tuple[Outcome, ...] = ("faulty", "new", "changed", "unchanged")

#: Whether a row has to be there already.
Expected = Literal["new", "known", "either"]


@dataclass(frozen=True)
class Line:
    """One row as it was given: texts by column, blank ones are empty."""

    number: int  #: in the file
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Fault:
    """What is wrong with one field."""

    column: Column
    text: str
    problem: FieldProblem


@dataclass(frozen=True)
class Difference:
    """A column that changes, in canonical texts."""

    column: Column
    before: str
    after: str


@dataclass
class RowPlan:
    """What would become of one row."""

    line: Line
    row: Any = None  #: as it is now; None when it would be new
    values: dict[str, Any] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def outcome(self) -> Outcome:
        """New, changed, unchanged or faulty."""
        if self.faults:
            return "faulty"
        if self.row is None:
            return "new"
        return "changed" if self.differences else "unchanged"

    def blame(self, column: Column, zh: str, en: str) -> None:
        """Say that a field is wrong; the first reason stands."""
        if all(fault.column is not column for fault in self.faults):
            self.faults.append(Fault(column, self.line.texts.get(column.name, ""), FieldProblem(zh, en)))


def plan(reading: Reading, kind: Kind, lines: Sequence[Line], expected: Expected = "either", *, for_update: bool = False) -> list[RowPlan]:
    """What the lines would do.

    Args:
        reading: how texts are read, and where.
        kind: of which master data they are.
        lines: each with the columns that it gives; a column that is not given stays as it is.
        expected: whether the rows have to be new, or known.
        for_update: lock the rows, because the plan is carried out now.
    """
    _look_up_targets(reading, kind, lines)
    plans = [_read(reading, kind, line) for line in lines]
    _find_rows(reading, kind, plans, for_update=for_update)
    look_up_names(reading, kind, [item.row for item in plans if item.row is not None])
    for item in plans:
        _compare(reading, kind, item, expected)
    _refuse_twins(reading, kind, plans)
    for item in plans:
        if item.outcome in ("new", "changed"):
            _apply_rules(reading, kind, item)
    return plans


def _look_up_targets(reading: Reading, kind: Kind, lines: Sequence[Line]) -> None:
    for item in kind.columns:
        if isinstance(item.type, Reference):
            reading.look_up(item.type.target, (text for line in lines if (text := line.texts.get(item.name, ""))))


def _read(reading: Reading, kind: Kind, line: Line) -> RowPlan:
    found = RowPlan(line)
    for name, text in line.texts.items():
        item = kind.by_name[name]
        if not text:
            found.values[name] = item.type.blank
            if item.required and not (item.is_key and kind.number):
                found.blame(item, "必填。", "It must be filled in.")
            continue
        try:
            found.values[name] = item.type.read(text, reading)
        except Unreadable as error:
            found.blame(item, error.problem.zh, error.problem.en)
    return found


def _find_rows(reading: Reading, kind: Kind, plans: list[RowPlan], *, for_update: bool) -> None:
    """Join each plan with the row it means: by its key, or by the natural one where no number is given."""
    keys = tuple(item.name for item in kind.key)
    for names in filter(None, (keys, kind.natural_key)):
        wanted = [(item, key) for item in plans if (key := _key(item, names)) and (names == keys or not _key(item, keys))]
        rows = rows_of(reading, kind, [key for _, key in wanted], names, for_update=for_update)
        for item, key in wanted:
            found = rows.get(key, [])
            item.row = found[0] if found else None
            if len(found) > 1:
                item.blame(kind.by_name[names[-1]], f"有 {len(found)} 条，请写编号。", f"There are {len(found)} of them: write the number.")


def _key(item: RowPlan, names: Sequence[str]) -> tuple[Any, ...]:
    """What the line gives for these columns; nothing unless it gives all."""
    values = tuple(item.values.get(name) for name in names)
    return () if None in values else values


def _compare(reading: Reading, kind: Kind, found: RowPlan, expected: Expected) -> None:
    number = kind.key[0]
    if found.row is None:
        if kind.number and found.values.get(number.name):
            found.blame(number, "没有这个编号；新资料请留空。", "There is no such number; leave it blank for a new record.")
        if not kind.creatable or expected == "known":
            found.blame(number, "没有这条资料。", "There is no such record.")
        for item in kind.columns:
            if item.required and item.name not in found.line.texts and not (item.is_key and kind.number):
                found.blame(item, "新资料必须有这一列。", "A new record needs this column.")
    elif expected == "new":
        found.blame(kind.title if kind.number else number, "已经有了。", "It is there already.")
    for name, value in found.values.items():
        item = kind.by_name[name]
        before = plain(reading, item, getattr(found.row, name)) if found.row is not None else ""
        after = plain(reading, item, value)
        if before == after or (item.is_key and found.row is not None):
            continue
        if item.fixed and found.row is not None:
            found.blame(item, f"不能改，现在是“{before}”。", f"It cannot be changed; it is “{before}”.")
        found.differences.append(Difference(item, before, after))


def _refuse_twins(reading: Reading, kind: Kind, plans: list[RowPlan]) -> None:
    """Two lines cannot mean the same row, and what is unique cannot be had twice."""
    keys = [item.name for item in kind.key]
    means = {id(item): (item.row,) if item.row is not None else _key(item, keys) or _key(item, kind.natural_key) for item in plans}
    _refuse_repeated(plans, means, kind.by_name[kind.natural_key[0]] if kind.natural_key else kind.key[0])
    for column in (column for column in kind.columns if column.unique):
        has = {id(item): _key(item, (column.name,)) for item in plans}
        _refuse_repeated(plans, has, column)
        owners = rows_of(reading, kind, list(filter(None, has.values())), (column.name,))
        for item in plans:
            if any(owner is not item.row for owner in owners.get(has[id(item)], ())):
                item.blame(column, "另一条资料已经用了它。", "Another record has it already.")


def _refuse_repeated(plans: list[RowPlan], values: Mapping[int, tuple[Any, ...]], column: Column) -> None:
    first: dict[tuple[Any, ...], RowPlan] = {}
    for item in plans:
        if value := values[id(item)]:
            twin = first.setdefault(value, item)
            if twin is not item:
                item.blame(column, f"与第 {twin.line.number} 行重复。", f"The same as line {twin.line.number}.")


def _apply_rules(reading: Reading, kind: Kind, found: RowPlan) -> None:
    values = {item.name: found.values.get(item.name, getattr(found.row, item.name, None)) for item in kind.columns}
    for rule in kind.rules:
        for name, problem in rule(values, reading):
            found.blame(kind.by_name[name], problem.zh, problem.en)


def counted(plans: Iterable[RowPlan]) -> dict[Outcome, int]:
    """How many rows there are of each outcome."""
    counts: dict[Outcome, int] = dict.fromkeys(OUTCOMES, 0)
    for item in plans:
        counts[item.outcome] += 1
    return counts
