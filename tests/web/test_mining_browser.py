"""The map of a process in a real browser, on a desk and on a phone: colours, figures, badges that cover none, and a day."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.conftest import Site
from tests.web.test_browser import DESK, PHONE, address, chromium, open_ready, window
from tests.web.test_cases import visited

__all__ = ["address", "chromium"]  # fixtures

MAP = "/processes/site_visit/map"
_COVERING = """() => {
  const boxes = [...document.querySelectorAll('.ops-map-badge:not(.ops-map-badge-hidden)')].map((badge) => badge.getBoundingClientRect()).filter((box) => box.width);
  return boxes.filter((a, i) => boxes.some((b, j) => i < j && a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)).length;
}"""


def click(page: Page, element: str) -> None:
    """Click the middle of an element of the diagram."""
    box = page.locator(f"g.djs-element[data-element-id={element}]").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_an_auditor_reads_a_map(site: Site, address: str, chromium: Browser, size: dict[str, int]) -> None:
    """Given cases, then badges say how many, a click opens figures and cases, the measure is in the address, and a day moves when it is scrubbed."""
    case = visited(site, part=True)
    visited(site, part=False)
    page = window(chromium, address, "auditor", size)
    open_ready(page, MAP)

    expect(page.locator(".ops-map-badge-element").first).to_be_visible()
    assert page.evaluate(_COVERING) == 0
    assert page.locator(".ops-map-band").count() == 7  # f1, f2, f3, f5, f6, f7, f9
    page.get_by_label("着色").select_option("median")
    expect(page).to_have_url(re.compile("measure=median"))
    expect(page.locator(".ops-map-legend")).to_contain_text("用时中位数")
    click(page, "get_part")
    if size is PHONE:
        page.get_by_role("tab", name="数字").click()
    expect(page.locator("#map-figures h2")).to_contain_text("领用备件")
    page.locator("#map-figures").get_by_role("button", name=re.compile("停在这里")).click()
    expect(page.locator(".map-cases a")).to_have_attribute("href", f"/cases/{case}/replay")
    if size is PHONE:
        page.get_by_role("tab", name="图").click()

    page.get_by_role("button", name="播放一天").click()
    slider = page.get_by_label("时刻")
    slider.evaluate("(slider) => { slider.value = slider.max; slider.dispatchEvent(new Event('input')); }")
    expect(page.locator(".ops-day-count")).to_have_count(2)
    expect(page.locator(".ops-day-told")).to_contain_text("2 个案例")
    slider.evaluate("(slider) => { slider.value = slider.min; slider.dispatchEvent(new Event('input')); }")
    expect(page.locator(".ops-day-count")).to_have_count(0)
    page.get_by_role("button", name="看数字").click()
    expect(page.locator(".ops-day-bar")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert page.evaluate("window.__blocked") == []


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_tokens_move_only_for_those_who_want_motion(site: Site, address: str, chromium: Browser, motion: str) -> None:
    """Given the moment after a case began, then its tokens are on their way, unless the reader asked for no motion; the counts are the same."""
    visited(site, part=False)
    page = window(chromium, address, "auditor", DESK)
    page.emulate_media(reduced_motion=motion)  # type: ignore[arg-type]
    open_ready(page, MAP)
    moves = page.evaluate("path => fetch(path).then((answer) => answer.json())", f"{MAP}/day.json")["moves"]
    page.get_by_role("button", name="播放一天").click()
    page.get_by_label("时刻").evaluate(
        "(slider, at) => { slider.step = 1; slider.value = at; slider.dispatchEvent(new Event('input')); }", moves[0][0] + 60
    )

    expect(page.locator(".ops-day-count")).to_have_count(1)
    expect(page.locator(".ops-day-token")).to_have_count(0 if motion == "reduce" else len(moves))


def test_the_called_process_is_a_click_away(site: Site, address: str, chromium: Browser) -> None:
    """Given a case that called another process, then the figures of the call lead to that process's map."""
    visited(site, part=True)
    page = window(chromium, address, "owner", DESK)
    open_ready(page, MAP)
    click(page, "get_part")
    page.get_by_role("link", name="打开被调用流程的统计").click()

    expect(page.locator("h1")).to_have_text("备件领用：统计")
    expect(page.locator("[data-island=map]")).to_have_attribute("data-ready", "1")
