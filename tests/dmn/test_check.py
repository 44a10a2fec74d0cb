"""Mistakes in tables are found before anybody runs into them."""

import pytest

from engine.dmn import read_dmn
from engine.dmn.check import check_model
from tests.dmn.models import decision, definitions, input_data, literal, table


def findings(logic: str, known: list[str] | None = None) -> list[str]:
    model = read_dmn(definitions(input_data("n") + decision("t", logic, "input:n")))
    return [f"{problem.code}: {problem.zh}" for problem in check_model(model, known)]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([["<= 80"], ["> 80"]], []),
        ([["< 80"], ["> 80"]], ["dmn-gap: 没有规则适用于：n = 80；结果将是空值。"]),
        ([["<= 80"], [">= 80"]], ["dmn-overlap: 命中策略为 UNIQUE，规则 1 和 2 却可能同时命中。"]),
        ([["[1..5)"], ["[5..9]"]], ["dmn-gap: 没有规则适用于：n < 1；结果将是空值。", "dmn-gap: 没有规则适用于：n > 9；结果将是空值。"]),
        ([["true"], ["false"]], []),
        ([["true"]], ["dmn-gap: 没有规则适用于：n = false；结果将是空值。"]),
        ([['"a"'], ['"b"']], ["dmn-gap: 没有规则适用于：n 为其他值；结果将是空值。"]),
        ([['"a"'], ["-"]], ["dmn-overlap: 命中策略为 UNIQUE，规则 1 和 2 却可能同时命中。"]),
        ([["limit"], ["> 3"]], []),
        ([["not(3)"], ["3"]], []),
    ],
)
def test_overlaps_and_gaps_of_one_column(rules: list[list[str]], expected: list[str]) -> None:
    """Given a UNIQUE table of one column, when it is checked, then overlaps and gaps are told, and nothing that is not sure."""
    assert findings(table(["n"], ["r"], [[*rule, "1"] for rule in rules])) == expected


@pytest.mark.parametrize(
    ("rules", "hidden"),
    [
        ([["> 5"], ["> 8"], ["-"]], ["dmn-hidden-rule: 规则 2 永远轮不到：规则 1 在它之前，并且总是同时命中。"]),
        ([["-"], ["3"]], ["dmn-hidden-rule: 规则 2 永远轮不到：规则 1 在它之前，并且总是同时命中。"]),
        ([["> 8"], ["> 5"], ["-"]], []),
        ([["limit"], ["3"], ["-"]], []),
    ],
)
def test_rows_behind_others_that_always_match(rules: list[list[str]], hidden: list[str]) -> None:
    """Given a FIRST table, when a row comes after one that matches whenever it does, then it is named, and nothing that is not sure."""
    assert findings(table(["n"], ["r"], [[*rule, "1"] for rule in rules], "FIRST")) == hidden


def test_overlaps_and_gaps_of_two_columns() -> None:
    """Given two columns, when only a combination is missing or doubled, then that combination is told."""
    rules = [["<= 80", "-", "1"], ["> 80", '"VIP"', "2"], ["(80..100]", '"VIP", "金卡"', "3"]]

    assert findings(table(["n", "grade"], ["r"], rules), ["grade"]) == [
        "dmn-overlap: 命中策略为 UNIQUE，规则 2 和 3 却可能同时命中。",
        "dmn-gap: 没有规则适用于：n > 80 且 < 100，grade 为其他值；结果将是空值。",
        "dmn-gap: 没有规则适用于：n > 100，grade 为其他值；结果将是空值。",
        'dmn-gap: 没有规则适用于：n > 100，grade = "金卡"；结果将是空值。',
    ]  # fmt: skip


def test_a_default_output_and_allowed_values_close_gaps() -> None:
    """Given a default output, or input values that are all answered, when the table is checked, then there is no gap."""
    closed = table(["n"], ["r"], [['"a"', "1"]]).replace(
        "</inputExpression>", '</inputExpression><inputValues><text>"a"</text></inputValues>'
    )

    assert findings(table(["n"], ["r||0"], [["> 5", "1"]])) == []
    assert findings(closed) == []


def test_unknown_names_in_tables_are_told_with_the_nearest() -> None:
    """Given a table that misspells a variable and a function, when it is checked, then both are named."""
    told = findings(table(["距里", "n"], ["r||0"], [["> 5", "leng(?) > 1", "1"]]), ["距离"])

    assert told[0].startswith("feel-unknown-function: 未知函数 leng")
    assert told[1] == "feel-unknown-variable: 未知变量 距里，是否指 距离？"


def test_a_decision_without_a_table_is_checked_too() -> None:
    """Given literal decisions, when one calls a function that nobody defines, then it is told."""
    assert findings(literal("n + 1")) == []
    assert [told.partition(":")[0] for told in findings(literal("roundup(n)"))] == ["feel-unknown-function"]
