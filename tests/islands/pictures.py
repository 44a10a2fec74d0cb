"""Writes the contact sheet of all shipped diagrams: one picture for each sheet, and a page with all of them.

Run by `make pictures`: `python -m tests.islands.pictures docs/processes`.
"""

import sys
from io import BytesIO
from pathlib import Path

import yaml
from PIL import Image
from playwright.sync_api import Page

from tests.islands.browsing import running_chromium, running_site
from tests.islands.diagrams import KEYS, Plane, opened, planes, turn_to
from tests.islands.samples import PROCESSES
from tests.islands.site import State

#: Black, white, grey and blue need no more.
_COLOURS = 24


def picture_name(key: str, plane: Plane) -> str:
    """Name of the file of a sheet."""
    return f"{key}.{plane.owner}.png" if plane.owner else f"{key}.png"


def write_pictures(folder: Path) -> None:
    """Draw every sheet anew; pictures of sheets that are gone are removed."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn: dict[str, list[Plane]] = {key: planes(key) for key in KEYS}
    wanted = {picture_name(key, plane) for key, sheets in drawn.items() for plane in sheets}
    for path in folder.glob("*.png"):
        if path.name not in wanted:
            path.unlink()
    with running_chromium() as browser, running_site(State()) as address:
        for key, sheets in drawn.items():
            with opened(browser, address, key) as (page, _):
                for plane in sheets:
                    turn_to(page, plane)
                    _keep(page, folder / picture_name(key, plane))
    (folder / "README.md").write_text(_contact_sheet(drawn), "utf-8")


def _keep(page: Page, path: Path) -> None:
    content = page.locator(".ops-diagram-sheet").screenshot(animations="disabled")
    Image.open(BytesIO(content)).convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def _contact_sheet(drawn: dict[str, list[Plane]]) -> str:
    lines = [
        "# 流程图一览 / All diagrams",
        "",
        f"{len(drawn)} 个流程，{sum(map(len, drawn.values()))} 张图，由 `make pictures` 生成。",
        f"{len(drawn)} processes, {sum(map(len, drawn.values()))} sheets, made by `make pictures`. Collapsed sub-processes have sheets of their own.",
    ]
    for key, sheets in drawn.items():
        english = _english(key)
        for plane in sheets:
            name = picture_name(key, plane)
            title = f"{plane.name} / {english.get(plane.name, plane.name)}"
            lines += ["", f"{'###' if plane.owner else '##'} {title}", ""]
            lines.append(f'[<img src="{name}" width="640" alt="{plane.name}">]({name})')
    return "\n".join(lines) + "\n"


def _english(key: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for folder in ("shared", key):
        path = PROCESSES / folder / "en.yaml"
        found |= yaml.safe_load(path.read_text("utf-8")) if path.is_file() else {}
    return found


if __name__ == "__main__":
    write_pictures(Path(sys.argv[1]))
