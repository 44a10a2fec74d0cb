"""The diagram modeler, as a process owner uses it."""

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.islands.browsing import until
from tests.islands.diagrams import KEYS
from tests.islands.faithful import said_by_xml
from tests.islands.site import State
from tests.islands.studio import PROCESSES, both

VISIT = "samples/visit.bpmn"
SAVED_AT = re.compile(r"已保存 \d")


@pytest.fixture
def context(browser: Browser, site: str) -> BrowserContext:
    """Chinese, on a desk."""
    return browser.new_context(base_url=site, viewport={"width": 1440, "height": 900}, locale="zh-CN", timezone_id="Asia/Shanghai")


@pytest.fixture
def desk(context: BrowserContext) -> Page:
    return context.new_page()


def open_modeler(page: Page, key: str = VISIT, query: str = "") -> None:
    page.goto(f"/studio/edit/{key}{query}")
    page.wait_for_selector("[data-island][data-ready]")


def select(page: Page, element: str) -> None:
    page.evaluate(
        "(id) => document.querySelector('[data-island]').dispatchEvent(new CustomEvent('studio:focus', { detail: { elementId: id } }))",
        element,
    )


def rename(page: Page, element: str, name: str) -> None:
    """As a person does: a double click on the shape, the new name, a click beside it."""
    select(page, element)
    page.locator(f".djs-shape[data-element-id={element}]").dblclick(force=True)
    page.locator(".djs-direct-editing-content").fill(name)
    page.locator(".ops-studio-sheet").click(position={"x": 300, "y": 20}, force=True)


def status(page: Page) -> Locator:
    return page.locator(".ops-studio-state")


def test_a_change_saves_itself_and_can_be_undone(desk: Page, state: State) -> None:
    """Given a diagram, when a task is renamed and that is undone, then each is saved by itself with the revision that was there before."""
    open_modeler(desk)
    expect(status(desk)).to_have_text("已保存")
    rename(desk, "repair", "上门维修")
    expect(status(desk)).to_have_text(SAVED_AT, timeout=10_000)
    assert 'name="上门维修"' in state.studio.saved[VISIT]

    desk.get_by_role("button", name="撤销（Ctrl+Z）").click()
    desk.wait_for_function("() => document.querySelector('.ops-studio-state').textContent.includes('未保存')")
    expect(status(desk)).to_have_text(SAVED_AT, timeout=10_000)
    assert 'name="上门检修"' in state.studio.saved[VISIT]
    assert state.studio.puts == [(VISIT, 0), (VISIT, 1)]


def test_nothing_is_lost_when_the_connection_drops_and_the_tab_closes(context: BrowserContext, desk: Page, state: State) -> None:
    """Given a lost connection, when the owner changes the diagram and closes the tab, then the change is there the next time, and saved."""
    open_modeler(desk)
    context.set_offline(True)
    rename(desk, "repair", "上门维修")
    expect(status(desk)).to_contain_text("网络不通", timeout=10_000)
    desk.close()
    assert state.studio.puts == []

    context.set_offline(False)
    again = context.new_page()
    open_modeler(again)
    expect(again.locator(".ops-banner")).to_contain_text("已恢复上次没有送达的修改")
    expect(status(again)).to_have_text(SAVED_AT, timeout=10_000)
    assert 'name="上门维修"' in state.studio.saved[VISIT]


def test_work_of_somebody_else_is_never_overwritten_unasked(desk: Page, state: State) -> None:
    """Given a draft that was saved elsewhere meanwhile, when the owner changes it, then both are offered, and it is overwritten only on demand."""
    open_modeler(desk)
    state.studio.revisions[VISIT] = 5
    rename(desk, "repair", "上门维修")
    banner = desk.get_by_role("alert")
    expect(banner).to_contain_text("王芳在另一处先保存了", timeout=10_000)
    expect(banner.get_by_role("link", name="看我的这份")).to_be_visible()
    assert "上门维修" not in state.studio.saved[VISIT]

    banner.get_by_role("button", name="用我的覆盖").click()
    expect(status(desk)).to_have_text(SAVED_AT, timeout=10_000)
    assert "上门维修" in state.studio.saved[VISIT]


def test_the_saved_version_can_be_taken_instead(desk: Page, state: State) -> None:
    """Given a conflict, when the owner takes the saved version, then it is shown and nothing is sent."""
    open_modeler(desk)
    state.studio.revisions[VISIT] = 5
    rename(desk, "repair", "上门维修")
    desk.get_by_role("button", name="换成已保存的").click()
    expect(desk.locator(".djs-shape[data-element-id=repair]")).to_contain_text("上门检修")
    expect(desk.get_by_role("alert")).to_have_count(0)
    assert len(state.studio.puts) == 1


def test_findings_stand_at_the_element_and_can_be_repaired(desk: Page, state: State) -> None:
    """Given a finding with a repair, then it is shown at its element and in the list; the repair changes the diagram and can be undone."""
    original = state.studio.content(VISIT)
    state.studio.fixed = original.replace("上门检修", "上门检修（修正）")
    state.studio.findings = [
        {"elementId": "repair", "fieldPath": None, "severity": "error", "code": "x", "message": both("没有岗位", "No role"),
         "advice": both("选择岗位。", "Choose one."), "fix": {"id": "role", "label": both("设为工程师", "Set it")}}]  # fmt: skip
    open_modeler(desk)
    badge = desk.locator(".djs-overlays[data-container-id=repair] .ops-finding-badge")
    expect(badge).to_be_visible()
    badge.hover()
    expect(badge).to_contain_text("没有岗位")
    expect(desk.locator(".djs-context-pad")).to_be_hidden()  # it would lie over the words
    desk.get_by_role("button", name="检查").click()
    desk.locator(".ops-finding-place").click()
    expect(desk.locator(".djs-shape[data-element-id=repair].selected")).to_be_visible()

    desk.get_by_role("button", name="设为工程师").click()
    expect(desk.get_by_text("检查：没有问题")).to_be_visible()
    expect(desk.locator(".djs-shape[data-element-id=repair]")).to_contain_text("（修正）")
    desk.get_by_role("button", name="撤销（Ctrl+Z）").click()
    expect(desk.locator(".djs-shape[data-element-id=repair]")).not_to_contain_text("（修正）")


def test_an_address_leads_to_an_element(desk: Page) -> None:
    """Given an address with the id of an element behind it, when it is opened, then this element is selected."""
    open_modeler(desk, query="#repair")
    expect(desk.locator(".djs-shape[data-element-id=repair].selected")).to_be_visible()


def test_the_menus_say_what_the_panel_says(desk: Page) -> None:
    """Given the Chinese editor, when something is appended, then the menu calls types as the panel does."""
    open_modeler(desk)
    select(desk, "repair")
    desk.locator(".djs-context-pad .entry[data-action=append]").click()
    desk.locator(".djs-popup-search input").fill("人工任务")
    desk.locator(".djs-popup .entry").filter(has_text="人工任务").click()
    expect(desk.locator(".bio-properties-panel-header-type")).to_have_text("人工任务")


def test_a_change_is_checked_within_a_second(desk: Page, state: State) -> None:
    """Given a diagram, when it is changed, then the server is asked within a second of the change."""
    open_modeler(desk)
    rename(desk, "repair", "上门维修")
    desk.wait_for_timeout(1000)
    assert "上门维修" in state.studio.checked[-1]


def test_an_owner_chooses_instead_of_typing(desk: Page, state: State) -> None:
    """Given a task, when roles, form and clauses are searched and chosen by title or text, then the file has their ids."""
    open_modeler(desk)
    select(desk, "repair")
    choose(desk, "岗位", "协调", "协调员")
    choose(desk, "填哪张表单", "上门", "上门记录")
    choose(desk, "条款", "核对备件", "上门前准备")
    until(desk, lambda: '<camunda:property name="opsbook:clause" value="M3-3.2-onsite-2" />' in state.studio.saved[VISIT])
    saved = state.studio.saved[VISIT]
    assert "coordinator" in saved
    assert 'camunda:formRef="f_visit" camunda:formRefBinding="latest"' in saved


def test_a_service_task_gets_its_handler_and_inputs(desk: Page, state: State) -> None:
    """Given a service task, when a handler is chosen, then its inputs appear as fields and what is entered is in the file."""
    open_modeler(desk)
    select(desk, "breach")
    choose(desk, "处理功能", "期限", "计算期限")
    choose(desk, "计时方式", "工作", "工作时间")
    until(desk, lambda: '<camunda:inputParameter name="clock">working</camunda:inputParameter>' in state.studio.saved[VISIT])
    assert 'camunda:type="external" camunda:topic="deadlines.compute_due"' in state.studio.saved[VISIT]


def choose(page: Page, label: str, words: str, title: str) -> None:
    """Search in a field of the panel and take what is found."""
    page.get_by_role("combobox", name=label).fill(words)
    page.get_by_role("option").filter(has_text=title).first.click()


def test_those_who_may_only_look_change_nothing(desk: Page, state: State) -> None:
    """Given a reader without the right to change, when the diagram is opened and clicked, then nothing can be drawn or typed, and nothing is sent."""
    open_modeler(desk, query="?readonly=1")
    select(desk, "repair")
    expect(desk.locator(".djs-palette")).to_be_hidden()
    expect(desk.get_by_role("combobox", name="岗位")).to_be_disabled()
    expect(desk.get_by_role("button", name="撤销（Ctrl+Z）")).to_have_count(0)
    desk.locator(".djs-shape[data-element-id=repair]").dblclick(force=True)
    expect(desk.locator(".djs-direct-editing-content")).to_have_count(0)
    assert state.studio.puts == []


@pytest.mark.parametrize("key", KEYS)
def test_opening_and_saving_a_shipped_diagram_loses_nothing(desk: Page, key: str) -> None:
    """Given a shipped diagram, when the modeler opens it and writes it again, then the file says the same: elements, attributes, drawing."""
    desk.add_init_script("addEventListener('studio:ready', (event) => { window.opened = event.detail.editor; })")
    open_modeler(desk, f"{key}/{key}.bpmn")
    written = desk.evaluate("() => window.opened.content()")

    assert said_by_xml(written) == said_by_xml((PROCESSES / key / f"{key}.bpmn").read_text("utf-8"))


def test_on_a_phone_one_looks_and_changes_properties(phone: Page) -> None:
    """Given a phone, then a hint says that drawing needs more room, and the properties of what is touched come up in a sheet."""
    open_modeler(phone)
    expect(phone.get_by_text("画图请用更大的屏幕")).to_be_visible()
    expect(phone.locator(".djs-palette")).to_be_hidden()
    panel = phone.locator(".ops-studio-panel")
    expect(panel).to_be_hidden()
    phone.locator(".djs-shape[data-element-id=repair]").tap(force=True)
    expect(panel.get_by_role("combobox", name="岗位")).to_be_visible()
    assert phone.evaluate("() => document.documentElement.scrollWidth") <= 390
