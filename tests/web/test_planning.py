"""Deadlines and priorities set by hand, by those who plan."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from engine.storage.tables import Group, Membership, UserTask
from tests.web.conftest import Client, Site


@pytest.fixture
def planner(site: Site) -> Client:
    """The hotline engineer who starts the cases here also plans."""
    with site.engine.database.transaction() as session:
        session.add(Group(id="opsbook-planner", name="计划调度", name_en="Planners"))
        session.flush()
        session.add(Membership(user_id="hotline1", group_id="opsbook-planner"))
    return site.as_("hotline1")


def visit_of_a_colleague(site: Site) -> UserTask:
    """An on-site visit that waits for the engineers."""
    site.start()
    site.record()
    return site.task("上门检查")


def again(site: Site, task: UserTask) -> UserTask:
    """The task as it is now."""
    with site.engine.database.session() as session:
        return session.get_one(UserTask, task.id)


def test_a_planner_sets_deadline_and_priority_of_a_colleagues_task(site: Site, planner: Client) -> None:
    """Given a task of others in a case of theirs, when a planner sets both, then the list, the case and its history say so."""
    task = visit_of_a_colleague(site)
    case = f"/cases/{task.instance_id}"
    assert f"/tasks/{task.id}/plan" in planner.text(case)

    answer = planner.send(f"/tasks/{task.id}/plan", {"due": "2026-03-06T15:00", "priority": "75", "case": "1"})

    planned = again(site, task)
    assert (answer.status_code, answer.location) == (302, case)
    assert (planned.due_at, planned.priority) == (datetime(2026, 3, 6, 7, 0, tzinfo=UTC), 75)
    assert "由 林晓雯 设定" in planner.text(case)
    assert "50 → 75" in planner.text(case)
    assert "优先" in site.as_("engineer1").text("/inbox?tab=groups")


def test_what_a_planner_leaves_stays_as_it_was_computed(site: Site, planner: Client) -> None:
    """Given a computed deadline, when only the priority is changed, then the deadline keeps its explanation."""
    task = visit_of_a_colleague(site)
    shown = task.due_at.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%dT%H:%M") if task.due_at else ""

    planner.send(f"/tasks/{task.id}/plan", {"due": shown, "priority": "100"})

    planned = again(site, task)
    assert (planned.due_at, planned.due_explanation, planned.priority) == (task.due_at, task.due_explanation, 100)


@pytest.mark.parametrize(
    ("user", "values", "status"),
    [
        ("hotline1", {"due": "soon", "priority": "50"}, 400),
        ("hotline1", {"due": "", "priority": "900"}, 400),
        ("hotline1", {"due": ""}, 400),
        ("engineer1", {"due": "", "priority": "75"}, 403),
        ("stranger", {"due": "", "priority": "75"}, 404),
    ],
)
def test_plans_that_are_refused(site: Site, planner: Client, user: str, values: dict[str, str], status: int) -> None:
    """A date that is none, a priority out of bounds, somebody who does not plan, somebody who does not see the case."""
    task = visit_of_a_colleague(site)

    assert site.as_(user).send(f"/tasks/{task.id}/plan", values).status_code == status
    assert (again(site, task).due_at, again(site, task).priority) == (task.due_at, task.priority)
