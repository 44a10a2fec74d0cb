"""A real Chromium and the sample site, for tests of what runs in the browser."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.islands.site import DIST, State, make_server

_users: list[Playwright] = []


def must_have(found: object, reason: str) -> None:
    """Without it the test is skipped here, and fails in continuous integration."""
    if found:
        return
    if os.environ.get("CI"):  # noqa: TID251 -- see above
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """The Chromium of this machine, headless."""
    path = os.environ.get("OPSBOOK_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")  # noqa: TID251 -- see above
    must_have(path, "no Chromium here: install the package chromium or set OPSBOOK_TEST_CHROMIUM")
    must_have((DIST / "manifest.json").is_file(), "the front end is not built: make frontend")
    with _shared_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


def until(page: Page, holds: Callable[[], bool], within_s: int = 10) -> None:
    """Wait for what the server was sent; a page that says "saved" may speak of the change before the last."""
    for _ in range(within_s * 20):
        if holds():
            return
        page.wait_for_timeout(50)
    pytest.fail("it did not come to be")


@contextmanager
def _shared_playwright() -> Iterator[Playwright]:
    """Playwright runs once in a process, however many fixtures of whatever scope want it: the last one stops it."""
    _users.append(_users[0] if _users else sync_playwright().start())
    yield _users[0]
    playwright = _users.pop()
    if not _users:
        playwright.stop()


@contextmanager
def running_site(state: State) -> Iterator[str]:
    """The sample site in a thread of this process; gives its address."""
    server = make_server(0, state)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()
