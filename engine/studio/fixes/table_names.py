"""Unknown names in the cells and expressions of a table, and what was meant by them."""

import re
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches

from engine.dmn.elements import Element, child, children, kind, text
from engine.feel.builtins import BUILTINS
from engine.feel.check import check_expression, check_tests

CELLS = ("inputEntry", "outputEntry", "inputExpression")


def meant(node: Element, known: Collection[str]) -> dict[str, str]:
    """The unknown names inside an element, each with what was meant: the same text in quotes, if the column has it elsewhere, or the nearest name."""
    found: dict[str, str] = {}
    for cell in _cells(node):
        check = check_tests if kind(cell) == "inputEntry" else check_expression
        for finding in check(text(cell), known):
            quoted = f'"{finding.name}"'
            names = BUILTINS if finding.code == "feel-unknown-function" else known
            near = [quoted] if any(quoted in other for other in _column(cell)) else get_close_matches(finding.name, list(names), 1)
            if finding.name and near:
                found[finding.name] = near[0]
    return found


def write(node: Element, names: Mapping[str, str]) -> None:
    """Write what was meant in the cells inside an element."""
    for cell in _cells(node):
        holder = child(cell, "text")
        place = cell if holder is None else holder
        renamed = place.text or ""
        for written, right in names.items():
            renamed = re.sub(rf"(?<![\w.\"]){re.escape(written)}(?![\w\"])", right.replace("\\", r"\\"), renamed)
        place.text = renamed


def _cells(node: Element) -> Iterator[Element]:
    if kind(node) in CELLS:
        yield node
    elif kind(node) == "rule":
        yield from children(node, "inputEntry")
        yield from children(node, "outputEntry")
    else:
        for table in children(node, "decisionTable"):
            for column in children(table, "input"):
                yield from children(column, "inputExpression")


def _column(cell: Element) -> Iterator[str]:
    """The texts of the other cells above and below, and the values that the column allows."""
    rule = next(cell.iterancestors())
    if kind(rule) != "rule":
        return
    name, table = kind(cell), next(rule.iterancestors())
    number = list(children(rule, name)).index(cell)
    for other in children(table, "rule"):
        yield from (text(entry) for entry in list(children(other, name))[number : number + 1])
    for column in list(children(table, name.removesuffix("Entry")))[number : number + 1]:
        yield from (text(child(column, allowed)) for allowed in ("inputValues", "outputValues"))
