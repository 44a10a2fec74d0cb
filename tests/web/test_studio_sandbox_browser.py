"""Trying a draft in a real browser: from the editor to a kept scenario, on a desk and on a phone."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.web.conftest import Site
from tests.web.studio_pages import DIAGRAM
from tests.web.test_browser import DESK, PHONE, address, chromium, open_ready, window

__all__ = ["address", "chromium"]  # fixtures


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_owner_plays_the_draft_and_keeps_the_run(site: Site, address: str, chromium: Browser, size: dict[str, int]) -> None:
    """Given a draft, when the owner fills in its forms, lets a timer pass and undoes that, then the tokens follow, and the run is kept."""
    page = window(chromium, address, "owner", size)
    page.goto(f"/studio/try/{DIAGRAM}")
    page.locator("[data-begin]").click()
    page.wait_for_url(re.compile(r"/studio/sandboxes/\w+$"))
    page.get_by_label("客户名称").fill("华东仪表厂")
    page.get_by_role("button", name="发起").click()

    task = page.locator("[data-task]").first
    expect(task).to_contain_text("登记需求")
    task.get_by_role("button", name="完成").click()
    expect(task).to_contain_text("还不能提交")
    task.get_by_label("故障现象").fill("不开机")
    task.get_by_label("需要上门").check()
    task.get_by_role("button", name="完成").click()
    expect(task).to_contain_text("上门检查")
    page.locator("[data-pass-timer]").click()
    expect(page.locator("[data-task]").nth(1)).to_contain_text("处理超时")
    if size == PHONE:
        page.get_by_role("tab", name="流程图").click()
    expect(page.locator("[data-island=diagram]")).to_have_attribute("data-ready", "1")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert page.evaluate("window.__blocked") == []

    page.locator("[data-undo]").click()
    expect(page.locator("[data-task]")).to_have_count(1)
    page.locator("[data-save-scenario]").click()
    page.get_by_label("名称", exact=True).fill("要上门")
    page.get_by_label("文件名").fill("on_site")
    page.get_by_role("button", name="在草稿上重办一遍并保存").click()
    page.wait_for_url(re.compile(r"/studio/sandboxes/\w+$"))
    assert "customer_name: 华东仪表厂" in (site.engine.settings.processes_dir / "site_visit" / "scenarios" / "on_site.yaml").read_text(
        "utf-8"
    )


def test_the_editor_leads_to_the_sandbox(site: Site, address: str, chromium: Browser) -> None:
    """Given the editor, its button leads to the page on which a run begins."""
    page = window(chromium, address, "owner")
    open_ready(page, f"/studio/edit/bpmn/{DIAGRAM}")

    page.get_by_role("link", name="试运行").first.click()

    expect(page.locator("[data-begin]")).to_be_visible()
