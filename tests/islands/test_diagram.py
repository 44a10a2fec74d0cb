"""The diagram island: where a case stands, to see, to move, to follow."""

from playwright.sync_api import Page, expect


def open_diagram(page: Page, query: str = "") -> None:
    page.goto(f"/diagram{query}")
    page.wait_for_selector("[data-island=diagram][data-ready]")


def scale(page: Page) -> float:
    return float(page.evaluate("() => new DOMMatrix(getComputedStyle(document.querySelector('.viewport')).transform).a"))


def test_the_state_of_the_case_is_drawn(page: Page) -> None:
    """What is done, where it stands, what went wrong and the path taken are marked, and said in words."""
    open_diagram(page)
    assert page.locator(".djs-shape.ops-completed").count() == 3
    assert page.locator(".djs-connection.ops-taken").count() == 3
    expect(page.locator(".ops-active[data-element-id=repair]")).to_be_visible()
    expect(page.locator(".ops-incident[data-element-id=breach]")).to_be_visible()
    expect(page.get_by_text("周五 16:30 到期")).to_be_visible()
    expect(page.get_by_role("group", name="流程图：已完成 3 个节点，当前 1 个，异常 1 个")).to_be_visible()
    expect(page.locator(".bjs-powered-by")).to_be_visible()


def test_a_called_case_can_be_opened(page: Page) -> None:
    """The badge of a call activity leads to the called case, by mouse and by keyboard."""
    open_diagram(page)
    link = page.get_by_role("link", name="备件借用 · 进行中")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/inbox")


def test_buttons_and_keys_move_the_diagram(page: Page) -> None:
    """Zoom in, zoom out and whole diagram work by button and by key."""
    open_diagram(page)
    before = scale(page)
    page.get_by_role("button", name="放大").click()
    assert scale(page) > before
    page.get_by_role("button", name="显示全图").click()
    assert abs(scale(page) - before) < 0.01
    page.locator(".ops-diagram-sheet").focus()
    page.keyboard.press("-")
    assert scale(page) < before


def test_a_case_inside_a_sub_process_opens_there(page: Page) -> None:
    """A collapsed sub-process is drawn on its own sheet: that one is shown, and the way back marks the sub-process as current."""
    page.goto("/nested")
    page.wait_for_selector("[data-island=diagram][data-ready]")
    expect(page.locator(".ops-active[data-element-id=call]")).to_be_visible()
    page.locator(".bjs-breadcrumbs").get_by_text("上门").click()
    expect(page.locator(".ops-active[data-element-id=appointment]")).to_be_visible()
    page.get_by_role("button", name="打开子流程").click()
    expect(page.locator(".ops-active[data-element-id=call]")).to_be_visible()


def test_names_are_english_for_english_readers(page: Page) -> None:
    """Names in the diagram follow the language of the page."""
    open_diagram(page, "?lang=en")
    expect(page.locator("[data-element-id=repair] text")).to_have_text("Repair on site")
    expect(page.locator("[data-element-id=l1] text")).to_have_text("Coordinator")


def test_a_click_tells_the_page_which_element_was_meant(page: Page) -> None:
    """Pages may show more about an element that was clicked."""
    open_diagram(page)
    page.evaluate("() => addEventListener('diagram:select', (event) => { window.selected = event.detail; })")
    page.locator("[data-element-id=dispatch] .djs-hit").click(force=True)
    assert page.evaluate("() => window.selected") == {"elementId": "dispatch", "name": "派工", "type": "bpmn:UserTask"}


def test_fingers_move_and_zoom_on_a_phone(phone: Page) -> None:
    """On a phone the current position is readable at first, one finger pans and two fingers zoom."""
    open_diagram(phone)
    before = scale(phone)
    assert before > 0.5
    touch = phone.context.new_cdp_session(phone)
    box = phone.locator(".ops-diagram-sheet").bounding_box()
    assert box
    x, y = box["x"] + 120, box["y"] + 200

    def send(kind: str, *points: tuple[float, float]) -> None:
        touch.send(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": px, "y": py, "id": i} for i, (px, py) in enumerate(points)]}
        )

    send("touchStart", (x, y), (x + 40, y))
    send("touchMove", (x - 30, y), (x + 80, y))
    send("touchEnd")
    assert scale(phone) > before * 1.5
