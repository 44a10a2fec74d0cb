"""The form island, as the person who fills it sees it."""

import re
import struct
import zlib
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.islands.site import State


def png(width: int, height: int) -> bytes:
    """A grey picture."""
    rows = b"".join(b"\x00" + bytes([row % 256]) * width for row in range(height))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def open_task(page: Page, query: str = "") -> None:
    page.goto(f"/task{query}")
    page.wait_for_selector("[data-island=form][data-ready]")


def fill(page: Page) -> None:
    """Everything that the visit form demands, signed by typing one's name."""
    page.get_by_label("故障现象").fill("无法开机")
    page.get_by_label("工时（小时）").fill("1.5")
    page.get_by_text("否", exact=True).click()
    page.locator(".fjs-form-field-select .fjs-input-group").click()
    page.get_by_text("已修好").click()
    page.get_by_placeholder("或输入姓名代替手写").fill("王芳")


def submit(page: Page) -> None:
    page.get_by_role("button", name="完成").click()


def test_a_filled_form_is_sent_once_with_its_files(page: Page, state: State) -> None:
    """Given a filled and signed form, when somebody clicks twice, then it is sent once, with the signature as an attachment of the task."""
    open_task(page)
    fill(page)
    page.get_by_role("button", name="完成").dblclick()
    page.wait_for_url("**/inbox")
    expect(page.get_by_role("status")).to_contain_text("已完成。")
    [sent] = state.submits
    assert sent["csrf"] == "token"
    assert sent["key"]
    assert sent["data"]["customer_signature"] == "att1"
    assert sent["data"]["hours"] == 1.5
    assert sent["data"]["charged"] is False
    assert "missing_part" not in sent["data"]
    assert state.uploads["att1"][:2] == ("signature.png", "image/png")


def test_nothing_is_sent_while_something_is_missing(page: Page, state: State) -> None:
    """An incomplete form stays, says so in Chinese, and puts the cursor into the first field that needs it."""
    open_task(page)
    submit(page)
    expect(page.get_by_role("alert")).to_contain_text("请修改标红的栏目")
    expect(page.get_by_text("此项必填。")).to_have_count(5)
    expect(page.get_by_label("故障现象")).to_be_focused()
    assert state.submits == []


def test_what_the_server_refuses_is_shown_at_the_field(page: Page, state: State) -> None:
    """A 422 marks the field, also inside a list, and keeps everything that was entered."""
    fields = {
        "contact_phone": {"zh": "号码是空号。", "en": "…"},
        "parts_used[0].qty": {"zh": "库存不足。", "en": "…"},
        "elsewhere": {"zh": "另一处。", "en": "…"},
    }
    state.answers.append((422, {"fields": fields, "message": {"zh": "表单有 3 处需要修改。", "en": "…"}}))
    open_task(page)
    fill(page)
    submit(page)
    expect(page.locator(".fjs-has-errors", has_text="客户电话")).to_contain_text("号码是空号。")
    expect(page.locator(".fjs-has-errors", has_text="数量").last).to_contain_text("库存不足。")
    expect(page.get_by_role("alert")).to_contain_text("另一处。")
    expect(page.get_by_label("故障现象")).to_have_value("无法开机")
    page.get_by_label("客户电话").fill("13900139000")
    submit(page)
    page.wait_for_url("**/inbox")
    assert len({sent["key"] for sent in state.submits}) == 2


def test_a_conflict_keeps_what_was_entered(page: Page, state: State) -> None:
    """When somebody else was faster, the page says so and the input is still there to copy."""
    state.answers.append((409, {"message": {"zh": "李工已完成这个任务。", "en": "…"}}))
    open_task(page)
    fill(page)
    submit(page)
    expect(page.get_by_role("alert")).to_contain_text("李工已完成这个任务。 你填写的内容还在下面。")
    expect(page.get_by_role("button", name="复制填写的内容")).to_be_visible()
    expect(page.get_by_label("故障现象")).to_have_value("无法开机")


def test_without_network_nothing_is_lost(page: Page, state: State) -> None:
    """Given no network, a submit is kept on the device; after a reload it is there again, and a repetition goes through."""
    open_task(page)
    fill(page)
    page.route("**/submit", lambda route: route.abort())
    page.route("**/draft", lambda route: route.abort())
    submit(page)
    expect(page.get_by_role("alert")).to_contain_text("网络不通")
    page.unroute("**/submit")
    page.unroute("**/draft")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.wait_for_selector("[data-island=form][data-ready]")
    expect(page.get_by_text("已恢复上次没有送达的内容。")).to_be_visible()
    expect(page.get_by_label("故障现象")).to_have_value("无法开机")
    page.get_by_placeholder("或输入姓名代替手写").fill("王芳")
    submit(page)
    page.wait_for_url("**/inbox")
    assert len(state.submits) == 1


def test_a_repetition_of_the_same_content_has_the_same_key(page: Page, state: State) -> None:
    """When the server fails, the second try carries the same idempotency key, so that it is never applied twice."""
    state.answers += [(503, {}), (200, {"redirect": "/inbox"})]
    open_task(page)
    fill(page)
    submit(page)
    page.get_by_role("button", name="再试一次").click()
    page.wait_for_url("**/inbox")
    first, second = state.submits
    assert first["key"] == second["key"]


def test_drafts_are_saved_by_themselves(page: Page, state: State) -> None:
    """A moment after the last change the draft is on the server; leaving then asks nothing."""
    open_task(page)
    page.get_by_label("故障现象").fill("有异响")
    expect(page.locator(".ops-action-status")).to_contain_text("已暂存")
    assert state.drafts[-1]["fault"] == "有异响"


def test_leaving_with_unsaved_input_asks_first(page: Page) -> None:
    """A page with input that is nowhere saved is not left by accident."""
    open_task(page)
    page.route("**/draft", lambda route: route.abort())
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_label("故障现象").fill("有异响")
    page.wait_for_timeout(400)
    page.goto("/inbox")
    assert asked == ["beforeunload"]


def test_the_keyboard_submits(page: Page, state: State) -> None:
    """Ctrl+Enter in a field sends what was just typed there."""
    open_task(page)
    fill(page)
    page.get_by_label("故障现象").fill("键盘也行")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/inbox")
    assert state.submits[0]["data"]["fault"] == "键盘也行"


def test_photos_are_made_smaller_and_shown(page: Page, state: State) -> None:
    """A big photo becomes a JPEG of at most 1600 pixels; it is shown, and may be removed again."""
    open_task(page)
    photo = page.locator(".fjs-form-field-photo")
    photo.locator("input[type=file]").set_input_files(
        [
            {"name": "a.png", "mimeType": "image/png", "buffer": png(2400, 1200)},
            {"name": "b.png", "mimeType": "image/png", "buffer": png(40, 20)},
        ]
    )
    expect(photo.locator("img")).to_have_count(2)
    size = photo.locator("img").first.evaluate("(image) => [image.naturalWidth, image.naturalHeight]")
    assert size == [1600, 800]
    page.get_by_role("button", name="移除 b.jpg").click()
    fill(page)
    submit(page)
    page.wait_for_url("**/inbox")
    [identity] = state.submits[0]["data"]["photos"]
    assert state.uploads[identity][:2] == ("a.jpg", "image/jpeg")


def test_typing_survives_when_the_form_is_drawn_anew(page: Page, state: State) -> None:
    """Given somebody types while a photo is still being made smaller, then no letter is lost when the photo appears."""
    open_task(page)
    fill(page)
    photo = page.locator(".fjs-form-field-photo")
    photo.locator("input[type=file]").set_input_files([{"name": "a.png", "mimeType": "image/png", "buffer": png(3000, 2000)}])
    page.get_by_label("故障现象").fill("")
    page.get_by_label("故障现象").press_sequentially("abcdefghijklmnopqrstuvwxyz", delay=15)
    expect(photo.locator("img")).to_have_count(1)
    submit(page)
    page.wait_for_url("**/inbox")
    assert state.submits[0]["data"]["fault"] == "abcdefghijklmnopqrstuvwxyz"


def test_a_refused_file_is_explained(page: Page, state: State) -> None:
    """When the server does not take a file, its reason is shown and nothing is submitted."""

    def refuse(route: Route) -> None:
        route.fulfill(status=413, json={"message": {"zh": "文件超过 20 MB。", "en": "…"}})

    open_task(page)
    fill(page)
    page.route("**/attachments", refuse)
    submit(page)
    expect(page.get_by_role("alert")).to_contain_text("signature.png：文件超过 20 MB。")
    assert state.submits == []


def test_a_signature_is_drawn_by_hand(page: Page, state: State) -> None:
    """Strokes on the sheet are the signature; clearing takes it back."""
    open_task(page)
    fill(page)
    page.get_by_role("button", name="清除重签").click()
    submit(page)
    expect(page.locator(".fjs-form-field-signature")).to_contain_text("此项必填。")
    sheet = page.locator("canvas")
    sheet.scroll_into_view_if_needed()
    box: Any = sheet.bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 100, steps=8)
    page.mouse.up()
    submit(page)
    page.wait_for_url("**/inbox")
    assert state.submits[0]["data"]["customer_signature"] in state.uploads


def test_english_readers_get_english(page: Page) -> None:
    """With the language English, labels, options, buttons and complaints are English."""
    open_task(page, "?lang=en")
    expect(page.get_by_label("Symptom")).to_be_visible()
    expect(page.get_by_text("Checked")).to_be_visible()
    page.get_by_role("button", name="Complete").click()
    expect(page.get_by_text("Field is required.").first).to_be_visible()
    assert re.search(r"[\u4e00-\u9fff]", page.locator("[data-island=form]").inner_text()) is None


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_readers_cannot_change_a_form(page: Page, theme: str) -> None:
    """A read-only form shows its values and offers nothing to change them."""
    page.goto(f"/readonly?theme={theme}")
    page.wait_for_selector("[data-island=form][data-ready]")
    expect(page.get_by_label("故障现象")).to_have_value("无法开机")
    expect(page.get_by_label("故障现象")).not_to_be_editable()
    expect(page.get_by_text("没有签名")).to_be_visible()
    buttons = page.locator("[data-island=form] button").filter(visible=True)
    assert buttons.evaluate_all("(all) => all.map((button) => button.outerHTML)") == []
