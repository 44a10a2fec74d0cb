"""The indicator of the staff survey, and the figures that meetings look at."""

from handlers.deadlines.tables import Breach
from handlers.feedback.tables import Callback
from handlers.improvement.tables import StaffSurvey
from tests.handlers.desk import Desk
from tests.handlers.reports.conftest import History, at


def _answered(history: History, person: str, score: int, answered: str) -> None:
    told = {"internal_customers": "上门", "help_answer": "早点说", "cooperation_answer": "交接清楚"}
    history.add(
        StaffSurvey(
            id=f"{person} {answered}", case_id="C", case_key="GX2026-03-02", user_id=person, score=score, answered_at=at(answered), **told
        )
    )


def test_staff_satisfaction_is_the_mean_of_the_months_answers(history: History) -> None:
    """Given scores of 4 and 5 in March and 1 in April: 4.5, of nobody in particular."""
    _answered(history, "bench1", 4, "03-10 10:00")
    _answered(history, "hotline1", 5, "03-31 17:59")
    _answered(history, "parts1", 1, "04-01 09:00")

    figure = history.figure("staff_satisfaction")

    assert (figure.value, figure.tally.observations) == (4.5, 2)


def test_a_meeting_looks_at_the_figures_of_its_week(history: History) -> None:
    """Given in the last week one satisfied customer and one that was not, a breach, and things longer ago: half are satisfied, one breach."""
    for number, satisfied, called in (("FW1", True, "04-15 10:00"), ("FW2", False, "04-16 10:00"), ("FW3", False, "04-01 10:00")):
        history.order(number)
        told = {"completed_at": at("04-01 09:00"), "due_at": at("04-08 09:00"), "state": "closed", "attempts": 1}
        history.add(Callback(id=number, order_id=number, called_at=at(called), satisfied=satisfied, **told))
    late = {"process_key": "p", "activity": "联系", "order_id": "FW1", "notices": 1, "notified": []}
    history.add(Breach(id="B", due_at=at("04-15 10:00"), noticed_at=at("04-15 10:00"), **late))

    found = Desk(history.engine).do("improvement.compute_kpis", days=7)

    assert "50%" in found["figures_text"]
    assert "Deadline breaches: 1" in found["figures_text_en"]
