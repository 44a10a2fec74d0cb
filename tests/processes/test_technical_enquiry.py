"""Hard questions (疑难咨询): a specialist answers within one working day, and none stays open."""

from sqlalchemy import select

from handlers.deadlines.tables import Breach, Promise
from handlers.notify.tables import Notification
from tests.processes.given import an_order, candidates
from tests.scenario import Scenario

QUESTION = {"question": "阵列重建后变慢", "customer_unit": "临江纺织", "contact_person": "陆工", "contact_phone": "13800000002"}
FOUND = {"analysis": "缓存策略被改为直写", "test_needed": True, "solved": True, "solution": "改回写模式"}
NOT_FOUND = {"analysis": "日志里没有线索", "test_needed": True, "solved": False}


def hand_over(case: Scenario) -> tuple[str, str]:
    """The hotline hands a question over; returns (instance, order)."""
    order_id = an_order(case)
    case.message("enquiry.handed_over", order_id, order_id=order_id, handed_over_at=case.clock.now().isoformat(), **QUESTION)
    return case.instances("technical_enquiry")[-1].id, order_id


def reply(case: Scenario, result: str) -> None:
    """The customer is told the answer."""
    case.complete("reply", "support1", answer="改回写模式", answered_at="2026-03-05T11:00+08:00", reply_result=result)


def promises(case: Scenario, order_id: str) -> list[Promise]:
    """The promises of an order."""
    with case.engine.database.session() as session:
        return list(session.scalars(select(Promise).where(Promise.order_id == order_id)))


def test_question_is_answered(case: Scenario) -> None:
    """Given a hard question, when the specialist finds a solution and the customer understands, then it is answered and the promise is kept."""
    instance, order_id = hand_over(case)
    case.complete("study", "support1", **FOUND)
    reply(case, "understood")

    assert case.state(instance) == ("completed", "answered")
    assert [promise.state for promise in promises(case, order_id)] == ["kept"]


def test_what_the_hotline_recorded_is_not_recorded_twice(case: Scenario) -> None:
    """Given a question the hotline has recorded with its promise, when it arrives, then neither is recorded again."""
    order_id = an_order(case)
    case.message("enquiry.handed_over", order_id, order_id=order_id, enquiry_id="enquiry", promise_id="promise", **QUESTION)

    assert promises(case, order_id) == []
    assert case.open_elements() == ["study"]


def test_answer_is_due_on_the_next_working_day(case: Scenario) -> None:
    """Given a question that comes on a Friday afternoon, when it is taken, then its answer is due on Monday at the same time."""
    case.advance(days=1, hours=5)  # Friday 15:00
    hand_over(case)

    due_at = case.task("study").due_at

    assert due_at is not None
    assert due_at.isoformat() == "2026-03-09T07:00:00+00:00"


def test_late_answer_is_a_breach_and_the_customer_hears_of_the_progress(case: Scenario) -> None:
    """Given a question nobody answers, when half the time passes and then the working day, then support is reminded, the breach recorded, the customer told, all of it again a day later, and the task goes on."""
    instance, order_id = hand_over(case)

    case.advance(hours=5, minutes=1)  # four working hours over lunch
    assert "remind_support" in case.path(instance)
    case.advance(hours=19)

    with case.engine.database.session() as session:
        (breach,) = session.scalars(select(Breach)).all()
        assert breach.order_id == order_id
    assert case.open_elements(instance) == ["study", "tell_progress"]
    case.complete("tell_progress", "hotline1", progress_told="正在做测试，明天上午答复", progress_told_at="2026-03-06T10:05+08:00")
    case.advance(days=3)  # over the weekend to Monday 10:00
    assert case.path(instance).count("record_answer_breach") == 2
    case.complete("tell_progress", "hotline1", progress_told="还在等测试结果", progress_told_at="2026-03-09T10:05+08:00")
    case.complete("study", "support1", **FOUND)
    reply(case, "understood")
    assert case.state(instance) == ("completed", "answered")


def test_specialist_is_notified(case: Scenario) -> None:
    """Given a specialist, when a question arrives, then a notice waits for him."""
    hand_over(case)

    with case.engine.database.session() as session:
        assert "support1" in set(session.scalars(select(Notification.user_id)))


def test_question_without_a_solution_climbs_the_levels(case: Scenario) -> None:
    """Given a question support cannot solve, when the region cannot either, then head office is asked, and its answer comes back to support."""
    instance, _ = hand_over(case)
    case.complete("study", "support1", **NOT_FOUND)
    assert candidates(case, "answer_above") == ["region"]
    case.complete("answer_above", "tester", level_answer="请查控制器固件")
    case.complete("study", "support1", **NOT_FOUND)
    assert candidates(case, "answer_above") == ["hq"]
    case.complete("answer_above", "tester", level_answer="固件 2.1 有此缺陷，升级即可")
    case.complete("study", "support1", **FOUND)
    reply(case, "understood")

    assert case.state(instance) == ("completed", "answered")


def test_answer_of_the_next_level_may_come_as_a_message(case: Scenario) -> None:
    """Given a question at the next level, when its answer arrives as a message, then the task there is withdrawn and support goes on with it."""
    instance, order_id = hand_over(case)
    case.complete("study", "support1", **NOT_FOUND)

    case.message("level.answer", order_id, level_answer="固件 2.1 有此缺陷，升级即可")

    assert case.open_elements(instance) == ["study"]
    assert case.variables(instance)["level_answer"] == "固件 2.1 有此缺陷，升级即可"


def test_unclear_answer_is_studied_again(case: Scenario) -> None:
    """Given an answer the customer does not understand, when it is recorded, then the specialist studies on and the promise stays open."""
    instance, order_id = hand_over(case)
    case.complete("study", "support1", **FOUND)
    reply(case, "unclear")

    assert case.open_elements(instance) == ["study"]
    assert [promise.state for promise in promises(case, order_id)] == ["open"]


def test_question_that_needs_a_visit_becomes_a_slip(case: Scenario) -> None:
    """Given an answer that needs a visit, when the slip is filled, then the on-site service has it."""
    instance, order_id = hand_over(case)
    case.complete("study", "support1", **FOUND)
    reply(case, "visit")
    case.complete(
        "fill_slip",
        "hotline1",
        **{name: QUESTION[name] for name in ("customer_unit", "contact_person", "contact_phone")},
        address="临江路 8 号",
        device_model="N2",
        device_serial="无",
        fault="阵列重建后变慢",
        fault_type_guess="unknown",
        asked_for_time=False,
        urgency="normal",
    )

    assert case.state(instance) == ("completed", "turned_into_visit")
    assert [onsite.business_key for onsite in case.instances("onsite_service")] == [order_id]
