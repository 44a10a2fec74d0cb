"""Whoever may write an expression cannot hang the server, fill its memory or get out of the language."""

import tracemalloc
from datetime import UTC, datetime
from time import process_time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import ExpressionError
from engine.feel import Budget, BudgetExceeded, Environment, FeelSyntaxError, compile_expression, compile_unary_tests, to_json
from engine.feel.builtins import BUILTINS
from tests.feel.attacks import ATTACKS

CONTEXT: dict[str, Any] = {"a": [1, 2, 3], "f": 3, "s": "text", "c": {"x": 1}}


#: what `loop_seconds` takes on the bench machine when nothing else runs; a busy machine is given as much longer as it is slower
LOOP_SECONDS = 0.002


def loop_seconds() -> float:
    """CPU time of a fixed piece of work."""
    begin = process_time()
    for _ in range(200_000):
        pass
    return process_time() - begin


def attack(text: str) -> str:
    """Compile and evaluate; the kind of the answer, or of the refusal."""
    try:
        value = compile_expression(text).evaluate(CONTEXT, Environment(now=datetime(2026, 1, 1, tzinfo=UTC)))
    except ExpressionError as refusal:
        return type(refusal).__name__ if refusal.zh and len(refusal.en) < 1000 else "an unreadable refusal"
    return type(value).__name__


@pytest.mark.parametrize("text", ATTACKS.values(), ids=ATTACKS.keys())
def test_an_attack_is_refused_or_bounded(text: str) -> None:
    """Given an expression made to do harm, when it is evaluated, then it ends in 100 ms of CPU time and 50 MB, with an answer in both languages."""
    seconds = []
    for _ in range(2):
        slowness = max(1.0, loop_seconds() / LOOP_SECONDS)
        begin = process_time()
        answer = attack(text)
        seconds.append((process_time() - begin) / slowness)
    tracemalloc.start()
    attack(text)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert answer != "an unreadable refusal"
    assert min(seconds) < 0.1
    assert peak < 50_000_000


def test_python_internals_are_never_reached() -> None:
    """Given names of Python internals, when they are used as properties, functions or entries, then the result is null or plain data."""
    for name in (
        "__class__",
        "__dict__",
        "__globals__",
        "__init__",
        "mro",
        "__subclasses__",
        "func_globals",
        "gi_frame",
        "__getattribute__",
    ):
        for template in ("s.{}", "a.{}", "c.{}", "count.{}", 'date("2026-01-01").{}', "[1..2].{}", "{}", "{}(1)", "s.{}()"):
            assert attack(template.format(name)) in ("NoneType", "list")


def test_a_result_that_shares_parts_without_end_is_not_written_as_json() -> None:
    """Given a small expression whose value has 2^40 parts when written out, when it is made JSON, then that is refused."""
    doubled = "{a0: [1], " + ", ".join(f"a{n}: [a{n - 1}, a{n - 1}]" for n in range(1, 40)) + "}"
    value = compile_expression(doubled).evaluate({}, Environment(now=datetime(2026, 1, 1, tzinfo=UTC)))

    with pytest.raises(ExpressionError, match="200,000"):
        to_json(value)


def test_the_budget_is_the_callers_choice() -> None:
    """Given a tight budget, when an expression needs more steps, then it is stopped and the message says the limit."""
    env = Environment(now=datetime(2026, 1, 1, tzinfo=UTC), budget=Budget(steps=50))

    with pytest.raises(BudgetExceeded, match="50 steps") as stopped:
        compile_expression("for i in 1..100 return i").evaluate({}, env)

    assert "50 步" in stopped.value.zh


SIGNS = [*"+-*/()[]{}<>=,.:", "**", "..", "!=", ">=", "${", "}"]
KEYWORDS = [
    "if",
    "then",
    "else",
    "for",
    "in",
    "return",
    "some",
    "every",
    "satisfies",
    "and",
    "or",
    "between",
    "instance",
    "of",
    "function",
    "true",
    "null",
]
TERMS = ["a", "f", "s", "c", "x", "?", "1", "0", "2.5", "1e9", '"b"', '"P1D"', '@"2026-01-01"', '"(a+)+"', "number", "list<number>"]
WORDS = st.sampled_from([*sorted(BUILTINS), *KEYWORDS, *TERMS, *SIGNS])
CALLS = st.builds(
    lambda name, arguments: f"{name}({', '.join(arguments)})",
    st.sampled_from(sorted(BUILTINS)),
    st.lists(
        st.sampled_from(["a", "f", "s", "c", "null", "-1", "1e30", '"2026-01-01"', "true", "[1..5]", "[[1], null]", "function(x) x", "{}"]),
        max_size=4,
    ),
)
SOUP = st.lists(WORDS, max_size=40).map(" ".join)
NESTED = st.recursive(
    st.sampled_from(["a", "1", "s", "[]", "null", '"x"']) | CALLS,
    lambda part: (
        st.tuples(part, st.sampled_from(["+", "**", "*", "=", "<", "and", "in", "-"]), part).map(lambda p: f"({p[0]} {p[1]} {p[2]})")
        | st.tuples(part, part).map(lambda p: f"(for x in {p[0]} return {p[1]})")
        | st.tuples(part, part).map(lambda p: f"{p[0]}[{p[1]}]")
        | st.tuples(part, part).map(lambda p: f"[{p[0]}, {p[1]}]")
        | st.tuples(part, part).map(lambda p: f"{{x: {p[0]}, y: {p[1]}}}")
        | part.map(lambda p: f"(function(x) {p})(a)")
    ),
    max_leaves=12,
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=SOUP | CALLS | NESTED | st.text(max_size=60))
def test_nothing_hangs_or_escapes(text: str) -> None:
    """Given any text at all, when it is read and evaluated, then it gives a value, a syntax error or a budget error, soon, and changes no data."""
    before = process_time()
    for compile_text in (compile_expression, compile_unary_tests):
        try:
            compiled = compile_text(text)
        except FeelSyntaxError:
            continue
        env = Environment(now=datetime(2026, 1, 1, tzinfo=UTC))
        try:
            compiled.evaluate(CONTEXT, env) if compile_text is compile_expression else compiled.evaluate(1, CONTEXT, env)  # type: ignore[call-arg, arg-type]
        except BudgetExceeded:
            continue
        assert all(warning.zh and warning.en for warning in env.warnings)

    assert process_time() - before < 2  # a collection of garbage may fall into it
    assert CONTEXT == {"a": [1, 2, 3], "f": 3, "s": "text", "c": {"x": 1}}
