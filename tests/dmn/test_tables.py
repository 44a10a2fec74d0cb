"""Decision tables decide as the DMN standard says, whatever their hit policy."""

from random import Random  # noqa: TID251 -- seeded: the same tables every time
from typing import Any

import pytest

from engine.dmn import DecisionError, read_dmn
from engine.dmn.table_index import TableIndex
from engine.errors import DiagramUnreadable
from engine.feel import compile_unary_tests
from engine.feel.scope import Frame, Run
from engine.feel.values import lift
from tests.dmn.models import decided, decision, definitions, read, table
from tests.feel.evaluating import environment

SIZES = [["< 10", '"small"', "1"], ["< 20", '"middle"', "2"], ["< 30", '"middle"', "3"]]


@pytest.mark.parametrize(
    ("policy", "attributes", "given", "expected"),
    [
        ("UNIQUE", "", 25, {"size": "middle", "fee": 3}),
        ("UNIQUE", "", 35, None),
        ("FIRST", "", 5, {"size": "small", "fee": 1}),
        ("ANY", "", 25, {"size": "middle", "fee": 3}),
        ("PRIORITY", "", 5, {"size": "middle", "fee": 2}),
        ("RULE ORDER", "", 15, [{"size": "middle", "fee": 2}, {"size": "middle", "fee": 3}]),
        ("OUTPUT ORDER", "", 5, [{"size": "middle", "fee": 2}, {"size": "middle", "fee": 3}, {"size": "small", "fee": 1}]),
        ("COLLECT", "", 35, []),
        ("F", "", 5, {"size": "small", "fee": 1}),
    ],
)
def test_hit_policies(policy: str, attributes: str, given: int, expected: Any) -> None:
    """Given a table of sizes and fees, when rules match, then the hit policy decides which results count and in which order."""
    model = decision("size", table(["n"], ['size|"middle", "small"', "fee"], SIZES, policy, attributes))

    assert decided(model, "size", {"n": given}) == expected


@pytest.mark.parametrize(("aggregation", "expected"), [("SUM", 6), ("MIN", 1), ("MAX", 3), ("COUNT", 3)])
def test_aggregations(aggregation: str, expected: int) -> None:
    """Given COLLECT with an aggregation, when three rules match, then their outputs are added, compared or counted."""
    rules = [["< 10", "1"], ["< 20", "2"], ["< 30", "3"]]

    assert decided(decision("t", table(["n"], ["fee"], rules, "COLLECT", f'aggregation="{aggregation}"')), "t", {"n": 5}) == expected


def test_the_default_output_answers_when_no_rule_does() -> None:
    """Given a default output, when no rule matches, then it is the result."""
    assert decided(decision("t", table(["n"], ['size||"unknown"'], [["< 10", '"small"']])), "t", {"n": 50}) == "unknown"


def test_a_contradicting_table_is_an_error_that_names_the_rules() -> None:
    """Given a UNIQUE table, when two rules match, then deciding fails and names both; the standard's own answer is null."""
    model = decision("费用", table(["n"], ["fee"], [["< 10", "1"], ["< 20", "2"]]))

    with pytest.raises(DecisionError) as refused:
        decided(model, "费用", {"n": 5})
    assert refused.value.details["rules"] == [1, 2]
    assert "规则 1、2" in refused.value.zh
    assert decided(model, "费用", {"n": 5}, strict=False) is None


def test_the_result_says_why() -> None:
    """Given a table, when it decides, then inputs, matched rules with their notes and the value are told."""
    result = read(decision("t", table(["客户.等级", "距离"], ["fee"], [['"VIP"', "-", "0"], ["-", "> 80", "距离 * 2"]], "FIRST"))).decide(
        "t", {"客户": {"等级": "普通"}, "距离": 90.5}, environment()
    )

    assert result.json_value == 181
    assert result.inputs == {"客户.等级": "普通", "距离": 90.5}
    assert result.matched_rules == [{"index": 2, "id": "r2", "annotation": "row 2"}]


def test_an_unknown_decision_is_answered_with_the_nearest_name() -> None:
    """Given a misspelt decision, when it is asked for, then the error suggests the right one."""
    with pytest.raises(DecisionError, match="did you mean coverage"):
        decided(decision("coverage", table(["n"], ["fee"], [["-", "1"]])), "coverag")


def test_what_is_wrong_in_a_file_is_told_with_line_and_element() -> None:
    """Given a cell and an output that cannot be parsed, when the file is read, then both are problems with their decision."""
    model = read_dmn(definitions(decision("t", table(["n"], ["fee"], [["> ", "1 +"]]))), resource="t.dmn")

    assert [problem.code for problem in model.problems] == ["feel-syntax", "feel-syntax"]
    assert all(problem.element_id in ("r1", "t") for problem in model.problems)
    assert all(problem.line == 1 and problem.resource == "t.dmn" for problem in model.problems)


def test_another_expression_language_is_refused() -> None:
    """Given a cell and an expression in other languages, when the file is read, then both are refused; FEEL by any of its names is not."""
    logic = table(["n"], ["fee"], [["> 1", "1"]])
    other = logic.replace("<inputEntry>", '<inputEntry expressionLanguage="juel">').replace(
        "<outputEntry>", '<outputEntry expressionLanguage="javascript">'
    )
    feel = logic.replace("<inputEntry>", '<inputEntry expressionLanguage="https://www.omg.org/spec/DMN/20230324/FEEL/">')

    assert [problem.code for problem in read_dmn(definitions(decision("t", other))).problems] == ["dmn-language"] * 2
    assert not read_dmn(definitions(decision("t", feel))).problems


@pytest.mark.parametrize("content", [b"<a/>", b"{}", b'<!DOCTYPE a><definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"/>'])
def test_other_files_are_refused(content: bytes) -> None:
    """Given a file that is no DMN, when it is read, then it is refused."""
    with pytest.raises(DiagramUnreadable):
        read_dmn(content)


NUMBERS = [
    "-",
    "5",
    "< 5",
    "<= 5",
    "> 3",
    "[2..7]",
    "(2..7)",
    "]1..4]",
    "1, 3, > 8",
    "not(4)",
    "null",
    "not(null)",
    "? = 6",
    "n",
    "(>= 9)",
    "-2.50",
    "[7..2]",
]
TEXTS = ["-", '"a"', '"a", "b"', '["a".."c"]', 'not("b")', "null", 'starts with(?, "a")', '"b"', "5", "true"]
VALUES: list[Any] = [None, 0, 1, 2, 2.0, 3, 4, 4.5, 5, 6, 7, 8.5, 9, -2.5, "a", "ab", "b", "d", True, False, [1], {"x": 1}]


def test_looking_rules_up_gives_what_asking_every_cell_gives() -> None:
    """Given 60 random tables, when values of every kind are looked up, then exactly the rules match whose cells accept them."""
    random = Random(7)
    for _ in range(60):
        rows = [
            (compile_unary_tests(random.choice(NUMBERS)), compile_unary_tests(random.choice(TEXTS))) for _ in range(random.randrange(1, 15))
        ]
        index = TableIndex(rows, 2)
        for _ in range(40):
            values = [lift(random.choice(VALUES)), lift(random.choice(VALUES))]
            frame = Frame({"n": 4}, None, Run(environment()))
            asked = [
                n
                for n, cells in enumerate(rows)
                if all(cell.accepts(frame, value) is True for cell, value in zip(cells, values, strict=True))
            ]
            assert index.matches(frame, values, first_only=False) == asked
            assert index.matches(frame, values, first_only=True) == asked[:1]
