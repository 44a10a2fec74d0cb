"""The hotline (热线服务): from the ringing telephone to each of its outcomes."""

from datetime import timedelta

from sqlalchemy import select

from handlers.customers.tables import Contact, Device
from handlers.deadlines.tables import Breach, Promise
from handlers.orders.tables import ServiceOrder, Slip
from tests.scenario import Scenario

FAREWELL = {"named_myself": True, "invited_again": True}
REQUEST = {
    "customer_unit": "钱塘水务有限公司",
    "contact_person": "沈工",
    "contact_phone": "13800000001",
    "project_or_contract_no": "无",
    "address": "杭州市上城区江城路 1 号",
    "channel": "hotline",
    "device_model": "网络存储 N2",
    "device_serial": "无",
    "need_kind": "fault",
    "need_content": "开机后不能识别硬盘",
    "safety_risk": False,
    "major_production_loss": False,
    "system_paralysis": False,
}
SLIP = {
    "fault": "开机后不能识别硬盘",
    "fault_type_guess": "hardware",
    "urgency": "normal",
    **{name: REQUEST[name] for name in ("customer_unit", "contact_person", "contact_phone", "address", "device_model", "device_serial")},
}


def take_call(case: Scenario, **need: object) -> str:
    """A call comes in, is answered, recorded and read back; returns the instance."""
    case.message(
        "call.incoming", number="13800000001", call_id=f"c-{case.clock.now()}-{len(case.instances())}", rings=2, at="2026-03-05T10:00+08:00"
    )
    case.complete("answer_call", "hotline1", caller="13800000001", rings=2, started_at="2026-03-05T10:00+08:00", greeting_given=True)
    case.complete("learn_need", "hotline1", **{**REQUEST, **need})
    case.complete("read_back", "hotline1", confirmed_with_customer=True)
    return case.instances("hotline_service")[-1].id


def judge(case: Scenario, *, choice: str, in_warranty: bool = False, in_onsite_period: bool = False, **more: object) -> None:
    """The device is unknown, so the customer is asked; then the first judgement."""
    coverage = {"in_warranty": in_warranty, "in_onsite_period": in_onsite_period}
    case.complete("ask_coverage", "hotline1", **coverage, contract_covered=False, company_product=True)
    judgement = {"fault_type_guess": "hardware", "service_type": "repair", "other_company_product": False, "customer_choice": choice}
    case.complete("first_judgement", "hotline1", **{**judgement, **coverage, **more})


def reach_hand_over(case: Scenario, *, asked_for_time: bool = False) -> str:
    """A free visit, up to the slip that waits to be handed over."""
    instance = take_call(case)
    judge(case, choice="onsite", in_onsite_period=True)
    case.complete("fill_slip", "hotline1", **SLIP, asked_for_time=asked_for_time)
    case.complete("tell_contact", "hotline1", **FAREWELL, told_next_step=True)
    return instance


def test_visit_in_the_onsite_period_ends_with_the_slip_at_the_coordinator(case: Scenario) -> None:
    """Given a device in its on-site period, when the slip is filled and handed over, then the on-site service has it."""
    instance = reach_hand_over(case)

    case.complete("hand_over_slip", "coordinator1", slip_received_by="协调员")

    assert case.state(instance) == ("completed", "slip_handed_over")
    variables = case.variables(instance)
    assert variables["paid"] is False
    (onsite,) = case.instances("onsite_service")
    assert case.variables(onsite.id)["slip_id"] == variables["slip_id"]
    assert onsite.business_key == variables["order_id"]
    with case.engine.database.session() as session:
        slip = session.scalars(select(Slip)).one()
        assert (slip.order_id, slip.visit_no) == (variables["order_id"], 1)


def test_engineer_records_a_call_himself(case: Scenario) -> None:
    """Given a call the telephone system did not announce, when the hotline engineer starts it with the form, then the case goes on with him."""
    instance = case.start("hotline_service", actor="hotline1", caller="13800000001", rings=5, greeting_given=True)

    assert case.task("learn_need").assignee == "hotline1"
    case.complete("learn_need", **REQUEST)
    case.complete("read_back", confirmed_with_customer=True)
    with case.engine.database.session() as session:
        assert session.scalars(select(ServiceOrder)).one().late_answer is True
    assert case.state(instance)[0] == "active"


def test_known_caller_is_recognised_with_device_and_warranty(case: Scenario) -> None:
    """Given a caller and a device we know, when the need is recorded, then nobody has to ask for name or warranty again."""
    with case.engine.database.session() as session:
        device = session.scalars(select(Device).where(Device.warranty_until > case.clock.now().date()).order_by(Device.serial)).first()
        assert device is not None
        contact = session.scalars(select(Contact).where(Contact.customer_id == device.customer_id)).first()
        assert contact is not None
    case.message("call.incoming", number=contact.phone, call_id="c-2", rings=1, at="2026-03-05T10:00+08:00")
    case.complete("answer_call", "hotline1", caller=contact.phone, rings=1, started_at="2026-03-05T10:00+08:00", greeting_given=True)
    instance = case.instances("hotline_service")[-1].id
    known = case.variables(instance)
    assert known["customer_id"] == device.customer_id

    told = {name: known[name] for name in ("customer_unit", "contact_person", "contact_phone", "address")}
    case.complete("learn_need", **{**REQUEST, **told, "device_model": device.model, "device_serial": device.serial})
    case.complete("read_back", confirmed_with_customer=True)

    assert case.open_elements(instance) == ["first_judgement"]
    assert case.variables(instance)["in_warranty"] is True
    assert case.instances("hotline_service")[-1].business_key == case.variables(instance)["order_id"]


def test_second_call_about_one_matter_is_linked_to_it(case: Scenario) -> None:
    """Given an open matter of the caller, when the second call is about the same thing, then it joins the matter and counts as a repeated call."""
    first = case.variables(take_call(case))
    second = take_call(case, matter_choice=first["matter_id"])

    variables = case.variables(second)
    assert variables["matter_id"] == first["matter_id"]
    assert (variables["contact_count"], variables["repeat_call"]) == (2, True)
    assert variables["order_id"] != first["order_id"]


def test_customer_who_does_not_confirm_is_asked_again(case: Scenario) -> None:
    """Given a read-back the customer does not confirm, when it is completed, then the need is recorded again, with what was known."""
    case.message("call.incoming", number="13800000001", call_id="c-1", rings=1, at="2026-03-05T10:00+08:00")
    case.complete("answer_call", "hotline1", caller="13800000001", rings=1, started_at="2026-03-05T10:00+08:00", greeting_given=True)
    case.complete("learn_need", **REQUEST)
    case.complete("read_back", confirmed_with_customer=False)

    assert case.open_elements() == ["learn_need"]
    (instance,) = case.instances("hotline_service")
    assert case.variables(instance.id)["need_content"] == REQUEST["need_content"]


def test_slip_not_handed_over_in_thirty_minutes_is_a_breach_noticed_twice(case: Scenario) -> None:
    """Given a filled slip, when thirty working minutes pass and thirty more, then one breach is recorded, noticed twice, and the task stays open."""
    instance = reach_hand_over(case)
    task = case.task("hand_over_slip")
    assert task.due_at == case.clock.now() + timedelta(minutes=30)

    case.advance(minutes=31)
    assert case.path(instance).count("record_handover_breach") == 1
    case.advance(minutes=30)
    assert case.path(instance).count("record_handover_breach") == 2
    with case.engine.database.session() as session:
        (breach,) = session.scalars(select(Breach)).all()
        assert breach.order_id == case.variables(instance)["order_id"]

    case.complete("hand_over_slip", "hotline1", slip_received_by="协调员")
    assert case.state(instance) == ("completed", "slip_handed_over")


def test_thirty_minutes_count_office_hours_only(case: Scenario) -> None:
    """Given a slip filled at 17:50 on a Friday, when the weekend passes, then it is due on Monday at 09:20."""
    case.advance(days=1, hours=7, minutes=50)  # Friday 17:50
    reach_hand_over(case)

    due_at = case.task("hand_over_slip").due_at

    assert due_at is not None
    assert due_at.isoformat() == "2026-03-09T01:20:00+00:00"


def test_customer_who_asks_when_is_promised_two_hours(case: Scenario) -> None:
    """Given a customer who asks when somebody calls, when the slip is filled, then two working hours from the first request are promised and the coordinator is reminded."""
    instance = reach_hand_over(case, asked_for_time=True)

    assert case.variables(instance)["special_handling"] is True
    with case.engine.database.session() as session:
        promise = session.scalars(select(Promise)).one()
        assert promise.due_at is not None
        assert promise.due_at.isoformat() == "2026-03-05T04:00:00+00:00"  # 10:00 + 2 h = 12:00, before lunch
    assert "coordinator.reminder" in case.waiting_messages()


def test_send_in_under_warranty_ends_with_the_expected_device(case: Scenario) -> None:
    """Given a device in warranty after its on-site period, when the customer brings it and insists on a date, then three working days are promised."""
    instance = take_call(case)
    judge(case, choice="send_in", in_warranty=True)
    told = dict.fromkeys(("told_address", "told_hours", "told_papers", "no_exchange_promised"), True)
    case.complete(
        "guide", **told, customer_unit=REQUEST["customer_unit"], contact_person="沈工", question="开机后不能识别硬盘", insists_on_date=True
    )
    case.complete("send_in_farewell", **FAREWELL)

    assert case.state(instance) == ("completed", "send_in_expected")
    with case.engine.database.session() as session:
        assert "3 个工作日" in session.scalars(select(Promise)).one().text


def test_emergency_starts_the_emergency_response_at_once(case: Scenario) -> None:
    """Given a risk of accident, when the request is confirmed, then the emergency response is asked for before the customer is told."""
    instance = take_call(case, safety_risk=True)

    assert "emergency.start" in case.waiting_messages()
    case.complete("tell_emergency", **FAREWELL, told_emergency=True)
    assert case.state(instance) == ("completed", "emergency")


def test_complaint_is_handed_to_the_complaint_process(case: Scenario) -> None:
    """Given a caller with a complaint, when goodbye is said, then the complaint is thrown with the facts."""
    instance = take_call(case, need_kind="complaint", need_content="约好的时间没有人来")
    case.complete("complaint_farewell", **FAREWELL)

    assert case.state(instance) == ("completed", "complaint")
    assert "complaint.received" in case.waiting_messages()


def test_installation_is_handed_to_the_request_intake(case: Scenario) -> None:
    """Given a caller who wants an installation, when goodbye is said, then the request goes on with its form."""
    instance = take_call(case, need_kind="installation")
    case.complete("handed_on_farewell", **FAREWELL)

    assert case.state(instance) == ("completed", "handed_on")
    assert "request.received" in case.waiting_messages()


def test_question_is_answered_on_the_telephone(case: Scenario) -> None:
    """Given a question the engineer is sure of, when it is answered, then the call ends there."""
    instance = take_call(case, need_kind="enquiry", need_content="怎样更新固件")
    case.complete("answer", customer_unit=REQUEST["customer_unit"], contact_person="沈工", enquiry_kind="technical", question="怎样更新固件",
                  sure=True, answer="从管理页面更新", answered_at="2026-03-05T10:05+08:00")  # fmt: skip
    case.complete("question_farewell", **FAREWELL)

    assert case.state(instance) == ("completed", "answered")


def test_hard_question_goes_to_a_specialist(case: Scenario) -> None:
    """Given a question the engineer is not sure of, when it is handed over, then one working day is promised and a specialist has it."""
    instance = take_call(case, need_kind="enquiry", need_content="阵列重建后变慢")
    case.complete(
        "answer",
        customer_unit=REQUEST["customer_unit"],
        contact_person="沈工",
        enquiry_kind="technical",
        question="阵列重建后变慢",
        sure=False,
    )
    case.complete("tell_specialist", told_specialist=True, promised_text="一个工作日内由专业工程师回复")
    case.complete("question_farewell", **FAREWELL)

    assert case.state(instance) == ("completed", "handed_to_specialist")
    (enquiry,) = case.instances("technical_enquiry")
    assert enquiry.business_key == case.variables(instance)["order_id"]
    with case.engine.database.session() as session:
        promise = session.scalars(select(Promise)).one()
        assert promise.due_at is not None
        assert promise.due_at.isoformat() == "2026-03-06T02:00:00+00:00"


def test_paid_visit_that_is_declined(case: Scenario) -> None:
    """Given a device out of warranty, when the customer does not accept the quotation, then the call ends politely without a slip."""
    instance = take_call(case)
    judge(case, choice="onsite")
    assert case.variables(instance)["paid_type"] == "out_of_warranty_repair"
    decline_quotation(case)
    case.complete("visit_decline_farewell", **FAREWELL)

    assert case.state(instance) == ("completed", "declined")
    with case.engine.database.session() as session:
        assert session.scalars(select(Slip)).all() == []
        assert session.scalars(select(ServiceOrder)).one().status == "declined"


def test_paid_send_in_that_is_declined(case: Scenario) -> None:
    """Given a device out of warranty, when the customer does not accept the price of the repair at the office, then nothing is sent in."""
    instance = take_call(case)
    judge(case, choice="send_in")
    decline_quotation(case)
    case.complete("send_in_decline_farewell", **FAREWELL)

    assert case.state(instance) == ("completed", "declined")


def decline_quotation(case: Scenario) -> None:
    """The quotation in the called process, which the customer refuses."""
    case.complete("confirm_paid", "hotline1", paid_type="out_of_warranty_repair", paid_reason="保修期已过", paid_items=[])
    case.complete("explain_and_quote", "hotline1", policy_explained=True, accepted=False, consent_evidence="phone")
    case.complete("decline_politely", "hotline1", alternatives="可以先送修检查", declined_politely=True)
