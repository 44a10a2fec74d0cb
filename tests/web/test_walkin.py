"""A device at the counter, told on telephones: reception, bench and service department work at 390 × 844."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from engine.clock import SimulatedClock
from engine.storage.database import Database
from handlers.deadlines.tables import Promise
from handlers.documents.tables import Archive
from handlers.orders.tables import CustodyMove, Receipt, RepairForm, ServiceOrder
from tests.islands.browsing import running_chromium
from tests.web.form_page import FormPage
from tests.web.stage import PHONE, Stage, make_engine, running

RECEPTION, BENCH = "reception1", "bench1"
SIGNED = "a line drawn by finger"
SERIAL = "QM230400201"  # in warranty, out of the on-site period
CUSTOMER = {"customer_unit": "田雨", "contact_person": "田雨", "contact_phone": "19901021895"}


class Telephones(Stage):
    """Everybody has a telephone in the hand."""

    def window(self, person: str, size: dict[str, int] | None = None) -> Page:
        """The person's telephone, signed in."""
        return super().window(person, size or PHONE)

    def form(self, page: Page) -> FormPage:
        """The form on a page, which has to fit the screen."""
        form = super().form(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], page.url
        return form


@pytest.fixture
def chromium() -> Iterator[Browser]:
    """A browser for the story."""
    with running_chromium() as browser:
        yield browser


@pytest.fixture
def stage(sqlite_database: Database, clock: SimulatedClock, chromium: Browser, tmp_path: Path) -> Iterator[Telephones]:
    """The demo office, open for business."""
    photo = tmp_path / "photo.jpg"
    Image.new("RGB", (800, 600), "steelblue").save(photo)
    engine = make_engine(sqlite_database, clock, tmp_path)
    with running(engine) as address:
        yield Telephones(engine, clock, chromium, address, photo)


@pytest.mark.timeout(900)
def test_a_device_is_received_repaired_and_collected(stage: Telephones) -> None:
    """Given a customer with a broken computer, when the counter receives it and the bench repairs it, then it is collected and archived."""
    receive(stage)
    promise(stage)
    repair(stage)
    hand_out(stage)

    with stage.engine.database.session() as session:
        order = session.scalars(select(ServiceOrder)).one()
        moves = session.scalars(select(CustodyMove).order_by(CustodyMove.moved_at, CustodyMove.id)).all()
        assert (order.status, order.result, order.service_mode) == ("closed", "resolved", "send_in")
        assert {move.to_place for move in moves} == {"counter", "store", "bench", "repaired_area", "customer"}
        assert session.scalars(select(RepairForm)).one().content["collected"] is True
        assert session.scalars(select(Promise)).one().state == "kept"
        assert session.scalars(select(Archive)).one().order_id == order.id
    assert {row.process_key: row.end_element_id for row in stage.instances() if row.state == "completed"} == {
        "walkin_service": "collected",
        "inhouse_repair": "repaired",
        "service_closing": "archived",
    }


def receive(stage: Telephones) -> None:
    """The reception engineer starts the case, takes the customer's words down and inspects the device."""
    page = stage.window(RECEPTION)
    page.goto("/start/walkin_service")
    stage.form(page).fill({"announced": False})
    page.get_by_role("button", name="发起").click()
    page.wait_for_url("**/tasks/*")
    device: dict[str, Any] = {"device_model": "启明 QT-520 台式机", "device_serial": SERIAL, "fault": "按电源键没有反应"}
    brought = [{"item": "电源线", "qty": 1}]
    stage.complete("receive", RECEPTION, **CUSTOMER, **device, need_mode="repair", accessories=brought, arrival_photos=True)
    seen: dict[str, Any] = {"exterior": "ok", "connections": "ok", "reproduced": True}
    stage.complete("counter_inspect", RECEPTION, **seen, fault_description="按电源键没有反应")
    stage.complete("explain_fault", RECEPTION, fault_type="hardware", cause="电源不输出", policy_explained=True)


def promise(stage: Telephones) -> None:
    """The repair form is filled in and signed, the pick-up promised, the device brought to the store."""
    checked = dict.fromkeys(("warranty_card_checked", "packing_list_checked", "configuration_standard", "no_blanks"), True)
    stage.complete("fill_form", RECEPTION, **checked, fault_description="按电源键没有反应", customer_sig=SIGNED)
    stage.complete("promise_pickup", RECEPTION)
    stage.complete("to_store", RECEPTION, copy_given=True, moved_at_once=True, shelf="C-1")


def repair(stage: Telephones) -> None:
    """The in-house engineer takes the device, finds the cause, repairs, inspects and puts it into the repaired area."""
    stage.complete("take_machine", BENCH, form_matches=True, tools_ready=True)
    stage.complete("bench_reproduce", BENCH, reproduced=True, reproduce_note="按记录操作出现")
    cause: dict[str, Any] = {"fault_type": "hardware", "cause": "电源坏", "solution_given": "换电源"}
    stage.complete("analyse", BENCH, **cause, new_fault=False, parts_wanted=False)
    careful = dict.fromkeys(("power_off", "antistatic", "files_closed", "nothing_copied"), True)
    steps = [{"step": "换电源", "phase": "board", "result": "正常"}]
    stage.complete("bench_repair", BENCH, **careful, measures=steps, part_missing=False)
    checked = dict.fromkeys(("original_fault_gone", "checked_before_closing", "checked_after_closing", "repaired"), True)
    items = [{"item": "通电启动正常", "ok": True}]
    stage.complete("bench_inspect", BENCH, inspection=items, new_part_works="not_applicable", **checked)
    clean = dict.fromkeys(("dust_brushed", "case_wiped", "repair_form_clear"), True)
    stage.complete("clean_and_rack", BENCH, **clean, rack="A-3", engineer_sig=SIGNED)
    stage.complete("tell_reception", BENCH, reception_told=True)


def hand_out(stage: Telephones) -> None:
    """The customer is called, sees the device work, shows the receipt and signs; the papers are archived."""
    called = stage.clock.now().isoformat()
    stage.complete("call_for_pickup", RECEPTION, signed_by_bench=True, notified_at=called, pickup_reached=True)
    stage.complete("inspect_pickup", RECEPTION, pickup_inspection=[{"item": "通电启动正常", "ok": True}], device_normal=True)
    with stage.engine.database.session() as session:
        receipt = session.scalars(select(Receipt.no)).one()
    given = {"receipt_shown": True, "shown_receipt_no": receipt, "written_collected": True, "accessories_returned": True}
    stage.complete("sign_pickup", RECEPTION, **given, pickup_sig=SIGNED)
    stage.complete("sum_up", RECEPTION, forms_sorted=True)
    stage.complete("hand_in", RECEPTION, all_handed_in=True)
    stage.complete("review", "service1", papers_complete=True, papers_correct=True)
