"""The server understands expressions as the browser does: random ones go through our engine and through feelin, which form-js uses."""

import json
import os
import shutil
import subprocess
from datetime import UTC, datetime
from decimal import Decimal
from math import isclose
from pathlib import Path
from random import Random  # noqa: TID251 -- seeded: the same expressions every time
from typing import Any

import pytest

from engine.feel import Environment, compile_expression
from engine.feel.durations import DaysTime, YearsMonths
from engine.feel.values import lift
from tests.feel.random_expressions import Generator, random_context

FEELIN = Path(__file__).parents[2] / "web/frontend/node_modules/@bpmn-io/feelin"
COUNT = 3000

#: where feelin departs from the standard: expression, what the standard says (ours), what feelin says, the rule
DEPARTURES: list[tuple[str, Any, Any, str]] = [
    ("0.1 + 0.2 = 0.3", True, False, "numbers are decimals of 34 digits, not binary floating point"),
    ("string(2 / 3)", "0.6666666666666666666666666666666667", "0.6666666666666666", "the same"),
    ("1 instance of number", True, False, "instance of asks for the type"),
    ("[] = [null]", False, True, "lists of different length are not equal"),
    ("[1] = []", False, None, "the same"),
    ("5 in [10..1]", False, True, "a range whose start is after its end is empty"),
    ("5 between 10 and 1", False, True, "x between a and b is x >= a and x <= b"),
    ("1 in [1..null]", None, True, "a range with an end that is null cannot be tested"),
    ("null in [1..2]", None, False, "null cannot be compared"),
    ("every x in [1] satisfies x < null", None, False, "every is a three-valued and"),
    ("some x in [1] satisfies x < null", None, False, "some is a three-valued or"),
    ('date("2026-01-01") < "2026-01-02"', None, False, "different kinds cannot be compared"),
    ('substring("abc", 5)', None, "", "the start position must lie inside the text"),
    ("insert before([], 1, 2)", None, [2], "the position must exist"),
    ("remove([], 1)", None, [], "the position must exist"),
    ("median([4.5, 9, 13.5])", 9, 4.5, "numbers are ordered as numbers"),
    ('(date("2026-01-03") - date("2026-01-01")).days', 2, 0, "the days of a duration count its whole days"),
    ('["", null][item != "a"]', ["", None], [""], "null differs from every text"),
]


def test_random_expressions_mean_the_same_in_the_browser() -> None:
    """Given 3,000 random expressions and contexts, when both engines evaluate them, then every result is the same."""
    random = Random(20261120)
    generator = Generator(random)
    cases = [{"text": generator.expression(), "context": random_context(random)} for _ in range(COUNT)]

    theirs = _feelin(cases)

    different = [
        f"{case['text']} with {case['context']}: {mine} but feelin {other}"
        for case, other in zip(cases, theirs, strict=True)
        if "error" in other or not _same(mine := _ours(case["text"], case["context"]), other["value"])
    ]
    assert len({case["text"] for case in cases}) >= 2000
    assert not different, "\n".join(different[:20])


def test_what_feelin_does_otherwise_is_listed() -> None:
    """Given the listed expressions, when both engines evaluate them, then ours follows the standard and feelin still differs as listed."""
    theirs = _feelin([{"text": text, "context": {}} for text, *_ in DEPARTURES])

    for (text, standard, feelin, rule), other in zip(DEPARTURES, theirs, strict=True):
        assert _same(_ours(text, {}), standard), f"{text}: {rule}"
        assert other.get("value") == feelin, f"{text}: feelin has changed, take it off the list"


def _feelin(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    node = shutil.which("node")
    if node is None or not FEELIN.is_dir():
        assert not os.environ.get("CI"), "needs node and web/frontend/node_modules"  # noqa: TID251 -- where tests run is no setting
        pytest.skip("no node, or the front end is not installed")
    script = Path(__file__).with_name("feelin.mjs")
    done = subprocess.run(
        [node, str(script), str(FEELIN)], input=json.dumps(cases), capture_output=True, text=True, check=True, timeout=120
    )
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


def _ours(text: str, context: dict[str, Any]) -> Any:
    return compile_expression(text).evaluate(context, Environment(now=datetime(2026, 1, 1, tzinfo=UTC), time_zone="UTC"))


def _same(mine: Any, other: Any) -> bool:
    mine = lift(mine)
    if isinstance(mine, Decimal):
        return isinstance(other, int | float) and not isinstance(other, bool) and isclose(float(mine), other, rel_tol=1e-9, abs_tol=1e-9)
    if isinstance(mine, list):
        return isinstance(other, list) and len(mine) == len(other) and all(map(_same, mine, other))
    if mine is None or isinstance(mine, str | bool):
        return type(mine) is type(other) and mine == other
    if not isinstance(other, dict):
        return False
    if isinstance(mine, DaysTime):
        return other.get("months") == 0 and isclose(other["seconds"], mine.nanos / 1e9)
    if isinstance(mine, YearsMonths):
        return other.get("seconds") == 0 and other["months"] == mine.total
    return str(mine)[:10] == str(other.get("temporal"))[:10]
