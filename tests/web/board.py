"""What a hand does in the form editor: drags components onto the board and describes them in the panel."""

from playwright.sync_api import Locator, Page, expect

from tests.web.saving import a_change, wait_until_saved

_SELECTED = "fjs-editor-selected"


class Board:
    """A form in the form editor."""

    def __init__(self, page: Page) -> None:
        """Args: page: on which the form editor is open."""
        self.page = page
        page.wait_for_selector("[data-island=form_editor][data-ready]")

    def field(self, label: str) -> Locator:
        """A component on the board, by what it is called."""
        return self.page.locator(".fjs-element[data-field-type]:not([data-field-type=default])").filter(has_text=label)

    def describe(self, label: str, *, name: str, key: str) -> None:
        """Select a component, give it another name and another key."""
        field = self.field(label)
        if _SELECTED not in (field.get_attribute("class") or ""):  # a second click would let go of it
            field.click(position={"x": 8, "y": 4})
        expect(field).to_contain_class(_SELECTED)
        for entry, text in (("栏目名称", name), ("变量名", key)):
            with a_change(self.page):
                self._entry("常规", entry).fill(text)
        expect(self.field(name)).to_be_visible()

    def add(self, component: str, below: str) -> None:
        """Drag a component of the palette onto the board, below another."""
        tool = self.page.locator(".fjs-palette-field", has_text=component).first.bounding_box()
        above = self.field(below).bounding_box()
        assert tool is not None
        assert above is not None
        mouse = self.page.mouse
        mouse.move(tool["x"] + tool["width"] / 2, tool["y"] + tool["height"] / 2)
        mouse.down()
        mouse.move(tool["x"] + tool["width"], tool["y"] + tool["height"], steps=4)
        mouse.move(above["x"] + above["width"] / 2, above["y"] + above["height"] + 6, steps=12)
        mouse.up()
        self.field(component).wait_for()

    def saved(self) -> None:
        """Wait until everything is saved by itself."""
        wait_until_saved(self.page)

    def _entry(self, group: str, label: str) -> Locator:
        """An entry of the panel, its group unfolded."""
        entry = self.page.get_by_label(label)
        if not entry.is_visible():
            self.page.locator(".bio-properties-panel-group-header", has_text=group).click()
        return entry
