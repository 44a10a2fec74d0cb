"""Orders, matters, slips, repair forms and custody."""

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from engine.errors import NotFound
from engine.runtime.handlers import BpmnError
from handlers.orders.tables import Matter, ServiceOrder, Slip
from tests.handlers.desk import PART_A


def test_an_order_needs_a_customer_and_is_made_once_per_request(desk):
    """A repeated request gives the same order; without a customer there is none."""
    with pytest.raises(BpmnError) as refused:
        desk.do("orders.create", need_content="开不了机")
    first = desk.do("orders.create", customer_id="KH0001", request_key="mail-17")
    again = desk.do("orders.create", customer_id="KH0001", request_key="mail-17")

    assert refused.value.code == "CUSTOMER_REQUIRED"
    assert first == again
    assert first["order_id"] == "FW20260305-0001"
    assert first["order_date"] == "2026-03-05"
    assert len(desk.rows(select(ServiceOrder))) == 1
    assert desk.rows(select(Matter))[0].contact_count == 1


def test_an_order_takes_the_business_key_of_its_case(desk):
    """The number everybody sees is the case's key; a second order of the case gets its own number."""
    desk.business_key = "CALL-1"

    first = desk.do("orders.create", customer_id="KH0001")
    second = desk.do("orders.create", customer_id="KH0001", matter_id=first["matter_id"])

    assert first["order_id"] == "CALL-1"
    assert second["order_id"] == "FW20260305-0001"
    assert second["matter_id"] == first["matter_id"]


def test_an_order_with_open_promises_does_not_close(desk):
    """What was promised is in the way until it is kept."""
    order_id = desk.order()
    promise = desk.do("promises.record", promise_text="明天上午上门", promise_kind="visit", owner_role="onsite", due_at="2026-03-06T10:00")

    with pytest.raises(BpmnError) as refused:
        desk.do("orders.update", status="closed", result="resolved")
    desk.do("promises.close", promise_id=promise["promise_id"], evidence="派工单")
    closed = desk.do("orders.update", status="closed", result="resolved")

    assert refused.value.code == "OPEN_PROMISES"
    assert refused.value.variables["open_promises"] == ["明天上午上门"]
    assert closed["order_status"] == "closed"
    assert desk.rows(select(ServiceOrder).where(ServiceOrder.id == order_id))[0].closed_at is not None


def test_somebody_elses_change_is_noticed(desk):
    """An order that moved on since it was read is not overwritten."""
    desk.order()
    before = desk.do("orders.update", urgency="urgent")

    same = desk.do("orders.update", urgency="urgent")
    with pytest.raises(BpmnError) as refused:
        desk.do("orders.update", coverage="paid", expected_version=before["order_version"] - 1)

    assert same["order_version"] == before["order_version"]
    assert refused.value.code == "VERSION_CONFLICT"


def test_a_slip_has_no_blanks(desk):
    """Every blank field of part A is named, whether it is missing, null or only spaces."""
    desk.order()

    with pytest.raises(BpmnError) as refused:
        desk.do("orders.create_slip", **{**PART_A, "fault": "  ", "in_warranty": None})

    assert refused.value.code == "FIELDS_MISSING"
    assert refused.value.variables["missing_fields"] == ["fault", "in_warranty"]
    assert "故障现象" in refused.value.variables["missing_text"]


def test_visits_are_numbered_and_a_repeated_one_is_the_same_slip(desk):
    """The second visit is slip 2; asking for visit 2 again makes no third."""
    order_id = desk.order()

    second = desk.do("orders.create_slip", **PART_A)
    again = desk.do("orders.create_slip", visit_no=2, **PART_A)

    assert second["visit_no"] == 2
    assert again["slip_id"] == second["slip_id"]
    assert len(desk.rows(select(Slip).where(Slip.order_id == order_id))) == 2


def test_parts_b_and_c_are_added_bit_by_bit(desk):
    """What a form leaves blank stays as it was, and times without a zone are the office's."""
    desk.order()

    desk.do("orders.update_slip", contacted_at="2026-03-05T11:30", band="in_area", parts_needed=[{"part_no": "PS-300", "qty": 1, "x": 1}])
    updated = desk.do("orders.update_slip", judged_fault="电源坏", band=None, promised_visit_at="2026-03-06T09:00:00@Asia/Shanghai")
    same = desk.do("orders.update_slip", judged_fault="电源坏")
    slip = desk.rows(select(Slip))[0]

    assert slip.band == "in_area"
    assert slip.contacted_at.isoformat() == "2026-03-05T03:30:00+00:00"
    assert slip.promised_visit_at.isoformat() == "2026-03-06T01:00:00+00:00"
    assert slip.parts_needed == [{"part_no": "PS-300", "qty": 1}]
    assert same["slip_version"] == updated["slip_version"]


def test_a_slip_of_nothing_is_said_clearly(desk):
    """A handler asked about an order that does not exist says which."""
    with pytest.raises(NotFound) as missing:
        desk.do("orders.mark_slip_status", order_id="FW-NONE", slip_status="done")

    assert "FW-NONE" in missing.value.zh


def test_a_field_nobody_knows_is_refused(desk):
    """A typing error in a diagram does not pass silently."""
    with pytest.raises(ValidationError, match="slip_stauts"):
        desk.do("orders.mark_slip_status", slip_stauts="done")


def test_the_repair_form_grows_and_says_what_it_lacks(desk):
    """Blaming people needs evidence; the form is complete when nothing required is blank."""
    desk.order()
    everything = {
        "warranty_card_checked": True,
        "packing_list_checked": True,
        "configuration_standard": True,
        "exterior": "ok",
        "connections": "ok",
        "fault_description": "开不了机",
        "reproduced": True,
        "fault_type": "man_made",
        "cause": "进水",
        "measures": [{"step": "换电源", "phase": "board", "result": "正常"}],
        "solution_given": "换电源",
        "engineer_sig": "a",
        "customer_sig": "b",
    }

    early = desk.do("orders.save_repair_form", fault_description="开不了机")
    blamed = desk.do("orders.save_repair_form", **everything)
    complete = desk.do("orders.save_repair_form", man_made_evidence="主板有水渍")

    assert "cause" in early["missing_fields"]
    assert blamed["missing_fields"] == ["man_made_evidence"]
    assert complete["repair_form_complete"]
    assert complete["repair_no"] == early["repair_no"]


def test_a_machine_is_only_moved_from_where_it_is(desk):
    """Custody is a chain; the same move again is the same entry."""
    desk.order()

    first = desk.do("custody.move", to_place="company")
    again = desk.do("custody.move", to_place="company")
    with pytest.raises(BpmnError) as refused:
        desk.do("custody.move", from_place="counter", to_place="bench")

    assert first == again
    assert refused.value.code == "WRONG_LOCATION"
    assert refused.value.variables["registered_place"] == "company"


def test_a_take_back_receipt_is_issued_once(desk):
    """The customer holds one paper for the machine we took along."""
    desk.order(device_model="启明 QT-520 台式机", device_serial="QM0001")

    first = desk.do("custody.issue_receipt")
    again = desk.do("custody.issue_receipt")

    assert first == again
