"""Part return (备件归还): what was borrowed comes back, is checked, and frees the engineer to borrow again."""

from typing import Any

import pytest
from sqlalchemy import select

from handlers.orders.tables import RepairForm
from handlers.parts.tables import Loan
from tests.handlers.desk import Desk
from tests.processes.visit import ENGINEER, Visit
from tests.scenario import Scenario

PART = "HD-4T"


@pytest.fixture
def visit(case: Scenario) -> Visit:
    """A repaired visit with one borrowed disk, its engineer back at the station."""
    visit = Visit(case)
    visit.request()
    visit.contact()
    visit.promise()
    visit.assign({"part_no": PART, "qty": 1})
    case.complete("give_stock_information", "parts1", stock_note="agrees")
    card = {"card_no": "K-1", "loan_purpose": "更换硬盘", "borrowed_at": visit.at(), "due_back": visit.at(days=1, hours=8)}
    case.complete("fill_loan_card", ENGINEER, loan_lines=[{"part_no": PART, "qty": 1}], **card)
    (line,) = Desk(case.engine).do("parts.stock_query", parts=[{"part_no": PART, "qty": 1}])["stock_lines"]
    case.complete("hand_out_part", "parts1", barcode=line["barcodes"][0], sealed=True)
    case.advance(hours=23)
    visit.leave()
    visit.arrive()
    visit.work()
    visit.hand_over()
    visit.say_goodbye()
    visit.come_back()
    return visit


def loan(visit: Visit) -> Loan:
    """The one loan."""
    with visit.case.engine.database.session() as session:
        return session.scalars(select(Loan)).one()


def declare(visit: Visit, **values: Any) -> None:
    """The engineer labels the part and hands it over."""
    visit.do("label_and_return", returns=[{"loan_id": loan(visit).id, **values}])


def check(visit: Visit, **values: Any) -> None:
    """The specialist checks what comes back."""
    visit.case.complete("check_return", "parts1", **values)


def end(visit: Visit) -> str | None:
    """How the return ended."""
    (instance,) = visit.case.instances("spare_part_return")
    return instance.end_element_id


def test_unused_part_goes_back_on_the_shelf(visit: Visit) -> None:
    """Given an unused part, when it is checked, then the loan is closed and the visit goes on without an exception."""
    barcode = loan(visit).barcode
    declare(visit, returned_kind="unused", barcode=barcode, seal_unbroken=True)
    assert visit.case.open_elements() == ["approve_exception", "check_return"]
    check(visit, returned_kind="unused", barcode=barcode, condition="good", seal="unbroken")

    assert end(visit) == "returned"
    assert loan(visit).returned_at is not None
    assert visit.case.open_elements() == ["hand_in_papers"]
    visit.hand_in()
    visit.confirm()
    visit.close()
    assert visit.outcome == ("completed", "done")


@pytest.mark.parametrize(("way", "message"), [("exchange", None), ("scrap", "scrap.proposed")])
def test_replaced_part_is_labelled_then_exchanged_or_scrapped(visit: Visit, way: str, message: str | None) -> None:
    """Given a faulty part taken out, when it is checked, then it has its label, the repair form its mark, and the part its way."""
    declare(visit, returned_kind="replaced_defective", barcode=f"{PART}-OLD1", symptom="不识别")
    check(visit, returned_kind="replaced_defective", barcode=f"{PART}-OLD1", condition="defective", defective_next=way)

    assert end(visit) == "returned"
    assert (message in visit.case.waiting_messages()) is (message is not None)
    with visit.case.engine.database.session() as session:
        assert session.scalars(select(RepairForm)).one().part_return_confirmed is True


def test_undeclared_part_needs_its_label_first(visit: Visit) -> None:
    """Given a part found faulty only at the counter, when it is confirmed, then the engineer is asked for the label."""
    barcode = loan(visit).barcode
    declare(visit, returned_kind="unused", barcode=barcode, seal_unbroken=False)
    check(visit, returned_kind="replaced_defective", barcode=f"{PART}-OLD1", condition="defective", defective_next="exchange")
    visit.case.complete("fill_label", ENGINEER, returned_kind="replaced_defective", barcode=f"{PART}-OLD1", symptom="不识别")
    check(visit, returned_kind="replaced_defective", barcode=f"{PART}-OLD1", condition="defective", defective_next="exchange")

    assert end(visit) == "returned"


def test_wrong_part_is_cleared_up(visit: Visit) -> None:
    """Given another part than the one lent, when the mismatch is cleared up, then the right one is checked in."""
    barcode = loan(visit).barcode
    declare(visit, returned_kind="unused", barcode=barcode, seal_unbroken=True)
    check(visit, returned_kind="unused", barcode="FN-80-0001", condition="good", seal="unbroken")
    visit.case.complete("clear_mismatch", "parts1", barcode=barcode, mismatch_note="拿错了")
    check(visit, returned_kind="unused", barcode=barcode, condition="good", seal="unbroken")

    assert end(visit) == "returned"


def test_coordinator_may_approve_an_exception(visit: Visit) -> None:
    """Given a part still out, when the coordinator approves a special service, then the visit can be confirmed without it."""
    declare(visit, returned_kind="unused", barcode=loan(visit).barcode)
    visit.do("approve_exception", "coordinator1", exception_reason="客户留用备件观察", exception_approved_by="head1")
    visit.hand_in()
    visit.confirm()
    visit.close()

    assert visit.outcome == ("completed", "done")
    assert loan(visit).returned_at is None


def test_overdue_part_is_chased_every_day(visit: Visit) -> None:
    """Given a part not returned by its day, when days pass, then one reminder is open at a time, until parts has chased it."""
    visit.case.advance(days=3)

    reminder = visit.case.task("chase_overdue")
    visit.case.complete("chase_overdue", "parts1", reminded=True)
    assert visit.case.state(reminder.instance_id) == ("completed", "reminded_end")
