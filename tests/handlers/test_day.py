"""The coordinator's day: which slips wait, which got stuck on the way, what tomorrow needs."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from handlers.orders.tables import Slip
from tests.handlers.desk import PART_A


@pytest.fixture
def slip(desk):
    """Files the slip of a new order, with what the coordinator knows of it; returns its id."""

    def file(**part_b):
        desk.business_key = None
        desk.business_key = desk.order()
        slip_id = desk.rows(select(Slip.id).where(Slip.order_id == desk.business_key))[0]
        if part_b:
            desk.do("orders.update_slip", slip_id=slip_id, **part_b)
        return slip_id

    return file


def ids(result):
    """The slips of a list, in its order."""
    return [found["slip_id"] for found in result["slips"]]


def test_slips_wait_for_somebody_until_somebody_is_sent_or_was_there(desk, slip):
    """A first call to the customer is not a visit; who is on site needs nobody else."""
    waiting, called, assigned, visited = slip(), slip(), slip(), slip(arrived_at="2026-03-05T09:00:00+08:00")
    desk.do("dispatch.assign", slip_id=called, engineer_id="engineer1", assignment_kind="first_contact")
    desk.do("dispatch.assign", slip_id=assigned, engineer_id="engineer1")

    found = ids(desk.do("dispatch.list_open_slips"))

    assert set(found) == {waiting, called}
    assert visited not in found


def test_specially_handled_slips_come_first_then_those_that_are_due_first(desk, slip):
    """The one put first heads the list and is marked."""
    late, soon, special = slip(due_arrival_at="2026-03-09T18:00+08:00"), slip(due_arrival_at="2026-03-06T18:00+08:00"), slip()

    desk.do("dispatch.put_first", slip_id=special)
    result = desk.do("dispatch.list_open_slips")

    assert ids(result) == [special, soon, late]
    assert result["slips_text"].startswith(f"【优先】{special}")


def test_the_backlog_looks_back_in_working_days(desk, slip, clock):
    """A slip of Thursday is still there on Monday, two working days later, and no more on Tuesday."""
    old = slip()

    clock.set(clock.now() + timedelta(days=4))
    assert ids(desk.do("dispatch.list_open_slips", lookback_working_days=2)) == [old]
    clock.set(clock.now() + timedelta(days=1))
    assert ids(desk.do("dispatch.list_open_slips", lookback_working_days=2)) == []


def test_a_broken_promise_is_not_in_the_backlog(desk, slip, clock):
    """It is a breach by now, and handled as such."""
    slip(due_arrival_at="2026-03-05T18:00+08:00")
    clock.set(clock.now() + timedelta(days=1))

    assert ids(desk.do("dispatch.list_open_slips")) == []


def test_a_slip_that_is_on_its_way_too_long_is_listed(desk, slip, clock):
    """From twenty minutes on; one that somebody already works on is not."""
    stuck, worked = slip(), slip()
    desk.do("orders.mark_slip_status", slip_id=worked, slip_status="contacted")

    assert ids(desk.do("dispatch.list_unpassed_slips", older_than="PT20M")) == []
    clock.set(clock.now() + timedelta(minutes=20))
    assert ids(desk.do("dispatch.list_unpassed_slips", older_than="PT20M")) == [stuck]


def test_tomorrows_visits_are_grouped_by_time_and_distance_with_their_parts(desk, slip):
    """Friday's visits on Thursday: near ones of the morning, far ones of the afternoon; Saturday is not the next working day."""
    near = slip(promised_visit_at="2026-03-06T09:30+08:00", band="in_area", parts_needed=[{"part_no": "HD-2T", "qty": 2}])
    far = slip(promised_visit_at="2026-03-06T14:00+08:00", band="within_80km")
    slip(promised_visit_at="2026-03-09T14:00+08:00")

    plan = desk.do("dispatch.classify_slips")

    assert plan["next_day"] == "2026-03-06"
    assert [(group["key"], ids(group)) for group in plan["groups"]] == [("0am_near", [near]), ("1pm_far", [far])]
    assert plan["plan_text"].splitlines()[0].startswith("上午，区内：")
    assert [(line["slip_id"], line["part_no"], line["qty"], line["stock_text"]) for line in plan["part_lines"]] == [
        (near, "HD-2T", 2, "在库 5，他单留件 0")
    ]


def test_one_engineers_tomorrow(desk, slip):
    """Only the visits they are assigned to."""
    theirs, other = slip(promised_visit_at="2026-03-06T09:30+08:00"), slip(promised_visit_at="2026-03-06T14:00+08:00")
    desk.do("dispatch.assign", slip_id=theirs, engineer_id="engineer1", visit_at="2026-03-06T09:30+08:00")
    desk.do("dispatch.assign", slip_id=other, engineer_id="engineer5", visit_at="2026-03-06T14:00+08:00")

    plan = desk.do("dispatch.classify_slips", engineer_id="engineer1")

    assert [found for group in plan["groups"] for found in ids(group)] == [theirs]


def test_the_days_visits_are_those_agreed_and_those_assigned(desk, slip):
    """Also the finished ones; what is filed already is left out."""
    agreed, assigned, done = slip(promised_visit_at="2026-03-05T14:00+08:00"), slip(), slip(promised_visit_at="2026-03-05T09:00+08:00")
    filed = slip(promised_visit_at="2026-03-05T09:00+08:00")
    desk.do("dispatch.assign", slip_id=assigned, engineer_id="engineer5", visit_at="2026-03-05T15:00+08:00", assignment_kind="urgent")
    desk.do("orders.mark_slip_status", slip_id=done, slip_status="done")
    desk.do("orders.mark_slip_status", slip_id=filed, slip_status="archived")

    result = desk.do("dispatch.list_day_visits")

    assert set(ids(result)) == {agreed, assigned, done}
    assert PART_A["customer_unit"] in result["slips_text_en"]
