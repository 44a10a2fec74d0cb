"""What every page has: themes, toasts, tabs on phones, live lists; and no accessibility findings."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.islands.site import DIST, State

AXE = Path(__file__).resolve().parents[2] / "web" / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


def findings(page: Page) -> list[str]:
    """What axe complains about; run through the debugger, because the pages' own policy allows no foreign script."""
    page.evaluate(AXE.read_text("utf-8"))
    result = page.evaluate("(tags) => axe.run(document, { runOnly: tags })", STANDARD)
    return [
        f"{finding['id']}: {node['html'][:160]} {node['failureSummary']}" for finding in result["violations"] for node in finding["nodes"]
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ["task", "diagram", "nested", "plain", "readonly"])
def test_pages_have_no_accessibility_findings(page: Page, name: str, theme: str) -> None:
    """Pages with islands meet WCAG 2.1 AA as far as axe can tell, in both themes, also with errors shown."""
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"/{name}?theme={theme}")
    page.wait_for_function("() => document.querySelectorAll('[data-island]').length === document.querySelectorAll('[data-ready]').length")
    if name == "task":
        page.get_by_role("button", name="完成").click()
        expect(page.get_by_role("alert")).to_be_visible()
    assert findings(page) == []


def test_phones_show_tabs_with_touchable_controls(phone: Page) -> None:
    """At 390 pixels the parts of the page are tabs, nothing scrolls sideways, and every control is a thumb high."""
    phone.goto("/task")
    phone.wait_for_selector("[data-island=form][data-ready]")
    expect(phone.get_by_role("tab")).to_have_text(["表单", "流程图", "手册"])
    assert phone.evaluate("() => document.documentElement.scrollWidth") <= 390
    for name in ("完成", "暂存"):
        box = phone.get_by_role("button", name=name).bounding_box()
        assert box
        assert box["height"] >= 44
    phone.get_by_role("tab", name="流程图").click()
    expect(phone.locator(".ops-active")).to_be_in_viewport()
    expect(phone.get_by_role("button", name="完成")).to_be_hidden()


def test_the_theme_is_there_before_the_first_paint(page: Page) -> None:
    """A chosen theme is set while the head is read, and kept for the next page."""
    page.emulate_media(color_scheme="dark")
    page.goto("/plain?theme=auto")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.get_by_role("button", name="light").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")
    page.goto("/plain?theme=auto")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")


def test_live_lists_follow_the_server_but_not_while_somebody_types(page: Page, state: State) -> None:
    """A list is fetched again while the page is visible; input inside it is left alone."""
    state.live = "<p>1</p><input aria-label='x'>"
    page.goto("/plain")
    expect(page.locator("[data-live]")).to_contain_text("1")
    page.get_by_label("x").fill("typing")
    state.live = "<p>2</p>"
    page.wait_for_timeout(1500)
    expect(page.locator("[data-live]")).to_contain_text("1")
    page.get_by_label("x").blur()
    expect(page.locator("[data-live]")).to_have_text("2")


def test_messages_of_the_server_appear_as_toasts(page: Page) -> None:
    """A flashed message and one from a script are shown and can be closed."""
    page.goto("/plain")
    expect(page.get_by_role("status")).to_have_text("已保存")
    page.evaluate("() => dispatchEvent(new CustomEvent('toast', { detail: { zh: '没有成功', en: 'No', tone: 'bad' } }))")
    expect(page.get_by_role("alert")).to_have_text("没有成功")
    page.get_by_role("alert").get_by_role("button", name="关闭").click()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_signatures_in_plain_pages_become_form_values(page: Page, state: State) -> None:
    """A signature in a page without form-js is uploaded and its id stands in a hidden input."""
    page.goto("/plain")
    page.get_by_placeholder("或输入姓名代替手写").fill("王芳")
    page.get_by_placeholder("或输入姓名代替手写").blur()
    expect(page.locator("input[name=sign]")).to_have_value("att1")
    assert state.uploads["att1"][1] == "image/png"


def test_every_message_of_form_js_has_chinese() -> None:
    """Each text that form-js translates has an entry, so that no English appears on a Chinese page."""
    frontend = AXE.parents[2]
    source = (frontend / "node_modules" / "@bpmn-io" / "form-js-viewer" / "dist" / "index.es.js").read_text("utf-8")
    dictionary = (frontend / "src" / "forms" / "messages.js").read_text("utf-8")
    texts = {first or second for first, second in re.findall(r"\btranslate\((?:'([^']+)'|\"([^\"]+)\")", source)}
    for_developers = {"HELLO {you}", "binding path '{value}' is already claimed"}
    missing = {
        text
        for text in texts - for_developers
        if f"'{text}'" not in dictionary and f'"{text}"' not in dictionary and f"  {text}:" not in dictionary
    }
    assert missing == set()


def test_assets_have_compressed_twins_and_a_licence_list() -> None:
    """The build leaves gzip and brotli twins beside big assets, and says whose work is inside."""
    assets = [path for path in (DIST / "assets").glob("*.js") if path.stat().st_size >= 1024]
    assert assets
    assert all(path.with_name(path.name + twin).is_file() for path in assets for twin in (".br", ".gz"))
    assert "bpmn-js" in (DIST / "THIRD-PARTY.md").read_text("utf-8")
