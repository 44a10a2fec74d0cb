"""The demo office on a real server with a real executor, and people who use it through Chromium."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from threading import Event, Thread
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from sqlalchemy import func, select
from werkzeug.serving import make_server

from engine.clock import SimulatedClock
from engine.manuals.parameters import PARAMETERS, read_values
from engine.runtime import deployments
from engine.runtime.engine import Engine
from engine.runtime.handlers import HandlerRegistry
from engine.settings import Settings
from engine.storage.database import Database
from engine.storage.tables import Job
from engine.workers import Executor
from engine.working_time import Calendars
from handlers.demo import master_data
from handlers.registry import HANDLERS
from tests.scenario import Scenario
from tests.web.form_page import FormPage
from web.app import create_app
from web.people import DEMO_PASSWORD, seed_demo_people, seed_groups

PROCESSES = Path(__file__).parents[2] / "processes"
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
SUBMIT = "完成"
#: The pictures of the documentation.
PICTURES = frozenset(
    ("start", "inbox", "task-hand_over_slip", "task-assign_visit", "task-diagnose", "task-ask_acceptance", "task-count_money", "case",
     "owner-parameter", "owner-form", "owner-mistakes", "owner-refused", "owner-trial", "owner-cases", "owner-approval", "owner-live",
     "owner-task-phone", "owner-replay")
)  # fmt: skip
#: Enough colours for a page; a picture is a third as large.
_COLOURS = 200
#: Where pictures for the documentation go; none are taken when it is not set.
SCREENS = os.environ.get("OPSBOOK_SCREENS")  # noqa: TID251 -- a setting of this test, not of the product


def make_engine(database: Database, clock: SimulatedClock, folder: Path, processes: Path = PROCESSES, **settings: Any) -> Engine:
    """The demo office, with its people, master data and processes, and no case yet.

    Args:
        database: empty.
        clock: the office's.
        folder: for what people attach.
        processes: the shipped ones, or a copy; what is published from the studio is written into a copy.
        settings: that differ from the demo's.
    """
    chosen = Settings(files_dir=folder / "files", processes_dir=processes, secret_key="a key for tests only", demo=True, **settings)
    parameters = read_values((processes / PARAMETERS).read_bytes())
    calendars = Calendars(database, parameters["working_hours"], chosen.time_zone)
    calendars.seed(clock.now().date())
    engine = Engine(database, clock, chosen, HandlerRegistry(HANDLERS), calendars, writes_folder=processes != PROCESSES)
    seed_groups(database, processes / "manuals" / "roles.yaml")
    deployments.deploy_directory(engine, processes)
    seed_demo_people(database, clock.now())
    master_data.load(engine)
    return engine


@contextmanager
def running(engine: Engine) -> Iterator[str]:
    """A server and an executor on the engine; gives the address."""
    server = make_server("127.0.0.1", 0, create_app(engine), threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    executor = Executor(engine, 2)
    thread.start()
    executor.start()
    yield f"http://127.0.0.1:{server.server_port}"
    executor.stop()
    server.shutdown()
    server.server_close()
    thread.join()


class Stage(Scenario):
    """A case played in browsers: one window per person."""

    def __init__(self, engine: Engine, clock: SimulatedClock, browser: Browser, address: str, photo: Path) -> None:
        """Args: photo: what phones take."""
        super().__init__(lambda: engine, clock)
        self._browser = browser
        self._address = address
        self._photo = photo
        self._windows: dict[str, Page] = {}

    def window(self, person: str, size: dict[str, int] | None = None) -> Page:
        """The person's browser, signed in."""
        if person not in self._windows:
            context = self._browser.new_context(base_url=self._address, viewport=size or DESK, locale="zh-CN", timezone_id="Asia/Shanghai")
            context.set_default_timeout(30_000)
            page = context.new_page()
            page.goto("/login")
            page.fill("[name=user]", person)
            page.fill("[name=password]", DEMO_PASSWORD)
            page.press("[name=password]", "Enter")
            page.wait_for_url("**/inbox*")
            self._windows[person] = page
        return self._windows[person]

    def complete(self, element_id: str, actor: str = "", instance: str | None = None, **values: Any) -> None:
        """Find the task in the inbox's address, claim it if need be, fill in the form and press complete."""
        task = self.task(element_id, instance)
        page = self.window(task.assignee or actor)
        page.goto(f"/tasks/{task.id}")
        claim = page.get_by_role("button", name="认领")
        if claim.count():
            claim.first.click()
            page.wait_for_load_state("networkidle")
        self.tick_cards(page)
        self.form(page).fill(values)
        self.picture(f"task-{element_id}", page)
        before = page.url
        page.get_by_role("button", name=SUBMIT).click()
        try:
            page.wait_for_url(lambda address: address != before)
        except PlaywrightTimeout:
            said = page.locator(".fjs-form-field-error, .alert, .toast").all_inner_texts()
            raise AssertionError(f"{element_id} was not accepted: {said}") from None
        self.run()

    def form(self, page: Page) -> FormPage:
        """The form on a page."""
        return FormPage(page, self._photo)

    def tick_cards(self, page: Page) -> None:
        """Tick every mandatory clause of the guidance card, on the phone in its own tab."""
        boxes = [box for box in page.locator("input[name=done]").all() if not box.is_checked()]
        if not boxes:
            return
        tabs = page.get_by_role("tab")
        if tabs.first.is_visible():
            tabs.filter(has_text="手册").click()
        for box in boxes:
            with page.expect_response("**/clauses/**"):
                box.check()
        if tabs.first.is_visible():
            tabs.filter(has_text="表单").click()

    def run(self) -> None:
        """Wait until the executor has nothing left to do."""
        pause, jobs = Event(), Job.__table__
        for _ in range(400):
            with self.engine.database.session() as session:
                now = self.clock.now()
                busy = session.scalar(select(func.count()).where(jobs.c.state.in_(("ready", "leased")), jobs.c.available_at <= now))
                due = any(timer.due_at <= now for timer in self.timers())
            if not busy and not due:
                return
            pause.wait(0.05)
        message = f"the executor does not come to rest: {self.incidents()}"
        raise AssertionError(message)

    def picture(self, name: str, page: Page) -> None:
        """Keep a picture for the documentation when it is wanted."""
        if SCREENS and name in PICTURES:
            taken = Image.open(BytesIO(page.screenshot())).quantize(_COLOURS)
            taken.save(Path(SCREENS) / f"{name}.png", optimize=True)
