"""Figures about complaints."""

from typing import Any

import pytest

from handlers.complaints.tables import Complaint
from tests.handlers.reports.conftest import History, at


def complain(history: History, number: int, received: str = "03-10 10:00", **values: Any) -> None:
    """A complaint of the order FW1."""
    told = {
        "source": "customer", "about": "service", "facts": "没有人来", "emotion_calmed": True, "repeated_back": True, "threatens_public": False,
        "in_media": False, "repeat_rounds": 0, "complaint_class": 1, "class_history": [],
    }  # fmt: skip
    history.add(
        Complaint(id=f"TS-{number}", key=str(number), order_id="FW1", matter_id="SX-FW1", received_at=at(received), **{**told, **values})
    )


def test_complaints_are_counted_by_class_and_subject(history: History) -> None:
    """Given three complaints of March and one of April, March has three, in the groups of their class and subject; and of four orders that are 75 per hundred."""
    for number in ("FW1", "FW2", "FW3", "FW4"):
        history.order(number)
    complain(history, 1)
    complain(history, 2, about="staff", complaint_class=2)
    complain(history, 3, about="product", complaint_class=None)
    complain(history, 4, "04-01 09:00")

    figure = history.figure("complaint_count")

    assert figure.value == 3
    assert figure.tally.missed == 1
    assert history.figure("complaint_count/per_100_orders").value == 75


def test_repeated_complaints_are_those_of_class_two_and_three(history: History) -> None:
    """Given one complaint of each class and one without a class yet, two of three came again."""
    history.order("FW1")
    for number, level in enumerate((1, 2, 3, None)):
        complain(history, number, complaint_class=level)

    assert history.figure("complaint_repeat_rate").value == pytest.approx(2 / 3)


def test_sales_are_answered_within_half_an_hour_of_work(history: History) -> None:
    """Given sales passed complaints on: an answer over lunch is in time, one after forty minutes and one never given are not; other complaints do not count."""
    history.order("FW1")
    complain(history, 1, "03-10 11:50", source="sales", sales_answered_at=at("03-10 13:15"))
    complain(history, 2, "03-10 14:00", source="sales", sales_answered_at=at("03-10 14:40"))
    complain(history, 3, "03-10 15:00", source="sales")
    complain(history, 4, "03-10 15:00")

    assert history.figure("sales_feedback_30m").value == pytest.approx(1 / 3)
