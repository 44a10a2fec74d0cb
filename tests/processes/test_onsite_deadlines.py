"""Deadlines of the on-site service: when somebody is late, it is written down once, told twice, and the work goes on."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from engine.storage.tables import UserTaskCandidate
from handlers.deadlines.tables import Breach, Promise
from handlers.dispatch.tables import Appointment
from tests.processes.visit import Visit
from tests.scenario import Scenario


@pytest.fixture
def visit(case: Scenario) -> Visit:
    """A request in the on-site period, handed over on a Thursday at ten."""
    visit = Visit(case)
    visit.request()
    return visit


def breaches(visit: Visit) -> dict[str, datetime]:
    """What was written down as late: activity and when it was due."""
    with visit.case.engine.database.session() as session:
        return {row.activity: row.due_at for row in session.scalars(select(Breach))}


def test_first_contact_after_two_hours_is_a_breach_and_coordinators_may_call(visit: Visit) -> None:
    """Given a contact not made in two working hours, when they pass, then it is told twice and the coordinators may take the call."""
    visit.do("assign_first_contact", "coordinator1", first_engineer="engineer1")
    task = visit.case.task("contact_by_engineer")
    assert task.due_at == datetime(2026, 3, 5, 4, 0, tzinfo=UTC)  # 10:00 + 2 h

    visit.case.advance(hours=2, minutes=1)
    assert breaches(visit) == {"首次联系": datetime(2026, 3, 5, 4, 0, tzinfo=UTC)}
    with visit.case.engine.database.session() as session:
        groups = set(session.scalars(select(UserTaskCandidate.name).where(UserTaskCandidate.task_id == task.id)))
    assert "coordinator" in groups

    visit.case.advance(hours=3)  # two more working hours, over the noon break
    assert visit.case.path(visit.instance).count("sp_contact_breach") == 2
    assert len(breaches(visit)) == 1
    visit.do("contact_by_engineer", **visit.contact_form())
    assert visit.case.open_elements() == ["promise_by_engineer"]


@pytest.mark.parametrize(
    ("address", "band", "working_days"),
    [
        ("武汉市洪山区关山大道 355 号", "in_area", 2),
        ("鄂州市鄂城区吴都大道 58 号", "within_80km", 3),
        ("宜昌市西陵区沿江大道 28 号", "agreed", None),
    ],
)
def test_arrival_is_due_by_area_and_distance(case: Scenario, address: str, band: str, working_days: int | None) -> None:
    """Given an address, when the customer was reached, then the visit is due in two or three working days, or as agreed beyond 80 km."""
    visit = Visit(case)
    visit.request(address=address)
    visit.contact()

    assert visit.variables["arrival"] == {"band": band, "working_days": working_days, "agreed": working_days is None}
    due_at = visit.variables.get("due_arrival_at")
    visit.promise(days=1)
    expected = {2: "2026-03-09", 3: "2026-03-10"}.get(working_days or 0)
    assert (due_at is None) if expected is None else str(due_at).startswith(expected)
    assert visit.variables["due_arrival_at"] is not None


def test_special_demand_is_agreed_with_the_customer(visit: Visit) -> None:
    """Given a special demand, when the arrival is decided, then the time is agreed, whatever the distance."""
    visit.contact(special="只能周末停机")

    assert visit.variables["arrival"]["agreed"] is True


def test_unknown_address_is_typed_in_by_the_coordinator(case: Scenario) -> None:
    """Given an address nobody finds, when the coordinator types the distance, then the deadline follows from it."""
    visit = Visit(case)
    visit.request(address="某地某路 1 号")
    visit.contact()
    visit.do("enter_distance", "coordinator1", in_service_area=False, distance_km=81)

    assert visit.variables["arrival"]["band"] == "agreed"


def test_visit_not_begun_in_two_working_days_is_a_breach(visit: Visit) -> None:
    """Given a slip of Thursday, when Monday passes without an arrival, then the breach is told, and again two working days later."""
    visit.contact()
    visit.promise()
    visit.assign()
    visit.case.advance(days=4, hours=9)
    assert set(breaches(visit)) == {"到场"}

    visit.case.advance(days=2)
    assert visit.case.path(visit.instance).count("sp_go_breach") == 2
    assert visit.case.open_elements() == ["prepare_visit"]


def test_late_arrival_is_recorded_with_its_reason(visit: Visit) -> None:
    """Given a promised time, when the engineer comes an hour later, then he is late, says why, and the promise counts as not kept."""
    visit.contact()
    visit.promise()
    visit.assign()
    visit.case.advance(hours=23)
    visit.leave()
    visit.case.advance(hours=2)
    assert set(breaches(visit)) == {"按约到场"}
    visit.arrive(late_reason="道路施工，已致歉")

    assert visit.variables["late"] is True
    with visit.case.engine.database.session() as session:
        promise = session.scalars(select(Promise).where(Promise.kind == "visit")).one()
    assert promise.state == "waived"


def test_changing_a_visit_less_than_a_day_ahead_is_a_breach(visit: Visit) -> None:
    """Given a visit in two hours, when it is moved, then the short notice is a breach and the new time is promised."""
    visit.contact()
    visit.promise(hours=2)
    visit.assign()
    visit.case.message("visit.cannot", visit.order_id)
    visit.move(days=2)

    assert set(breaches(visit)) == {"改约通知"}
    assert visit.case.open_elements() == ["prepare_visit"]
    assert visit.promised_at() > visit.case.clock.now()
    with visit.case.engine.database.session() as session:
        assert session.scalars(select(Appointment)).one().reason == "engineer"


def test_customer_not_there_means_another_time_or_none(visit: Visit) -> None:
    """Given nobody at the door, when the visit is moved a day ahead and then called off, then the case ends cancelled."""
    visit.contact()
    visit.promise(days=2)
    visit.assign()
    visit.leave()
    visit.arrive(customer_present=False, permission=None, knocked=None, shoe_covers_on=None, protection_worn=None)
    visit.move(days=3)
    assert breaches(visit) == {}
    visit.do("prepare_visit", can_go=False)
    visit.move(cancelled=True)

    assert visit.outcome == ("completed", "cancelled")


def test_papers_not_in_by_the_end_of_the_day_are_a_breach(visit: Visit) -> None:
    """Given a finished visit, when the papers are not in at six, then the breach is told and the task goes on."""
    visit.reach_site()
    visit.work()
    visit.hand_over()
    visit.say_goodbye()
    visit.come_back()
    visit.case.advance(hours=10)

    assert set(breaches(visit)) == {"交派工单与维修单"}
    visit.hand_in()
    assert visit.case.open_elements() == ["confirm_repair_form"]
