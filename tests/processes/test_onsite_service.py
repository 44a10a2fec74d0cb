"""On-site service (上门服务): from the slip to each of its ends."""

import pytest
from sqlalchemy import select

from engine.errors import FormRejected
from handlers.billing.tables import CashHandover, Invoice, Payment
from handlers.orders.tables import Receipt, ServiceOrder, Slip
from tests.processes.visit import Visit
from tests.scenario import Scenario


@pytest.fixture
def visit(case: Scenario) -> Visit:
    """A request in the on-site period, just handed over."""
    visit = Visit(case)
    visit.request()
    return visit


def order_of(visit: Visit) -> ServiceOrder:
    """The order's row."""
    with visit.case.engine.database.session() as session:
        return session.get_one(ServiceOrder, visit.order_id)


def test_repaired_visit_ends_done_with_a_callback_to_come(visit: Visit) -> None:
    """Given a free visit, when everything goes well, then the order is closed as resolved and the callback is asked for."""
    visit.reach_site()
    visit.work()
    visit.hand_over()
    visit.say_goodbye(survey_given=True, ease_of_contact=5, response_and_repair_speed=4, technical_level=5, attitude=5)
    visit.finish()

    assert visit.outcome == ("completed", "done")
    assert order_of(visit).status == "closed"
    assert [row.business_key for row in visit.case.instances("callback")] == [visit.order_id]
    with visit.case.engine.database.session() as session:
        slip = session.get_one(Slip, visit.slip_id)
    assert (slip.status, slip.colour, slip.visit_result, slip.band) == ("done", "none", "repaired", "in_area")


def test_problems_left_open_end_as_open_items(visit: Visit) -> None:
    """Given a repaired machine, when the service sheet lists open problems, then the case ends with open items."""
    visit.reach_site()
    visit.work()
    visit.hand_over(has_open_problems=True, open_problems=[{"text": "建议扩容", "due": "2026-04-01"}])
    visit.say_goodbye(other_needs=True, other_needs_text="想了解备份服务")
    visit.finish()

    assert visit.outcome == ("completed", "open_items_left")
    assert visit.case.waiting_messages().count("request.received") == 1


def test_customer_who_is_never_reached_is_called_off(visit: Visit) -> None:
    """Given a customer who does not answer, when two hours have passed and the coordinator gives up, then the case ends cancelled."""
    visit.do("assign_first_contact", "coordinator1", first_engineer="engineer1")
    visit.not_reached()
    assert visit.case.open_elements() == []
    visit.case.advance(minutes=30)
    visit.not_reached()
    visit.case.advance(hours=2)
    visit.not_reached()
    visit.do("decide_contact", "coordinator1", contact_goes_on=False, contact_decision_reason="多次联系不上")

    assert visit.outcome == ("completed", "cancelled")
    assert order_of(visit).status == "cancelled"


def test_coordinator_calls_when_nobody_is_in_the_station(case: Scenario) -> None:
    """Given no engineer in the station, when a slip arrives, then the coordinator himself contacts the customer and promises the time."""
    visit = Visit(case)
    visit.empty_the_station()
    visit.request()

    visit.do("contact_by_coordinator", "coordinator1", **visit.contact_form())
    visit.do("promise_by_coordinator", "coordinator1", promised_visit_at=visit.at(days=1), appointed_with="联系人")

    assert case.open_elements() == ["assign_visit"]


def test_paid_visit_that_is_not_accepted_ends_declined(case: Scenario) -> None:
    """Given a machine out of warranty, when the customer does not accept the quotation, then nobody goes there."""
    visit = Visit(case)
    visit.request(in_warranty=False, in_onsite_period=False)
    visit.contact()
    visit.promise()
    visit.quote(accepted=False)

    assert visit.outcome == ("completed", "declined")
    assert order_of(visit).status == "declined"


def test_fault_that_never_shows_is_observed_and_provoked(visit: Visit) -> None:
    """Given a fault that does not show, when thirty minutes of watching and provoking do not help either, then another visit is agreed."""
    visit.reach_site()
    visit.reconfirm()
    visit.reproduce(seen=False)
    visit.do("observe_device", observation_started_at=visit.at(), observed_minutes=30, reproduced=False, observation_note="未出现")
    visit.do("provoke_fault", accelerate_method="customer_operates", accelerate_note="客户连续操作", reproduced=False)
    visit.agree("next_appointment", next_visit_at=visit.at(days=3))
    visit.come_back()
    visit.hand_in("not_reproduced")
    visit.confirm()

    assert visit.outcome == ("completed", "open_items")
    assert visit.case.waiting_messages() == ["repeat_repair.request"]
    second = visit.case.instances("onsite_service")[1]
    assert (second.business_key, visit.case.variables(second.id)["visit_no"]) == (visit.order_id, 2)
    assert visit.case.open_elements(second.id) == ["assign_visit"]


def test_watching_shorter_than_thirty_minutes_is_refused(visit: Visit) -> None:
    """Given a fault that does not show, when somebody writes twenty minutes of watching, then the form is refused."""
    visit.reach_site()
    visit.reconfirm()
    visit.reproduce(seen=False)

    with pytest.raises(FormRejected) as refused:
        visit.do("observe_device", observation_started_at=visit.at(), observed_minutes=20, reproduced=False, observation_note="未出现")

    assert list(refused.value.fields) == ["observed_minutes"]


def test_repair_that_fails_twice_is_taken_back(visit: Visit) -> None:
    """Given a repair that fails, when the second try fails too, then a way forward is agreed and the machine comes to the station."""
    visit.reach_site()
    visit.reconfirm()
    visit.reproduce()
    for _ in range(2):
        visit.diagnose()
        visit.repair()
        visit.inspect(repaired=False)
    visit.agree("take_back")
    visit.come_back()
    visit.hand_in("unrepaired")
    visit.confirm()

    assert visit.outcome == ("completed", "open_items")
    assert sorted(visit.case.waiting_messages()) == ["inhouse_repair.request", "repeat_repair.request"]
    with visit.case.engine.database.session() as session:
        assert session.scalars(select(Receipt)).one().kind == "take_back"
        assert session.get_one(Slip, visit.slip_id).colour == "red"


def test_customer_who_refuses_consent_may_decline(visit: Visit) -> None:
    """Given a risk for the data, when the customer does not consent and wants nothing more, then the case is closed as declined."""
    visit.reach_site()
    visit.reconfirm()
    visit.reproduce()
    visit.diagnose(data_risk=True, open_case=True)
    assert visit.case.task("get_consent").name == "取得客户同意"
    visit.do(
        "get_consent",
        consent_kinds=["open_case", "data_risk"],
        consent_explained="可能丢失数据",
        consent_agreed=False,
        consent_sig=visit.sign("get_consent"),
    )
    visit.agree("decline")
    visit.finish("declined")

    assert visit.outcome == ("completed", "declined_on_site")


def test_part_missing_on_site_leads_to_the_question_what_next(visit: Visit) -> None:
    """Given a repair that needs one more part, when it is escalated, then technical support gets the question."""
    visit.reach_site()
    visit.reconfirm()
    visit.reproduce()
    visit.diagnose()
    visit.repair(part_missing=True, missing_parts=[{"part_no": "RC-12", "qty": 1}])
    visit.agree("escalate")
    visit.come_back()
    visit.hand_in("unrepaired")
    visit.confirm()

    assert visit.outcome == ("completed", "open_items")
    assert [row.business_key for row in visit.case.instances("technical_enquiry")] == [visit.order_id]


def test_man_made_fault_becomes_a_paid_visit_booked_to_the_last_coin(visit: Visit) -> None:
    """Given a fault people caused, when the customer accepts and pays another sum than quoted, then the difference is approved and booked."""
    visit.reach_site()
    visit.reconfirm()
    visit.reproduce()
    visit.diagnose(fault_type="man_made", man_made_evidence="接口有撞击痕迹")
    visit.quote(paid_type="man_made")
    visit.repair()
    visit.inspect()
    visit.hand_over()
    visit.say_goodbye()
    quoted = visit.variables["quotation_total"]
    visit.charge(quoted - 10)
    visit.come_back()
    visit.hand_in()
    visit.do("hand_in_money", handed_amount=quoted - 10)
    visit.do("count_money", "cashier1", counted=1)
    visit.do("clear_difference", "cashier1", difference_found="漏数一叠")
    visit.do("count_money", "cashier1", counted=quoted - 10)
    visit.do("approve_difference", "chief1", difference_reason="优惠")
    visit.do("book_income", "cashier1", voucher="PZ-0001")
    visit.confirm()
    visit.close()

    assert visit.outcome == ("completed", "done")
    with visit.case.engine.database.session() as session:
        assert float(session.scalars(select(Payment)).one().amount) == quoted - 10
        assert len(session.scalars(select(Invoice)).all()) == 1
        assert len(session.scalars(select(CashHandover)).all()) == 1


def test_work_not_accepted_is_done_again_then_becomes_a_complaint(visit: Visit) -> None:
    """Given a customer who does not accept, when the second try is not accepted either, then the duty head hears of a complaint."""
    visit.reach_site()
    visit.work()
    visit.hand_over(accepted=False, not_accepted_next="rework")
    visit.diagnose()
    visit.repair()
    visit.inspect()
    visit.hand_over(accepted=False, not_accepted_next="complaint", customer_opinion="仍有异响")
    assert "tell_duty_head" in visit.case.path(visit.instance)
    visit.agree("decline")
    visit.finish("unrepaired")

    assert visit.outcome == ("completed", "declined_on_site")


def test_hard_question_is_answered_before_the_case_ends(visit: Visit) -> None:
    """Given a repaired machine with a question left, when support answers it, then the case goes on to its end."""
    visit.reach_site()
    visit.work()
    visit.hand_over()
    visit.say_goodbye()
    visit.come_back()
    visit.hand_in(question_open=True, question="阵列为何重建缓慢", customer_info="将扩建机房")
    visit.do("study", "support1", analysis="控制器固件", test_needed=False, solved=True, solution="升级固件")
    visit.do("reply", "support1", answer="升级固件", answered_at=visit.at(), reply_result="understood")
    visit.confirm()
    visit.close()

    assert visit.outcome == ("completed", "done")
    assert visit.case.waiting_messages() == ["customer.info"]


def test_emergency_goes_straight_to_the_visit(case: Scenario) -> None:
    """Given an emergency with its engineer known, when the slip arrives, then preparing is the first task."""
    visit = Visit(case)
    visit.request(emergency=True, engineer_id="engineer1", promised_visit_at=visit.at(hours=1), due_arrival_at=visit.at(hours=1))

    assert case.open_elements() == ["prepare_visit"]


def test_quality_problem_is_told_without_stopping_the_visit(visit: Visit) -> None:
    """Given a visit under way, when a quality problem is reported, then the department is told and the task stays open."""
    visit.contact()
    visit.case.message("quality.found", visit.order_id, symptom="同批硬盘早期失效")

    assert "department_told" in visit.case.path(visit.instance)
    assert visit.case.open_elements() == ["promise_by_engineer"]
