"""What a form shows at first."""

from typing import Any

from engine.forms import Twins, in_english, initial_values, referenced_values

SCHEMA: dict[str, Any] = {
    "type": "default", "components": [
        {"type": "text", "id": "t", "text": "单号 {{business_key}}，{{#if urgent}}加急{{/if}}"},
        {"type": "textfield", "id": "a", "key": "a", "label": "a"},
        {"type": "number", "id": "n", "key": "n", "label": "n", "defaultValue": 3},
        {"type": "select", "id": "s", "key": "s", "label": "s", "valuesKey": "allowed", "conditional": {"hide": "=parameters.limit > n"}},
        {"type": "datetime", "id": "d", "key": "d", "dateLabel": "d"},
        {"type": "dynamiclist", "id": "l", "path": "lines", "isRepeating": True, "components": [{"type": "checkbox", "id": "c", "key": "c", "label": "c"}]},
    ],
}  # fmt: skip


def test_an_untouched_form_shows_defaults_and_empty_values() -> None:
    """Without variables every declared field has its default or its empty value, and a list its first row."""
    assert initial_values(SCHEMA, {}) == {"a": "", "n": 3, "s": None, "d": None, "lines": [{"c": False}]}


def test_variables_fill_only_what_the_form_declares() -> None:
    """Variables that the form does not declare do not reach the browser through its values."""
    variables = {"a": "x", "secret": 1, "allowed": ["p"], "s": "p", "d": "2026-03-05", "lines": [{"c": True, "cost": 5}, {}]}
    assert initial_values(SCHEMA, variables) == {"a": "x", "n": 3, "s": "p", "d": "2026-03-05", "lines": [{"c": True}, {"c": False}]}


def test_variables_of_another_kind_are_made_fitting_or_left_out() -> None:
    """A number becomes the text of a text field; what cannot be shown is empty."""
    variables = {"a": 12, "n": "many", "s": "not allowed", "d": "soon", "lines": 5}
    assert initial_values(SCHEMA, variables) == {"a": "12", "n": None, "s": None, "d": None, "lines": [{"c": False}]}


def test_the_form_names_what_its_expressions_read() -> None:
    """Conditions, templates and option lists need variables that no field holds; nothing else is handed out."""
    variables = {"business_key": "S-1", "urgent": True, "parameters": {"limit": 1}, "allowed": ["p"], "n": 1, "secret": 2}
    assert referenced_values(SCHEMA, variables) == {"allowed": ["p"], "business_key": "S-1", "parameters": {"limit": 1}, "urgent": True}


def test_an_english_reader_sees_the_twins_of_texts() -> None:
    """Given texts with an English twin, when the reader is English, then fields, templates and options show it."""
    schema: dict[str, Any] = {
        "type": "default", "components": [
            {"type": "text", "id": "t", "text": "{{told}}"},
            {"type": "textarea", "id": "a", "key": "stock", "label": "a", "readonly": True},
            {"type": "textfield", "id": "b", "key": "reason", "label": "b"},
            {"type": "select", "id": "s", "key": "s", "label": "s", "valuesKey": "choices"},
            {"type": "dynamiclist", "id": "l", "path": "loans", "isRepeating": True, "components": [
                {"type": "textfield", "id": "c", "key": "text", "label": "c", "readonly": True}
            ]},
        ],
    }  # fmt: skip
    choices = [{"label": "甲", "label_en": "first", "value": "1"}, {"label": "乙", "value": "2"}]
    variables = {
        "told": "说",
        "told_en": "said",
        "stock": "有",
        "stock_en": "some",
        "reason": "写",
        "reason_en": "typed",
        "choices": choices,
    }
    variables |= {"loans": [{"text": "一", "text_en": "one"}, {"text": "二"}]}
    shown = initial_values(schema, variables)

    Twins(schema, variables, shown).show(shown, english=True)
    context = in_english(referenced_values(schema, variables))

    assert (shown["stock"], shown["reason"], shown["loans"]) == ("some", "typed", [{"text": "one"}, {"text": "二"}])
    assert (context["told"], [choice["label"] for choice in context["choices"]]) == ("said", ["first", "乙"])
