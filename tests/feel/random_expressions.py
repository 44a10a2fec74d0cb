"""Random expressions over a random context, the same for the same seed: mostly of matching types, sometimes with empty values."""

from collections.abc import Callable
from random import Random  # noqa: TID251 -- seeded: the same expressions every time
from typing import Any

NAMES: dict[str, list[str]] = {
    "number": ["a", "b", "距离", "line.qty"],
    "string": ["s", "客户.等级", "line.name"],
    "boolean": ["p", "q"],
    "numbers": ["ns", "lines.qty"],
    "strings": ["ss"],
    "date": ["date(d)"],
}


def random_context(random: Random) -> dict[str, Any]:
    """Variables of every kind; some are null."""

    def number() -> Any:
        return random.choice([None, 0, 1, -2, 3, 7.5, 10, 0.1, 100])

    def text() -> Any:
        return random.choice([None, "", "a", "VIP", "张三", "abc", "foobar"])

    return {
        "a": number(),
        "b": random.choice([1, 2, 5, 80]),
        "距离": random.choice([10, 80, 80.5, 120]),
        "s": text(),
        "客户": {"等级": random.choice(["VIP", "普通"])},
        "line": {"qty": random.choice([1, 2, 3]), "name": random.choice(["泵", "x"])},
        "lines": [{"qty": random.choice([1, 2, 3]), "name": "n"} for _ in range(random.randrange(4))],
        "p": random.choice([True, False, None]),
        "q": random.choice([True, False]),
        "ns": [random.choice([1, 2, 3, 4.5, -1]) for _ in range(random.randrange(5))],
        "ss": [random.choice(["a", "b", "c", "VIP"]) for _ in range(random.randrange(4))],
        "d": random.choice(["2026-01-31", "2024-02-29", "2025-12-31", "2026-11-20"]),
    }


class Generator:
    """Makes expressions of a wanted kind."""

    def __init__(self, random: Random) -> None:
        """Args: random: decides."""
        self._random = random

    def expression(self, kind: str | None = None, depth: int = 3) -> str:
        """An expression of a kind; the deeper, the longer."""
        kind = kind or self._random.choice(["boolean", "boolean", "number", "string", "numbers", "strings", "date", "duration"])
        makers = _LEAVES[kind] if depth <= 0 or self._random.random() < 0.2 else _MAKERS[kind]
        return self._random.choice(makers)(self, depth - 1)

    def pick(self, *choices: str) -> str:
        """One of the texts."""
        return self._random.choice(choices)

    def name(self, kind: str) -> str:
        """A variable of the kind."""
        return self._random.choice(NAMES[kind])


Maker = Callable[[Generator, int], str]


def _literal(*texts: str) -> Maker:
    return lambda g, _: g.pick(*texts)


def _of(template: str, *kinds: str) -> Maker:
    """A template with `{}` for each part; the parts are made of the kinds."""
    return lambda g, depth: template.format(*(g.expression(kind, depth) for kind in kinds))


def _operator(kind: str, *operators: str) -> Maker:
    return lambda g, depth: f"({g.expression(kind, depth)} {g.pick(*operators)} {g.expression(kind, depth)})"


_LEAVES: dict[str, list[Maker]] = {
    "number": [lambda g, _: g.name("number"), _literal("0", "1", "2", "-3", "0.5", "10", "80", "1.25")],
    "string": [lambda g, _: g.name("string"), _literal('"a"', '""', '"VIP"', '"foobar"', '"张三"')],
    "boolean": [lambda g, _: g.name("boolean"), _literal("true", "false")],
    "numbers": [lambda g, _: g.name("numbers"), _literal("[1, 2, 3]", "[]", "[4, -1, 2.5, 2]")],
    "strings": [lambda g, _: g.name("strings"), _literal('["a", "b"]', '["VIP"]', "[]")],
    "date": [lambda g, _: g.name("date"), _literal('date("2026-03-01")', '@"2025-12-31"', "date(2024, 2, 29)")],
    "duration": [_literal('duration("P1D")', 'duration("P3DT24H")', '@"-P2D"', 'duration("PT0S")')],
    "sure": [_literal("b", "距离", "line.qty", "0", "2.5", "80")],
    "large": [_literal("81", "100.5")],
    "full": [_literal("ns", "lines.qty", "[3, 1, 2]", "[]")],
    "same": [_literal("[1, 2]", "[2, 1]", "[1, 1]")],
}
_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
_MAKERS: dict[str, list[Maker]] = {
    "number": [
        _operator("number", "+", "-", "*"),
        _operator("number", "+", "-", "*", "/"),
        _of("-({})", "number"),
        _of("(if {} then {} else {})", "boolean", "number", "number"),
        _of("count({})", "numbers"),
        _of("sum({})", "numbers"),
        _of("min({})", "numbers"),
        _of("max({}, {})", "number", "number"),
        _of("mean({})", "numbers"),
        _of("abs({})", "number"),
        _of("floor({})", "number"),
        _of("ceiling({})", "number"),
        _of("modulo({}, 3)", "number"),
        _of("string length({})", "string"),
        _of("{}[1]", "numbers"),
        _of("{}[-1]", "numbers"),
        _of("{}.day", "date"),
        _of("{}.month", "date"),
        _of("({}.year)", "date"),
        _of("round half up({}, 1)", "number"),
        _of("decimal({}, 0)", "number"),
    ],
    "string": [
        _operator("string", "+"),
        _of("upper case({})", "string"),
        _of("lower case({})", "string"),
        _of('substring("热线" + {}, 2)', "string"),
        _of('substring({} + "服务", -2, 1)', "string"),
        _of('substring before({}, "o")', "string"),
        _of('substring after({}, "o")', "string"),
        _of('replace({}, "[ao]", "x")', "string"),
        _of("string(floor({}))", "number"),
        _of("string({})", "boolean"),
        _of("(if {} then {} else {})", "boolean", "string", "string"),
        _of('string join({}, "-")', "strings"),
        _of("{}[1]", "strings"),
    ],
    "boolean": [
        _operator("number", *_COMPARISONS),
        _operator("number", *_COMPARISONS),
        _operator("string", "=", "!="),
        _operator("date", *_COMPARISONS),
        _operator("duration", *_COMPARISONS),
        _operator("boolean", "and", "or"),
        _operator("boolean", "and", "or"),
        _of("not({})", "boolean"),
        _of("({} between -1 and {})", "sure", "large"),
        _of("({} between 1 and 5)", "number"),
        _of("({} in [1..80])", "sure"),
        _of("({} in ]0.5..10[)", "sure"),
        _of("({} in ({}, > {}))", "sure", "sure", "sure"),
        _of("({} in (1..80])", "sure"),
        _of('({} in ("VIP", {}))', "string", "string"),
        _of("list contains({}, {})", "numbers", "number"),
        _of("contains({}, {})", "string", "string"),
        _of('starts with({}, "f")', "string"),
        _of('ends with({}, "r")', "string"),
        _of('matches({}, "^[a-z]+$")', "string"),
        _of("(some x in {} satisfies x > {})", "full", "sure"),
        _of("(every x in {} satisfies x < {})", "full", "sure"),
        _of("({} = null)", "string"),
        _of("(count({}) = count({}))", "numbers", "numbers"),
        _of("(reverse({}) = {})", "same", "same"),
        _of("all([{}, {}])", "boolean", "boolean"),
        _of("any([{}, {}])", "boolean", "boolean"),
    ],
    "numbers": [
        _of("[{}, {}]", "number", "number"),
        _of("(for x in {} return x + {})", "numbers", "number"),
        _of("(for i in 1..3 return i * {})", "number"),
        _of("{}[item > {}]", "numbers", "number"),
        _of("append({}, {})", "numbers", "number"),
        _of("concatenate({}, {})", "numbers", "numbers"),
        _of("reverse({})", "numbers"),
        _of("distinct values({})", "numbers"),
        _of("union({}, {})", "numbers", "numbers"),
        _of("sublist(append({}, 1), 1, 1)", "numbers"),
        _of("remove(append({}, 2), 1)", "numbers"),
        _of("insert before(append({}, 3), 1, {})", "numbers", "number"),
        _of("sort({}, function(x, y) x < y)", "full"),
        _of("index of({}, {})", "numbers", "number"),
        _of("flatten([{}, [{}]])", "numbers", "number"),
        _of("lines[qty > {}].qty", "number"),
    ],
    "strings": [
        _of("[{}, {}]", "string", "string"),
        _of('split({}, "o")', "string"),
        _of("(for x in {} return upper case(x))", "strings"),
        _of("{}[item = {}]", "strings", "string"),
        _of("append({}, {})", "strings", "string"),
    ],
    "sure": [
        _operator("sure", "+", "-", "*"),
        _of("count({})", "numbers"),
        _of("(if {} then {} else {})", "boolean", "sure", "sure"),
        _of("{}.day", "date"),
        _of("abs({})", "sure"),
    ],
    "large": [_of("({} + 100)", "sure")],
    "full": [_of("append({}, {})", "full", "sure"), _of("(for x in {} return x * {})", "full", "sure")],
    "same": [_of("(if {} then {} else {})", "boolean", "same", "same")],
    "date": [
        _of("({} + {})", "date", "duration"),
        _of('({} - duration("P1D"))', "date"),
        _of('({} + duration("P1M"))', "date"),
        _of("(if {} then {} else {})", "boolean", "date", "date"),
    ],
    "duration": [
        _operator("duration", "+", "-"),
        _of("({} - {})", "date", "date"),
    ],
}
