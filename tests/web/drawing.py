"""What a hand does in the diagram modeler: the wheel, the mouse and the keys, and looking at what comes of it."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.web.saving import a_change, wait_until_saved

#: From this width of a task on its name is read easily, in pixels.
_READABLE = 78
#: So far from the middle of the sheet is near enough, in pixels.
_NEAR = 60


class Drawing:
    """A diagram in the modeler."""

    def __init__(self, page: Page, key: str) -> None:
        """Args: key: name of the diagram's file."""
        self.page = page
        page.goto(f"/studio/edit/bpmn/{key}")
        page.wait_for_selector("[data-island=modeler][data-ready]")

    # -- looking -----------------------------------------------------------------------------------------------------

    def shape(self, element: str) -> Locator:
        """The drawn element itself."""
        return self.page.locator(f".djs-element[data-element-id='{element}']")

    def badge(self, element: str) -> Locator:
        """The mark of what the checks say at an element; it holds the words."""
        return self.page.locator(f".djs-overlays[data-container-id='{element}'] .ops-finding-badge")

    def come_closer(self, element: str, by: str = "queue_callback") -> None:
        """Turn the wheel over an element until names are read easily.

        Args:
            element: that stays under the pointer.
            by: a task to judge the size by.
        """
        self.page.mouse.move(*self._centre(element))
        self.page.keyboard.down("Control")
        while (width := self._width(by)) < _READABLE:
            self.page.mouse.wheel(0, -100)
            self.page.wait_for_function(
                "([id, width]) => document.querySelector(id).getBoundingClientRect().width !== width", arg=[_visual(by), width]
            )
        self.page.keyboard.up("Control")
        self.bring(element)

    def bring(self, element: str) -> None:
        """Scroll with the wheel until an element is in the middle of the sheet, where nothing lies over it."""
        sheet = self.page.locator(".ops-studio-sheet").bounding_box()
        assert sheet is not None
        middle = sheet["x"] + sheet["width"] / 2, sheet["y"] + sheet["height"] / 2
        self.page.mouse.move(*middle)
        while max(map(abs, away := [place - aim for place, aim in zip(self._centre(element), middle, strict=True)])) > _NEAR:
            before = self._centre(element)
            self.page.mouse.wheel(*away)
            self.page.wait_for_function(f"([id, before]) => String(({_MIDDLE})(id)) !== String(before)", arg=[_visual(element), before])

    def flows(self) -> set[str]:
        """Ids of the flows on the sheet."""
        return set(self.page.locator(".djs-connection").evaluate_all("(drawn) => drawn.map((flow) => flow.dataset.elementId)"))

    def saved(self) -> None:
        """Wait until everything is saved by itself."""
        wait_until_saved(self.page)

    # -- drawing -----------------------------------------------------------------------------------------------------

    def select(self, element: str) -> None:
        """Click an element, unless it is selected already: a second click would let go of it."""
        if self._selected() != element:
            self.page.mouse.click(*self._centre(element))
        expect(self.shape(element)).to_have_class(re.compile(r"\bselected\b"))

    def move(self, element: str, right: float) -> None:
        """Drag an element aside, in pixels."""
        x, y = self._centre(element)
        self._drag((x, y), (x + right, y))

    def put(self, tool: str, flow: str) -> str:
        """Drag a tool of the palette onto a flow; returns the id of the new element."""
        box = self.page.locator(f".djs-palette .entry[data-action='{tool}']").bounding_box()
        assert box is not None
        before = self._selected()
        self._drag((box["x"] + box["width"] / 2, box["y"] + box["height"] / 2), self._centre(flow))
        return self._selected(other_than=before)

    def append(self, element: str, words: str) -> str:
        """Search what comes after an element, and take the first that is found; returns its id."""
        self.select(element)
        self.page.locator(".djs-context-pad .entry[data-action=append]").click()
        self.page.locator(".djs-popup-search input").fill(words)
        self.page.locator(".djs-popup .entry").filter(has_text=words).first.click()
        return self._selected(other_than=element)

    def connect(self, source: str, target: str) -> str:
        """Draw a flow from one element to another; returns its id."""
        self.select(source)
        self.page.locator(".djs-context-pad .entry[data-action=connect]").click()
        self.page.mouse.move(*self._centre(target), steps=8)
        self.page.mouse.click(*self._centre(target))
        return self._selected(other_than=source)

    def rename(self, element: str, name: str) -> None:
        """A double click, the new name, and a click on the paper beside it."""
        self.page.mouse.dblclick(*self._centre(element))
        self.page.locator(".djs-direct-editing-content").fill(name)
        self.page.keyboard.press("Control+Enter")

    # -- the panel ---------------------------------------------------------------------------------------------------

    def choose(self, field: str, words: str, title: str) -> None:
        """Search in a field of the panel and take what is found."""
        self.page.get_by_role("combobox", name=field).fill(words)
        self.page.get_by_role("option").filter(has_text=title).first.click()

    def express(self, entry: str, text: str) -> None:
        """Type an expression into a field of the panel, in place of what is there.

        Args:
            entry: id of the field.
            text: the expression, key by key.
        """
        field = self.page.locator(f"[data-entry-id='{entry}'] .cm-content")
        field.click()
        self.page.keyboard.press("Control+a")
        with a_change(self.page):
            self.page.keyboard.type(text)
        self.page.keyboard.press("Escape")

    # -- the hand ----------------------------------------------------------------------------------------------------

    def _drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down()
        mouse.move(start[0] + 12, start[1] + 4, steps=3)
        mouse.move(*end, steps=12)
        mouse.up()

    def _selected(self, other_than: str = "") -> str:
        """The selected element, once it is another one; empty when there is none and none is awaited."""
        found = self.page.locator(f".djs-element.selected:not([data-element-id='{other_than}'])")
        if other_than:
            found.first.wait_for(state="attached")
        return found.first.get_attribute("data-element-id") or "" if found.count() else ""

    def _width(self, element: str) -> float:
        return float(self.page.evaluate("(id) => document.querySelector(id).getBoundingClientRect().width", _visual(element)))

    def _centre(self, element: str) -> tuple[float, float]:
        """The middle of a shape, or of the longest straight part of a flow: where people point."""
        found: list[float] = self.page.evaluate(_MIDDLE, _visual(element))
        return found[0], found[1]


def _visual(element: str) -> str:
    return f".djs-element[data-element-id='{element}'] > .djs-visual"


_MIDDLE = """(id) => {
  const visual = document.querySelector(id);
  const path = visual.parentElement.querySelector(':scope > path.djs-hit');
  if (!path) {
    const box = visual.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
  }
  const at = path.getPointAtLength(path.getTotalLength() / 2).matrixTransform(path.getScreenCTM());
  return [at.x, at.y];
}"""
