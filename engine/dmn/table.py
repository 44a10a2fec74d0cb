"""Decision tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.dmn.hit_policies import combine, sort_by_output
from engine.dmn.item_types import from_text
from engine.dmn.run import DecisionRun, TableHit, Violation
from engine.dmn.table_index import TableIndex
from engine.feel import CompiledTests
from engine.feel.compare import equal
from engine.feel.compiler.base import Evaluate
from engine.feel.scope import Frame
from engine.feel.types import ANY, FeelType, coerce, kind_of


@dataclass(frozen=True)
class InputColumn:
    """A condition column."""

    label: str
    text: str
    evaluate: Evaluate
    type: FeelType = ANY
    allowed: CompiledTests | None = None


@dataclass(frozen=True)
class OutputColumn:
    """A conclusion column."""

    name: str  #: empty when the table has one output
    label: str
    type: FeelType = ANY
    allowed: CompiledTests | None = None
    ranking: tuple[Evaluate, ...] = ()  #: the allowed values in the order of priority
    default: Evaluate | None = None


@dataclass(frozen=True)
class Rule:
    """A row."""

    id: str
    tests: tuple[CompiledTests, ...]
    outputs: tuple[Evaluate, ...]
    annotation: str = ""
    line: int = 0
    texts: tuple[str, ...] = ()  #: of its cells, conditions first


class DecisionTable:
    """A table ready to decide."""

    def __init__(
        self,
        name: str,
        inputs: Sequence[InputColumn],
        outputs: Sequence[OutputColumn],
        rules: Sequence[Rule],
        policy: str,
        aggregation: str,
    ) -> None:
        """Args: policy: such as `UNIQUE`; aggregation: `SUM`, `MIN`, `MAX`, `COUNT` or empty (for `COLLECT`)."""
        self.name = name
        self.inputs = tuple(inputs)
        self.outputs = tuple(outputs)
        self.rules = tuple(rules)
        self.policy = policy
        self.aggregation = aggregation
        self._index = TableIndex([rule.tests for rule in rules], len(inputs))

    def decide(self, frame: Frame) -> Any:
        """The table's result for the names that the frame sees, as its hit policy says; the run notes which rules matched."""
        values = self._input_values(frame)
        matched = [] if values is None else self._index.matches(frame, values, first_only=self.policy == "FIRST")
        run = frame.run
        if isinstance(run, DecisionRun):
            named = {column.label: value for column, value in zip(self.inputs, values or (), strict=False)}
            rules = [{"index": n + 1, "id": self.rules[n].id, "annotation": self.rules[n].annotation} for n in matched]
            run.hits.append(TableHit(named, rules))
        if not matched:
            return self._nothing(frame, refused=values is None)
        rows = [self._row(frame, self.rules[n]) for n in matched]
        if self.policy == "UNIQUE" and len(rows) > 1:
            return self._violated(frame, matched, "UNIQUE")
        if self.policy == "ANY" and any(equal(rows[0], row, frame.run) is not True for row in rows[1:]):
            return self._violated(frame, matched, "ANY")
        if self.policy in ("PRIORITY", "OUTPUT ORDER"):
            rows = sort_by_output(rows, self.outputs, frame)
        return combine(self.policy, self.aggregation, [self._shape(row) for row in rows], frame.run)

    def _input_values(self, frame: Frame) -> list[Any] | None:
        """The values of the columns; None when one is not allowed, so that no rule can match."""
        values = []
        for column in self.inputs:
            fits, value = coerce(from_text(column.evaluate(frame), column.type, frame.run), column.type, frame.run)
            if not fits or (column.allowed is not None and value is not None and column.allowed.accepts(frame, value) is not True):
                shown = kind_of(value) if fits else column.type.name
                frame.run.null(
                    (column.text, 0),
                    lambda column=column, shown=shown: (  # type: ignore[misc]
                        f"决策表 {self.name} 的输入 {column.label} 的值不在允许范围内（{shown}）。",
                        f"the input {column.label} of the table {self.name} has a value that is not allowed ({shown}).",
                    ),
                )
                return None
            values.append(value)
        return values

    def _row(self, frame: Frame, rule: Rule) -> tuple[Any, ...]:
        return tuple(_checked(frame, column, output(frame)) for column, output in zip(self.outputs, rule.outputs, strict=True))

    def _shape(self, row: tuple[Any, ...]) -> Any:
        """One output gives its value, several a context."""
        return row[0] if len(row) == 1 else {column.name: value for column, value in zip(self.outputs, row, strict=True)}

    def _nothing(self, frame: Frame, *, refused: bool) -> Any:
        if refused or not any(column.default for column in self.outputs):
            return (
                combine(self.policy, self.aggregation, [], frame.run) if self.policy in ("COLLECT", "RULE ORDER", "OUTPUT ORDER") else None
            )
        row = tuple(column.default(frame) if column.default else None for column in self.outputs)
        return self._shape(row)

    def _violated(self, frame: Frame, matched: list[int], policy: str) -> None:
        rules = [n + 1 for n in matched]
        listed = "、".join(map(str, rules)), ", ".join(map(str, rules))
        zh = f"决策表 {self.name} 的命中策略是 {policy}，规则 {listed[0]} 却同时命中而结果不一。"
        en = f"the table {self.name} has the hit policy {policy}, but the rules {listed[1]} match together and do not agree."
        frame.run.null((self.name, 0), lambda: (zh, en))
        if isinstance(frame.run, DecisionRun):
            frame.run.violations.append(Violation(zh, en, {"table": self.name, "rules": rules}))


def _checked(frame: Frame, column: OutputColumn, value: Any) -> Any:
    """The value as the column declares it; null when it is of another type or not allowed."""
    fits, value = coerce(value, column.type, frame.run)
    if value is not None and column.allowed is not None and column.allowed.accepts(frame, value) is not True:
        fits = False
    if not fits:
        frame.run.null(
            (column.label, 0),
            lambda: (
                f"输出 {column.label} 的值不是允许的 {column.type.name}。",
                f"the output {column.label} is not an allowed {column.type.name}.",
            ),
        )
    return value if fits else None
