"""The player in a real browser, on a desk and on a phone: by keyboard, by its bar, into a called process and back."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from engine.runtime import operations
from engine.runtime.operations import Instruction, Modify
from tests.web import repairs
from tests.web.conftest import Site
from tests.web.stage import SCREENS
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


@pytest.mark.timeout(240)
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_an_auditor_plays_a_case_that_went_through_everything(site: Site, address: str, chromium: Browser, size: dict[str, int]) -> None:
    """Given a case with a call, rounds of the drawn way back, a return by hand, a breach and a migration, each is seen at its moment."""
    case = repairs.eventful(site.engine, site.clock)
    page = window(chromium, address, "auditor", size)
    open_ready(page, f"/cases/{case}/replay?event=1")
    happened, waits, data = (page.locator(f".ops-player-{part}") for part in ("happened", "waiting", "data"))
    back = page.locator('.djs-overlays[data-container-id="again"]')

    # step by step with the keyboard as far as the call, which opens in place and comes back
    step_to(page, "进入子流程“领用备件”")
    expect(waits).to_contain_text("等“备件领用”办完")
    waits.get_by_role("button", name="打开被调用的流程").press("Enter")
    expect(page.locator(".ops-player-crumbs")).to_contain_text("备件领用")
    expect(page.locator(".djs-element[data-element-id=issue]")).to_have_count(1)
    page.locator(".ops-player-crumb").first.press("Enter")
    expect(page.locator(".djs-element.ops-active[data-element-id=get_part]")).to_have_count(1)

    # the gateway says why, and the drawn way back becomes a return that is counted
    step_to(page, "没有选择“合格”")
    expect(happened).to_contain_text("passed = true")
    expect(happened).to_contain_text("试机合格否")
    step_to(page, "沿“不合格，返修”到“维修”")
    expect(page.locator(".ops-returned[data-element-id=again]")).to_have_count(1)
    expect(back).to_have_text("↩ ×1")

    # the late repair: who had it and why, and the form as it looked
    page.get_by_role("button", name=re.compile("^超时")).press("Enter")
    expect(happened).to_contain_text("完成“维修”")
    expect(happened).to_contain_text("刘海峰")
    page.keyboard.press("ArrowLeft")
    expect(waits).to_contain_text("候选组 onsite")
    expect(waits).to_contain_text("工作时间")
    expect(waits).to_contain_text("已超时")
    expect(waits).to_contain_text("刘海峰 认领“维修”")
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="看当时的表单").press("Enter")
    form = page.locator(".ops-player-form [data-island=form][data-ready='1']")
    expect(form.locator("textarea")).to_have_value("更换主板")
    expect(form.locator("img")).to_have_count(2)
    keep(page, "player-form", size)

    # the return by hand is an arc of its own
    page.get_by_role("button", name=re.compile("^偏离")).press("Enter")
    expect(happened).to_contain_text("退回重新登记")
    expect(page.locator(".ops-jump:not(.ops-jump-head)")).to_have_count(1)
    expect(back).to_have_text("↩ ×2")
    expect(data.locator("img")).to_have_count(2)
    keep(page, "player-return", size)

    # the diagram changes with the version, there and back
    expect(page.locator(".djs-element[data-element-id=inspect]")).to_have_count(0)
    page.get_by_role("button", name=re.compile("^偏离")).press("Enter")
    expect(happened).to_contain_text("从版本 1 迁移到版本 2")
    expect(page.locator(".djs-element[data-element-id=inspect]")).to_have_count(1)
    keep(page, "player-migration", size)
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".djs-element[data-element-id=inspect]")).to_have_count(0)

    page.keyboard.press("End")
    expect(happened).to_contain_text("案例结束")
    expect(waits).to_contain_text("不等任何人或事")
    page.get_by_role("button", name="核验").press("Enter")
    expect(page.locator("#verdict")).to_contain_text("核验一致")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert page.evaluate("window.__blocked") == []


def step_to(page: Page, words: str) -> None:
    """Step forward with the arrow key, in every detail, until the moment says so."""
    every_detail = page.get_by_label("每个细节")
    if not every_detail.is_checked():
        every_detail.press("Space")
    happened = page.locator(".ops-player-happened")
    for _ in range(60):
        position = re.findall(r"· (\d+)/", page.locator(".ops-transport-clock").inner_text())[0]
        page.keyboard.press("ArrowRight")
        expect(page).to_have_url(re.compile(rf"event={int(position) + 1}$"))
        if words in happened.inner_text():
            return
    pytest.fail(f"never: {words}")


def keep(page: Page, name: str, size: dict[str, int]) -> None:
    """A picture for the documentation, when it is wanted."""
    if SCREENS:
        page.evaluate("scrollTo(0, 0)")
        page.wait_for_timeout(700)  # the diagram has stopped moving
        page.screenshot(path=Path(SCREENS) / (f"{name}.png" if size == DESK else f"{name}-phone.png"))


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
