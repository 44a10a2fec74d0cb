"""The callback (电话回访): within a week of the service, with an improvement where it is needed."""

from datetime import timedelta

from sqlalchemy import select

from handlers.deadlines.tables import Breach
from handlers.feedback.tables import Callback, ImprovementItem, Survey
from tests.processes.given import an_order
from tests.scenario import Scenario

MARKS = dict.fromkeys(("ease_of_contact", "response_and_repair_speed", "technical_level", "attitude"), 4)


def request_callback(case: Scenario) -> tuple[str, str]:
    """A service is finished now; returns (instance, order)."""
    order_id = an_order(case)
    case.message("callback.request", order_id, order_id=order_id, completed_at=case.clock.now().isoformat())
    return case.instances("callback")[-1].id, order_id


def talk(case: Scenario, *, satisfied: bool, suggestion: str = "", complaint: bool = False) -> None:
    """The call from the list to the tidy record."""
    case.complete("accept_list", "callback1", list_accepted=True)
    case.complete("call_customer", called_at="2026-03-06T10:00+08:00", reached=True)
    case.complete("let_speak", use_normal=satisfied, satisfied=satisfied, words="机器比以前慢" if not satisfied else "挺好")
    if not satisfied:
        case.complete("ask_reason", reason="修完还是慢", about="skill", is_complaint=complaint)
    case.complete("ask_suggestions", suggestion=suggestion, rated=True, **MARKS)
    case.complete("say_goodbye", thanked=True, call_ended_at="2026-03-06T10:12+08:00")
    case.complete("tidy_record", record_complete=True)


def test_satisfied_customer(case: Scenario) -> None:
    """Given a satisfied customer, when the record is tidied, then the survey is kept and the callback is closed."""
    instance, order_id = request_callback(case)
    talk(case, satisfied=True)

    assert case.state(instance) == ("completed", "satisfied_end")
    with case.engine.database.session() as session:
        callback = session.scalars(select(Callback)).one()
        assert (callback.state, callback.satisfied, callback.order_id) == ("closed", True, order_id)
        assert session.scalars(select(Survey)).one().order_id == order_id


def test_whole_call_is_one_persons(case: Scenario) -> None:
    """Given a list accepted by one specialist, when the call goes on, then its tasks are that person's."""
    request_callback(case)
    case.complete("accept_list", "callback1", list_accepted=True)

    assert case.task("call_customer").assignee == "callback1"


def test_dissatisfied_customer_is_followed_up_by_the_head(case: Scenario) -> None:
    """Given a dissatisfied customer, when the head has found the root, then an improvement with owner and date is on the list."""
    instance, _ = request_callback(case)
    talk(case, satisfied=False)
    case.complete(
        "analyse_root", "head1", root="修后没有测速", measures="修后必做测速", measure_owner="engineer1", measure_due="2026-03-20"
    )

    assert case.state(instance) == ("completed", "followed_up")
    assert "complaint.received" not in case.waiting_messages()
    with case.engine.database.session() as session:
        assert session.scalars(select(ImprovementItem)).one().text == "修后必做测速"


def test_suggestion_of_a_satisfied_customer_goes_to_the_head(case: Scenario) -> None:
    """Given a satisfied customer with a suggestion, when the record is tidied, then the head analyses it."""
    instance, _ = request_callback(case)
    talk(case, satisfied=True, suggestion="最好能提前半小时来电")

    assert case.open_elements(instance) == ["analyse_root"]


def test_complaint_in_the_callback_becomes_a_complaint(case: Scenario) -> None:
    """Given a customer who complains, when the record is tidied, then a complaint is thrown and the head still analyses."""
    instance, _ = request_callback(case)
    talk(case, satisfied=False, complaint=True)

    assert "complaint.received" in case.waiting_messages()
    assert case.open_elements(instance) == ["analyse_root"]


def test_customer_not_reached_is_called_on_the_next_working_days_and_given_up_after_three_calls(case: Scenario) -> None:
    """Given nobody answers, when three calls on three working days fail, then the callback ends as unreached."""
    instance, _ = request_callback(case)
    case.complete("accept_list", "callback1", list_accepted=True)
    for days, called_at in ((1, "2026-03-05T10:00+08:00"), (3, "2026-03-06T10:00+08:00"), (0, "2026-03-09T10:00+08:00")):
        case.complete("call_customer", called_at=called_at, reached=False)
        if days:
            assert case.open_elements(instance) == []
            case.advance(days=days)

    assert case.state(instance) == ("completed", "unreached")


def test_callback_after_a_week_is_a_breach_noticed_twice(case: Scenario) -> None:
    """Given a finished service, when a week passes without a callback and then another, then the breach is recorded once, noticed twice, and the call is still to be made."""
    instance, order_id = request_callback(case)
    task = case.task("accept_list")
    assert task.due_at == case.clock.now() + timedelta(days=7)

    case.advance(days=7, minutes=1)
    assert case.path(instance).count("record_callback_breach") == 1
    case.advance(days=7)
    assert case.path(instance).count("record_callback_breach") == 2
    with case.engine.database.session() as session:
        assert [breach.order_id for breach in session.scalars(select(Breach))] == [order_id]
    talk(case, satisfied=True)
    assert case.state(instance) == ("completed", "satisfied_end")
