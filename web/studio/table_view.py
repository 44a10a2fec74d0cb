"""Decision tables as rows and cells, old and new in one."""

from dataclasses import dataclass

from engine.difference.dmn import read_parts
from engine.difference.parts import Part, Parts


@dataclass(frozen=True)
class Cell:
    """One cell: what it said and what it says; None where there was or is none."""

    old: str | None
    new: str | None

    @property
    def differs(self) -> bool:
        """Whether it changed."""
        return self.old != self.new


@dataclass(frozen=True)
class Row:
    """One rule in both versions."""

    id: str
    mark: str  #: added, removed, or '' for a rule that both have
    number: int | None  #: in the new version
    cells: list[Cell]
    annotation: Cell


@dataclass(frozen=True)
class Column:
    """A condition or a result."""

    name: str
    kind: str  #: input or output
    mark: str


@dataclass(frozen=True)
class CompareTable:
    """One decision table in both versions."""

    name: str
    columns: list[Column]
    rows: list[Row]


def compared_tables(before: bytes, after: bytes) -> list[CompareTable]:
    """Every table of a model, rows and columns that are gone at their old place."""
    old, new = read_parts(before), read_parts(after)
    decisions = {part.id: part.name for part in (*old.values(), *new.values()) if part.kind == "decision"}
    tables = [CompareTable(name, *_table(decision, old, new)) for decision, name in decisions.items()]
    return [table for table in tables if table.rows]


def _table(decision: str, old: Parts, new: Parts) -> tuple[list[Column], list[Row]]:
    columns = [item for kind in ("input", "output") for item in _merged(decision, kind, old, new)]
    shown = [Column((new.get(item) or old[item]).name, (new.get(item) or old[item]).kind, _mark(item, old, new)) for item in columns]
    rows = [_row(item, columns, old, new) for item in _merged(decision, "rule", old, new)]
    return shown, rows


def _row(rule: str, columns: list[str], old: Parts, new: Parts) -> Row:
    was, now = old.get(rule), new.get(rule)
    cells = [Cell(_fact(was, f"cell {column}"), _fact(now, f"cell {column}")) for column in columns]
    number = now.place + 1 if now is not None and now.place is not None else None
    return Row(rule, _mark(rule, old, new), number, cells, Cell(_fact(was, "annotation"), _fact(now, "annotation")))


def _merged(decision: str, kind: str, old: Parts, new: Parts) -> list[str]:
    """Ids in the new order; what is gone stands behind what it stood behind."""
    order = _ids(decision, kind, new)
    for place, identifier in enumerate(before := _ids(decision, kind, old)):
        if identifier not in order:
            ahead = next((other for other in reversed(before[:place]) if other in order), None)
            order.insert(order.index(ahead) + 1 if ahead is not None else 0, identifier)
    return order


def _ids(decision: str, kind: str, parts: Parts) -> list[str]:
    found = [part for part in parts.values() if part.parent == decision and part.kind == kind]
    return [part.id for part in sorted(found, key=lambda part: part.place or 0)]


def _mark(identifier: str, old: Parts, new: Parts) -> str:
    return "added" if identifier not in old else "removed" if identifier not in new else ""


def _fact(part: Part | None, aspect: str) -> str | None:
    return part.facts.get(aspect) if part is not None else None
