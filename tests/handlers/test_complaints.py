"""Complaints, the head's log and case studies."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from engine.errors import NotFound
from engine.runtime.handlers import BpmnError
from handlers.complaints.tables import CaseStudy, Complaint, HeadLogEntry

HEARD = {"source": "customer", "about": "service", "facts": "没有人来"}


def opened(desk, **values):
    """A complaint of the desk's order; its number."""
    return desk.do("complaints.open", **(HEARD | values))["complaint_id"]


def test_a_complaint_is_opened_once_per_job(desk):
    """Opened again by the same job it keeps its number; another job is another complaint; one heard “in the future” is heard now."""
    desk.order()

    first = desk.do("complaints.open", job="a", received_at="2099-01-01T09:00", **HEARD)
    again = desk.do("complaints.open", job="a", **HEARD)
    other = desk.do("complaints.open", job="b", **HEARD)

    assert first == again != other
    assert first["own_order"] is False
    (received,) = desk.rows(select(Complaint.received_at).where(Complaint.id == first["complaint_id"]))
    assert received == desk.engine.clock.now()


def test_an_order_made_for_the_complaint_is_told_from_others(desk):
    """Given an order whose kind is complaint, opening says that it is the complaint's own."""
    desk.order(order_kind="complaint")

    assert desk.do("complaints.open", **HEARD)["own_order"] is True


def test_earlier_complaints_of_the_matter_and_rounds_count(desk):
    """The first has none before it; the second has the first; the first's unsatisfied round counts with it; what is too long ago does not count."""
    desk.order()
    first = opened(desk)
    second = opened(desk)
    desk.do("complaints.record", complaint_id=first, repeat_rounds=1)

    def repeats(complaint_id):
        return desk.do("complaints.count_prior", complaint_id=complaint_id, days=180)["repeat_count"]

    assert (repeats(first), repeats(second)) == (1, 1)
    desk.engine.clock.advance(timedelta(days=181))
    assert repeats(opened(desk)) == 0


def test_the_history_of_the_class_is_kept(desk):
    """Classified as 1 twice and then as 2, the history says 1 and 2 and when."""
    desk.order()
    complaint = opened(desk)
    for level in (1, 1, 2):
        desk.do("complaints.classify", complaint_id=complaint, complaint_class=level)

    (row,) = desk.rows(select(Complaint))
    assert row.complaint_class == 2
    assert [entry["class"] for entry in row.class_history] == [1, 2]


def test_a_complaint_closes_only_with_answer_promises_and_case_study(desk):
    """Refused, naming all that is missing, until the customer is answered, the promise is settled and the case study of class 3 is there; then closed once."""
    desk.order()
    complaint = opened(desk, in_media=True)
    desk.do("complaints.classify", complaint_id=complaint, complaint_class=3)
    desk.do("promises.record", order_id=complaint, promise_text="答复", promise_kind="answer", owner_role="customer_service")

    with pytest.raises(BpmnError) as refused:
        desk.do("complaints.close", complaint_id=complaint)
    desk.do("complaints.record", complaint_id=complaint, answered_customer_at="2026-03-05T10:00")
    desk.do("promises.close", order_id=complaint)
    study = desk.do("complaints.publish_case_study", complaint_id=complaint, course="经过", cause="原因", handling="处理", lessons="教训")
    again = desk.do(
        "complaints.publish_case_study", complaint_id=complaint, course="经过", cause="查实的原因", handling="处理", lessons="教训"
    )
    closed = desk.do("complaints.close", complaint_id=complaint, outcome="withdrawn")

    assert refused.value.code == "COMPLAINT_INCOMPLETE"
    assert all(word in str(refused.value) for word in ("答复客户", "承诺", "案例"))
    assert study == again
    assert closed == {"complaint_outcome": "withdrawn"}
    assert desk.rows(select(CaseStudy.cause)) == ["查实的原因"]
    assert desk.rows(select(Complaint.closed_at)) == [desk.engine.clock.now()]


def test_the_discussion_stands_with_the_case_study(desk):
    """What the department said is kept with the study; without a study there is nothing to discuss; without a complaint there is no study."""
    desk.order()
    complaint = opened(desk)

    nothing = desk.do("complaints.record_discussion", complaint_id=complaint, discussion="无")
    desk.do("complaints.publish_case_study", complaint_id=complaint, course="经过", cause="原因", handling="处理", lessons="教训")
    discussed = desk.do("complaints.record_discussion", complaint_id=complaint, discussion="当天升级")

    assert (nothing, discussed) == ({"discussed": False}, {"discussed": True})
    assert desk.rows(select(CaseStudy.discussion)) == ["当天升级"]
    with pytest.raises(NotFound):
        desk.do("complaints.publish_case_study", complaint_id="TS-none", course="经过", cause="原因", handling="处理", lessons="教训")


def test_the_heads_log_is_only_added_to(desk):
    """A repeated job writes one line; another job another one; no line can be changed."""
    desk.order()
    for job in ("a", "a", "b"):
        desk.do("complaints.write_head_log", job=job, text="没有人来", due="2026-03-20")

    assert len(desk.rows(select(HeadLogEntry))) == 2
    with pytest.raises(DatabaseError), desk.engine.database.transaction() as session:
        session.execute(text("UPDATE head_log SET text = ''"))
