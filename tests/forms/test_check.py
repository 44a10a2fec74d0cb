"""Deployment refuses forms that could not be filled, and warns of those that would surprise."""

from typing import Any

import pytest

from engine.forms import check_schema


def codes(*components: dict[str, Any]) -> set[tuple[str, str]]:
    """Code and severity of everything found in a form with these components."""
    schema = {"type": "default", "components": [{"id": f"f{index}", "label": "x", **part} for index, part in enumerate(components)]}
    return {(problem.code, problem.severity) for problem in check_schema(schema, "f.form")}


TEXT = {"type": "textfield", "key": "a"}


@pytest.mark.parametrize(
    ("component", "code"),
    [
        ({"type": "iframe"}, "form-component"),
        ({"type": "textfield"}, "form-key"),
        ({"type": "textfield", "key": "a b"}, "form-key"),
        ({"type": "textfield", "key": "1a"}, "form-key"),
        ({"type": "textfield", "key": "count"}, "form-reserved-name"),
        ({"type": "textfield", "key": "parameters"}, "form-reserved-name"),
        ({"type": "textfield", "key": "now"}, "form-reserved-name"),
        ({**TEXT, "validate": {"min": 1}}, "form-rule"),
        ({**TEXT, "validate": {"colour": "red"}}, "form-rule"),
        ({**TEXT, "validate": {"validationType": "iban"}}, "form-rule"),
        ({**TEXT, "validate": {"pattern": "("}}, "form-pattern"),
        ({**TEXT, "validate": {"pattern": "(?P<a>b)"}}, "form-pattern"),
        ({**TEXT, "validate": {"minLength": 5, "maxLength": 2}}, "form-limit"),
        ({**TEXT, "validate": {"minLength": "long"}}, "form-limit"),
        ({**TEXT, "conditional": {"hide": "=a >"}}, "form-feel"),
        ({**TEXT, "readonly": "=working days(today(), 2) = null"}, "form-feel"),
        ({"type": "select", "key": "a"}, "form-options"),
        ({"type": "select", "key": "a", "values": []}, "form-options"),
        ({"type": "select", "key": "a", "values": [{"label": "X"}]}, "form-options"),
        ({"type": "radio", "key": "a", "values": ["x", "x"]}, "form-options"),
        ({"type": "radio", "key": "a", "values": ["x"], "valuesKey": "y"}, "form-options"),
        ({"type": "datetime", "key": "a", "subtype": "year"}, "form-date-kind"),
        ({"type": "expression", "key": "a", "expression": "1"}, "form-expression"),
        ({"type": "dynamiclist", "components": [TEXT]}, "form-list"),
    ],
)
def test_what_cannot_work_is_refused(component: dict[str, Any], code: str) -> None:
    """Each mistake of an author is an error with the field's id."""
    assert (code, "error") in codes(component)


def test_a_field_that_would_vanish_by_accident_is_warned_about() -> None:
    """A condition that is null while another field is empty hides; saying `= null` is taken as meant."""
    number = {"type": "number", "key": "amount"}
    assert codes(number, {**TEXT, "conditional": {"hide": "=amount > 5000"}}) == {("form-hide-null", "warning")}
    assert codes(number, {**TEXT, "conditional": {"hide": "=amount = null or amount > 5000"}}) == set()


def test_two_fields_may_not_share_a_value() -> None:
    """The browser refuses such a form, so deployment does."""
    assert codes(TEXT, TEXT) == {("form-duplicate-key", "error")}
    assert codes(TEXT, {"type": "textfield", "key": "a.b"}) == {("form-duplicate-key", "error")}


def test_ids_are_unique() -> None:
    """The browser refuses a form in which an id appears twice."""
    assert codes({**TEXT, "id": "same"}, {"type": "textfield", "key": "b", "id": "same"}) == {("form-duplicate-id", "error")}


def test_a_name_that_is_only_shown_may_be_reserved() -> None:
    """A disabled field is never submitted, so it may show `business_key`."""
    assert codes({"type": "textfield", "key": "business_key", "disabled": True}) == set()


def test_a_field_without_label_is_warned_about() -> None:
    """People who listen to the page need a label."""
    assert codes({**TEXT, "label": ""}) == {("form-label", "warning")}


@pytest.mark.parametrize("schema", [{}, [], {"type": "default"}, {"type": "default", "components": {}}, {"components": []}])
def test_what_is_not_a_form_is_refused(schema: Any) -> None:
    """A file that is JSON but not a form gives one clear error."""
    assert [problem.code for problem in check_schema(schema, "f.form")] == ["form-unreadable"]


def test_forms_of_absurd_size_are_refused() -> None:
    """Too many fields, or groups in groups without end, are refused before anything walks them slowly."""
    deep: dict[str, Any] = TEXT
    for _ in range(20):
        deep = {"type": "group", "components": [deep]}
    assert ("form-too-big", "error") in codes(deep)
    assert ("form-too-big", "error") in codes(*({"type": "textfield", "key": f"a{index}"} for index in range(500)))


def test_a_problem_says_where_it_is() -> None:
    """File, id and label of the field stand in the message, in both languages."""
    schema = {"type": "default", "components": [{"type": "textfield", "id": "f_x", "key": "count", "label": "数量"}]}
    [problem] = check_schema(schema, "slip.form")
    assert problem.text("zh").startswith("slip.form [f_x 数量] 键 count 是表达式语言的保留名")
    assert "Rename it, for example count_value" in problem.text("en")
