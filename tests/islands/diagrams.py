"""The shipped diagrams in a browser: their planes, what bpmn-js says at import, and pictures of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from lxml import etree
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.islands.samples import PROCESSES

KEYS = sorted(path.stem for path in PROCESSES.glob("*/*.bpmn"))
_DI = {
    "b": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "di": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
}
_MARGIN = 80


@dataclass(frozen=True)
class Plane:
    """One sheet of a diagram: the process itself, or a collapsed sub-process."""

    owner: str  #: id of the sub-process, empty for the process
    name: str
    width: int
    height: int


def planes(key: str) -> list[Plane]:
    """The sheets of a shipped diagram, the process itself first."""
    root = etree.parse(PROCESSES / key / f"{key}.bpmn").getroot()
    names = {node.get("id"): node.get("name", "") for node in root.iterfind(".//b:*", _DI)}
    found = []
    for number, plane in enumerate(root.iterfind(".//di:BPMNPlane", _DI)):
        bounds = [{side: float(box.get(side)) for side in ("x", "y", "width", "height")} for box in plane.iterfind(".//dc:Bounds", _DI)]
        width = max(box["x"] + box["width"] for box in bounds) - min(box["x"] for box in bounds)
        height = max(box["y"] + box["height"] for box in bounds) - min(box["y"] for box in bounds)
        owner = plane.get("bpmnElement", "") if number else ""
        found.append(Plane(owner, names[owner or key].replace("\n", ""), int(width) + _MARGIN, int(height) + _MARGIN))
    return found


@contextmanager
def opened(browser: Browser, address: str, key: str) -> Iterator[tuple[Page, list[str]]]:
    """The page of a shipped diagram, and what the browser complained about."""
    context = browser.new_context(base_url=address, locale="zh-CN", timezone_id="Asia/Shanghai")
    page, said = context.new_page(), list[str]()

    def note(message: ConsoleMessage) -> None:
        if message.type in ("warning", "error"):
            said.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"/processes/{key}")
    page.wait_for_selector("[data-island=diagram]:is([data-ready], [data-failed])")
    yield page, said
    context.close()


def turn_to(page: Page, plane: Plane) -> None:
    """Show one sheet as large as it is drawn, without the controls."""
    width, height = max(plane.width, 480), max(plane.height, 200)
    page.set_viewport_size({"width": width + 120, "height": height + 60})
    page.evaluate(
        """async ({owner, width, height}) => {
          const island = document.querySelector('[data-island=diagram]');
          island.style.cssText = 'position: fixed; inset: 0 auto auto 0; z-index: 2000; border: 0; border-radius: 0; max-width: none;';
          island.style.width = `${width}px`;
          island.style.setProperty('--ops-diagram-height', `${height}px`);
          for (const extra of island.querySelectorAll('.ops-diagram-controls, .bjs-breadcrumbs, .bjs-drilldown')) extra.style.display = 'none';
          await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
          island.dispatchEvent(new CustomEvent('diagram:open', { detail: { elementId: owner } }));
        }""",
        {"owner": plane.owner, "width": width, "height": height},
    )
