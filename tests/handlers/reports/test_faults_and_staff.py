"""Indicators of what breaks, of what the staff get done, what they have read, and how they work."""

from typing import Any

import pytest

from engine.storage.tables import Deployment, Publication, PublicationReader
from handlers.dispatch.tables import Assignment
from handlers.orders.tables import RepairForm
from handlers.positions.tables import PositionCheck, PostNorm
from handlers.reports.figures import by_group, by_person
from handlers.reports.measures import MEASURES
from handlers.reports.months import Period
from tests.handlers.reports.conftest import MARCH, History, at


def test_faults_are_ranked_by_model_part_and_cause(history: History) -> None:
    """Given two power supplies of one model, one of them named and one only exchanged, a disk of unknown cause and a device without fault: the power supply leads with two of three."""
    power: dict[str, Any] = {"device_model": "启明 T3", "cause": "电源无输出"}
    for number, fault, content in (
        ("FW1", "hardware", {**power, "faulty_part": "PS-300"}),
        ("FW2", "hardware", {**power, "parts": [{"part_no": "PS-300", "action": "replaced"}, {"part_no": "CB-6", "action": "lent"}]}),
        ("FW3", "hardware", {"device_model": "启明 T3", "faulty_part": "第二块硬盘"}),
        ("FW4", "none", power),
        ("FW5", None, power),
    ):
        history.order(number)
        history.add(
            RepairForm(
                no=number, order_id=number, fault_type=fault, part_return_confirmed=False, content=content, saved_at=at("03-10 10:00")
            )
        )  # fmt: skip

    figure = history.figure("fault_types")
    with history.engine.database.session() as session:
        groups = by_group(session, figure.measure, Period(MARCH, 1))

    assert (figure.value, figure.is_met) == (3, None)
    assert [(zh, line.value) for (zh, _), line in groups.items()] == [
        ("启明 T3 · 300 W 台式机电源 · 电源无输出", 2),
        ("启明 T3 · 第二块硬盘", 1),
    ]


def test_the_last_repair_form_of_an_order_says_what_broke(history: History) -> None:
    """Given an order visited twice, whose second visit found another cause, the order counts once, under the second."""
    history.order("FW1")
    for visit_no, cause in ((1, "网卡松动"), (2, "主板损坏")):
        slip = history.slip("FW1", visit_no)
        history.add(
            RepairForm(
                no=f"WX{visit_no}", order_id="FW1", slip_id=slip, fault_type="hardware", part_return_confirmed=False,
                content={"device_model": "台式机", "cause": cause}, saved_at=at(f"03-1{visit_no} 10:00"),
            )
        )  # fmt: skip

    figure = history.figure("fault_types")
    with history.engine.database.session() as session:
        groups = by_group(session, figure.measure, Period(MARCH, 1))

    assert figure.value == 1
    assert [zh for zh, _ in groups] == ["台式机 · 主板损坏"]


def test_orders_done_per_engineer_and_their_mean_time(history: History) -> None:
    """Given one engineer with three orders done, another with one, and an order given up: two per engineer, 2.5 hours of work each on average."""
    for number, engineer, hours, result in (
        ("FW1", "engineer1", "10:00", "resolved"), ("FW2", "engineer1", "11:00", "open_items"), ("FW3", "engineer1", "12:00", "resolved"),
        ("FW4", "engineer2", "14:00", "resolved"), ("FW5", "engineer2", "18:00", "declined"),
    ):  # fmt: skip
        history.order(number, "03-02 09:00", status="closed", result=result, closed_at=at(f"03-02 {hours}"), received_by="hotline1")
        history.add(
            Assignment(
                id=number, order_id=number, slip_id=history.slip(number), engineer_id=engineer, kind="visit", trip_id="T",
                assigned_at=at("03-02 09:05"),
            )
        )  # fmt: skip

    done, duration = history.figure("staff_efficiency"), history.figure("staff_efficiency/duration")
    with history.engine.database.session() as session:
        people = {line.name: line.value for line in by_person(session, done.measure, Period(MARCH, 1))}

    assert done.value == pytest.approx(2)
    assert people == {"赵建国": pytest.approx(3), "刘海峰": pytest.approx(1)}
    assert duration.value == (1 + 2 + 3 + 4) / 4 * 3600


def test_efficiency_of_several_months_is_that_of_a_month(history: History) -> None:
    """Given somebody who did two orders in February and four in March, it is three a month, and March is better than February."""
    for number, closed in enumerate(("02-10", "02-11", "03-10", "03-11", "03-12", "03-13")):
        history.order(f"FW{number}", status="closed", result="answered", closed_at=at(f"{closed} 10:00"), received_by="hotline1")

    assert history.figure("staff_efficiency", MARCH, 2).value == pytest.approx(3)
    assert history.figure("staff_efficiency").is_met is True


def test_changes_acknowledged_by_those_they_concern(history: History) -> None:
    """Given a change told to three in March of whom two confirmed, and one told in April: two of three, under the change's title."""
    for number, told, readers in (("A", "03-10", ("hotline1", "parts1", "head1")), ("B", "04-01", ("hotline1",))):
        deployment = Deployment(id=number, name="改动", source="studio", deployed_at=at(f"{told} 09:00"), state="live")
        change = Publication(
            id=number, deployment_id=number, title=f"首次联系改为一小时 {number}", note="试行", changes={}, migrations=[], groups=["staff"],
            must_read=True, proposed_at=at(f"{told} 08:00"), state="live", live_at=at(f"{told} 09:00"),
        )  # fmt: skip
        told_to = [
            PublicationReader(
                publication_id=number, user_id=name, told_at=at(f"{told} 09:00"), read_at=at(f"{told} 12:00") if name != "head1" else None
            )
            for name in readers
        ]
        history.add(deployment, change, *told_to)

    figure = history.figure("manual_ack_rate")
    with history.engine.database.session() as session:
        groups = by_group(session, MEASURES["manual_ack_rate"], Period(MARCH, 1))

    assert (figure.tally.numerator, figure.tally.denominator, figure.is_met) == (2, 3, False)
    assert [zh for zh, _ in groups] == ["首次联系改为一小时 A"]


def test_position_score_is_the_share_of_items_in_order(history: History) -> None:
    """Given a check of March with one of two items in order, one with both, and one of April: three of four, and the item that failed comes by name."""
    history.add(PostNorm(post="hotline", version=1, items=[], since=at("01-05 09:00")))
    for number, employee, checked, seen in (
        ("GW1", "hotline1", "03-10 10:00", (True, False)),
        ("GW2", "hotline2", "03-31 10:00", (True, True)),
        ("GW3", "hotline1", "04-10 10:00", (False, False)),
    ):
        rows = [
            {"item": item, "item_en": english, "ok": ok}
            for (item, english), ok in zip((("标准问候", "Greeting"), ("道别", "Farewell")), seen, strict=True)
        ]
        history.add(
            PositionCheck(
                id=number, employee_id=employee, post="hotline", norm_version=1, rows=rows, request_key=number, opened_at=at(checked),
                checked_at=at(checked), checked_by="head1", score=sum(seen) / 2,
            )
        )  # fmt: skip
    history.add(
        PositionCheck(
            id="GW4", employee_id="hotline1", post="hotline", norm_version=1, rows=[], request_key="GW4", opened_at=at("03-20 10:00")
        )
    )

    figure = history.figure("position_score")
    with history.engine.database.session() as session:
        groups = by_group(session, figure.measure, Period(MARCH, 1))
        people = {line.name: line.value for line in by_person(session, figure.measure, Period(MARCH, 1))}

    assert (figure.value, figure.tally.missed) == (0.75, 1)
    assert {zh: line.value for (zh, _), line in groups.items()} == {"标准问候": 1, "道别": 0.5}
    assert people == {"林晓雯": 0.5, "周敏": 1}
