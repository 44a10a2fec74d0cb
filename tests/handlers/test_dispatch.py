"""Areas, ranking, assignments and appointments."""

import pytest
from sqlalchemy import select

from engine.runtime.handlers import BpmnError
from handlers.dispatch.places import Place, distance_km
from handlers.dispatch.tables import Assignment, Employee
from handlers.orders.tables import Slip


def test_the_distance_is_that_of_the_globe():
    """Wuhan to Beijing is 1,050 km as the crow flies, and a place is nowhere from itself."""
    wuhan, beijing = Place(30.5928, 114.3055), Place(39.9042, 116.4074)

    assert distance_km(wuhan, beijing) == pytest.approx(1_050, rel=0.01)
    assert distance_km(wuhan, wuhan) == 0


@pytest.mark.parametrize(
    ("address", "area", "own", "near"),
    [
        ("湖北省武汉市江岸区沿江大道 69 号", "武汉市江岸区", True, True),
        ("江岸区沿江大道 69 号", "武汉市江岸区", True, True),
        ("鄂州市鄂城区吴都大道 58 号", "鄂州市鄂城区", False, True),
        ("仙桃市仙桃大道 12 号", "仙桃市", False, False),
    ],
)
def test_an_address_tells_area_and_distance(desk, address, area, own, near):
    """The district is recognised with or without its city; 80 km is the manuals' limit."""
    found = desk.do("dispatch.check_service_area", address=address)

    assert found["area_name"] == area
    assert found["in_service_area"] is own
    assert (found["distance_km"] <= 80) is near


@pytest.mark.parametrize("address", ["乌鲁木齐市天山区", "包头市青山区钢铁大街", "不详"])
def test_an_unknown_address_is_measured_by_hand(desk, address):
    """The coordinator types the distance; a district of the same name in another city is not ours."""
    with pytest.raises(BpmnError) as refused:
        desk.do("dispatch.check_service_area", address=address)

    assert refused.value.code == "ADDRESS_UNKNOWN"


def test_engineers_are_ranked_by_skill_first(desk):
    """For a server the server people lead, and each place in the list has its reason."""
    ranking = desk.do(
        "dispatch.rank_engineers", required_skills=["server", "storage"], address="武汉市洪山区", w_skill=0.5, w_load=0.3, w_distance=0.2
    )

    assert [item["skill_match"] for item in ranking["ranked"][:3]] == [1, 1, 1]
    assert ranking["suggested_engineer_id"] == ranking["ranked"][0]["engineer_id"] == ranking["engineer_options"][0]["value"]
    assert "技能符合 100%" in ranking["suggestion_text"]
    assert "printer" not in str(ranking["ranked"][0])


def test_with_weight_on_distance_the_nearest_goes(desk):
    """In an emergency in 黄冈 the engineer who lives there leads."""
    ranking = desk.do("dispatch.rank_engineers", required_skills=["pc"], address="黄冈市黄州区东门路", w_skill=0, w_load=0, w_distance=1)

    assert ranking["suggested_engineer_id"] == "engineer11"
    assert ranking["ranked"][0]["distance_km"] == 0
    scores = [item["score"] for item in ranking["ranked"]]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_with_weight_on_load_the_busy_one_waits(desk):
    """An engineer with work in hand falls behind those without, and comes back when it is done."""
    desk.order()
    first = desk.do("dispatch.rank_engineers", required_skills=["printer"], w_skill=0, w_load=1, w_distance=0)["suggested_engineer_id"]

    desk.do("dispatch.assign", engineer_id=first)
    busy = desk.do("dispatch.rank_engineers", required_skills=["printer"], w_skill=0, w_load=1, w_distance=0)
    desk.do("dispatch.release")
    free = desk.do("dispatch.rank_engineers", required_skills=["printer"], w_skill=0, w_load=1, w_distance=0)

    assert busy["ranked"][-1]["engineer_id"] == first
    assert busy["ranked"][-1]["load"] == 1
    assert free["suggested_engineer_id"] == first


def test_nobody_with_the_skill_is_said_to_the_chief_engineer(desk):
    """Unknown skills, too high a grade or everybody excluded: NO_ENGINEER."""
    with pytest.raises(BpmnError) as refused:
        desk.do("dispatch.rank_engineers", required_skills=["mainframe"])

    assert refused.value.code == "NO_ENGINEER"


def test_engineers_in_the_station_leave_for_visits(desk):
    """Who is on the way is not in the station; who is absent neither."""
    desk.order()
    before = desk.do("dispatch.engineers_in_station")
    chosen = before["suggested_engineer_id"]

    desk.do("dispatch.assign", engineer_id=chosen)
    desk.do("orders.mark_slip_status", slip_status="on_the_way")
    after = desk.do("dispatch.engineers_in_station")

    assert before["engineer_in_station"]
    assert chosen not in [item["engineer_id"] for item in after["station_engineers"]]
    assert len(after["station_engineers"]) == len(before["station_engineers"]) - 1


def test_a_new_engineer_takes_the_place_of_the_former(desk):
    """One in charge at a time; the same assignment again changes nothing; the slip is assigned."""
    desk.order()

    desk.do("dispatch.assign", engineer_id="engineer2", assignment_kind="first_contact")
    visit = desk.do("dispatch.assign", engineer_id="engineer3", visit_at="2026-03-06T10:00:00+08:00", assign_reason="就近")
    again = desk.do("dispatch.assign", engineer_id="engineer3", visit_at="2026-03-06T14:00:00+08:00")

    in_charge = desk.rows(select(Assignment).where(Assignment.released_at.is_(None)))
    assert [item.engineer_id for item in in_charge] == ["engineer3"]
    assert again["assignment_id"] == visit["assignment_id"]
    assert visit["trip_id"] == "engineer3-20260306"
    assert visit["engineer_name"] == "杨帆"
    assert desk.rows(select(Slip))[0].status == "assigned"


@pytest.mark.parametrize("who", ["hotline1", "engineer2", "nobody"])
def test_only_engineers_who_can_come_are_assigned(desk, clock, who):
    """Other colleagues, unknown names and absent engineers are refused."""
    desk.order()
    with desk.engine.database.transaction() as session:
        session.get_one(Employee, "engineer2").absent_until = clock.now().replace(day=9)

    with pytest.raises(BpmnError) as refused:
        desk.do("dispatch.assign", engineer_id=who, visit_at="2026-03-06T10:00:00+08:00")

    assert refused.value.code == "ENGINEER_UNAVAILABLE"


@pytest.mark.parametrize(
    ("notified", "reason", "short"),
    [("2026-03-05T10:00", "engineer", False), ("2026-03-05T18:00", "engineer", True), ("2026-03-05T18:00", "emergency", False)],
)
def test_a_change_is_told_a_day_ahead(desk, notified, reason, short):
    """Less than one day's notice is noted as too short, real emergencies apart."""
    desk.order()

    changed = desk.do(
        "dispatch.record_appointment",
        appointment_at="2026-03-06T14:00",
        new_time="2026-03-09T09:00",
        notified_at=notified,
        resched_initiator="us",
        resched_reason=reason,
    )

    assert changed["notice_short"] is short
