"""The form editor, as a process owner uses it."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.islands.faithful import said_by_form
from tests.islands.site import State
from tests.islands.studio import PROCESSES, both

SLIP = "onsite_service/f_inspect.form"
SAVED_AT = re.compile(r"已保存 \d")
FORMS = sorted(path.relative_to(PROCESSES).as_posix() for path in PROCESSES.glob("*/*.form"))


@pytest.fixture
def desk(page: Page) -> Page:
    page.set_viewport_size({"width": 1440, "height": 900})
    page.add_init_script("addEventListener('studio:ready', (event) => { window.opened = event.detail.editor; })")
    return page


def open_form(page: Page, key: str = SLIP) -> None:
    page.goto(f"/studio/edit/{key}")
    page.wait_for_selector("[data-island][data-ready]")


def select(page: Page, component: str) -> None:
    page.locator(f".fjs-element[data-id={component}]").click(position={"x": 8, "y": 4})


def own_form(state: State) -> str:
    """A form with our own components."""
    components = [
        {"type": "signature", "id": "sign", "key": "customer_signature", "label": "客户签名"},
        {"type": "photo", "id": "pictures", "key": "photos", "label": "现场照片"},
        {"type": "textfield", "id": "note", "key": "note", "label": "备注"},
    ]
    state.studio.saved["own.form"] = json.dumps({"id": "own", "type": "default", "schemaVersion": 19, "components": components})
    return "own.form"


def test_a_field_is_renamed_and_saved(desk: Page, state: State) -> None:
    """Given a form, when the label of a field is changed in the panel, then it is saved by itself, and undone by the button."""
    key = own_form(state)
    open_form(desk, key)
    select(desk, "note")
    desk.locator(".bio-properties-panel-group-header", has_text="常规").click()
    label = desk.get_by_label("栏目名称")
    expect(label).to_be_visible()
    label.fill("说明")
    expect(desk.locator(".ops-studio-state")).to_have_text(SAVED_AT, timeout=10_000)
    assert json.loads(state.studio.saved[key])["components"][2]["label"] == "说明"

    desk.get_by_role("button", name="撤销（Ctrl+Z）").click()
    expect(desk.locator(".fjs-element[data-id=note]")).to_contain_text("备注")


def test_signature_and_photo_can_be_made_mandatory(desk: Page, state: State) -> None:
    """Given our own components, when one is selected, then its panel offers to make it mandatory and the file says so."""
    key = own_form(state)
    open_form(desk, key)
    expect(desk.locator(".fjs-palette-field", has_text="签名")).to_be_visible()
    expect(desk.locator(".fjs-palette-field", has_text="照片")).to_be_visible()
    select(desk, "sign")
    desk.locator(".bio-properties-panel-group-header", has_text="校验").click()
    desk.get_by_label("必填").check()
    expect(desk.locator(".ops-studio-state")).to_have_text(SAVED_AT, timeout=10_000)
    assert json.loads(state.studio.saved[key])["components"][0]["validate"] == {"required": True}


def test_the_preview_is_the_form_that_people_fill(desk: Page, state: State) -> None:
    """Given a form, when its preview is opened, then it is the working form, with our components, and can be closed."""
    open_form(desk, own_form(state))
    desk.get_by_role("button", name="预览", exact=True).click()
    expect(desk.locator("dialog").get_by_placeholder("或输入姓名代替手写")).to_be_visible()
    desk.locator("dialog").get_by_role("button", name="关闭").click()
    expect(desk.locator("dialog")).to_have_count(0)


def test_a_finding_leads_to_its_field(desk: Page, state: State) -> None:
    """Given a finding at a field, then the field is outlined, and the list leads to it."""
    finding = {"elementId": "note", "fieldPath": "note", "severity": "error", "code": "x", "message": both("没人读它", "Nobody reads it")}
    state.studio.findings = [finding | {"advice": None, "fix": None}]
    open_form(desk, own_form(state))
    desk.get_by_role("button", name="检查").click()
    desk.locator(".ops-finding-place").click()
    expect(desk.locator(".fjs-element[data-id=note].fjs-editor-selected")).to_be_visible()
    expect(desk.locator(".fjs-element[data-id=note]")).to_have_css("outline-color", "rgb(180, 35, 35)")


def test_opening_and_saving_the_shipped_forms_loses_nothing(desk: Page) -> None:
    """Given every shipped form, when the editor opens it and writes it again, then the file says the same."""
    open_form(desk)
    for key in FORMS:
        content = (PROCESSES / key).read_text("utf-8")
        written = desk.evaluate(
            "async (content) => { await window.opened.open(content); return await window.opened.content(); }",
            content,
        )
        assert said_by_form(written) == said_by_form(content), key


def test_on_a_phone_a_form_is_drawn_with_sheets(phone: Page, state: State) -> None:
    """Given a phone, then the board has the width, a component that is touched comes behind the selected one, and its properties come up below it."""
    key = own_form(state)
    open_form(phone, key)
    board = phone.locator(".fjs-form-container")
    box = board.bounding_box()
    assert box is not None
    assert box["width"] > 350
    expect(phone.locator(".fjs-properties-container")).to_be_hidden()
    expect(phone.get_by_text("画图请用更大的屏幕")).to_be_hidden()

    phone.locator(".fjs-element[data-id=pictures]").tap(position={"x": 8, "y": 4})
    expect(phone.locator(".fjs-properties-container")).to_be_visible()
    phone.get_by_role("button", name="＋ 组件").tap()
    expect(phone.locator(".fjs-properties-container")).to_be_hidden()
    phone.locator(".fjs-palette-field[data-field-type=number]").tap()
    expect(phone.locator(".fjs-palette-container")).to_be_hidden()
    expect(phone.locator(".fjs-properties-container")).to_contain_text("数字")
    expect(phone.locator(".fjs-element.fjs-editor-selected")).to_be_in_viewport()
    expect(phone.locator(".ops-studio-state")).to_have_text(SAVED_AT, timeout=10_000)
    assert [item["type"] for item in json.loads(state.studio.saved[key])["components"]] == ["signature", "photo", "number", "textfield"]

    phone.get_by_role("button", name="属性").tap()
    expect(phone.locator(".fjs-properties-container")).to_be_hidden()
    assert phone.evaluate("() => document.documentElement.scrollWidth") <= 390


def test_what_cannot_be_opened_is_mended_by_its_findings(desk: Page, state: State) -> None:
    """Given a form with one key twice, which form-js refuses, then it is kept as it is and said so; the fix of the finding opens it, and it is saved."""
    key = own_form(state)
    good = state.studio.saved[key]
    state.studio.saved[key] = twice = good.replace('"key": "note"', '"key": "photos"')
    state.studio.fixed = good.replace('"key": "note"', '"key": "photos_2"')
    label = both("改为“photos_2”", "Change it")
    found = {
        "elementId": "note",
        "fieldPath": "photos",
        "severity": "error",
        "code": "form-duplicate-key",
        "message": both("重复", "Twice"),
    }
    state.studio.findings = [found | {"advice": None, "fix": {"id": "x", "label": label}}]
    open_form(desk, key)

    expect(desk.get_by_role("alert")).to_contain_text("编辑器打不开这份内容")
    desk.wait_for_timeout(2500)
    assert state.studio.saved[key] == twice
    desk.get_by_role("button", name="改为“photos_2”").click()
    expect(desk.locator(".fjs-element[data-id=note]")).to_be_visible()
    expect(desk.get_by_text("编辑器打不开这份内容")).to_have_count(0)
    expect(desk.locator(".ops-studio-state")).to_have_text(SAVED_AT, timeout=10_000)
    assert json.loads(state.studio.saved[key])["components"][2]["key"] == "photos_2"
