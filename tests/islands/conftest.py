"""Fixtures of the island tests: a browser for the session, and for each test a site and a fresh page."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.islands.browsing import running_chromium, running_site
from tests.islands.site import State


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with running_chromium() as chromium:
        yield chromium


@pytest.fixture
def state() -> State:
    return State()


@pytest.fixture
def site(state: State) -> Iterator[str]:
    with running_site(state) as address:
        yield address


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A Chinese desktop; the test fails when the page logs an error."""
    context = browser.new_context(base_url=site, viewport={"width": 1280, "height": 900}, locale="zh-CN", timezone_id="Asia/Shanghai")
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert errors == []


@pytest.fixture
def phone(browser: Browser, site: str) -> Iterator[Page]:
    """A phone with touch."""
    context = browser.new_context(
        base_url=site, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    yield context.new_page()
    context.close()
