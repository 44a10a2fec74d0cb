"""The cycle of improvement: agenda, measures and their effect, praise, strategy, survey of staff."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.errors import NotFound
from handlers.feedback.tables import ImprovementItem
from handlers.improvement.tables import ImprovementMeasure, ImprovementMeeting, Recognition, ServiceStrategy, StaffSurvey

_MINUTES = {"held_on": "2026-03-09", "staff_tool": "weekly_meeting", "attendees": ["head1", "hotline1"]}


def test_the_agenda_has_new_improvements_and_what_customers_complained_of(desk):
    """Items nobody has taken up, complaints and dissatisfied callbacks of the week that nobody has made an improvement of, and the head's log; what is under way is told beside it."""
    desk.order()
    desk.do("feedback.add_improvement_item", item_text="上门前先电话", owner="coordinator1")
    desk.business_key = None
    desk.do("feedback.add_improvement_item", source="committee:1", item_text="热门备件放到车上")
    taken = desk.do("improvement.take_up", item_text="重贴标签", measure="周五贴完", owner="parts1", due="2026-03-13")["items"][0]
    dissatisfied = desk.do("orders.create", customer_id="KH0002", order_id="FW-2", need_content="打印有黑条")["order_id"]
    desk.do("feedback.queue_callback", order_id=dissatisfied)
    desk.do("feedback.record_call", order_id=dissatisfied, reached=True, satisfied=False, reason="等了两天")
    desk.do("orders.create", customer_id="KH0003", order_id="FW-3", need_content="转了三个人")
    desk.do("complaints.open", order_id="FW-3", source="customer", about="service", facts="转了三个人")
    desk.do("complaints.write_head_log", kind="heard", text="前台反映停车难", order_id="FW-3")

    found = desk.do("improvement.gather_agenda", days=7)
    desk.engine.clock.advance(timedelta(days=8))
    later = desk.do("improvement.gather_agenda", days=7)

    assert [(line["source"], line["improvement_id"] is not None) for line in found["agenda"]] == [
        ("callback", True),
        ("committee", True),
        ("complaint", False),
        ("head_log", False),
        ("callback", False),
    ]
    assert [option["value"] for option in found["item_options"]] == [line["improvement_id"] for line in found["agenda"][:2]]
    assert taken["item_text"] in found["under_way_text"]
    assert {"head1", "engineer1"} <= {option["value"] for option in found["people_options"]}
    assert [line["source"] for line in later["agenda"]] == ["callback", "committee"]


def test_every_point_of_a_meeting_becomes_an_improvement_once(desk):
    """Recorded again, the minutes and the items are brought up to date; an item that another case carries out is left to it."""
    desk.order()
    known = desk.do("feedback.add_improvement_item", item_text="上门前先电话")["improvement_id"]
    point = {
        "source": "callback",
        "improvement_id": known,
        "point_text": "上门前先电话",
        "measure": "加提醒",
        "owner": "coordinator1",
        "due": "2026-03-12",
    }
    new = {"source": "staff", "point_text": "重贴标签", "measure": "周五贴完", "owner": "parts1", "due": "2026-03-13"}

    first = desk.do("improvement.record_meeting", **_MINUTES, points=[point, new])
    again = desk.do("improvement.record_meeting", **_MINUTES, points=[point, new | {"measure": "周四贴完"}])
    with desk.engine.database.transaction() as session:
        session.get_one(ImprovementItem, known).case_id = "another case"
    third = desk.do("improvement.record_meeting", **_MINUTES, points=[point, new])

    assert [item["improvement_id"] for item in again["items"]] == [item["improvement_id"] for item in first["items"]]
    assert [item["item_text"] for item in third["items"]] == ["重贴标签"]
    assert len(desk.rows(select(ImprovementMeeting))) == 1
    assert len(desk.rows(select(ImprovementMeasure))) == len(desk.rows(select(ImprovementItem))) == 2


def test_an_improvement_is_closed_only_when_a_measure_had_an_effect(desk):
    """A measure without effect is followed by another round with a new measure and owner; the history of both stays."""
    item = desk.do("improvement.take_up", item_text="转接时说明经过", measure="同一人跟到底", owner="hotline1", due="2026-03-11")["items"][
        0
    ]
    number = item["improvement_id"]

    desk.do("improvement.record_result", improvement_id=number, done=False, result="人手不够")
    second = desk.do(
        "improvement.record_check", improvement_id=number, effective=False, measure="写进话术", owner="hotline2", due="2026-03-18"
    )
    still_open = desk.rows(select(ImprovementItem.closed_at))
    desk.do("improvement.record_result", improvement_id=number, done=True, result="已写")
    desk.do("improvement.record_check", improvement_id=number, effective=True)

    rounds = desk.rows(select(ImprovementMeasure).order_by(ImprovementMeasure.round))
    assert (second["item"]["round"], second["item"]["owner"]) == (2, "hotline2")
    assert still_open == [None]
    assert [(row.measure, row.done, row.effective) for row in rounds] == [("同一人跟到底", False, False), ("写进话术", True, True)]
    assert desk.rows(select(ImprovementItem.closed_at))[0] is not None
    with pytest.raises(NotFound):
        desk.do("improvement.read_item", improvement_id="none")


def test_an_item_due_before_the_next_meeting_is_urgent(desk):
    """Six days ahead is before it, a week ahead is not; without a day it can wait."""
    desk.order()

    urgent = [
        desk.do("feedback.add_improvement_item", item_text="先电话", due=due)["improvement_urgent"]
        for due in ("2026-03-11", "2026-03-12", None)
    ]

    assert urgent == [True, False, False]


def test_praise_and_strategy_are_kept_once_per_case(desk):
    """Two people praised for what they did; the strategy that was decided is what the next one starts from."""
    empty = desk.do("improvement.last_strategy")
    praised = [{"employee": "engineer2", "deed": "周末送电源"}, {"employee": "hotline1", "kind": "friendly", "deed": "从不着急"}]

    for _ in range(2):
        told = desk.do("improvement.record_recognition", recognitions=praised)
        saved = desk.do("improvement.save_strategy", goals=[{"goal": "两小时内联系"}], empowerment="二百元以内自行减免")

    assert "刘海峰：周末送电源" in told["praise_text"]
    assert {(row.employee, row.kind) for row in desk.rows(select(Recognition))} == {("engineer2", "award"), ("hotline1", "friendly")}
    assert saved["strategy_text"] == "1. 两小时内联系\n2. 二百元以内自行减免"
    assert len(desk.rows(select(ServiceStrategy))) == 1
    assert empty["goals"] == []
    assert desk.do("improvement.last_strategy")["goals"] == [{"goal": "两小时内联系"}]


def test_answers_of_staff_are_summed_up_without_names(desk):
    """Each employee counts once, with the newer answers; who said what is not told."""
    told = {"internal_customers": "上门", "help_answer": "早点说", "cooperation_answer": "交接清楚"}
    desk.do("improvement.save_staff_answers", user_id="bench1", staff_score=2, **told)
    desk.do("improvement.save_staff_answers", user_id="bench1", staff_score=4, **told)
    desk.do("improvement.save_staff_answers", user_id="hotline1", staff_score=5, **told, proposal="加班车")

    found = desk.do("improvement.sum_up_staff_answers")

    assert (found["mean_score"], found["answered_count"]) == (4.5, 2)
    assert "加班车" in found["answers_text"]
    assert not any(name in found["answers_text"] for name in ("hotline1", "林晓雯", "bench1"))
    assert len(desk.rows(select(StaffSurvey))) == 2
    assert {"bench1", "head1"} <= {person["user_id"] for person in desk.do("improvement.list_staff")["employees"]}
