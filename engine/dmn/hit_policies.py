"""What becomes of the rows that matched."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.feel.builtins.registry import BUILTINS
from engine.feel.compare import equal
from engine.feel.scope import Frame, Run

if TYPE_CHECKING:
    from engine.dmn.table import OutputColumn

POLICIES = {
    "UNIQUE": "UNIQUE",
    "FIRST": "FIRST",
    "PRIORITY": "PRIORITY",
    "ANY": "ANY",
    "COLLECT": "COLLECT",
    "RULE ORDER": "RULE ORDER",
    "OUTPUT ORDER": "OUTPUT ORDER",
    "U": "UNIQUE",
    "F": "FIRST",
    "P": "PRIORITY",
    "A": "ANY",
    "C": "COLLECT",
    "R": "RULE ORDER",
    "O": "OUTPUT ORDER",
}
AGGREGATIONS = {"SUM": "sum", "MIN": "min", "MAX": "max"}


def combine(policy: str, aggregation: str, results: list[Any], run: Run) -> Any:
    """The table's result from the results of its rows, which are in the right order."""
    if policy in ("RULE ORDER", "OUTPUT ORDER"):
        return results
    if policy != "COLLECT":
        return results[0]
    if not aggregation:
        return results
    if aggregation == "COUNT":
        return Decimal(len(results))
    if not results:
        return None
    if isinstance(results[0], dict):
        columns = {name: [row[name] for row in results] for name in results[0]}
        return {name: _aggregate(aggregation, values, run) for name, values in columns.items()}
    return _aggregate(aggregation, results, run)


def _aggregate(aggregation: str, values: list[Any], run: Run) -> Any:
    return BUILTINS[AGGREGATIONS[aggregation]].call(run, [values])


def sort_by_output(rows: list[tuple[Any, ...]], columns: "Sequence[OutputColumn]", frame: Frame) -> list[tuple[Any, ...]]:
    """The rows by decreasing priority: the order in which the output columns list their allowed values, first column first."""
    rankings = [[value(frame) for value in column.ranking] for column in columns]

    def priority(row: tuple[Any, ...]) -> list[int]:
        return [_rank(value, ranking, frame.run) for value, ranking in zip(row, rankings, strict=True)]

    return sorted(rows, key=priority)


def _rank(value: Any, ranking: list[Any], run: Run) -> int:
    return next((position for position, listed in enumerate(ranking) if equal(value, listed, run) is True), len(ranking))
