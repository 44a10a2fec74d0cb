"""Two versions of a form side by side: what differs is marked in both, and they scroll together."""

import json

import pytest
from playwright.sync_api import Browser, expect

from tests.web.conftest import Site
from tests.web.studio_pages import FORM, open_editor
from tests.web.test_browser import DESK, PHONE, address, chromium, open_ready, window

__all__ = ["address", "chromium"]  # fixtures

PAGE = f"/studio/compare/form/{FORM}"


def draft(site: Site) -> None:
    """The owner renames a field, takes one away, and adds many, one of them hidden under a condition."""
    editor = open_editor(site, "owner", FORM)
    tag, content = editor.load()
    schema = json.loads(content)
    fields = {component.get("key"): component for component in schema["components"]}
    fields["findings"]["label"] = "检查结论"
    schema["components"].remove(fields["minutes"])
    schema["components"] += [
        {"type": "textfield", "id": f"field_more_{number}", "key": f"more_{number}", "label": f"补充 {number}"} for number in range(12)
    ]
    schema["components"][-1]["conditional"] = {"hide": "=part_needed != true"}
    assert editor.save(json.dumps(schema).encode(), tag).status_code == 200


def test_both_versions_of_a_form_are_told_with_their_marks(site: Site) -> None:
    """Given a draft of a form, the page names for each version what differs in it, by the ids of its fields."""
    draft(site)
    page = site.as_("owner").text(PAGE)

    props = json.loads(page.split('id="compare-props">')[1].split("</script>")[0])
    assert props["before"]["marks"] == {"field_findings": "changed", "field_minutes": "removed"}
    assert props["after"]["marks"] == {"field_findings": "changed"} | {f"field_more_{number}": "added" for number in range(12)}
    assert 'data-island="compare_forms"' in page
    assert 'data-element="field_minutes"' in page


def test_a_version_that_is_no_form_is_not_drawn(site: Site) -> None:
    """Given a draft that is half typed, the page says that it cannot be read, and draws nothing."""
    editor = open_editor(site, "owner", FORM)
    assert editor.save(b'{"type": "default", ', editor.load()[0]).status_code == 200

    page = site.as_("owner").text(PAGE)

    assert "有一个版本读不出来" in page
    assert "data-island" not in page


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_an_owner_compares_two_forms(site: Site, address: str, chromium: Browser, size: dict[str, int]) -> None:
    """Given a draft of a form, both are drawn, hidden fields too, beside each other or one below the other; scrolling and picking move both."""
    draft(site)
    page = window(chromium, address, "owner", size)
    open_ready(page, PAGE)
    before, after = page.locator(".ops-compare-before"), page.locator(".ops-compare-after")

    expect(before.locator(".ops-differs-removed")).to_contain_text("用时")
    expect(before.locator(".ops-differs-changed")).to_contain_text("检查结果")
    expect(after.locator(".ops-differs-changed")).to_contain_text("检查结论")
    expect(after.locator(".ops-differs-added")).to_have_count(12)
    expect(after.get_by_text("补充 11")).to_be_attached()
    expect(after.locator("[data-field=field_steps] [data-field]").first).to_be_attached()  # a list has a row
    left, right = before.bounding_box(), after.bounding_box()
    assert left and right
    assert (left["x"] == right["x"]) == (size is PHONE)
    assert (left["y"] == right["y"]) == (size is DESK)

    before.locator(".ops-form-sheet").evaluate("sheet => { sheet.style.height = '120px'; }")
    before.locator(".ops-form-sheet").evaluate("sheet => { sheet.scrollTop = sheet.querySelector('[data-field=field_steps]').offsetTop; }")
    page.wait_for_function("() => document.querySelector('.ops-compare-after .ops-form-sheet').scrollTop > 0")
    page.locator("[data-element=field_findings]").first.click()
    expect(page.locator(".ops-field-found")).to_have_count(2)
    page.locator("[data-element=field_more_11]").click()
    expect(after.locator(".ops-field-found")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert page.evaluate("window.__blocked") == []
