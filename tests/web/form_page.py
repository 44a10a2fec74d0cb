"""Fills a form-js form in a real browser by the keys of its fields, the way a person does: in order, by typing and choosing."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page

Component = dict[str, Any]

_OFFICE = ZoneInfo("Asia/Shanghai")
#: form-js takes a date over after the next frame; a time that comes before that, faster than any hand, takes its place.
_TAKEN_OVER_MS = 300
_PROPS = """() => {
  const island = document.querySelector('[data-island=form]');
  return JSON.parse(document.getElementById(island.dataset.props).textContent);
}"""


class FormPage:
    """The form on a page."""

    def __init__(self, page: Page, photo: Path) -> None:
        """Args: photo: what the camera takes."""
        self.page = page
        self._photo = photo
        page.locator(".fjs-form .fjs-form-field").first.wait_for()
        props = page.evaluate(_PROPS)
        self._schema: Component = props["schema"]
        self._known: dict[str, Any] = props["data"] | props["context"]

    def fill(self, values: dict[str, Any]) -> None:
        """Enter values by field key; lists of rows are entered row by row."""
        self._fill(self._schema["components"], values, "")

    def _fill(self, components: list[Component], values: dict[str, Any], row: str) -> None:
        for component in components:
            key = component.get("key")
            if component["type"] == "group":
                self._fill(component["components"], values, row)
            elif component["type"] == "dynamiclist":
                self._rows(component, values.get(component["path"], []))
            elif key in values and values[key] is not None and not component.get("disabled") and component.get("readonly") is not True:
                self._enter(component, values[key], row)

    def _rows(self, component: Component, rows: list[dict[str, Any]]) -> None:
        box = self.page.locator(".fjs-form-field-dynamiclist").filter(has_text=component["label"]).first
        for _ in range(box.locator(".fjs-repeat-row-remove").count() - len(rows)):
            box.locator(".fjs-repeat-row-remove").last.click()
        for number, row in enumerate(rows):
            first = self.page.locator(f"[id*='-{component['components'][0]['id']}_{number}']").first
            if not first.count():
                box.locator(".fjs-repeat-render-add").click()
                first.wait_for()
            self._fill(component["components"], row, f"_{number}")

    def _enter(self, component: Component, value: Any, row: str) -> None:
        field = self.page.locator(f"[id$='-{component['id']}{row}']").first
        match component["type"]:
            case "textfield" | "textarea" | "number":
                field.fill(str(value))
            case "checkbox":
                field.set_checked(bool(value))
            case "radio" | "select" if component.get("values"):
                labels = [option["label"] for option in component["values"] if option["value"] == value]
                self._choose(component, row, labels[0])
            case "radio" | "select":
                options = self._known[component.get("valuesKey") or component["valuesExpression"].lstrip("=")]
                self._choose(component, row, next(option["label"] for option in options if option["value"] == value))
            case "taglist":
                self._tags(component, row, value)
            case "datetime":
                self._instant(component, row, str(value))
            case "signature":
                self._sign(component)
            case "photo":
                self.page.locator("input[type=file]").first.set_input_files(self._photo)
            case other:
                message = f"no way to fill a {other}"
                raise AssertionError(message)

    def _choose(self, component: Component, row: str, label: str) -> None:
        if component["type"] == "radio":
            number = next(index for index, option in enumerate(component["values"]) if option["label"] == label)
            self.page.locator(f"[id$='-{component['id']}{row}-{number}']").check()
            return
        self._field_of(component, row).locator(".fjs-input-group").click()
        options = self.page.locator(".fjs-dropdownlist-item")
        options.first.wait_for()
        options.filter(has_text=label).first.click()

    def _tags(self, component: Component, row: str, labels: list[str]) -> None:
        for _ in labels:
            self._field_of(component, row).locator("input").click()
            self.page.locator(".fjs-dropdownlist-item").first.click()
        self.page.keyboard.press("Escape")

    def _instant(self, component: Component, row: str, text: str) -> None:
        instant = datetime.fromisoformat(text)
        local = instant.astimezone(_OFFICE) if instant.tzinfo else instant
        field = self._field_of(component, row)
        dates, times = field.locator(".fjs-datetime input.flatpickr-input, input[id*=-date]"), field.locator("input[id*=-time]")
        if dates.count():
            dates.first.fill(f"{local:%Y-%m-%d}")
            dates.first.press("Enter")
            self.page.wait_for_timeout(_TAKEN_OVER_MS)
        if times.count():
            times.first.fill(f"{local:%H:%M}")
            times.first.press("Tab")
            self.page.wait_for_timeout(_TAKEN_OVER_MS)

    def _sign(self, component: Component) -> None:
        pad = self._field_of(component, "").locator("canvas")
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        assert box is not None
        mouse = self.page.mouse
        mouse.move(box["x"] + 30, box["y"] + 60)
        mouse.down()
        for step in range(1, 12):
            mouse.move(box["x"] + 30 + step * 14, box["y"] + 60 + (step % 3 - 1) * 22)
        mouse.up()

    def _field_of(self, component: Component, row: str) -> Locator:
        return self.page.locator(".fjs-form-field", has=self.page.locator(f"[id*='-{component['id']}{row}']")).last
