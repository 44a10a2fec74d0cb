"""The indicators in a real browser, on a desk and on a phone: charts drawn under the content policy, with a table for those who do not see them."""

import pytest
from playwright.sync_api import Browser, expect

from tests.web.test_browser import DESK, PHONE, address, chromium, open_ready, window
from tests.web.test_kpis import busy

__all__ = ["address", "busy", "chromium"]  # fixtures


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.usefixtures("busy")
def test_an_auditor_follows_a_figure_to_its_cases(address: str, chromium: Browser, size: dict[str, int]) -> None:
    """Given the dashboard, a card leads to its indicator, whose chart is drawn and whose table says the same; the page fits the screen."""
    page = window(chromium, address, "auditor", size)
    if size == PHONE:
        page.locator(".places-rest summary").click()
    page.get_by_role("link", name="指标", exact=True).locator("visible=true").click()
    page.locator("select[name=month]").select_option("2026-03")
    expect(page.locator(".kpi-card", has_text="三声接听率")).to_contain_text("75%")

    page.get_by_role("link", name="三声接听率").click()
    open_ready(page, page.url)
    expect(page.locator("[data-props=kpi-months] svg")).to_be_visible()
    expect(page.locator("[data-props=kpi-months] svg")).to_contain_text("2026-03")
    page.locator("[data-props=kpi-months] ~ .kpi-table summary").click()
    expect(page.locator("[data-props=kpi-months] ~ .kpi-table")).to_contain_text("75%")
    expect(page.locator("#cases tbody tr").first).to_contain_text("FW20260302-0002")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert page.evaluate("window.__blocked") == []
