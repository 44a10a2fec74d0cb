"""Devices at the counter: their repair form without a visit, the receipt at pick-up, and what was repaired before."""

import pytest
from sqlalchemy import select

from engine.runtime.handlers import BpmnError
from handlers.documents.tables import Document
from handlers.orders.tables import Receipt, RepairForm, ServiceOrder

SERIAL = "QM0001"


@pytest.fixture
def order_id(desk) -> str:
    """An order whose device stands on the counter; there is no slip of a visit."""
    created = desk.do("orders.create", customer_id="KH0001", channel="visit", need_content="开不了机", device_serial=SERIAL)
    desk.business_key = str(created["order_id"])
    return desk.business_key


def test_a_device_brought_in_has_a_repair_form_without_a_visit(desk, order_id):
    """Given an order without a slip, when the form is saved bit by bit and printed, then it is one form of the order."""
    first = desk.do("orders.save_repair_form", fault_description="开不了机", fault_type="hardware")
    second = desk.do("orders.save_repair_form", cause="电源坏")
    desk.do("documents.render", template="repair_form")

    assert first["repair_no"] == second["repair_no"]
    assert desk.rows(select(RepairForm.slip_id)) == [None]
    assert desk.rows(select(Document.kind)) == ["F-REPAIR"]


def test_who_shows_the_receipt_gets_the_machine(desk, order_id):
    """Given a pick-up receipt, when the customer shows it, then receipt, form and order say so, once."""
    desk.do("orders.save_repair_form", fault_description="开不了机")
    receipt = desk.do("custody.issue_receipt", receipt_kind="pickup")["receipt_no"]

    first = desk.do("custody.register_pickup", receipt_no=receipt, customer_sig="sig")
    again = desk.do("custody.register_pickup", receipt_no=receipt, customer_sig="sig", collected_at=first["collected_at"])

    assert first == again
    with desk.engine.database.session() as session:
        assert session.get_one(Receipt, receipt).returned_at is not None
        assert session.get_one(ServiceOrder, order_id).status == "completed"
        form = session.scalars(select(RepairForm)).one()
    assert (form.content["collected"], form.content["customer_copy_receipt_no"]) == (True, receipt)


def test_who_lost_the_receipt_is_asked_who_they_are(desk, order_id):
    """Given a wrong receipt number, when nobody checked the identity, then the machine stays; with the check it goes."""
    receipt = desk.do("custody.issue_receipt", receipt_kind="pickup")["receipt_no"]

    with pytest.raises(BpmnError) as refused:
        desk.do("custody.register_pickup", receipt_no="PZ-0")
    desk.do("custody.register_pickup", identity_check="身份证与登记一致", repaired=False)

    assert refused.value.code == "RECEIPT_MISSING"
    with desk.engine.database.session() as session:
        assert session.get_one(Receipt, receipt).returned_at is not None
        assert session.get_one(ServiceOrder, order_id).result == "open_items"


def test_a_case_of_the_counter_is_complete_when_the_form_says_collected(desk, order_id):
    """Given a printed repair form, when the customer has not collected the device, then the form does not count yet."""
    desk.do("orders.save_repair_form", fault_description="开不了机")
    desk.do("documents.render", template="repair_form")
    before = desk.do("documents.check_completeness", closing_kind="walkin")
    desk.do("custody.register_pickup", identity_check="身份证与登记一致")
    after = desk.do("documents.check_completeness", closing_kind="walkin")

    assert (before["missing_documents"], after["missing_documents"]) == (["F-REPAIR"], [])


def test_an_announced_order_is_known_at_the_counter(desk, order_id):
    """Given an order, when its number is said, then customer and device are known; a wrong number is refused."""
    known = desk.do("orders.lookup", order_id=order_id.lower())

    assert (known["customer_id"], known["device_serial"], known["quotation_id"]) == ("KH0001", SERIAL, None)
    with pytest.raises(BpmnError) as refused:
        desk.do("orders.lookup", order_id="FW0")
    assert refused.value.code == "ORDER_UNKNOWN"


def test_earlier_repairs_of_the_device_are_listed_the_latest_first(desk, order_id):
    """Given a repair of the same device under another order, when the history is asked for, then both are told in both languages."""
    desk.do("orders.save_repair_form", fault_type="hardware", cause="电源坏", solution_given="换电源")
    created = desk.do("orders.create", customer_id="KH0001", need_content="又开不了机", device_serial=SERIAL, request_key="second")
    desk.business_key = str(created["order_id"])

    found = desk.do("orders.repair_history")

    assert (found["repair_count"], found["earlier_repairs"][0]["order_id"]) == (1, order_id)
    assert "硬件故障 · 电源坏 · 换电源" in found["history_text"]
    assert "hardware fault" in found["history_text_en"]


def test_a_device_without_history_says_so(desk, order_id):
    """Given a first repair, when the history is asked for, then there is none."""
    found = desk.do("orders.repair_history")

    assert (found["repair_count"], found["history_text_en"]) == (0, "No earlier repair is on record")
