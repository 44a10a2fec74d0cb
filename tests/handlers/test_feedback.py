"""Callbacks, surveys, improvements and enquiries."""

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from engine.errors import NotFound
from engine.runtime.handlers import BpmnError
from handlers.enquiries.tables import EnquiryRecord
from handlers.feedback.tables import Callback, ImprovementItem, Survey


def test_every_service_is_called_back_within_a_week(desk):
    """Queued once, due seven days after the service, on the list until somebody was reached."""
    desk.order()

    queued = desk.do("feedback.queue_callback", completed_at="2026-03-04T17:00:00+08:00")
    again = desk.do("feedback.queue_callback")
    listed = desk.do("feedback.list_callbacks", until="2026-03-11")
    too_early = desk.do("feedback.list_callbacks", until="2026-03-10")

    assert queued == again
    assert queued["callback_due_at"] == "2026-03-11T09:00:00Z"
    assert (queued["contact_person"], queued["callback_number"], queued["customer_unit"]) == ("王伟", "19901010001", "楚云物流有限公司")
    assert [item["callback_id"] for item in listed["callbacks"]] == [queued["callback_id"]]
    assert too_early["callback_count"] == 0


def test_attempts_are_counted_and_what_is_said_is_kept(desk):
    """The same call told twice is one attempt; a reached customer leaves the list; the head adds root and measures."""
    desk.order()
    desk.do("feedback.queue_callback")

    missed = desk.do("feedback.record_call", called_at="2026-03-06T10:00", reached=False)
    reached = desk.do("feedback.record_call", called_at="2026-03-09T10:00", reached=True, satisfied=False, reason="等得太久", about="speed")
    more = desk.do("feedback.record_call", called_at="2026-03-09T10:00", reached=True, suggestion="先打电话")
    closed = desk.do("feedback.close_callback", root="派工慢", measures="加派早班")

    callback = desk.rows(select(Callback))[0]
    assert missed == {"callback_attempts": 1, "callback_state": "queued"}
    assert reached["callback_attempts"] == more["callback_attempts"] == 2
    assert desk.do("feedback.list_callbacks")["callback_count"] == 0
    assert closed["callback_state"] == "closed"
    assert (callback.satisfied, callback.about, callback.suggestion, callback.measures) == (False, "speed", "先打电话", "加派早班")


def test_a_customer_nobody_reached_ends_as_unreached(desk):
    """Closing without having spoken says so; an unknown callback is an error."""
    desk.order()
    with pytest.raises(NotFound):
        desk.do("feedback.close_callback")
    desk.do("feedback.queue_callback")
    desk.do("feedback.record_call", reached=False)

    assert desk.do("feedback.close_callback")["callback_state"] == "unreached"


def test_a_survey_has_a_score_and_a_band(desk):
    """The mean of the answers, the lowest of them, and the band it is given; a second set of the same day replaces the first."""
    desk.order()
    answers = {"ease_of_contact": 5, "response_and_repair_speed": 4, "technical_level": 5, "attitude": 4}

    first = desk.do("feedback.save_survey", tool="onsite", **answers, repurchase_p=0.6, loyalty_band="high")
    again = desk.do("feedback.save_survey", tool="onsite", **{**answers, "attitude": 2}, repurchase_p=0.05, loyalty_band="low")
    short = desk.do("feedback.save_survey", satisfied=True)

    assert first["survey_id"] == again["survey_id"]
    assert (first["survey_score"], first["lowest_mark"], first["lowest_question_en"]) == (4.5, 4, "Speed of response and repair")
    assert (again["survey_score"], again["lowest_mark"], again["lowest_question_en"]) == (4.0, 2, "Attitude")
    assert (short["survey_score"], short["lowest_mark"]) == (None, None)
    assert sorted((survey.tool, survey.band) for survey in desk.rows(select(Survey))) == [("callback", None), ("onsite", "low")]


def test_half_a_survey_is_not_one(desk):
    """Some answers but not all required ones: the rest is asked for; marks beyond five are impossible."""
    desk.order()

    with pytest.raises(BpmnError) as refused:
        desk.do("feedback.save_survey", satisfied=True, attitude=5)
    with pytest.raises(ValidationError):
        desk.do("feedback.save_survey", attitude=6)

    assert refused.value.variables["missing_fields"] == ["ease_of_contact", "response_and_repair_speed", "technical_level"]


def test_an_improvement_is_on_the_list_once_per_source(desk):
    """Adding it again brings it up to date."""
    desk.order()

    first = desk.do("feedback.add_improvement_item", item_text="加派早班", owner="head1", due="2026-03-20")
    again = desk.do("feedback.add_improvement_item", item_text="加派早班两人", owner="head1", due="2026-03-20")

    item = desk.rows(select(ImprovementItem))[0]
    assert first == again
    assert (item.text, item.owner, item.due_on.isoformat()) == ("加派早班两人", "head1", "2026-03-20")


def test_an_improvement_may_follow_from_no_single_order(desk):
    """In a case that is about no order the source says which item it is; an order that does not exist is an error."""
    desk.business_key = "DC20260305-0001"

    first = desk.do("feedback.add_improvement_item", source="DC20260305-0001", item_text="响应慢")
    again = desk.do("feedback.add_improvement_item", source="DC20260305-0001", item_text="响应慢，加派早班")
    with pytest.raises(NotFound):
        desk.do("feedback.add_improvement_item", order_id="FW0", item_text="无")

    item = desk.rows(select(ImprovementItem))[0]
    assert first == again
    assert (item.order_id, item.text) == (None, "响应慢，加派早班")


def test_a_question_is_answered_in_time_or_not(desk, clock):
    """The newest question of the case gets the answer; the due time decides whether it came in time."""
    desk.business_key = "CALL-7"
    asked = desk.do("enquiries.record", question="怎样扩容阵列？", due_at="2026-03-06T10:00", handed_to="tech_support")
    same = desk.do("enquiries.record", question="怎样扩容阵列？")

    in_time = desk.do("enquiries.answer", answer="先备份再加盘", answered_at="2026-03-06T09:59")
    late = desk.do("enquiries.answer", enquiry_id=asked["enquiry_id"], answer="补充说明", answered_at="2026-03-06T10:01", understood=False)

    assert asked == same
    assert in_time == {"enquiry_id": asked["enquiry_id"], "answered_in_time": True}
    assert late["answered_in_time"] is False
    assert desk.rows(select(EnquiryRecord))[0].understood is False


def test_a_question_answered_at_once_is_recorded_with_its_answer(desk):
    """The hotline was sure."""
    desk.business_key = "CALL-8"
    desk.do("enquiries.record", question="送修地址？", enquiry_kind="send_in", sure=True, answer="珞喻路 1037 号")

    record = desk.rows(select(EnquiryRecord))[0]
    assert record.answered_by == "hotline1"
    assert record.answered_at == desk.engine.clock.now()
