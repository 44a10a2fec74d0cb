"""Expressions as people write them: names, spellings, mistakes and what is said about them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.errors import ExpressionError
from engine.feel import FeelSyntaxError, compile_expression, compile_unary_tests, from_json, to_json
from tests.feel.evaluating import environment, value, warnings


@pytest.mark.parametrize(
    ("text", "context", "names"),
    [
        ("距离 > 80", {"距离": 90}, ()),
        ('first name = "Ada"', {"first name": "Ada"}, ()),
        ("order-id = 7", {"order-id": 7, "order": 1, "id": 2}, ["order-id"]),
        ("order-id = 7", {"order": 9, "id": 2}, []),
        ("date of birth and death = 1", {"date of birth and death": 1}, ["date of birth and death"]),
        ("客户.等 级 = 1", {"客户": {"等 级": 1}}, ()),
        ("item 1 + item 2 = 3", {"item 1": 1, "item 2": 2}, ()),
        ("🐎 = 1", {"🐎": 1}, ()),
        ("profit/loss = 2", {"profit/loss": 2}, ["profit/loss"]),
    ],
)  # fmt: skip
def test_names_are_found(text: str, context: dict[str, Any], names: list[str]) -> None:
    """Given a name with spaces, Chinese, signs or keywords, when it is used, then the variable is found."""
    assert compile_expression(text, names).evaluate(context, environment()) is True


@pytest.mark.parametrize(
    "text",
    ["=a > 1", "${a > 1}", "${a gt 1 && !done}", "${a ge 2 and not done}", "${name == 'x' ? true : false}", "${empty nothing}", "${a eq 2 || a ne 2}",
     "${a mod 2 == 0}", "${a div 2 == 1}", "#{not empty name}", "${a lt 3}", "${done == false}"],
)  # fmt: skip
def test_other_spellings_are_read(text: str) -> None:
    """Given the spellings of Camunda 8 and of `${…}`, when they are evaluated, then they mean what they mean there."""
    assert value(text, {"a": 2, "done": False, "name": "x", "nothing": ""}) is True


def test_a_typing_mistake_is_answered_with_the_nearest_name() -> None:
    """Given a misspelt variable and a misspelt function, when they are evaluated, then the warnings name the right ones."""
    assert "未知变量 距里，是否指 距离？" in warnings("距里 > 80", {"距离": 1})[0][0]
    assert "did you mean 距离" in warnings("距里 > 80", {"距离": 1})[0][1]
    assert "是否指 substring？" in warnings('substrin("a", 1)')[0][0]
    assert "没有条目 等及，是否指 等级？" in warnings("客户.等及", {"客户": {"等级": 1}})[0][0]


def test_a_text_compared_with_a_date_is_advised_to_convert() -> None:
    """Given a form's date as text, when it is compared with a date, then the result is null and the warning says how to convert."""
    assert value("d < today()", {"d": "2026-01-01"}) is None
    assert "date(…)" in warnings("d < today()", {"d": "2026-01-01"})[0][0]
    assert value("date(d) < today()", {"d": "2026-01-01"}) is True


@pytest.mark.parametrize(
    ("text", "position", "zh"),
    [
        ("x >", 3, "应为一个值"),
        ("(1 + 2", 6, "应为“)”"),
        ("a == 1", 2, "请写“=”"),
        ("a ＞ 1", 2, "全角符号“＞”请改为半角“>”"),
        ('"abc', 0, "引号没有闭合"),
        ("if a then b", 11, "应为“else”"),
        ("1 2", 2, "应该结束"),
        ("", 0, "表达式是空的"),
        ("for x of y return x", 19, "应为名称"),
        ('@"tomorrow"', 0, "不是日期"),
        ("x instance of nmber", 14, "没有名为“nmber”的类型"),
        ("f(a: 1, 2)", 10, "要么全部"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, position: int, zh: str) -> None:
    """Given a text that is not FEEL, when it is compiled, then the error says where and what was expected, in both languages."""
    with pytest.raises(FeelSyntaxError) as mistake:
        compile_expression(text)

    assert mistake.value.details["position"] == position
    assert zh in mistake.value.zh
    assert mistake.value.en.isprintable()


@pytest.mark.parametrize(
    ("cell", "given", "accepted"),
    [
        ("-", None, True), ("", 5, True), ('"VIP", "金卡"', "金卡", True), ('not("VIP")', "金卡", True), ('not("VIP")', "VIP", False), ("> 80", 80, False),
        (">= 80", 80, True), ("[1..5)", 5, False), ("]1..5]", 5, True), ("< 5, > 10", 11, True), ("null", None, True), ("not(null)", None, False),
        ("not(null)", 1, True), ("? > 3 and ? < 5", 4, True), ('contains(?, "泵")', "水泵", True), ("limit", 7, True), ("< limit", 6, True),
        ("true", True, True), ("false", True, False), ('date("2026-01-01")', None, False), ("[1, 2, 3]", 2, True), ("1", [1], False), ("= 5", 5, True),
        ("!= 5", 5, False), ("not(1, 2)", 3, True), ("-5", -5, True), ("count(many) > 1", "x", True), ("a, b", 2, True), ('"x"', None, False),
    ],
)  # fmt: skip
def test_cells_of_a_table(cell: str, given: Any, accepted: bool) -> None:
    """Given a cell of a decision table, when an input value is tested, then it is accepted or not as the standard says."""
    context = {"limit": 7, "many": [1, 2], "a": 1, "b": 2}
    assert (compile_unary_tests(cell).evaluate(given, context, environment()) is True) is accepted


def test_free_names_are_known() -> None:
    """Given an expression with local names, a function and a filter, when it is asked for its variables, then only those from outside are there."""
    expression = compile_expression("for x in items[price > limit] return x + sum({a: 1, b: a + offset}.b)")

    assert expression.names == {"items", "price", "limit", "offset"}
    assert expression.item_names == {"price", "limit"}


def test_json_goes_in_and_out() -> None:
    """Given JSON values, when they pass through an expression, then whole numbers stay whole, others become floats, times become text."""
    data = {"n": 1, "f": 0.1, "l": [1, {"x": None}], "t": True, "s": "x"}

    assert to_json(value("data", {"data": data})) == data
    assert from_json({"n": 1.5}) == {"n": Decimal("1.5")}
    assert to_json(value('[0.1 + 0.2, 2 * 1.5, today(), duration("PT90M"), time("10:00:00")]')) == [
        0.3,
        3,
        "2026-11-20",
        "PT1H30M",
        "10:00:00",
    ]
    assert value("x", {"x": datetime(2026, 1, 1, tzinfo=UTC)}) == value('date and time("2026-01-01T00:00:00Z")')
    assert value("x", {"x": timedelta(hours=1)}) == value('duration("PT1H")')
    assert value("x", {"x": float("nan")}) is None
    for text in ("[1..2]", "count", "{a: [function(x) x]}"):
        with pytest.raises(ExpressionError):
            to_json(value(text))


def test_a_time_without_zone_is_the_offices() -> None:
    """Given a form's time without zone or seconds, when it is compared with now, then it counts as the office's time."""
    assert value('date and time("2026-11-20T15:59") < now() and date and time("2026-11-20T16:01") > now()') is True
    assert value('now() - date and time("2026-11-20T15:00")') == value('duration("PT1H")')
    assert value('date and time("2026-11-20T15:59")', standard=True) is None


class Days:
    """A calendar on which every day works."""

    class Due:
        """What the calendar answers."""

        def __init__(self, due_at: datetime, how: str) -> None:
            self.due_at = due_at
            self.explanation = {"zh": how, "en": how, "provisional": False}

    def add_days(self, start: datetime, n: int) -> Due:
        return self.Due(start + timedelta(days=n), f"{n} 天")

    def add_time(self, start: datetime, amount: timedelta) -> Due:
        return self.Due(start + amount, f"{amount}")


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("working days(now(), 2)", "2026-11-22T08:00:00Z"),
        ('working days(date("2026-11-20"), 1)', "2026-11-20T16:00:00Z"),
        ('working days("2026-11-20T09:30", 1)', "2026-11-21T01:30:00Z"),
        ('working time(now(), duration("PT2H"))', "2026-11-20T10:00:00Z"),
        ('working time(from: "2026-11-20T09:30+08:00", duration: @"PT30M")', "2026-11-20T02:00:00Z"),
    ],
)
def test_working_time_asks_the_calendar_and_keeps_the_reckoning(text: str, due: str) -> None:
    """Given a working calendar, when a deadline is reckoned, then it is a date and time and its explanation is kept."""
    env = environment(calendar=Days())

    assert compile_expression(text).evaluate({}, env).to_datetime("UTC") == datetime.fromisoformat(due)
    assert len(env.explanations) == 1
    assert env.explanations[0]["zh"]


def test_without_a_calendar_working_time_is_null() -> None:
    """Given no working calendar, when working days are asked for, then the result is null with a reason."""
    assert "没有工作日历" in warnings("working days(now(), 2)")[0][0]


def test_functions_of_the_environment_can_be_called() -> None:
    """Given a function that the caller lends, when an expression calls it, then its result is used, and data of that name does not hide it."""
    assert value("lent(2) + count([1])", {"lent": "data", "count": 5}, functions={"lent": lambda n: n * 10}) == 21
