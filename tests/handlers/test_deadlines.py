"""Deadlines, promises, breaches and notices."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from engine.errors import InvalidInput
from engine.runtime.handlers import BpmnError
from engine.storage.tables import User, UserTaskCandidate
from handlers.deadlines.tables import Breach, Promise
from handlers.notify.tables import Notification


def test_a_deadline_is_reckoned_in_working_time_and_in_words(desk):
    """Two hours from Thursday 11:30 end at 14:30, after the noon break; two working days from Thursday end on Monday."""
    hours = desk.do("deadlines.compute_due", start="2026-03-05T11:30:00+08:00", duration="PT2H")
    days = desk.do("deadlines.compute_due", start="2026-03-05T11:30", working_days=2)

    assert hours["due_at"] == "2026-03-05T06:30:00Z"
    assert days["due_at"].startswith("2026-03-09")
    assert hours["due_text"]
    assert hours["due_text_en"]


def test_a_week_of_the_calendar_is_a_week(desk):
    """Calendar time ignores office hours; by default it starts now."""
    week = desk.do("deadlines.compute_due", duration="P7D", clock="calendar")

    assert week["due_at"] == "2026-03-12T02:00:00Z"


def test_a_deadline_needs_a_length(desk):
    """Neither days nor a duration: said clearly."""
    with pytest.raises(InvalidInput, match="working_days or duration"):
        desk.do("deadlines.compute_due")


def test_a_new_promise_of_a_kind_takes_the_place_of_the_open_one(desk):
    """A visit promised anew leaves one open promise; the same promise again is the same one."""
    desk.order()
    first = desk.do("promises.record", promise_text="周五上午到", promise_kind="visit", owner_role="onsite", due_at="2026-03-06T10:00")
    same = desk.do("promises.record", promise_text="周五上午到", promise_kind="visit", owner_role="onsite", due_at="2026-03-06T10:00")
    desk.do("promises.record", promise_text="周一上午到", promise_kind="visit", owner_role="onsite", due_at="2026-03-09T10:00")
    desk.do("promises.record", promise_text="回电告知进展", owner_role="hotline")

    checked = desk.do("promises.check")

    assert first == same
    assert not checked["all_kept"]
    assert [item["promise_text"] for item in checked["open_promises"]] == ["周一上午到", "回电告知进展"] or len(
        checked["open_promises"]
    ) == 2
    assert {item.state for item in desk.rows(select(Promise).where(Promise.id == first["promise_id"]))} == {"replaced"}


def test_promises_are_closed_by_kind_or_all(desk):
    """Closing a kind leaves the others; closing again closes nothing; an unknown one is an error of the diagram."""
    desk.order()
    desk.do("promises.record", promise_text="两小时内联系", promise_kind="first_contact", owner_role="coordinator")
    desk.do("promises.record", promise_text="周五到", promise_kind="visit", owner_role="onsite")

    contact = desk.do("promises.close", promise_kind="first_contact")
    again = desk.do("promises.close", promise_kind="first_contact")
    rest = desk.do("promises.close", kept=False)
    with pytest.raises(BpmnError) as refused:
        desk.do("promises.close", promise_id="none")

    assert (contact["closed_count"], again["closed_count"], rest["closed_count"]) == (1, 0, 1)
    assert {item.state for item in desk.rows(select(Promise))} == {"kept", "waived"}
    assert desk.do("promises.check")["all_kept"]
    assert refused.value.code == "UNKNOWN_PROMISE"


def test_a_promise_whose_time_is_over_is_a_breach_once(desk):
    """Given open promises, one overdue, when the morning looks, and looks again, then the overdue one alone is on record, once, and still open."""
    desk.order()
    desk.do("promises.record", promise_text="两小时内答复", promise_kind="answer", owner_role="hotline", due_at="2026-03-05T10:00")
    desk.do("promises.record", promise_text="下月回访", promise_kind="visit", owner_role="onsite", due_at="2026-04-05T10:00")
    desk.engine.clock.advance(timedelta(days=2))

    first, again = desk.do("promises.note_overdue"), desk.do("promises.note_overdue")

    assert (first["overdue_count"], again["overdue_count"]) == (1, 0)
    assert [row.note for row in desk.rows(select(Breach))] == ["两小时内答复"]
    assert not desk.do("promises.check")["all_kept"]


def test_a_promise_found_kept_later_was_kept_when_it_was(desk):
    """Kept at nine, found at ten: it ended at nine; nothing is kept in the future."""
    desk.order()
    answered = desk.do("promises.record", promise_text="九点前答复", promise_kind="answer", owner_role="group_unit")
    visited = desk.do("promises.record", promise_text="周五到", promise_kind="visit", owner_role="onsite")

    desk.do("promises.close", promise_id=answered["promise_id"], kept_at="2026-03-05T09:00:00+08:00")
    desk.do("promises.close", promise_id=visited["promise_id"], kept_at="2026-03-06T09:00:00+08:00")

    ended = {item.kind: item.ended_at for item in desk.rows(select(Promise))}
    assert ended["answer"] == datetime(2026, 3, 5, 1, 0, tzinfo=UTC)
    assert ended["visit"] == datetime(2026, 3, 5, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("handler", "values"),
    [
        ("promises.close", {"promise_kind": "visit"}),
        ("promises.close", {"promise_kind": "visit", "kept": False}),
        ("promises.record", {"promise_text": "周一到", "promise_kind": "visit", "owner_role": "onsite", "due_at": "2026-03-09T10:00"}),
    ],
    ids=["kept too late", "given up too late", "replaced too late"],
)
def test_a_promise_that_outlived_its_time_is_a_breach(desk, handler, values):
    """However it ends then, that is on record, and its owner and the duty head are told."""
    desk.order()
    desk.do("promises.record", promise_text="九点到", promise_kind="visit", owner_role="onsite", due_at="2026-03-05T09:00+08:00")

    desk.do(handler, **values)

    (breach,) = desk.rows(select(Breach))
    assert (breach.activity, breach.note, breach.due_at) == ("兑现承诺", "九点到", datetime(2026, 3, 5, 1, 0, tzinfo=UTC))
    assert {"engineer1", "head1"} <= set(breach.notified)


def test_a_breach_that_is_on_record_is_not_recorded_again(desk):
    """Given that the procedure wrote it down at its time, when the promise is kept late, or kept in time, then nothing is added."""
    desk.order()
    desk.do("promises.record", promise_text="九点到", promise_kind="visit", owner_role="onsite", due_at="2026-03-05T09:00+08:00")
    desk.do("promises.record", promise_text="周五到", promise_kind="solution", owner_role="onsite", due_at="2026-03-06T09:00+08:00")
    desk.do("deadlines.record_breach", activity="到场", due_at="2026-03-05T01:00:00Z")

    desk.do("promises.close")

    assert [breach.activity for breach in desk.rows(select(Breach))] == ["到场"]


def test_a_missed_deadline_is_kept_once_and_told_twice(desk):
    """The second notice is marked as a reminder and makes no second breach."""
    desk.order()
    values = {"activity": "首次联系客户", "due_at": "2026-03-05T06:30:00Z", "notify_roles": "duty_head,coordinator"}

    first = desk.do("deadlines.record_breach", **values)
    second = desk.do("deadlines.record_breach", **values)
    other = desk.do("deadlines.record_breach", activity="到场", due_at="2026-03-06T06:30:00Z")

    breach = desk.rows(select(Breach).where(Breach.id == first["breach_id"]))[0]
    subjects = desk.rows(select(Notification.subject).where(Notification.user_id == "head1").order_by(Notification.subject))
    assert not first["second_notice"]
    assert second["second_notice"]
    assert second["breach_id"] == first["breach_id"]
    assert (breach.notices, breach.notified) == (2, ["coordinator1", "head1"])
    assert len(subjects) == 2
    assert any(subject.startswith("第二次提醒") for subject in subjects)
    assert other["breach_count"] == 2


def test_notices_reach_active_people_once_per_job(desk):
    """Members of the groups and people by name, each once; who left gets nothing; a repeated job tells nobody twice."""
    with desk.engine.database.transaction() as session:
        session.get_one(User, "hotline2").active = False

    sent = desk.do("notify.send", job="tell", to_roles=["hotline"], to_users="coordinator1, hotline1,nobody", subject="客户催促" * 100)
    desk.do("notify.send", job="tell", to_roles=["hotline"], subject="客户催促")

    assert sent["notified"] == ["coordinator1", "hotline1"]
    assert len(desk.rows(select(Notification))) == 2


def test_more_people_may_take_a_late_task(desk):
    """After the deadline the coordinators become candidates of the open task, once."""
    from engine.storage.tables import UserTask

    now = desk.engine.clock.now()
    with desk.engine.database.transaction() as session:
        session.add(
            UserTask(
                id="case-1", instance_id="case", root_id="case", process_key="p", process_definition_id="p:1", element_id="contact", name="联系客户",
                state="open", suspended=False, priority=50, created_at=now + timedelta(), revision=1,
            )
        )  # fmt: skip

    first = desk.do("tasks.add_candidates", element_ids="contact", groups="coordinator,duty_head")
    again = desk.do("tasks.add_candidates", element_ids=["contact"], groups=["coordinator"])

    assert (first["added_count"], again["added_count"]) == (2, 0)
    assert len(desk.rows(select(UserTaskCandidate))) == 2
