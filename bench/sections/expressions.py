"""What expressions and decision tables cost, beside the same work in plain Python."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from timeit import repeat
from typing import Any

from bench.rows import Row
from bench.stage import Stage
from engine.dmn import read_dmn
from engine.feel import Environment, compile_expression

DATABASES = ()

CONDITION = '距离 > 80 and 客户.等级 = "VIP" or amount >= 1000'
PYTHON_CONDITION = '距离 > 80 and 客户["等级"] == "VIP" or amount >= 1000'
CONTEXT: dict[str, Any] = {"距离": 79.5, "客户": {"等级": "VIP"}, "amount": 999}
RULES = 1000
_NOW = datetime(2026, 1, 1, tzinfo=UTC)


def rows(stage: Stage) -> Iterator[Row]:  # noqa: ARG001 -- needs no database and is short
    """A typical condition, and a table of 1,000 rules with three inputs."""
    expression, env = compile_expression(CONDITION), Environment(now=_NOW)
    code = compile(PYTHON_CONDITION, "condition", "eval")
    ours = _microseconds(lambda: expression.evaluate(CONTEXT, env), 10_000)
    python = _microseconds(lambda: eval(code, {}, CONTEXT), 10_000)  # noqa: S307 -- the yardstick is Python itself
    yield Row("FEEL condition, compiled", ours, "µs", CONDITION, limit=15)
    yield Row("FEEL condition ÷ the same Python expression", ours / python, "×", PYTHON_CONDITION)
    model, inputs = read_dmn(table(RULES)), {"a": RULES * 10 - 5, "b": f"k{(RULES - 1) % 7}", "c": None}
    ours = _microseconds(lambda: model.decide("t", inputs, env), 200)
    python = _microseconds(lambda: plain_loop(inputs), 200)
    yield Row(f"decision table of {RULES:,} rules", ours, "µs", "three inputs; the last rule matches", limit=1000)
    yield Row("decision table ÷ a plain Python loop", ours / python, "×", "the same rules as a loop of comparisons")


def table(rules: int) -> bytes:
    """A UNIQUE table: an interval of numbers, one of seven texts, and every second rule asks that `c` is null."""
    cells = "".join(
        f"<rule id='r{n}'><inputEntry><text>[{n * 10}..{n * 10 + 10})</text></inputEntry><inputEntry><text>\"k{n % 7}\"</text></inputEntry>"
        f"<inputEntry><text>{'-' if n % 2 else 'null'}</text></inputEntry><outputEntry><text>{n}</text></outputEntry></rule>"
        for n in range(rules)
    )
    columns = "".join(f"<input id='i{name}'><inputExpression><text>{name}</text></inputExpression></input>" for name in "abc")
    return (
        "<definitions xmlns='https://www.omg.org/spec/DMN/20191111/MODEL/' id='d' name='bench' namespace='urn:bench'><decision id='t' name='t'>"
        f"<decisionTable hitPolicy='UNIQUE'>{columns}<output id='o'/>{cells}</decisionTable></decision></definitions>"
    ).encode()


def plain_loop(inputs: dict[str, Any]) -> list[int]:
    """The same rules without any engine."""
    a, b, c = inputs["a"], inputs["b"], inputs["c"]
    return [n for n in range(RULES) if n * 10 <= a < n * 10 + 10 and b == f"k{n % 7}" and (n % 2 or c is None)]


def _microseconds(work: Callable[[], object], rounds: int) -> float:
    """The best of several measurements."""
    return min(repeat(work, number=rounds, repeat=5)) / rounds * 1e6
