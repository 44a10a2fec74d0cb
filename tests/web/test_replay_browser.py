"""The player in a real browser, on a desk and on a phone: by keyboard, by its bar, into a called process and back."""

import re

import pytest
from playwright.sync_api import Browser, expect

from engine.runtime import operations
from engine.runtime.operations import Instruction, Modify
from tests.web.conftest import Site
from tests.web.test_browser import DESK, PHONE, address, chromium, open_ready, window
from tests.web.test_cases import visited

__all__ = ["address", "chromium"]  # fixtures


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_an_auditor_plays_a_case(site: Site, address: str, chromium: Browser, size: dict[str, int]) -> None:
    """Given a case that was sent back, when it is played, then marks, words, data, the form and the arc are those of the moment."""
    case = visited(site, part=False)
    back = (Instruction("cancel", "callback"), Instruction("start_before", "record"))
    operations.apply(site.engine, Modify(case, back), actor="owner", reason="资料不全")
    page = window(chromium, address, "auditor", size)
    open_ready(page, f"/cases/{case}/replay")
    story = page.evaluate("path => fetch(path).then((answer) => answer.json())", f"/cases/{case}/replay.json")
    completed = next(line for line in story["events"] if line["type"] == "UserTaskCompleted" and line["element"] == "visit")

    expect(page.locator(".ops-jump")).to_have_count(2)
    expect(page.locator(".djs-element.ops-active[data-element-id=record]")).to_have_count(1)
    page.keyboard.press("Home")
    expect(page.locator(".ops-player-happened")).to_contain_text("还没有开始")
    expect(page.locator(".djs-element.ops-completed")).to_have_count(0)
    page.keyboard.press("ArrowRight")
    expect(page.locator(".ops-player-happened")).to_contain_text("案例开始")
    expect(page).to_have_url(re.compile(r"event=1$"))

    open_ready(page, f"/cases/{case}/replay?event={completed['n']}")
    expect(page.locator(".ops-player-happened")).to_contain_text("完成“上门检查”")
    page.get_by_role("button", name="看当时的表单").press("Enter")
    expect(page.locator(".ops-player-form [data-island=form][data-ready='1'] textarea, .ops-player-form input").first).to_have_value(
        "电源坏"
    )
    page.get_by_role("button", name=re.compile("^偏离")).press("Enter")
    expect(page.locator(".ops-player-happened")).to_contain_text("资料不全")
    page.get_by_role("button", name="核验").press("Enter")
    expect(page.locator("#verdict")).to_contain_text("核验一致")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert page.evaluate("window.__blocked") == []


def test_a_called_process_opens_in_place(site: Site, address: str, chromium: Browser) -> None:
    """Given a case that called another process, a click on the call shows that one at the same instant, and the way back."""
    page = window(chromium, address, "auditor", DESK)
    open_ready(page, f"/cases/{visited(site, part=True)}/replay")

    page.locator('[data-element-id="get_part"] .djs-hit').first.click(force=True)
    expect(page.locator(".ops-player-crumbs")).to_contain_text("备件领用")
    expect(page.locator(".djs-element.ops-active[data-element-id=issue]")).to_have_count(1)
    page.locator(".ops-player-crumb").first.click()
    expect(page.locator('[data-element-id="get_part"].djs-element.ops-active')).to_have_count(1)


def test_playing_goes_to_the_end_and_stops(site: Site, address: str, chromium: Browser) -> None:
    """Given the beginning of a case, when it is played at speed, then it ends at its last event and the button plays again."""
    page = window(chromium, address, "auditor", DESK)
    open_ready(page, f"/cases/{visited(site, part=False)}/replay?event=1")
    page.get_by_label("速度").select_option("8")
    page.get_by_role("button", name="播放").click()

    last = page.locator(".ops-transport-slider").get_attribute("max")
    expect(page).to_have_url(re.compile(rf"event={last}$"), timeout=60_000)
    expect(page.get_by_role("button", name="播放")).to_be_visible()
