"""A reader of English: through the whole story, no page says anything in Chinese except what people and master data say."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update

import handlers.tables  # noqa: F401 -- makes the business tables known
from engine.clock import SimulatedClock
from engine.ids import new_id
from engine.storage.base import Base
from engine.storage.database import Database
from engine.storage.tables import Attachment, Incident, User
from tests.islands.browsing import running_chromium
from tests.processes.visit import UNIT
from tests.scenario import Scenario
from tests.web.stage import Stage, make_engine, running
from tests.web.story import Story, be_late_for_first_contact, call_back, lend_part, settle, take_call, work_on_site

_CHINESE = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff00-\uff60]+")
#: What the office and its customers are called, and what they sell.
_MASTER_DATA = ("user", "customer", "contact", "device", "contract", "part", "price_item", "employee", "office", "area")
#: The switch to Chinese says so in Chinese.
_SWITCH = "中文"
#: Everything a page says: its texts, also those in diagrams and tooltips, and what stands in fields and attributes.
_SAYS = """() => {
  const said = [document.title], hidden = 'script, style, template';
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) { if (!node.parentElement.closest(hidden)) said.push(node.data); continue; }
    for (const name of ['placeholder', 'title', 'aria-label', 'alt', 'data-title']) if (node.getAttribute(name)) said.push(node.getAttribute(name));
    if ('value' in node && typeof node.value === 'string' && node.type !== 'hidden') said.push(node.value);
  }
  return said.map(text => text.trim()).filter(text => text);
}"""


class EnglishReaders(Stage):
    """Everybody reads English and looks at each task before it is done; doing it is left to the engine."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._data: set[str] = {_SWITCH}
        self.found: dict[str, str] = {}  #: what was Chinese, and the first page that said it
        with self.engine.database.transaction() as session:
            session.execute(update(User).values(locale="en"))
            for name in _MASTER_DATA:
                for row in session.execute(select(Base.metadata.tables[name])):
                    self.know(list(row))
            self._data |= {name[0] for name in session.scalars(select(User.name))}  # in the round pictures of people

    def know(self, values: Any) -> None:
        """Remember what people wrote."""
        if isinstance(values, str) and _CHINESE.search(values):
            self._data.add(values)
        elif isinstance(values, dict | list | tuple):
            for value in values.values() if isinstance(values, dict) else values:
                self.know(value)

    def read(self, person: str, path: str) -> None:
        """Look at a page, and note what is left of its Chinese without the data."""
        page = self.window(person)
        page.goto(path)
        _wait_for_islands(page)
        for text in page.evaluate(_SAYS):
            if _CHINESE.search(self._without_data(text)):
                self.found.setdefault(text, path)

    def _without_data(self, text: str) -> str:
        for known in sorted(self._data, key=len, reverse=True):
            text = text.replace(known, "")
        return text

    def complete(self, element_id: str, actor: str = "", instance: str | None = None, **values: Any) -> None:
        """Read the task's page, then let the engine take the values."""
        task = self.task(element_id, instance)
        self.know(values)
        with self.engine.database.session() as session:
            self.know(list(session.scalars(select(Attachment.name))))  # papers are called the same in both languages
        self.read(task.assignee or actor, f"/tasks/{task.id}")
        Scenario.complete(self, element_id, actor, instance, **values)


def _wait_for_islands(page: Page) -> None:
    for island in page.locator("[data-island]").all():
        if island.is_visible():
            expect(island).to_have_attribute("data-ready", "1")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for the whole story."""
    with running_chromium() as browser:
        yield browser


@pytest.fixture
def readers(sqlite_database: Database, clock: SimulatedClock, chromium: Browser, tmp_path: Path) -> Iterator[EnglishReaders]:
    """The demo office, everybody in English."""
    engine = make_engine(sqlite_database, clock, tmp_path)
    with running(engine) as address:
        yield EnglishReaders(engine, clock, chromium, address, tmp_path / "photo.jpg")


@pytest.mark.timeout(900)
def test_no_page_of_the_story_is_chinese_to_an_english_reader(readers: EnglishReaders) -> None:
    """Given the whole story, when everybody reads every page of it in English, then only data is Chinese."""
    visit = Story(readers)
    for path in ("/inbox", "/start", "/start/hotline_service", "/cases", "/notices", "/account"):
        readers.read("hotline1", path)
    readers.know(UNIT)
    readers.start("hotline_service", actor="hotline1", caller=UNIT, rings=2, greeting_given=True)
    take_call(visit)
    be_late_for_first_contact(visit)
    lend_part(visit)
    for person in ("coordinator1", "engineer1", "head1"):
        for path in ("/inbox", "/inbox?tab=groups", "/inbox?tab=all", "/notices"):
            readers.read(person, path)
    for kind in ("modify", "suspend", "cancel"):
        readers.read("admin", f"/cases/{visit.instance}/operations/{kind}")
    work_on_site(visit)
    settle(visit)
    call_back(visit)
    _read_afterwards(readers)

    assert readers.found == {}


def _read_afterwards(readers: EnglishReaders) -> None:
    """The auditor and the administrator read what is left of the story."""
    cases = readers.instances()
    with readers.engine.database.transaction() as session:
        session.add(
            Incident(
                id=new_id(), kind="job", instance_id=cases[0].id, root_id=cases[0].root_id, element_id="find_customer", state="open",
                message="打不开。", message_en="It does not open.", detail="", opened_at=readers.clock.now(),
            )
        )  # fmt: skip
        incident_id = session.scalars(select(Incident.id)).one()
    for case in cases:
        if case.process_key != "preventive_maintenance":  # its plan is data of the office, in its own language
            readers.read("auditor", f"/cases/{case.id}?everything=1")
    for path in (
        "/cases",
        "/incidents",
        f"/incidents/{incident_id}",
        "/mail",
        "/inbox",
        "/notices",
        "/people",
        "/people/hotline1",
        "/people/new",
        "/account/tokens",
        "/demo/clock",
        "/migrations",
        "/no-such-page",
    ):
        readers.read("admin", path)
