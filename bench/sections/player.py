"""The player of cases: a case of 10,000 events beside one of 1,000, its story, and a browser that opens and scrubs it."""

from collections.abc import Iterator
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page

from bench.browsing import PASSWORD, USER, add_person, served
from bench.rows import Row
from bench.stage import SQLITE, Stage
from engine.clock import monotonic_s
from tests.islands.browsing import running_chromium
from tests.web import repairs

DATABASES = (SQLITE,)

_TIMES = 5
#: Draws a frame for each of many moments, from the first to the last; the milliseconds that each took to draw, and from one frame to the next.
_SCRUB = """async (frames) => {
  const slider = document.querySelector('.ops-transport-slider');
  const drawn = [], apart = [];
  let last = await new Promise(requestAnimationFrame);
  for (let number = 1; number <= frames; number++) {
    const begun = performance.now();
    slider.value = String(Math.round((Number(slider.max) * number) / frames));
    slider.dispatchEvent(new Event('input'));
    const shown = performance.now();
    const next = await new Promise(requestAnimationFrame);
    drawn.push(shown - begun + performance.now() - next);
    apart.push(next - last);
    last = next;
  }
  return { drawn, apart };
}"""


def rows(stage: Stage) -> Iterator[Row]:
    """The two cases in turn, so that both meet the same machine."""
    with stage.engine() as engine:
        for person, group in (
            ("hotline1", "hotline"),
            ("parts1", "parts"),
            ("engineer1", "onsite"),
            ("engineer2", "onsite"),
            ("callback1", "callback"),
        ):
            add_person(engine, person, [group])
        sizes = (1_000, stage.sized(10_000, 2_000))
        cases = [repairs.long(engine, size) for size in sizes]
        with served(engine, ["opsbook-auditor"]) as address, running_chromium() as chromium:
            page = _signed_in(chromium, address)
            stories = [_story(page, case) for case in cases]
            opened = [[_open_ms(page, case) for case in cases] for _ in range(_TIMES)]
            scrubbed = [[_scrub(page, case) for case in cases] for _ in range(_TIMES)]
    few, many = (median(times) for times in zip(*opened, strict=True))
    counts = [len(story["events"]) for story, _ in stories]
    yield Row(
        "bytes that are sent for an event, compressed", stories[1][1] / counts[1], "B", f"{counts[1]} events, {stories[1][1]} bytes", 60
    )
    yield Row(
        f"opening {counts[1]} events ÷ {counts[0]}, per event", many / few / (counts[1] / counts[0]), "×", f"{few:.0f} and {many:.0f} ms", 1
    )
    drawn = [median(turn[which]["drawn"] for turn in scrubbed) for which in (0, 1)]
    apart = [median(turn[which]["apart"] for turn in scrubbed) for which in (0, 1)]
    note = f"{drawn[0]:.1f} and {drawn[1]:.1f} ms; from frame to frame {apart[0]:.1f} and {apart[1]:.1f} ms"
    yield Row("drawing a frame while scrubbing, many events ÷ few", drawn[1] / drawn[0], "×", note, 1.5)


def _signed_in(chromium: Browser, address: str) -> Page:
    page = chromium.new_context(base_url=address, viewport={"width": 1440, "height": 900}, locale="zh-CN").new_page()
    page.goto("/login")
    page.fill("[name=user]", USER)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/inbox*")
    return page


def _story(page: Page, case: str) -> tuple[Any, int]:
    """The story, and how many bytes of it go over the line."""
    with page.expect_response("**/replay.json") as answer:
        page.goto(f"/cases/{case}/replay")
    return answer.value.json(), answer.value.request.sizes()["responseBodySize"]


def _open_ms(page: Page, case: str) -> float:
    """Until the diagram, the bar and the moment are there."""
    begun = monotonic_s()
    page.goto(f"/cases/{case}/replay")
    page.locator("[data-island=player][data-ready='1']").wait_for()
    return (monotonic_s() - begun) * 1000


def _scrub(page: Page, case: str) -> dict[str, float]:
    page.goto(f"/cases/{case}/replay?event=1")
    page.locator("[data-island=player][data-ready='1']").wait_for()
    return {name: median(values) for name, values in page.evaluate(_SCRUB, 120).items()}
