"""Indicators of spare parts, of projects on site, of quality, maintenance and training."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from handlers.maintenance.tables import MaintenanceCycle, PlannedVisit
from handlers.parts.lifecycle_tables import StockLevel, Stocktake, StocktakeLine
from handlers.parts.tables import Application, FailedLoan, LedgerEntry, Loan, Part, StockItem
from handlers.projects.tables import DailyReport, FieldProject, SiteCheckIn
from handlers.quality.tables import QualityIssue
from handlers.reports.figures import by_group
from handlers.reports.months import Period
from handlers.training.tables import Training, TrainingEvaluation
from tests.handlers.reports.conftest import MARCH, History, at


def _loan(history: History, number: str, order: str, issued: str, **values: Any) -> None:
    told = {"part_no": "HD-2T", "barcode": "B", "qty": 1, "engineer_id": "engineer1", "trip_id": "T", "due_at": at("03-03 00:00")}
    history.add(Loan(id=number, request_key=number, card_no="K", order_id=order, issued_at=at(issued), **{**told, **values}))


def _moved(history: History, number: str, kind: str, qty: int, moved: str, to_place: str = "customer", **values: Any) -> None:
    told = {"part_no": "HD-2T", "barcode": "B", "from_place": "loan", "reference": "R"}
    history.add(LedgerEntry(no=number, kind=kind, qty=qty, to_place=to_place, moved_at=at(moved), **{**told, **values}))


def test_parts_used_in_pieces_and_money(history: History) -> None:
    """Given two hard disks used at a customer's, one scrapped, one only lent, one used in April: three pieces at 980 yuan."""
    _moved(history, "L1", "consume", 2, "03-10 10:00")
    _moved(history, "L2", "scrap", 1, "03-11 10:00", "scrapped")
    _moved(history, "L3", "out_loan", 1, "03-12 10:00", "loan", from_place="shelf")
    _moved(history, "L4", "consume", 1, "04-02 10:00")

    figure = history.figure("part_consumption")
    with history.engine.database.session() as session:
        groups = by_group(session, figure.measure, Period(MARCH, 1))

    assert figure.value == 3
    assert history.figure("part_consumption/value").value == 3 * 980
    assert {zh for zh, _ in groups} == {"2 TB 企业级硬盘"}


def test_requests_for_parts_met_from_stock(history: History) -> None:
    """Given two parts lent at once, one that was missing and lent when it had come: two of three requests."""
    for number in ("FW1", "FW2", "FW3"):
        history.order(number)
        _loan(history, number, number, "03-10 10:00")
    history.add(FailedLoan(no="F1", part_no="HD-2T", qty=1, order_id="FW3", failed_at=at("03-05 10:00")))

    figure = history.figure("part_hit_rate")

    assert (figure.tally.numerator, figure.tally.denominator) == (2, 3)


def test_days_on_loan_of_supply_and_loans_overdue_at_the_end_of_the_month(history: History) -> None:
    """Given loans back after one day and after two, one back in April and one never; goods after four days: 1.5, 4, two overdue."""
    history.order("FW1")
    _loan(history, "J1", "FW1", "03-02 10:00", returned_at=at("03-03 10:00"), returned_kind="unused")
    _loan(history, "J2", "FW1", "03-02 10:00", returned_at=at("03-04 10:00"), returned_kind="unused")
    _loan(history, "J3", "FW1", "03-02 10:00", returned_at=at("04-04 10:00"), returned_kind="unused")
    _loan(history, "J4", "FW1", "03-02 10:00")
    sent = {
        "lines": [],
        "urgency": "normal",
        "reason": "planning",
        "status": "received",
        "request_key": "A1",
        "expected_at": at("03-09 10:00"),
    }
    history.add(Application(no="A1", sent_at=at("03-02 10:00"), received_at=at("03-06 10:00"), **sent))

    assert history.figure("part_cycle").value == 1.5
    assert history.figure("part_cycle/supply").value == 4
    overdue = history.figure("loan_overdue")
    assert (overdue.value, overdue.is_met) == (2, False)
    assert history.figure("loan_overdue", MARCH, 2).value == 2  # as it stands at the end, not once for each month


def test_parts_in_the_store_that_were_of_use(history: History) -> None:
    """Given the opening stock of which one part was used in March: one of all parts on the shelf."""
    _moved(history, "L1", "consume", 1, "03-10 10:00")
    with history.engine.database.session() as session:
        on_shelf = session.scalar(select(func.count(func.distinct(StockItem.part_no))).where(StockItem.place == "shelf", StockItem.qty > 0))

    figure = history.figure("part_utilisation")

    assert (figure.tally.numerator, figure.tally.denominator) == (1, on_shelf)


def test_stock_above_the_level_that_was_approved(history: History) -> None:
    """Given five disks on the shelf and a level of three approved in March, a higher one in April: two too many at 980 yuan, fewer than none before is no."""
    with history.engine.database.session() as session:
        opening = session.get_one(Part, "HD-2T")
    assert (opening.min_qty + opening.max_qty + 1) // 2 == 5
    history.add(StockLevel(part_no="HD-2T", valid_from=at("03-10 10:00"), min_qty=1, max_qty=3, approved_by="chief1"))
    history.add(StockLevel(part_no="HD-2T", valid_from=at("04-10 10:00"), min_qty=1, max_qty=9, approved_by="chief1"))

    assert history.figure("overstock").value == 2
    assert history.figure("overstock/value").value == 2 * 980
    assert history.figure("overstock", MARCH + 1).value == 0


def test_counted_as_booked(history: History) -> None:
    """Given a count of three lines: one right, one wrong, one right at the second counting: two of three."""
    closed = {"state": "agreed", "request_key": "C", "opened_at": at("03-02 10:00"), "closed_at": at("03-03 10:00")}
    history.add(Stocktake(id="C", **closed))
    for barcode, counted, recounted in (("X", 4, None), ("Y", 3, None), ("Z", 3, 4)):
        line = {"part_no": "HD-2T", "location": "A", "book_qty": 4}
        history.add(StocktakeLine(stocktake_id="C", barcode=barcode, counted_qty=counted, recounted_qty=recounted, **line))

    figure = history.figure("stock_accuracy")

    assert (figure.tally.numerator, figure.tally.denominator) == (2, 3)


def _project(history: History, number: str, **values: Any) -> None:
    history.order(number)
    history.add(FieldProject(order_id=number, address="武汉", team=[], opened_at=at("03-02 09:00"), **values))


def test_days_on_site_signed_and_reported(history: History) -> None:
    """Given two people asked to sign on Monday and one on Tuesday, two signed in and out, one report: two of three, one of two."""
    _project(history, "FW1")
    for member, day in (("engineer1", "03-02"), ("engineer2", "03-02"), ("engineer1", "03-03")):
        history.task("field_project", "FW1", "sign_in", f"{day} 09:00", f"{day} 09:10", assignee=member)
    for number, (member, day, moment) in enumerate(
        [("engineer1", 2, "start"), ("engineer1", 2, "end"), ("engineer2", 2, "start"), ("engineer1", 3, "start"), ("engineer1", 3, "end")]
    ):
        on = {"on_day": date(2026, 3, day), "moment": moment, "place": "现场", "at": at(f"03-0{day} 09:00")}
        history.add(SiteCheckIn(id=f"C{number}", order_id="FW1", user_id=member, **on))
    told = {"content": "", "progress": "", "problems": [], "reported_at": at("03-02 18:00")}
    history.add(DailyReport(id="R", order_id="FW1", on_day=date(2026, 3, 2), **told))

    signed, reported = history.figure("checkin_compliance"), history.figure("daily_report_compliance")

    assert (signed.tally.numerator, signed.tally.denominator) == (2, 3)
    assert (reported.tally.numerator, reported.tally.denominator) == (1, 2)


def test_projects_done_right_at_the_first_time(history: History) -> None:
    """Given a project with one self-check, one that had to check twice, and one cancelled before: one of two."""
    for number, checks in (("FW1", 1), ("FW2", 2), ("FW3", 0)):
        _project(history, number, closed_at=at("03-20 10:00"))
        for check in range(checks):
            history.task("field_project", number, "self_check", f"03-1{check} 10:00", f"03-1{check} 11:00")

    figure = history.figure("first_time_right")

    assert (figure.tally.numerator, figure.tally.denominator) == (1, 2)


def test_product_faults_cured_with_prevention(history: History) -> None:
    """Given faults closed after four days, still open, found to be none, and closed in April: one of three, four days."""
    history.order("FW1")
    for number, closed, is_defect in (
        ("Z1", "03-06 10:00", True),
        ("Z2", None, None),
        ("Z3", "03-06 10:00", False),
        ("Z4", "04-06 10:00", True),
    ):
        cure = {"solution": "换", "prevention": "检"} if is_defect else {}
        found = {"symptom": number, "severity": "low", "found_at": at("03-02 10:00"), "is_defect": is_defect}
        history.add(QualityIssue(id=number, order_id="FW1", closed_at=at(closed) if closed else None, **found, **cure))

    figure = history.figure("quality_closure")

    assert (figure.tally.numerator, figure.tally.denominator) == (1, 3)
    assert history.figure("quality_closure/duration").value == 4


def test_maintenance_done_as_planned(history: History) -> None:
    """Given planned visits done on the day, a day later, without results, not at all, cancelled, and one that a customer asked for: one of four."""
    with history.engine.database.session() as session:
        cycle = session.scalars(select(MaintenanceCycle.id).order_by(MaintenanceCycle.id).limit(1)).one()
    for day, state, closed, rows, planned in (
        (2, "done", "03-02 17:00", [{"ok": True}], True), (3, "done", "03-04 09:00", [{"ok": True}], True),
        (4, "done", "03-04 09:00", [], True), (5, "planned", None, None, True), (6, "cancelled", None, None, True),
        (7, "done", "03-07 09:00", [{"ok": True}], False),
    ):  # fmt: skip
        visit = {"customer_id": "KH0001", "item": "巡检", "due_on": date(2026, 3, day), "state": state, "rows": rows}
        history.add(
            PlannedVisit(id=f"WB{day}", cycle_id=cycle if planned else None, closed_at=at(closed) if closed else None, **visit)
        )  # fmt: skip

    figure = history.figure("maintenance_completion")

    assert (figure.tally.numerator, figure.tally.denominator) == (1, 4)


def test_the_mean_of_training_evaluations(history: History) -> None:
    """Given one form of 5, 4 and 3 and one of 5, 5 and 5: 4.5."""
    history.order("FW1")
    history.add(Training(id="T", order_id="FW1", held_on=date(2026, 3, 10), trainer="engineer1", topics=[], trainees=[], materials=[]))
    for trainee, marks in (("甲", (5, 4, 3)), ("乙", (5, 5, 5))):
        named = dict(zip(("content", "delivery", "usefulness"), marks, strict=True))
        history.add(TrainingEvaluation(id=trainee, training_id="T", trainee=trainee, **named))

    assert history.figure("training_rating").value == pytest.approx(4.5)
