"""Knowing when a modeler has taken a change, and when it has saved it: fields of its panel wait a moment for the next key."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page

_WATCH = """
window.changes = 0;
addEventListener('studio:unsaved', (event) => {
  window.isUnsaved = event.detail.unsaved;
  if (window.isUnsaved) window.changes += 1;
});
"""


def watch_saving(page: Page) -> None:
    """Listen in every page that is opened from now on."""
    page.add_init_script(_WATCH)


@contextmanager
def a_change(page: Page) -> Iterator[None]:
    """What is done inside changes the file; afterwards the modeler has taken it."""
    before = page.evaluate("() => window.changes")
    yield
    page.wait_for_function("(before) => window.changes > before", arg=before)


def wait_until_saved(page: Page) -> None:
    """Wait until everything that was changed is on the server."""
    page.wait_for_function("() => window.isUnsaved === false")
