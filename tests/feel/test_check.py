"""Mistakes in expressions are found before they run."""

import pytest

from engine.feel.check import check_expression, check_hide_condition, check_tests


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        ("距离 > 80", ["距离"], []),
        ("距里 > 80", ["距离"], [("feel-unknown-variable", "warning", 0)]),
        ("1 + substrin(a)", ["a"], [("feel-unknown-function", "error", 4)]),
        ("x >", ["x"], [("feel-syntax", "error", 3)]),
        ("items[price > 1].name", ["items"], []),
        ("for x in items return f(x)", ["items", "f"], []),
        ("{f: function(n) n, r: f(1)}", [], []),
        ("anything", None, []),
        ("order-id = 1", ["order-id"], []),
    ],
)
def test_what_is_wrong_with_an_expression(text: str, known: list[str] | None, expected: list[tuple[str, str, int]]) -> None:
    """Given an expression and the variables there are, when it is checked, then mistakes are told with their place."""
    assert [(finding.code, finding.severity, finding.position) for finding in check_expression(text, known)] == expected


@pytest.mark.parametrize(
    ("text", "nullable", "warned"),
    [
        ("amount > 10", ["amount"], True), ("amount > 10", [], False), ("amount != null and amount > 10", ["amount"], False),
        ("amount = null or amount > 10", ["amount"], False), ("amount = null and amount > 10", ["amount"], True), ('kind = "a"', ["kind"], False),
        ("not(done)", ["done"], True), ("done = true", ["done"], False), ("done", ["done"], True), ("amount in [1..5]", ["amount"], True),
        ('kind in ("a", "b")', ["kind"], False), ("count(items) > 1", ["items"], False), ("sum(items) > 1", ["items"], True),
        ("if done then true else amount > 1", ["amount"], True), ("customer.age > 3", ["customer"], True),
        ("some x in items satisfies x > 1", ["items"], True), ("amount between 1 and 5", ["amount"], True), ("items[1] = 3", ["items"], False),
    ],
)  # fmt: skip
def test_conditions_that_can_be_null_are_told(text: str, nullable: list[str], warned: bool) -> None:
    """Given variables that may be empty, when a condition would be neither true nor false, then it is told, unless it is guarded."""
    codes = [finding.code for finding in check_expression(text, nullable=nullable)]
    assert codes == (["feel-condition-null"] if warned else [])


@pytest.mark.parametrize(
    ("text", "warned"),
    [
        ('=kind = "a"', False),
        ('=not(kind = "a")', True),
        ("=amount < 5", False),
        ("=not(amount < 5)", False),
        ("=kind = null", True),
        ("=1 = 1", False),
        ("=(", True),
    ],
)
def test_hide_conditions_that_hide_an_empty_form_are_told(text: str, warned: bool) -> None:
    """Given a field's hide condition, when it is true while nothing is filled in, then it is told."""
    assert bool(check_hide_condition(text)) is warned


def test_cells_are_checked_too() -> None:
    """Given cells of a table, when one misspells a function or cannot be read, then it is told."""
    assert check_tests('> 5, not(null), "a"', []) == []
    assert [finding.code for finding in check_tests("> lenght(x)", ["x"])] == ["feel-unknown-function"]
    assert [finding.code for finding in check_tests("> ", [])] == ["feel-syntax"]
