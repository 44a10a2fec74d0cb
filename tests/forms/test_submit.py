"""What a submitted form may do: a request without the browser gets the same answer, and a forged one gets nowhere."""

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.errors import FormRejected, InvalidInput
from engine.feel import Environment
from engine.forms import submit


@pytest.fixture
def env() -> Environment:
    """Thursday 2026-03-05 in Shanghai."""
    return Environment(now=datetime(2026, 3, 5, 2, 0, tzinfo=UTC), time_zone="Asia/Shanghai")


def form(*components: dict[str, Any]) -> dict[str, Any]:
    return {"type": "default", "components": [{"id": part.get("key", part["type"]), "label": "x", **part} for part in components]}


def problem(schema: dict[str, Any], submitted: dict[str, Any], env: Environment, path: str, **more: Any) -> str:
    """The English complaint about one field."""
    with pytest.raises(FormRejected) as caught:
        submit(schema, submitted, more.pop("context", {}), env, **more)
    return caught.value.fields[path].en


def test_only_declared_values_are_kept(env: Environment) -> None:
    """Given a form with one field, when a request brings more, then the rest does not become variables."""
    assert submit(form({"type": "textfield", "key": "a"}), {"a": "1", "is_admin": True}, {}, env) == {"a": "1"}


def test_hidden_and_disabled_values_are_dropped(env: Environment) -> None:
    """A value of a hidden field is neither checked nor kept, that of a disabled one never taken."""
    schema = form(
        {"type": "checkbox", "key": "paid"},
        {"type": "number", "key": "price", "validate": {"required": True}, "conditional": {"hide": "=paid = false"}},
        {"type": "textfield", "key": "shown", "disabled": True},
    )
    assert submit(schema, {"paid": False, "price": -1, "shown": "forged"}, {"shown": "true"}, env) == {"paid": False}


def test_a_hidden_value_does_not_decide_about_others(env: Environment) -> None:
    """Given A hidden by B, when a request sends A anyway, then a condition on A sees A's value from before."""
    schema = form(
        {"type": "checkbox", "key": "b"},
        {"type": "textfield", "key": "a", "conditional": {"hide": "=b = true"}},
        {"type": "textfield", "key": "c", "validate": {"required": True}, "conditional": {"hide": '=a = "open sesame"'}},
    )
    assert problem(schema, {"b": True, "a": "open sesame"}, env, "c") == "Field is required."


def test_a_readonly_text_is_kept_in_both_languages(env: Environment) -> None:
    """Given rows with texts in two languages, when an English reader removes the first, then the rest keep their Chinese and its twin."""
    text = {"id": "text", "type": "textfield", "key": "text", "readonly": True}
    schema = form({"type": "dynamiclist", "path": "loans", "isRepeating": True, "allowAddRemove": True, "components": [text]})
    context = {"loans": [{"text": "一", "text_en": "one"}, {"text": "二", "text_en": "two"}]}

    assert submit(schema, {"loans": [{"text": "two"}]}, context, env) == {"loans": [{"text": "二", "text_en": "two"}]}
    assert submit(schema, {"loans": [{"text": "二"}]}, context, env) == {"loans": [{"text": "二", "text_en": "two"}]}
    assert submit(schema, {"loans": [{"text": "made up"}]}, context, env) == {"loans": [{"text": "一", "text_en": "one"}]}


def test_a_text_that_was_changed_has_no_twin(env: Environment) -> None:
    """Given a proposed text in two languages, when a reader leaves it, then both are kept; when they change it, only what they wrote."""
    schema = form({"type": "textfield", "key": "item"})
    context = {"item": "外设", "item_en": "Peripherals"}

    assert submit(schema, {"item": "Peripherals"}, context, env) == context
    assert submit(schema, {"item": "Cables"}, context, env) == {"item": "Cables", "item_en": None}


def test_a_twin_that_the_form_asks_for_is_a_field(env: Environment) -> None:
    """Given a form with a Chinese and an English name, when somebody fills in both, then each is what they wrote."""
    schema = form({"type": "textfield", "key": "name"}, {"type": "textfield", "key": "name_en"})

    assert submit(schema, {"name": "Disk", "name_en": "Disk"}, {"name": "盘", "name_en": "Disk"}, env) == {
        "name": "Disk",
        "name_en": "Disk",
    }


def test_readonly_values_are_the_servers(env: Environment) -> None:
    """A read-only field keeps the value from before, whatever is sent."""
    schema = form({"type": "number", "key": "price", "readonly": True})
    assert submit(schema, {"price": 1}, {"price": 900}, env) == {"price": 900}


def test_readonly_columns_follow_their_rows_but_cannot_be_invented(env: Environment) -> None:
    """When the first of two rows is removed, the second keeps its own read-only value; a new value is not accepted."""
    rows = {"type": "dynamiclist", "path": "lines", "isRepeating": True, "allowAddRemove": True}
    part, quantity = {"type": "textfield", "key": "part", "readonly": True}, {"type": "number", "key": "qty"}
    schema = form({**rows, "components": [part, quantity]})
    before = {"lines": [{"part": "A", "qty": 1}, {"part": "B", "qty": 2}]}
    assert submit(schema, {"lines": [{"part": "B", "qty": 3}]}, before, env) == {"lines": [{"part": "B", "qty": 3}]}
    assert submit(schema, {"lines": [{"part": "forged", "qty": 3}]}, before, env) == {"lines": [{"part": "A", "qty": 3}]}


def test_computed_values_are_computed_here(env: Environment) -> None:
    """The total that a request claims is not believed."""
    schema = form({"type": "number", "key": "a"}, {"type": "expression", "key": "total", "expression": "=a * 2", "computeOn": "change"})
    assert submit(schema, {"a": 4, "total": 1}, {}, env) == {"a": 4, "total": 8}


def test_what_is_not_sent_is_unchanged(env: Environment) -> None:
    """A field left out keeps its value, or takes its default."""
    schema = form({"type": "textfield", "key": "a"}, {"type": "textfield", "key": "b", "defaultValue": "d"})
    assert submit(schema, {}, {"a": "before"}, env) == {"a": "before", "b": "d"}


def test_a_list_may_be_emptied(env: Environment) -> None:
    """An empty list removes every row; a list that nobody may shorten keeps its rows."""
    rows = {
        "type": "dynamiclist",
        "path": "lines",
        "isRepeating": True,
        "components": [{"id": "n", "type": "number", "key": "n", "label": "n"}],
    }
    before = {"lines": [{"n": 1}]}
    assert submit(form({**rows, "allowAddRemove": True}), {"lines": []}, before, env) == {"lines": []}
    assert submit(form(rows), {"lines": []}, before, env) == {"lines": [{"n": 1}]}


@pytest.mark.parametrize(
    ("component", "value"),
    [
        ({"type": "textfield"}, 1),
        ({"type": "textfield"}, {"$ne": None}),
        ({"type": "textfield"}, "nul\x00l"),
        ({"type": "textfield"}, "half a pair \ud83d"),
        ({"type": "textarea"}, ["a"]),
        ({"type": "number"}, "1"),
        ({"type": "number"}, True),
        ({"type": "number"}, float("nan")),
        ({"type": "number"}, float("inf")),
        ({"type": "number", "serializeToString": True}, "1; drop"),
        ({"type": "checkbox"}, "true"),
        ({"type": "datetime"}, "2026-02-30"),
        ({"type": "datetime"}, "2026-02-03T00:00"),
        ({"type": "datetime", "subtype": "time"}, "25:00"),
        ({"type": "datetime", "subtype": "datetime"}, "2026-02-30T10:00"),
        ({"type": "datetime", "subtype": "datetime"}, 20260203),
        ({"type": "checklist", "values": ["x"]}, "x"),
        ({"type": "photo"}, "att1"),
        ({"type": "signature"}, ["att1"]),
    ],
)
def test_values_of_the_wrong_type_are_refused(env: Environment, component: dict[str, Any], value: object) -> None:
    """What the browser's input could never give is refused at the field."""
    complaint = problem(form({"key": "a", **component}), {"a": value}, env, "a", attachments={"att1"})
    assert complaint.startswith("Wrong type of value")


@pytest.mark.parametrize(
    ("component", "value", "complaint"),
    [
        ({"type": "select", "values": [{"label": "X", "value": "x"}]}, "y", "The value is not one of the options."),
        ({"type": "radio", "values": [{"label": "是", "value": True}]}, 1, "The value is not one of the options."),
        ({"type": "taglist", "values": ["x", "y"]}, ["x", "x"], "The same option was chosen twice."),
        ({"type": "textfield"}, "字" * 2001, "Too long: at most 2000 characters."),
        ({"type": "number"}, 1e300, "The number is too big."),
        ({"type": "datetime", "disallowPassedDates": True}, "2026-03-04", "Must not be before today."),
        ({"type": "datetime", "subtype": "datetime", "disallowPassedDates": True}, "2026-03-04T15:59Z", "Must not be before today."),
        ({"type": "textfield", "validate": {"pattern": "^a$", "patternErrorMessage": "只能是 a"}}, "b", "只能是 a"),
    ],
)
def test_values_against_the_rules_are_refused(env: Environment, component: dict[str, Any], value: object, complaint: str) -> None:
    """Options, lengths, limits and days are checked on the server too."""
    assert problem(form({"key": "a", **component}), {"a": value}, env, "a") == complaint


def test_today_is_still_allowed_where_the_past_is_not(env: Environment) -> None:
    """At 10:00 in Shanghai the day of Shanghai counts, not that of UTC."""
    schema = form({"type": "datetime", "key": "a", "subtype": "datetime", "disallowPassedDates": True})
    assert submit(schema, {"a": "2026-03-04T16:00Z"}, {}, env) == {"a": "2026-03-04T16:00Z"}


def test_options_of_a_variable_cannot_be_brought_along(env: Environment) -> None:
    """The list of options is read from the variables before, not from the request."""
    schema = form({"type": "select", "key": "a", "valuesKey": "allowed"})
    assert (
        problem(schema, {"a": "evil", "allowed": ["evil"]}, env, "a", context={"allowed": ["good"]})
        == "The value is not one of the options."
    )


def test_files_must_belong_to_the_task(env: Environment) -> None:
    """Attachments of this task, and those the variable named before, may be kept; any other id is refused."""
    schema = form({"type": "photo", "key": "photos"}, {"type": "signature", "key": "sign"})
    kept = submit(schema, {"photos": ["old", "new"], "sign": "new"}, {"photos": ["old"]}, env, {"new"})
    assert kept == {"photos": ["old", "new"], "sign": "new"}
    assert problem(schema, {"photos": ["foreign"]}, env, "photos", attachments={"new"}).startswith("The file does not belong")


def test_a_runaway_pattern_does_not_hold_the_server(env: Environment) -> None:
    """A pattern that would need years gives up in a moment and counts as not matching."""
    schema = form({"type": "textfield", "key": "a", "validate": {"pattern": "^(([a-z])+.)+[A-Z]([a-z])+$"}})
    assert problem(schema, {"a": "a" * 60}, env, "a").startswith("Field must match pattern")


def test_too_many_rows_are_refused(env: Environment) -> None:
    """A list has at most 200 rows."""
    rows = {"type": "dynamiclist", "path": "lines", "isRepeating": True, "allowAddRemove": True, "components": []}
    assert problem(form(rows), {"lines": [{}] * 201}, env, "lines") == "Too many rows: at most 200."
    assert problem(form(rows), {"lines": "all"}, env, "lines").startswith("Wrong type of value")


def test_errors_of_rows_name_their_place(env: Environment) -> None:
    """The path of a problem is that of the browser: list, row, field."""
    inner = {"id": "n", "type": "number", "key": "n", "label": "n", "validate": {"min": 1}}
    schema = form(
        {
            "type": "group",
            "path": "g",
            "components": [
                {"id": "l", "type": "dynamiclist", "path": "lines", "isRepeating": True, "allowAddRemove": True, "components": [inner]}
            ],
        }
    )
    assert problem(schema, {"g": {"lines": [{"n": 5}, {"n": 0}]}}, env, "g.lines[1].n") == "Field must have minimum value of 1."


def test_a_body_that_is_no_form_is_refused(env: Environment) -> None:
    """A list, a number or nothing instead of named values is an error with advice, not a crash."""
    with pytest.raises(InvalidInput):
        submit(form(), ["a"], {}, env)  # type: ignore[arg-type]
