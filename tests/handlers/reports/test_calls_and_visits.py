"""Indicators of the first contact and of visits, on histories small enough to count by hand."""

import pytest

from handlers.dispatch.tables import Appointment, Assignment
from handlers.reports.figures import by_group, by_person
from handlers.reports.measures import MEASURES
from handlers.reports.months import Period
from tests.handlers.reports.conftest import MARCH, History, at


def test_response_time_is_working_time_from_the_request_to_the_contact(history: History) -> None:
    """Given one hour over the noon break, and one over a night of which 90 minutes are worked, the mean is 75 minutes and 90 the worst of ten."""
    history.order("FW1", "03-02 11:30")
    history.slip("FW1", contacted_at=at("03-02 13:30"))  # 11:30–12:00 and 13:00–13:30
    history.order("FW2", "03-03 17:00")
    history.slip("FW2", contacted_at=at("03-04 09:30"))  # 17:00–18:00 and 9:00–9:30
    history.slip("FW2", 2, contacted_at=at("03-06 09:30"))  # a second visit has no first contact

    figure = history.figure("response_time")

    assert figure.value == 75 * 60
    assert figure.tally.percentile == 90 * 60
    assert figure.is_met is True  # at most two hours


def test_contact_in_two_hours_counts_late_and_forgotten_slips(history: History) -> None:
    """Given one call in time, one a minute late, one never, and one slip where the visit came at once: one of three."""
    for number, contacted, arrived in (
        ("FW1", "03-02 11:00", None), ("FW2", "03-02 11:01", None), ("FW3", None, None), ("FW4", None, "03-02 09:20"),
    ):  # fmt: skip
        history.order(number, "03-02 09:00")
        history.slip(number, contacted_at=at(contacted) if contacted else None, arrived_at=at(arrived) if arrived else None)

    figure = history.figure("contact_in_2h_rate")

    assert (figure.tally.numerator, figure.tally.denominator, figure.tally.missed) == (1, 3, 2)
    assert figure.is_met is False


def test_slip_handover_time_ends_when_the_coordinator_has_the_slip(history: History) -> None:
    """Given slips handed over after 10 and after 40 minutes: 25 on average, one of them too late."""
    for number, ended in (("FW1", "03-02 09:10"), ("FW2", "03-02 09:40")):
        history.order(number)
        history.slip(number)
        history.task("hotline_service", number, "hand_over_slip", "03-02 09:05", ended, completed_by="hotline1")

    figure = history.figure("slip_handover_time")

    assert (figure.value, figure.tally.missed, figure.is_met) == (25 * 60, 1, True)


def test_calls_answered_in_three_rings(history: History) -> None:
    """Given four calls of March, one answered late, and an e-mail: three of four."""
    for number in range(4):
        history.order(f"FW{number}", late_answer=number == 0)
    history.order("FW9", channel="email", late_answer=True)

    assert history.figure("answer_in_3_rings").value == 0.75


def test_a_matter_called_about_again_is_a_repeated_call(history: History) -> None:
    """Given a matter of February called about again in March, and one with a single call: one of two, and none in February."""
    history.order("FW1", "02-20 09:00")
    history.order("FW2", "03-02 09:00", matter="SX-FW1")
    history.order("FW3", "03-03 09:00")

    assert history.figure("repeat_call_rate").value == 0.5
    assert history.figure("repeat_call_rate", MARCH - 1).value == 0


def test_arrivals_within_the_deadline_by_area(history: History) -> None:
    """Given two arrivals in the area, one of them late, and one further away in time: two of three, half of those in the area."""
    for number, arrived, band in (
        ("FW1", "03-04 10:00", "in_area"),
        ("FW2", "03-04 10:01", "in_area"),
        ("FW3", "03-03 09:00", "within_80km"),
    ):
        history.order(number)
        history.slip(number, arrived_at=at(arrived), due_arrival_at=at("03-04 10:00"), band=band)

    figure = history.figure("arrival_compliance")
    with history.engine.database.session() as session:
        bands = by_group(session, figure.measure, Period(MARCH, 1))

    assert figure.value == pytest.approx(2 / 3)
    assert {zh: line.value for (zh, _), line in bands.items()} == {"服务区域内": 0.5, "80 公里以内": 1}


def test_punctual_visits_by_engineer_and_visits_nobody_came_to(history: History) -> None:
    """Given a visit on time and one late, of two engineers, and two nobody came to, one of them given up: half are punctual, one no-show."""
    for number, arrived, engineer in (("FW1", "03-04 10:00", "engineer1"), ("FW2", "03-04 10:05", "engineer2")):
        history.order(number)
        slip = history.slip(number, arrived_at=at(arrived), promised_visit_at=at("03-04 10:00"))
        assigned = {"kind": "visit", "trip_id": "T", "assigned_at": at("03-03 09:00")}
        history.add(Assignment(id=number, order_id=number, slip_id=slip, engineer_id=engineer, **assigned))
    for number, status in (("FW3", "in_progress"), ("FW4", "declined")):
        history.order(number, status=status)
        history.slip(number, promised_visit_at=at("03-05 10:00"))

    figure = history.figure("punctuality")
    with history.engine.database.session() as session:
        people = {line.name: line.value for line in by_person(session, MEASURES["punctuality"], Period(MARCH, 1))}

    assert (figure.value, figure.tally.observations) == (0.5, 2)
    assert people == {"赵建国": 1, "刘海峰": 0}
    assert history.figure("punctuality/no_show").value == 1


def test_changed_visits_told_a_day_ahead(history: History) -> None:
    """Given notices of 24 hours, of 23.9, and of one hour in an emergency: one of three was a day ahead, and one is a fault."""
    for number, hours, reason, short in (("FW1", 24, "engineer", False), ("FW2", 23.9, "engineer", True), ("FW3", 1, "emergency", False)):
        history.order(number)
        history.add(
            Appointment(
                id=number, order_id=number, changed_from=at("03-05 09:00"), notified_at=at("03-04 09:00"), notice_hours=hours,
                notice_short=short, reason=reason, initiator="us", in_project=False, agreed_at=at("03-04 09:10"),
            )
        )  # fmt: skip

    figure = history.figure("reschedule_notice")

    assert figure.value == pytest.approx(1 / 3)
    assert figure.tally.missed == 1


def test_orders_fixed_at_the_first_visit(history: History) -> None:
    """Given orders closed after one visit, after two, after one without success, and one without any visit: one of three."""
    for number, visits, result in (("FW1", 1, "resolved"), ("FW2", 2, "resolved"), ("FW3", 1, "open_items"), ("FW4", 0, "resolved")):
        history.order(number, status="closed", result=result, closed_at=at("03-10 10:00"))
        for visit in range(visits):
            history.slip(number, visit + 1, arrived_at=at("03-04 10:00"))

    figure = history.figure("first_visit_fix_rate")

    assert (figure.tally.numerator, figure.tally.denominator) == (1, 3)
    assert figure.is_met is None  # the office has set no target
