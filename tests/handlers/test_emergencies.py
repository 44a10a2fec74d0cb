"""Emergencies: opened once, led, reported."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.errors import NotFound
from handlers.emergencies.tables import Emergency
from handlers.orders.tables import ServiceOrder

COMMAND = {
    "commander": "chief1",
    "trigger": "system_paralysis",
    "assessment": "短路跳闸",
    "hazard": "积水",
    "people_at_risk": False,
    "first_measures": "断电",
}
REPORT = {"cause": "水管破裂", "measures": "排水", "prevention": "漏水报警", "lessons": "先断电"}


def test_an_order_has_one_emergency_and_becomes_an_emergency_repair(desk):
    """Opened again it is the same; the order is urgent and in progress."""
    desk.order()

    first, again = desk.do("emergencies.open"), desk.do("emergencies.open")

    (order,) = desk.rows(select(ServiceOrder))
    assert first == again
    assert (order.kind, order.urgency, order.status, order.version) == ("emergency_repair", "emergency", "in_progress", 2)


def test_who_took_charge_first_counts(desk):
    """A later command sheet replaces the earlier, the instant stays."""
    desk.order()
    desk.do("emergencies.open")

    first = desk.do("emergencies.take_charge", **COMMAND)
    desk.engine.clock.advance(timedelta(minutes=20))
    later = desk.do("emergencies.take_charge", **(COMMAND | {"commander": "head1"}))

    (emergency,) = desk.rows(select(Emergency))
    assert first == later
    assert (emergency.commander, emergency.hazard) == ("head1", "积水")


def test_the_report_keeps_the_course(desk):
    """What happened when, with what it teaches; without an emergency there is nothing to report."""
    desk.order()
    with pytest.raises(NotFound):
        desk.do("emergencies.report", course=[], **REPORT)
    desk.do("emergencies.open")

    course = [{"at": "2026-03-05T10:30+08:00", "event": "已断电"}]
    desk.do("emergencies.report", course=course, stabilised_at="2026-03-05T11:00+08:00", **REPORT)
    desk.do("emergencies.report", course=course, stabilised_at="2026-03-05T11:00+08:00", **(REPORT | {"lessons": "定期演练"}))

    (emergency,) = desk.rows(select(Emergency))
    assert emergency.course == course
    assert (emergency.cause, emergency.lessons, emergency.stabilised_at.isoformat()) == (
        "水管破裂",
        "定期演练",
        "2026-03-05T03:00:00+00:00",
    )
