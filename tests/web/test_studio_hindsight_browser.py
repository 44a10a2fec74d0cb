"""Trying a draft on finished cases in a real browser, on a desk and on a phone."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.web.conftest import Site
from tests.web.studio_pages import DIAGRAM, open_editor
from tests.web.test_browser import DESK, PHONE, address, chromium, open_ready, window
from tests.web.test_mining_browser import click
from tests.web.test_studio_hindsight import answered, finished, tried

__all__ = ["address", "chromium"]  # fixtures


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_an_owner_sees_where_cases_part(site: Site, address: str, chromium: Browser, size: dict[str, int]) -> None:
    """Given a draft that visits nobody, the diagram says what goes where then and now, and a click on the gateway shows the cases that part there."""
    visit, _ = finished(site), answered(site)
    open_editor(site, "owner").change("on_site = true", "on_site = false")
    page = window(chromium, address, "owner", size)
    open_ready(page, tried(site))

    expect(page.locator(".ops-map-badge-element")).to_contain_text(["2"])
    assert "1 → 0" in page.locator(".ops-map-badge-flow").all_text_contents()
    click(page, "needs_visit")
    expect(page.locator("#hindsight-cases h2 .tag")).to_have_text("要上门吗？")
    expect(page.locator(".hindsight-list a").filter(has_text=re.compile(".")).first).to_be_visible()
    assert page.locator(f'.hindsight-list a[href="/cases/{visit}/replay"]').count() == 1
    click(page, "called")
    expect(page.locator("#hindsight-cases h2 .tag")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]

    page.goto(f"{address}/studio/hindsight/{DIAGRAM}")
    expect(page.get_by_role("button", name="开始")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
