"""Moving a case in a real browser: click on the diagram, look at the preview, confirm; on a desk and on a phone."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.web.conftest import Site
from tests.web.test_browser import DESK, PHONE, address, chromium, open_ready, window

__all__ = ["address", "chromium"]  # fixtures


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_owner_sends_a_case_back(site: Site, address: str, chromium: Browser, size: dict[str, int]) -> None:
    """Given a visit in work, when the owner clicks the element to begin at and ticks what to cancel, then the preview says it, and it is done."""
    site.start()
    site.record()
    task = site.task("上门检查")
    site.as_("engineer1").send(f"/tasks/{task.id}/claim")
    page = window(chromium, address, "owner", size)
    open_ready(page, f"/cases/{task.root_id}")
    page.get_by_role("link", name="操作", exact=True).click()
    expect(page.locator("[data-island=diagram]")).to_have_attribute("data-ready", "1")
    if size == DESK:
        page.locator('[data-element-id="record"] .djs-hit').first.click(force=True)
    else:
        page.locator("select[name=element0]").select_option(label="登记需求")
    expect(page.locator("select[name=element0]")).to_have_value("record")
    page.get_by_role("checkbox", name="上门检查 赵建国").check()
    page.get_by_role("button", name="预览").press("Enter")

    preview = page.locator("[data-preview]")
    for words in ("任务“上门检查”", "赵建国 正在办理", "任务“登记需求”", "影响到：赵建国"):
        expect(preview).to_contain_text(words)
    expect(page.get_by_role("checkbox", name="上门检查 赵建国")).to_be_checked()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.get_by_label("原因").fill("照片不清楚")
    page.get_by_role("button", name="移动节点").press("Enter")

    page.wait_for_url(re.compile(rf"/cases/{task.root_id}$"))
    expect(page.get_by_text("节点已移动。")).to_be_visible()
    assert site.task("登记需求").root_id == task.root_id
    assert page.evaluate("window.__blocked") == []
