"""The pages in a real Chromium: keyboard, phone, drafts, conflicts, and nothing that the content policy blocks."""

from collections.abc import Iterator
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from engine.storage.tables import UserTask
from tests.islands.browsing import running_chromium
from tests.web.conftest import PASSWORD, Site

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}

_WATCH = "window.__blocked = []; document.addEventListener('securitypolicyviolation', (e) => window.__blocked.push(e.violatedDirective + ' ' + e.blockedURI))"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for all tests here."""
    with running_chromium() as browser:
        yield browser


@pytest.fixture
def address(site: Site) -> Iterator[str]:
    """The site on a real port."""
    server = make_server("127.0.0.1", 0, site.app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def window(chromium: Browser, address: str, user: str, size: dict[str, int] | None = None) -> Page:
    """A person's browser, signed in; it remembers what the content policy blocked."""
    chosen = size or DESK
    context = chromium.new_context(
        base_url=address, viewport=chosen, locale="zh-CN", timezone_id="Asia/Shanghai", is_mobile=chosen == PHONE, has_touch=chosen == PHONE
    )
    context.add_init_script(_WATCH)
    page = context.new_page()
    page.goto("/login")
    page.fill("[name=user]", user)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/inbox*")
    return page


def open_ready(page: Page, path: str) -> None:
    """Open a page and wait for its islands."""
    page.goto(path)
    for island in page.locator("[data-island]").all():
        if island.is_visible():
            expect(island).to_have_attribute("data-ready", "1")


_NAMELESS = """() => [...document.querySelectorAll('input, select, textarea, button, a[href], summary')]
  .filter((el) => el.type !== 'hidden' && el.getClientRects().length)
  .filter((el) => !(el.labels?.length || el.getAttribute('aria-label') || el.getAttribute('aria-labelledby') || el.textContent.trim() || el.title
    || el.querySelector('img[alt]:not([alt=""])')))
  .map((el) => el.outerHTML.slice(0, 120))"""


def test_everything_that_can_be_used_has_a_name(site: Site, chromium: Browser, address: str) -> None:
    """Given the pages of an engineer, a screen reader can name every field, button and link; one heading says where one is."""
    site.start()
    site.record()
    task = site.task("上门检查")
    site.as_("engineer1").send(f"/tasks/{task.id}/claim")
    page = window(chromium, address, "engineer1")

    for path in ("/inbox?tab=all", f"/tasks/{task.id}", f"/cases/{task.root_id}", "/cases", "/start", "/account"):
        open_ready(page, path)
        assert page.evaluate(_NAMELESS) == [], path
        assert page.locator("h1").count() == 1, path
    page.context.close()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_no_page_breaks_the_content_policy_or_scrolls_sideways(site: Site, chromium: Browser, address: str, size: dict[str, int]) -> None:
    """Given every page of an administrator with a task in hand, nothing is blocked and nothing is wider than the screen."""
    site.start()
    site.record()
    task = site.task("上门检查")
    site.as_("admin").send(f"/tasks/{task.id}/claim")
    page = window(chromium, address, "admin", size)

    pages = (
        "/inbox?tab=all",
        f"/tasks/{task.id}",
        f"/cases/{task.root_id}",
        "/cases",
        "/start",
        "/start/site_visit",
        "/incidents",
        "/people",
        "/account",
    )
    for path in (*pages, "/people/hotline1", "/people/new", "/nowhere"):
        open_ready(page, path)
        assert page.evaluate("() => window.__blocked") == [], path
        assert page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth") <= 0, path
    page.context.close()


def test_the_inbox_is_walked_by_keyboard(site: Site, chromium: Browser, address: str) -> None:
    """Given two tasks, j and k move, x ticks, Enter opens, ? explains, g c goes to the cases."""
    site.start("甲")
    site.start("乙")
    page = window(chromium, address, "hotline1")
    page.goto("/inbox?tab=groups")

    page.keyboard.press("j")
    expect(page.locator("[data-row] a").nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator("[data-row] a").nth(1)).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("[data-row] input").nth(1)).to_be_checked()
    page.keyboard.press("k")
    expect(page.locator("[data-row] a").nth(0)).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#key-help")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tasks/*")
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/cases")
    page.context.close()


def test_an_engineer_completes_a_visit_on_a_phone(site: Site, chromium: Browser, address: str) -> None:
    """Given a phone, the engineer claims, is told what is missing at the field, ticks the manual and completes."""
    site.start()
    site.record()
    page = window(chromium, address, "engineer1", PHONE)
    page.goto("/inbox?tab=groups")
    page.get_by_role("link", name="上门检查").tap()
    page.get_by_role("button", name="认领", exact=True).tap()
    page.wait_for_selector("[data-island=form][data-ready]")

    page.get_by_role("button", name="完成", exact=True).tap()
    expect(page.locator(".fjs-form-field-error").first).to_be_visible()
    page.get_by_label("检查结果").fill("更换电源后正常")
    page.get_by_role("button", name="完成", exact=True).tap()
    expect(page.get_by_text("请先在手册卡片上勾选必做项")).to_be_visible()
    page.get_by_role("tab", name="手册").tap()
    with page.expect_response("**/clauses/**"):
        page.get_by_label("断电防静电").tap()
    page.get_by_role("tab", name="表单").tap()
    expect(page.get_by_label("检查结果")).to_have_value("更换电源后正常")
    page.get_by_role("button", name="完成", exact=True).tap()

    page.wait_for_url("**/inbox")
    expect(page.get_by_text("任务已完成")).to_be_visible()
    with site.engine.database.session() as session:
        assert session.query(UserTask).filter_by(name="上门检查", state="completed").count() == 1
    page.context.close()


def test_what_was_typed_survives_a_conflict(site: Site, chromium: Browser, address: str) -> None:
    """Given the task was handed to a colleague meanwhile, submitting shows a conflict and keeps the input."""
    site.start()
    site.record()
    task = site.task("上门检查")
    site.as_("engineer1").send(f"/tasks/{task.id}/claim")
    page = window(chromium, address, "engineer1")
    open_ready(page, f"/tasks/{task.id}")
    page.get_by_label("检查结果").fill("写了很久的内容")
    site.as_("admin").send(f"/tasks/{task.id}/assign", {"user": "engineer2", "reason": "换班"})

    page.get_by_role("button", name="完成", exact=True).click()

    expect(page.locator(".ops-form [role=alert], .ops-form .ops-banner").first).to_be_visible()
    expect(page.get_by_label("检查结果")).to_have_value("写了很久的内容")
    page.context.close()


def test_a_draft_is_saved_while_typing(site: Site, chromium: Browser, address: str) -> None:
    """Given some typing and a pause, the text is there again after the page was left."""
    site.start()
    site.record()
    task = site.task("上门检查")
    site.as_("engineer1").send(f"/tasks/{task.id}/claim")
    page = window(chromium, address, "engineer1")
    open_ready(page, f"/tasks/{task.id}")
    with page.expect_response(lambda answer: answer.url.endswith("/draft") and answer.status == 200):
        page.get_by_label("检查结果").fill("半句话")
    page.goto("/inbox")
    open_ready(page, f"/tasks/{task.id}")

    expect(page.get_by_label("检查结果")).to_have_value("半句话")
    page.context.close()


def test_the_language_and_the_theme_are_switched_from_the_menu(site: Site, chromium: Browser, address: str) -> None:
    """Given the menu, English and dark are one click each and stay."""
    page = window(chromium, address, "hotline1")
    page.locator("details.menu > summary").first.click()
    page.get_by_role("button", name="深色").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Inbox")).to_be_visible()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.context.close()


def test_a_new_task_appears_without_reloading(site: Site, chromium: Browser, address: str) -> None:
    """Given an open inbox, a task that arrives shows up by itself when the page is looked at again."""
    page = window(chromium, address, "hotline1")
    page.goto("/inbox?tab=groups")
    expect(page.get_by_text("组里没有等待认领的任务")).to_be_visible()
    site.start()
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")

    expect(page.get_by_role("link", name="登记需求")).to_be_visible()
    page.context.close()
