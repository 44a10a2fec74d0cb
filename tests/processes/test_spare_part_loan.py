"""Part loan (备件借用): no return, no new loan; and what is there is lent against a card."""

from typing import Any

import pytest
from sqlalchemy import select

from handlers.parts.tables import FailedLoan, Loan, StockItem
from tests.handlers.desk import Desk
from tests.processes.visit import ENGINEER, Visit
from tests.scenario import Scenario


@pytest.fixture
def visit(case: Scenario) -> Visit:
    """An order that needs parts."""
    visit = Visit(case)
    visit.request()
    return visit


def ask(visit: Visit, *parts: tuple[str, int], trip: str = "trip-1") -> str:
    """An engineer asks for parts and fills the card."""
    wanted = [{"part_no": part_no, "qty": qty} for part_no, qty in parts]
    known: dict[str, Any] = {
        "order_id": visit.order_id,
        "slip_id": visit.slip_id,
        "engineer_id": ENGINEER,
        "trip_id": trip,
        "parts": wanted,
    }
    instance = visit.case.start("spare_part_loan", visit.order_id, **known)
    visit.case.complete("give_stock_information", "parts1", instance, stock_note="agrees")
    card = {"card_no": "K-1", "loan_purpose": "更换硬盘", "borrowed_at": visit.at(), "due_back": visit.at(hours=8)}
    visit.case.complete("fill_loan_card", instance=instance, loan_lines=wanted, **card)
    return instance


def on_shelf(visit: Visit, part_no: str) -> list[str]:
    """Barcodes of a part on the shelf."""
    with visit.case.engine.database.session() as session:
        shelf = select(StockItem.barcode).where(StockItem.part_no == part_no, StockItem.place == "shelf", StockItem.qty > 0)
        return list(session.scalars(shelf.order_by(StockItem.barcode)))


def hand_out(visit: Visit, instance: str, barcode: str) -> None:
    """The specialist scans a part and hands it out."""
    visit.case.complete("hand_out_part", "parts1", instance, barcode=barcode, sealed=True)


def empty(visit: Visit, part_no: str) -> None:
    """A colleague has borrowed everything."""
    desk = Desk(visit.case.engine)
    for barcode in on_shelf(visit, part_no):
        desk.do("parts.issue", engineer_id="engineer2", order_id=visit.order_id, trip_id="other", part_no=part_no, barcode=barcode)


def fail(visit: Visit, instance: str) -> None:
    """The engineer fills the failed-loan slip."""
    visit.case.complete("fill_failed_loan", instance=instance, loanfail_note="无货")


def loans(visit: Visit) -> list[Loan]:
    """All loans."""
    with visit.case.engine.database.session() as session:
        return list(session.scalars(select(Loan).order_by(Loan.id)))


def test_serialised_parts_are_lent_piece_by_piece(visit: Visit) -> None:
    """Given two disks wanted and on the shelf, when both are scanned, then both are lent to the engineer for this trip."""
    instance = ask(visit, ("HD-2T", 2))
    for barcode in on_shelf(visit, "HD-2T")[:2]:
        hand_out(visit, instance, barcode)

    assert visit.case.state(instance) == ("completed", "issued")
    assert [(loan.engineer_id, loan.trip_id, loan.qty) for loan in loans(visit)] == [(ENGINEER, "trip-1", 1)] * 2
    assert visit.case.variables(instance)["missing_parts"] == []


def test_bulk_goods_are_lent_by_line(visit: Visit) -> None:
    """Given ten cables wanted, when one barcode is scanned, then ten are lent at once."""
    instance = ask(visit, ("CB-6", 10))
    hand_out(visit, instance, on_shelf(visit, "CB-6")[0])

    assert visit.case.state(instance) == ("completed", "issued")
    assert [loan.qty for loan in loans(visit)] == [10]


def test_wrong_barcode_is_scanned_again(visit: Visit) -> None:
    """Given a barcode of another part, when it is scanned, then nothing is lent and the task is there again."""
    instance = ask(visit, ("HD-2T", 1))
    hand_out(visit, instance, on_shelf(visit, "FN-80")[0])
    assert loans(visit) == []

    hand_out(visit, instance, on_shelf(visit, "HD-2T")[0])
    assert visit.case.state(instance) == ("completed", "issued")


def test_some_of_the_parts_end_partly(visit: Visit) -> None:
    """Given one part there and one not, when both are asked for, then one is lent, the other is a failed loan."""
    empty(visit, "MB-S32")
    instance = ask(visit, ("HD-2T", 1), ("MB-S32", 1))
    hand_out(visit, instance, on_shelf(visit, "HD-2T")[0])
    fail(visit, instance)

    assert visit.case.state(instance) == ("completed", "partly")
    assert visit.case.variables(instance)["missing_parts"] == [{"part_no": "MB-S32", "qty": 1}]
    with visit.case.engine.database.session() as session:
        assert session.scalars(select(FailedLoan)).one().part_no == "MB-S32"


def test_nothing_in_stock_ends_not_available(visit: Visit) -> None:
    """Given a part that is not there, when it is asked for, then the loan ends not available."""
    empty(visit, "MB-S32")
    instance = ask(visit, ("MB-S32", 1))
    fail(visit, instance)

    assert visit.case.state(instance) == ("completed", "not_available")


def test_open_loan_of_another_trip_denies_a_new_one(visit: Visit) -> None:
    """Given a part of yesterday's trip still out, when the engineer asks again, then he sees it and is denied."""
    hand_out(visit, ask(visit, ("HD-2T", 1), trip="trip-0"), on_shelf(visit, "HD-2T")[0])
    instance = ask(visit, ("FN-80", 1))
    visit.case.complete("see_open_loans", instance=instance, open_loans_seen=True)

    assert visit.case.state(instance) == ("completed", "denied")
    assert "硬盘" in visit.case.variables(instance)["open_loans_text"]


def test_part_reserved_for_another_slip_needs_the_coordinator(visit: Visit) -> None:
    """Given the only part reserved for another slip, when the coordinator releases it with a reason, then it is lent."""
    other = Visit(visit.case)
    other.request()
    Desk(visit.case.engine).do("parts.reserve", part_no="MB-S32", slip_id=other.slip_id, order_id=other.order_id)
    instance = ask(visit, ("MB-S32", 1))
    visit.case.complete("decide_override", "coordinator1", instance, override_given=True, override_reason="客户停产")
    hand_out(visit, instance, on_shelf(visit, "MB-S32")[0])

    assert visit.case.state(instance) == ("completed", "issued")


def test_missing_part_waits_for_its_arrival_and_a_new_appointment(visit: Visit) -> None:
    """Given a visit whose part is missing, when it arrives days later, then a new time is agreed and the part is borrowed."""
    empty(visit, "RC-12")
    visit.contact()
    visit.promise(days=2)
    visit.assign({"part_no": "RC-12", "qty": 1})
    borrow(visit)
    visit.case.complete("fill_failed_loan", ENGINEER, loanfail_note="无货")
    assert visit.case.open_elements() == ["fill_application"]
    visit.case.advance(days=8)
    assert "chase_parts" in visit.case.path(visit.instance)
    Desk(visit.case.engine).do("parts.receive", lines=[{"part_no": "RC-12", "qty": 1}])
    visit.case.message("part.arrived", visit.order_id)
    visit.move(days=1)
    borrow(visit)
    visit.case.complete("hand_out_part", "parts1", barcode=on_shelf(visit, "RC-12")[0], sealed=True)

    assert visit.case.open_elements(visit.instance) == ["prepare_visit"]
    assert visit.variables["loan_result"] == "issued"


def borrow(visit: Visit) -> None:
    """Stock information and card of the loan under way."""
    visit.case.complete("give_stock_information", "parts1", stock_note="agrees")
    card = {"card_no": "K-1", "loan_purpose": "更换阵列卡", "borrowed_at": visit.at(), "due_back": visit.at(days=2)}
    visit.case.complete("fill_loan_card", ENGINEER, loan_lines=[{"part_no": "RC-12", "qty": 1}], **card)


def test_visit_called_off_with_parts_fetched_brings_them_back(visit: Visit) -> None:
    """Given parts fetched for a visit, when the customer calls it off, then the return of the parts begins and the case ends cancelled."""
    visit.contact()
    visit.promise(days=2)
    visit.assign({"part_no": "RC-12", "qty": 1})
    borrow(visit)
    visit.case.complete("hand_out_part", "parts1", barcode=on_shelf(visit, "RC-12")[0], sealed=True)
    visit.case.message("visit.cannot", visit.order_id)
    visit.move(cancelled=True)

    assert visit.outcome == ("completed", "cancelled")
    (returning,) = visit.case.instances("spare_part_return")
    assert visit.case.open_elements(returning.id) == ["fill_label"]


def test_denied_engineer_returns_the_former_part_and_borrows_again(visit: Visit) -> None:
    """Given a part of another trip still out, when it has been returned, then the visit's part is lent after all."""
    hand_out(visit, ask(visit, ("FN-80", 1), trip="trip-0"), on_shelf(visit, "FN-80")[0])
    visit.contact()
    visit.promise(days=2)
    visit.assign({"part_no": "RC-12", "qty": 1})
    borrow(visit)
    visit.case.complete("see_open_loans", ENGINEER, open_loans_seen=True)
    (former,) = loans(visit)
    Desk(visit.case.engine).do(
        "parts.confirm_return", loan_id=former.id, returned_kind="unused", barcode=former.barcode, seal_unbroken=True
    )
    visit.do("return_former_part", former_returned=True)
    borrow(visit)
    visit.case.complete("hand_out_part", "parts1", barcode=on_shelf(visit, "RC-12")[0], sealed=True)

    assert visit.case.open_elements() == ["prepare_visit"]
