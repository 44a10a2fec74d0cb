"""A process owner's whole story, in real browsers: from a changed deadline to cases that go on in the new version."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from engine.clock import SimulatedClock
from engine.storage.database import Database
from tests.conftest import OPENING
from tests.scenario import Scenario
from tests.web import owner_story as owner
from tests.web.callbacks import CALLER, DIAGRAM, ENTERED, HEAD, KEY, Callbacks
from tests.web.drawing import Drawing
from tests.web.saving import watch_saving
from tests.web.stage import PHONE, PROCESSES, Stage, make_engine, running


@dataclass(frozen=True)
class Office:
    """The demo office, open for business, with callbacks on their way."""

    stage: Stage
    cases: Mapping[str, list[str]]  #: running and finished callbacks, see `Callbacks`


@pytest.fixture
def office(sqlite_database: Database, clock: SimulatedClock, chromium: Browser, tmp_path: Path) -> Iterator[Office]:
    """Under the rule of four eyes, with its own folder of processes."""
    processes = tmp_path / "processes"
    shutil.copytree(PROCESSES, processes)
    photo = tmp_path / "photo.jpg"
    Image.new("RGB", (800, 600), "steelblue").save(photo)
    engine = make_engine(sqlite_database, clock, tmp_path, processes, four_eyes=True)
    cases = Callbacks(Scenario(lambda: engine, clock)).all_on_their_way()
    clock.advance(timedelta(hours=1))
    expect.set_options(timeout=30_000)
    with running(engine) as address:
        yield Office(Stage(engine, clock, chromium, address, photo), cases)
    expect.set_options()


@pytest.mark.timeout(300)
def test_an_owner_changes_a_procedure(office: Office) -> None:
    """Given thirty running callbacks, when an owner changes the deadline and adds a way for important customers, all in the browser,
    then mistakes are shown and refused, a second person approves, and running cases, new cases and old cases each go on as they should.
    """
    stage, page = office.stage, office.stage.window("owner")
    watch_saving(page)
    change(stage, page)
    owner.try_it(page)
    stage.picture("owner-trial", page)
    owner.propose(page)
    address = page.url
    decide_on_cases(office, page)
    let_go_live(stage, address)
    stage.advance(hours=1)
    running_cases_go_on(office)
    a_new_case_gets_the_new_task(stage)
    old_cases_replay(office)


def change(stage: Stage, page: Page) -> None:
    """The deadline, the forms, the diagram; two mistakes, which are shown at their place, stop the owner, and are mended."""
    owner.shorten_deadline(page)
    stage.picture("owner-parameter", page)
    owner.make_form(page)
    owner.ask_for_vip(page)
    stage.picture("owner-form", page)
    drawing = Drawing(page, DIAGRAM)
    owner.remind_within_the_week(drawing)
    drawn = owner.draw_way_for_vip(drawing)
    owner.describe_task(drawing, drawn)
    owner.make_two_mistakes(drawing, drawn)
    stage.picture("owner-mistakes", page)
    owner.be_stopped(page)
    stage.picture("owner-refused", page)
    owner.mend_both(page, drawn)


def decide_on_cases(office: Office, page: Page) -> None:
    """The page counts what the test has made, by what each case needs; the owner says who moves, and where to."""
    cases = {sort: len(ids) for sort, ids in office.cases.items() if sort != "finished"}
    counted = owner.counted(page)
    newest, before = counted
    assert sum(sum(counts.values()) for counts in counted.values()) == 30
    assert counted[newest] == {"safe": cases["safe"], "answer": cases["answer"], "mapping": 0, "stays": 0}
    assert counted[before] == {"safe": 0, "answer": 0, "mapping": cases["mapping"], "stays": cases["stays"]}
    owner.send_cases_along(page, newest, before)
    assert owner.counted(page) == counted
    page.locator("#cases").scroll_into_view_if_needed()
    office.stage.picture("owner-cases", page)


def let_go_live(stage: Stage, address: str) -> None:
    """The author cannot; an administrator reads it and can."""
    expect(stage.window("owner").get_by_text("须由另一位流程负责人批准")).to_be_visible()
    second = stage.window("admin")
    second.goto(address)
    stage.picture("owner-approval", second)
    owner.approve(second)
    stage.run()
    second.reload()
    expect(second.get_by_text("已迁移")).to_have_text(["已迁移 21", "已迁移 5"])
    second.get_by_role("heading", name="阅读确认").scroll_into_view_if_needed()
    stage.picture("owner-live", second)


def running_cases_go_on(office: Office) -> None:
    """Who was chosen runs in the new version, timers reckoned anew; the others in theirs; each is completed by its people."""
    stage, cases = office.stage, office.cases
    running_in = {row.id: row.process_definition_id for row in stage.instances(KEY)}
    assert {sort: {running_in[case] for case in ids} for sort, ids in cases.items()} == {
        "safe": {"callback:4"}, "answer": {"callback:4"}, "mapping": {"callback:4"},
        "stays": {"callback:2"}, "finished": {"callback:2", "callback:3"},
    }  # fmt: skip
    due = {timer.element_id: timer.due_at for timer in stage.timers() if timer.instance_id == cases["answer"][0]}
    assert due == {"callback_late": OPENING + timedelta(days=7), "callback_later": OPENING + timedelta(days=7)}
    for sort in ("safe", "stays"):
        stage.complete("analyse_root", HEAD, cases[sort][0], **ENTERED["analyse_root"])
        assert stage.state(cases[sort][0]) == ("completed", "followed_up")
    stage.complete("ask_suggestions", CALLER, cases["mapping"][0], rated=False)
    stage.complete("let_speak", CALLER, cases["answer"][8], use_normal=True, satisfied=True, words="挺好")
    thank(stage, cases["answer"][8], "致电感谢")


def a_new_case_gets_the_new_task(stage: Stage) -> None:
    """Five days to call, and an important customer is thanked, from the inbox of who calls back, on the phone."""
    callbacks = Callbacks(stage)
    case = callbacks.request()
    assert stage.task("accept_list", case).due_at == stage.clock.now() + timedelta(days=5)
    callbacks.take(case, "let_speak")
    stage.window(CALLER).set_viewport_size(PHONE)
    callbacks.take(case, "tidy_record", content=True)
    thank(stage, case, "上门致谢")


def thank(stage: Stage, case: str, how: str) -> None:
    """The record says that the customer is important; so the new task comes, and its new form is filled in."""
    Callbacks(stage).take(case, "tidy_record")
    stage.complete("tidy_record", CALLER, case, vip_customer=True, record_complete=True)
    page = stage.window(CALLER)
    page.goto("/inbox?tab=groups")
    page.get_by_role("link", name=owner.TASK).click()
    page.get_by_role("button", name="认领").first.click()
    page.get_by_label("致谢方式").fill(how)
    stage.picture("owner-task-phone", page)
    page.get_by_role("button", name="完成").click()
    page.wait_for_url("**/inbox*")
    stage.run()
    assert stage.state(case) == ("completed", "satisfied_end")
    assert stage.variables(case)["vip_thanks"] == how


def old_cases_replay(office: Office) -> None:
    """Moved along, finished in the old version meanwhile, or finished before: an auditor plays each on its own diagram, and it verifies."""
    page = office.stage.window("auditor")
    for case in (office.cases["answer"][8], office.cases["stays"][0], *office.cases["finished"]):
        page.goto(f"/cases/{case}/replay")
        page.locator("[data-island][data-ready='1']").first.wait_for()
        page.get_by_role("button", name="核验").click()
        expect(page.locator("#verdict")).to_contain_text("核验一致")
    expect(page.locator(".djs-element[data-element-id=callback_later_label]")).to_have_text("再过一周")
    office.stage.picture("owner-replay", page)
