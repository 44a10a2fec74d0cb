"""Indicators of orders, of what customers say, of promises, deadlines and money."""

from datetime import date
from decimal import Decimal

import pytest

from handlers.billing.tables import Payment, Quotation
from handlers.deadlines.tables import Breach, Promise
from handlers.enquiries.tables import EnquiryRecord
from handlers.feedback.tables import Callback, Survey
from handlers.orders.tables import CustodyMove, RepairForm
from handlers.reports.figures import by_group
from handlers.reports.months import Period
from tests.handlers.reports.conftest import MARCH, History, at


def test_resolved_orders_of_those_closed(history: History) -> None:
    """Given two orders closed in March, one resolved, one closed in April and one open: half."""
    history.order("FW1", status="closed", result="resolved", closed_at=at("03-31 23:59"))
    history.order("FW2", status="closed", result="open_items", closed_at=at("03-10 10:00"))
    history.order("FW3", status="closed", result="resolved", closed_at=at("04-01 00:00"))
    history.order("FW4")

    assert history.figure("resolve_rate").value == 0.5


def test_a_device_with_the_same_kind_of_fault_again(history: History) -> None:
    """Given a device repaired in February and again in March for a hardware fault, then for software, and another device: one of three."""
    for number, serial, saved, fault in (
        ("FW1", "A", "02-10 10:00", "hardware"), ("FW2", "A", "03-10 10:00", "hardware"), ("FW3", "A", "03-12 10:00", "software"),
        ("FW4", "B", "03-12 10:00", "hardware"), ("FW5", "A", "03-12 10:00", "none"),
    ):  # fmt: skip
        history.order(number, device_serial=serial)
        history.add(RepairForm(no=number, order_id=number, fault_type=fault, part_return_confirmed=False, content={}, saved_at=at(saved)))

    figure = history.figure("repeat_repair_rate")

    assert (figure.tally.numerator, figure.tally.denominator) == (1, 3)


def test_turnaround_of_devices_brought_in(history: History) -> None:
    """Given a device ready after a day and a half of work, and one after five days: 3.25 on average, the second too late."""
    for number, ready in (("FW1", "03-03 13:00"), ("FW2", "03-09 09:00")):
        history.order(number)
        history.add(CustodyMove(id=number, order_id=number, from_place="customer", to_place="counter", moved_at=at("03-02 09:00")))
        history.task("walkin_service", number, "call_for_pickup", ready)

    figure = history.figure("sendin_turnaround")

    # 8 hours on Monday and 3 on Tuesday morning; Monday to Friday are 5 days of 8 hours
    assert figure.value == pytest.approx((11 / 8 + 5) / 2)
    assert (figure.tally.missed, figure.is_met) == (1, False)


def test_hard_questions_answered_in_a_working_day(history: History) -> None:
    """Given a question of Friday answered on Monday, one answered on Tuesday, one never, one that was easy: one of three."""
    for number, answered, sure in (
        ("Q1", "03-09 10:00", False),
        ("Q2", "03-10 10:00", False),
        ("Q3", None, False),
        ("Q4", "03-20 10:00", True),
    ):
        history.add(
            EnquiryRecord(
                id=number, order_id=number, kind="technical", question="?", sure=sure, asked_at=at("03-06 10:00"),
                answered_at=at(answered) if answered else None,
            )
        )  # fmt: skip

    figure = history.figure("enquiry_in_1d_rate")

    assert (figure.tally.numerator, figure.tally.denominator) == (1, 3)


def test_satisfaction_is_the_share_of_callbacks_and_the_mean_of_surveys(history: History) -> None:
    """Given customers who are satisfied, who are not, who did not say and who were not reached, and surveys of 4 and 5: half, 4.5."""
    for number, state, satisfied in (
        ("FW1", "closed", True),
        ("FW2", "closed", False),
        ("FW3", "closed", None),
        ("FW4", "unreached", None),
    ):
        history.order(number)
        called = {"completed_at": at("03-02 10:00"), "due_at": at("03-09 10:00"), "called_at": at("03-05 10:00"), "attempts": 1}
        history.add(Callback(id=number, order_id=number, state=state, satisfied=satisfied, **called))
    history.add(
        Survey(
            id="S1", subject="FW1", order_id="FW1", respondent="customer", tool="callback", asked_on=date(2026, 3, 31), answers={}, score=4
        )
    )
    history.add(
        Survey(
            id="S2", subject="FW2", order_id="FW2", respondent="customer", tool="callback", asked_on=date(2026, 3, 1), answers={}, score=5
        )
    )

    assert history.figure("satisfaction").value == 0.5
    assert history.figure("satisfaction/score").value == 4.5


def test_loyalty_is_counted_by_band(history: History) -> None:
    """Given two customers of the high band, one of the low, one not asked and a prospect of the middle: four by band, half of them high."""
    for number, band in (("FW1", "high"), ("FW2", "high"), ("FW3", "low"), ("FW4", None)):
        history.order(number)
        asked = {"subject": number, "order_id": number, "respondent": "customer", "tool": "visit", "asked_on": date(2026, 3, 2)}
        history.add(Survey(id=number, answers={}, score=4, band=band, **asked))
    other = {"subject": "江汉大学", "respondent": "prospect", "tool": "random", "asked_on": date(2026, 3, 3)}
    history.add(Survey(id="S5", answers={}, score=4, band="middle", **other))

    figure = history.figure("loyalty_band")

    with history.engine.database.session() as session:
        bands = {name[1]: line.value for name, line in by_group(session, figure.measure, Period(MARCH, 1)).items()}
    assert figure.value == 4
    assert bands == {"High": 2, "Middle": 1, "Low": 1}
    assert history.figure("loyalty_band/high").value == 0.5


def test_callbacks_within_a_week_and_reached(history: History) -> None:
    """Given calls on the seventh day, on the eighth, none yet though overdue, and one reached of two that ended: one of three, one of two."""
    for number, called, state in (("FW1", "03-09 10:00", "closed"), ("FW2", "03-10 10:00", "unreached"), ("FW3", None, "queued")):
        history.order(number)
        due = {"completed_at": at("03-02 10:00"), "due_at": at("03-09 10:00"), "attempts": 1}
        history.add(Callback(id=number, order_id=number, state=state, called_at=at(called) if called else None, **due))

    week = history.figure("callback_in_week_rate")

    assert (week.tally.numerator, week.tally.denominator) == (1, 3)
    assert history.figure("callback_reach_rate").value == 0.5


def test_promises_kept_by_their_time(history: History) -> None:
    """Given promises kept in time, kept late, given up, forgotten, and one that a new one replaced: one of four."""
    for number, state, ended in (
        ("P1", "kept", "03-05 10:00"), ("P2", "kept", "03-05 10:01"), ("P3", "waived", "03-04 10:00"), ("P4", "open", None),
        ("P5", "replaced", "03-04 10:00"),
    ):  # fmt: skip
        history.add(
            Promise(
                id=number, order_id="FW1", kind="visit", text="到", due_at=at("03-05 10:00"), owner_role="onsite", state=state,
                made_at=at("03-02 10:00"), ended_at=at(ended) if ended else None,
            )
        )  # fmt: skip

    figure = history.figure("promise_kept_rate")

    assert (figure.tally.numerator, figure.tally.denominator) == (1, 4)


def test_breaches_by_procedure_and_activity_fewer_than_the_month_before(history: History) -> None:
    """Given two breaches of an activity in February and one in March: one, under its procedure's name, and the target “fewer” is met."""
    for number, noticed in (("B1", "02-10 10:00"), ("B2", "02-11 10:00"), ("B3", "03-02 10:00")):
        history.add(
            Breach(
                id=number, process_key="p", activity="首次联系", activity_en="First contact", order_id="FW1", due_at=at(noticed),
                noticed_at=at(noticed), notices=1, notified=[],
            )
        )  # fmt: skip

    figure = history.figure("deadline_breaches")
    with history.engine.database.session() as session:
        groups = by_group(session, figure.measure, Period(MARCH, 1))

    assert (figure.value, figure.is_met) == (1, True)
    assert list(groups) == [("p · 首次联系", "p · First contact")]
    assert [value for _, value in figure.trend[-2:]] == [2, 1]


def test_money_received_by_kind_of_service(history: History) -> None:
    """Given payments of 120.50 and 80 in March and one in April: 200.50, by the kind that was quoted."""
    history.order("FW1")
    quoted = {"lines": [], "total": Decimal(100), "valid_until": date(2026, 4, 1), "made_at": at("03-02 10:00")}
    history.add(Quotation(id="K1", order_id="FW1", paid_type="software", state="accepted", **quoted))
    for number, amount, paid, quotation in (
        ("P1", "120.5", "03-02 10:00", "K1"),
        ("P2", 80, "03-31 10:00", None),
        ("P3", 1, "04-01 10:00", None),
    ):
        history.add(
            Payment(
                id=number, order_id="FW1", request_key=number, amount=Decimal(amount), method="cash", paid_at=at(paid), quotation_id=quotation
            )
        )  # fmt: skip

    figure = history.figure("paid_revenue")
    with history.engine.database.session() as session:
        groups = by_group(session, figure.measure, Period(MARCH, 1))

    assert figure.value == 200.5
    assert {en: line.value for (_, en), line in groups.items()} == {"Software": 120.5, "Not quoted": 80}


def test_quotations_accepted_declined_and_run_out(history: History) -> None:
    """Given quotations accepted, declined, replaced, and one that ran out in March without an answer: one of three."""
    history.order("FW1")
    for number, state, answered in (
        ("K1", "accepted", "03-03 10:00"),
        ("K2", "declined", "03-04 10:00"),
        ("K3", "replaced", None),
        ("K4", "open", None),
    ):
        history.add(
            Quotation(
                id=number, order_id="FW1", paid_type="software", lines=[], total=Decimal(1), valid_until=date(2026, 3, 20), state=state,
                made_at=at("03-02 10:00"), answered_at=at(answered) if answered else None,
            )
        )  # fmt: skip

    figure = history.figure("quote_acceptance")

    assert (figure.tally.numerator, figure.tally.denominator) == (1, 3)
