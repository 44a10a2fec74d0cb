"""Finding, comparing and drawing in a real browser, on a desk and on a phone."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.web.conftest import Site
from tests.web.test_browser import DESK, PHONE, address, chromium, open_ready, window
from tests.web.test_cases import visited

__all__ = ["address", "chromium"]  # fixtures


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_an_auditor_finds_two_cases_and_sees_where_they_part(site: Site, address: str, chromium: Browser, size: dict[str, int]) -> None:
    """Given two visits, an auditor picks an element in the diagram, chooses both cases found, and is led to where they part in both diagrams."""
    visited(site, part=False)
    visited(site, part=True)
    page = window(chromium, address, "auditor", size)
    page.goto("/audit?process=site_visit")
    if size == PHONE:
        page.get_by_role("tab", name="条件").click()
    page.get_by_text("在图上选").click()
    expect(page.locator("[data-island=diagram]")).to_have_attribute("data-ready", "1")
    page.locator("[data-island=diagram] [data-element-id=visit] .djs-hit").click()
    expect(page.locator("select[name=through]").first).to_have_value("visit")
    page.locator("#find-form .btn-primary").click()
    page.wait_for_url("**through=visit*")
    for tick in page.locator("[name=case]").all():
        tick.check()
    page.locator(".audit-pick").click()
    page.wait_for_url(re.compile(r"/audit/compare\?left=\w+&right=\w+"))
    expect(page.locator(".notice")).to_contain_text("之后分开")
    for side in page.locator("[data-side]").all():
        if side.is_visible():
            expect(side).to_have_attribute("data-ready", "1")

    page.get_by_text("到分开的地方").click()

    expect(page.locator(".audit-parting")).to_be_in_viewport()
    page.locator(".audit-parting [data-show-step]").click()
    expect(page.locator("[data-side='0']")).to_be_in_viewport()
    expect(page.locator("[data-side='0'] .ops-focus").first).to_be_attached()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert page.evaluate("window.__blocked") == []
    open_ready(page, "/audit")
