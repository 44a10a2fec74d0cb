"""The task page: form, manual, hand-over, conflicts."""

import json
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import select

from engine.runtime import deployments
from engine.storage.tables import Event, UserTask
from tests.engine.diagram import bpmn
from tests.web.conftest import Client, Site


def props(page: str, name: str = "form-props") -> Any:
    """What the page gives an island."""
    return json.loads(page.split(f'id="{name}">')[1].split("</script>", maxsplit=1)[0])


def claimed_visit(site: Site) -> tuple[Client, str]:
    """An engineer with the task 上门检查 in hand."""
    site.start()
    site.record()
    engineer, task_id = site.as_("engineer1"), site.task("上门检查").id
    engineer.send(f"/tasks/{task_id}/claim")
    return engineer, task_id


def test_a_case_goes_from_the_call_to_the_end(site_on_each: Site) -> None:
    """Given a call, when hotline, engineer and callback do their tasks in the browser, the case ends completed."""
    site_on_each.start()
    site_on_each.record()
    engineer, task_id = site_on_each.as_("engineer1"), site_on_each.task("上门检查").id
    engineer.send(f"/tasks/{task_id}/claim")
    engineer.send(f"/tasks/{task_id}/clauses/T-2", {"done": "on"})
    assert engineer.send_json(f"/tasks/{task_id}/complete", {"findings": "电源坏", "minutes": 40}).status_code == 200
    site_on_each.run()
    callback, last = site_on_each.as_("callback1"), site_on_each.task("电话回访").id
    callback.send(f"/tasks/{last}/claim")
    answer = callback.send_json(f"/tasks/{last}/complete", {})

    assert answer.get_json()["redirect"] == "/inbox"
    assert "已完成" in site_on_each.as_("auditor").text("/cases?state=completed")


def test_the_form_shows_what_is_known_and_the_case_so_far_in_labels(site: Site) -> None:
    """Given the hotline's record, the engineer's page shows it by label and option text, not as raw values."""
    engineer, task_id = claimed_visit(site)

    page = engineer.text(f"/tasks/{task_id}")

    assert "故障现象" in page
    assert "不开机" in page
    assert "紧急程度" in page
    assert ">urgent<" not in page
    assert "<dd>紧急</dd>" in " ".join(page.split())
    assert "带好工具和备件" in page
    form = props(page)
    assert form["submitUrl"] == f"/tasks/{task_id}/complete"
    assert form["readonly"] is False
    assert props(page, "diagram-props")["active"] == [{"elementId": "visit", "count": 1}]


def test_the_page_speaks_english_to_those_who_chose_it(site: Site) -> None:
    """Given English, page, task, process, manual and form labels are English."""
    engineer, task_id = claimed_visit(site)
    engineer.send("/language/en")

    page = engineer.text(f"/tasks/{task_id}")

    assert "Visit and inspect" in page
    assert "Switch off before touching hardware." in page
    assert "The case so far" in page
    assert "<dt>Fault</dt>" in page
    assert props(page)["labels"]["检查结果"] == "Findings"
    assert props(page, "diagram-props")["labels"]["上门检查"] == "Visit and inspect"


def test_mandatory_clauses_must_be_ticked_before_completing(site: Site) -> None:
    """Given an unticked mandatory clause, completing is refused by name; once ticked it succeeds, and the tick is history."""
    engineer, task_id = claimed_visit(site)

    refused = engineer.send_json(f"/tasks/{task_id}/complete", {"findings": "电源坏"})
    assert refused.status_code == 400
    assert "断电防静电" in refused.get_json()["message"]["zh"]

    assert engineer.send(f"/tasks/{task_id}/clauses/T-2", {"done": "on"}).status_code == 204
    engineer.send(f"/tasks/{task_id}/clauses/T-2")  # taken back
    assert engineer.send_json(f"/tasks/{task_id}/complete", {"findings": "电源坏"}).status_code == 400
    engineer.send(f"/tasks/{task_id}/clauses/T-2", {"done": "on"})
    assert engineer.send_json(f"/tasks/{task_id}/complete", {"findings": "电源坏"}).status_code == 200

    with site.engine.database.session() as session:
        ticks = session.scalars(select(Event.actor).where(Event.type == "UserTaskChanged", Event.element_instance_id == task_id)).all()
    assert ticks == ["engineer1"] * 3


def test_a_tick_of_a_clause_that_is_not_of_this_step_is_refused(site: Site) -> None:
    """Given a clause of another step, ticking it here answers 400."""
    engineer, task_id = claimed_visit(site)

    assert engineer.send(f"/tasks/{task_id}/clauses/T-1", {"done": "on"}).status_code == 400


def test_broken_rules_come_back_at_their_fields_in_both_languages(site: Site) -> None:
    """Given a form with a missing and a wrong value, the answer is 422 with a text at each field, and nothing is completed."""
    engineer, task_id = claimed_visit(site)
    engineer.send(f"/tasks/{task_id}/clauses/T-2", {"done": "on"})

    answer = engineer.send_json(f"/tasks/{task_id}/complete", {"minutes": 100000, "steps": [{"what": ""}]})

    assert answer.status_code == 422
    fields = answer.get_json()["fields"]
    assert set(fields) == {"findings", "minutes", "steps[0].what"}
    assert all(problem["zh"] and problem["en"] for problem in fields.values())
    assert site.task("上门检查").id == task_id


def test_the_second_of_two_submits_gets_a_conflict(site: Site) -> None:
    """Given a completed task, submitting it again answers 409 in words and changes nothing."""
    engineer, task_id = claimed_visit(site)
    engineer.send(f"/tasks/{task_id}/clauses/T-2", {"done": "on"})
    engineer.send_json(f"/tasks/{task_id}/complete", {"findings": "第一次"})

    again = engineer.send_json(f"/tasks/{task_id}/complete", {"findings": "第二次"})

    assert again.status_code == 409
    assert again.get_json()["message"]["zh"]


def test_a_submit_whose_answer_got_lost_is_answered_again(site: Site) -> None:
    """Given a completed task, when the same request of the same person comes again, then it leads on as before and nothing is done twice."""
    engineer, task_id = claimed_visit(site)
    engineer.send(f"/tasks/{task_id}/clauses/T-2", {"done": "on"})
    path, once = f"/tasks/{task_id}/complete", {"Idempotency-Key": "once"}

    first = engineer.send_json(path, {"findings": "一次"}, **once)
    again = engineer.send_json(path, {"findings": "一次"}, **once)
    other_request = engineer.send_json(path, {"findings": "一次"}, **{"Idempotency-Key": "twice"})
    other_person = site.as_("admin").send_json(path, {"findings": "一次"}, **once)

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.get_json()["redirect"]
    assert (other_request.status_code, other_person.status_code) == (409, 409)
    with site.engine.database.session() as session:
        assert len(session.scalars(select(Event).where(Event.element_instance_id == task_id, Event.type == "UserTaskCompleted")).all()) == 1


def test_an_unclaimed_task_must_be_claimed_first(site: Site) -> None:
    """Given an unclaimed task, its form is read-only and completing answers 409 with the advice to claim it."""
    site.start()
    hotline, task_id = site.as_("hotline1"), site.task("登记需求").id

    assert props(hotline.text(f"/tasks/{task_id}"))["readonly"] is True
    answer = hotline.send_json(f"/tasks/{task_id}/complete", {"fault": "x"})

    assert answer.status_code == 409
    assert "认领" in answer.get_json()["message"]["zh"]


def test_claiming_what_a_colleague_has_just_claimed_shows_a_clear_page(site: Site) -> None:
    """Given two hotline engineers on the same task, the second claim shows a conflict page."""
    task_id = site.start()
    site.as_("hotline2").send(f"/tasks/{task_id}/claim")

    # the page was open before; the row is no longer theirs to see
    assert site.as_("hotline1").send(f"/tasks/{task_id}/claim").status_code == 409


def test_a_draft_is_kept_and_shown_again(site: Site) -> None:
    """Given a saved draft that breaks the rules, the page shows its values again and the inbox marks it."""
    engineer, task_id = claimed_visit(site)

    assert engineer.send_json(f"/tasks/{task_id}/draft", {"findings": "写了一半"}, method="PUT").status_code == 200

    assert props(engineer.text(f"/tasks/{task_id}"))["draft"]["findings"] == "写了一半"
    assert "草稿" in engineer.text("/inbox")


def test_a_task_is_handed_over_with_a_reason_to_somebody_who_may_do_it(site: Site) -> None:
    """Given a reason, the colleague gets the task and sees the reason; without one, or to an outsider, it is refused."""
    engineer, task_id = claimed_visit(site)

    assert engineer.send(f"/tasks/{task_id}/assign", {"user": "engineer2", "reason": " "}).status_code == 400
    assert engineer.send(f"/tasks/{task_id}/assign", {"user": "hotline1", "reason": "换人"}).status_code == 400
    assert engineer.send(f"/tasks/{task_id}/assign", {"user": "engineer2", "reason": "我要去另一家"}).status_code == 302

    page = site.as_("engineer2").text(f"/tasks/{task_id}")
    assert "转交原因：我要去另一家" in page
    assert props(page)["readonly"] is False


def test_giving_back_keeps_the_draft_for_the_next_person(site: Site) -> None:
    """Given a draft, when the task is given back and claimed by a colleague, the colleague has the draft."""
    engineer, task_id = claimed_visit(site)
    engineer.send_json(f"/tasks/{task_id}/draft", {"findings": "看过电源"}, method="PUT")
    engineer.send(f"/tasks/{task_id}/unclaim")
    colleague = site.as_("engineer2")
    colleague.send(f"/tasks/{task_id}/claim")

    assert props(colleague.text(f"/tasks/{task_id}"))["draft"]["findings"] == "看过电源"


def test_after_a_task_the_next_one_of_the_same_person_opens(site: Site) -> None:
    """Given the part's call returns nothing for the engineer, they go to the inbox; the storekeeper's own flow is untouched."""
    engineer, task_id = claimed_visit(site)
    engineer.send(f"/tasks/{task_id}/clauses/T-2", {"done": "on"})

    answer = engineer.send_json(f"/tasks/{task_id}/complete", {"findings": "坏", "part_needed": True, "part_name": "电源"})

    assert answer.get_json()["redirect"] == "/inbox"
    assert "发放备件" in site.as_("parts1").text("/inbox?tab=groups")


def test_starting_leads_straight_to_the_first_task(site: Site) -> None:
    """Given a hotline engineer starts a case whose first task is the hotline's, the answer leads to that task."""
    answer = site.as_("hotline1").send_json("/start/site_visit", {"customer_name": "华东仪表厂"})

    assert answer.get_json()["redirect"] == f"/tasks/{site.task('登记需求').id}"


def test_what_has_no_form_says_that_there_is_nothing_to_fill(site: Site) -> None:
    """Given a process without any form, the page that starts it and the page of its task say that there is nothing to fill; their buttons do it."""
    deployments.deploy(site.engine, {"p.bpmn": bpmn('start do end <userTask id="do" camunda:candidateGroups="hotline"/>')}, name="p")
    hotline = site.as_("hotline1")

    assert "现在不用填什么" in str(props(hotline.text("/start/p"))["schema"])
    task = hotline.send_json("/start/p", {}).get_json()["redirect"]
    hotline.send(f"{task}/claim")
    assert "这个任务没有要填的" in str(props(hotline.text(task))["schema"])
    assert hotline.send_json(f"{task}/complete", {}).status_code == 200


def test_remarks_and_reminders_stay_with_the_case(site: Site) -> None:
    """Given a remark and a reminder day, both are shown; a date that is none is refused."""
    engineer, task_id = claimed_visit(site)
    engineer.send(f"/tasks/{task_id}/comments", {"text": "<b>客户三点后在</b>"})
    engineer.send(f"/tasks/{task_id}/follow-up", {"day": "2026-03-09"})

    page = engineer.text(f"/tasks/{task_id}")
    assert "&lt;b&gt;客户三点后在&lt;/b&gt;" in page
    assert "3月9日" in page
    assert engineer.send(f"/tasks/{task_id}/follow-up", {"day": "morgen"}).status_code == 400


def test_a_body_that_is_no_form_is_refused_in_words(site: Site) -> None:
    """Given JSON of the wrong shape, the answer is 400, never a crash."""
    engineer, task_id = claimed_visit(site)
    token = engineer.csrf()

    for body in ("[]", '"x"', "{", '{"data": []}', "null"):
        answer = engineer.post(
            f"/tasks/{task_id}/complete",
            data=body,
            content_type="application/json",
            headers={"X-CSRFToken": token, "Accept": "application/json"},
        )
        assert answer.status_code == 400, body
        assert answer.get_json()["message"]["en"]


def test_values_the_form_does_not_declare_are_dropped(site: Site) -> None:
    """Given extra keys in a submission, they do not become variables of the case."""
    engineer, task_id = claimed_visit(site)
    engineer.send(f"/tasks/{task_id}/clauses/T-2", {"done": "on"})
    engineer.send_json(f"/tasks/{task_id}/complete", {"findings": "坏", "now": "1999", "is_admin": True})

    with site.engine.database.session() as session:
        task = session.get_one(UserTask, task_id)
        done = session.scalars(select(Event.data).where(Event.element_instance_id == task_id, Event.type == "UserTaskCompleted")).one()
    assert task.state == "completed"
    assert "is_admin" not in done["values"]


@pytest.mark.parametrize(("keys", "answers"), [(("1", "2"), [200, 409]), (("1", "1"), [200, 200])])
def test_of_two_submits_at_the_same_moment_one_wins(site_on_each: Site, keys: tuple[str, str], answers: list[int]) -> None:
    """Given two windows of one person that submit together, then the case goes on once: the other window gets a conflict, a double click none."""
    engineer, task_id = claimed_visit(site_on_each)
    engineer.send(f"/tasks/{task_id}/clauses/T-2", {"done": "on"})
    token, together = engineer.csrf(), Barrier(2)
    cookie = engineer.get_cookie("opsbook")
    assert cookie is not None
    headers, statuses = {"X-CSRFToken": token, "Accept": "application/json"}, list[int]()

    def submit(words: str, key: str) -> None:
        window = site_on_each.visitor()
        window.set_cookie("opsbook", cookie.value)
        together.wait()
        answer = window.post(f"/tasks/{task_id}/complete", json={"data": {"findings": words}}, headers=headers | {"Idempotency-Key": key})
        statuses.append(answer.status_code)

    windows = [Thread(target=submit, args=both) for both in zip(("左", "右"), keys, strict=True)]
    for window in windows:
        window.start()
    for window in windows:
        window.join()

    assert sorted(statuses) == answers
    site_on_each.run()
    with site_on_each.engine.database.session() as session:
        assert len(session.scalars(select(UserTask.id).where(UserTask.name == "电话回访")).all()) == 1
