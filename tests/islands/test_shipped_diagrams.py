"""Every shipped diagram opens in bpmn-js as it is, on every of its sheets, and has its picture in the documentation."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.islands.diagrams import KEYS, opened, planes, turn_to
from tests.islands.pictures import picture_name

PICTURES = Path(__file__).parents[2] / "docs" / "processes"


@pytest.mark.parametrize("key", KEYS)
def test_a_shipped_diagram_imports_without_warnings(browser: Browser, site: str, key: str) -> None:
    """Given a shipped diagram, when bpmn-js imports it and every sheet is opened, then it has nothing to complain about and draws each."""
    with opened(browser, site, key) as (page, said):
        for plane in planes(key):
            turn_to(page, plane)
            assert page.locator(".djs-shape:visible").count() > 0, plane

    assert said == []


def test_every_sheet_has_its_picture() -> None:
    """Given the contact sheet, when it is compared with the diagrams, then every sheet of every process has a picture, and no other is there."""
    drawn = {picture_name(key, plane) for key in KEYS for plane in planes(key)}

    assert {path.name for path in PICTURES.glob("*.png")} == drawn
    listed = (PICTURES / "README.md").read_text("utf-8")
    assert [name for name in drawn if f"({name})" not in listed] == []


def test_a_diagram_begins_at_the_element_that_is_asked_for(page: Page) -> None:
    """Given a link to an element on an inner sheet, when the page opens, then that sheet is shown with the element marked; a button leads to it again."""
    page.goto("/processes/onsite_service?focus=contact_by_engineer")
    page.wait_for_selector("[data-island=diagram][data-ready]")
    marked = page.locator(".ops-focus[data-element-id=contact_by_engineer]")
    expect(marked).to_be_visible()

    page.locator(".bjs-breadcrumbs").get_by_text("上门服务").click()
    expect(marked).not_to_be_visible()
    page.get_by_role("button", name="focus").click()
    expect(marked).to_be_visible()
    expect(page.locator("[data-element-notes]")).to_have_text("1")


def test_a_click_on_an_element_fetches_what_is_said_of_it(page: Page) -> None:
    """Given a diagram with a place for notes, when an element is clicked, then its notes are fetched and it alone is marked."""
    page.goto("/processes/callback")
    page.wait_for_selector("[data-island=diagram][data-ready]")
    with page.expect_request("**/live?callback=*") as asked:
        page.locator(".djs-shape:visible").first.click(force=True)

    assert asked.value.headers["hx-request"] == "true"
    expect(page.locator("[data-element-notes]")).to_have_text("1")
