"""Try it: the owner plays a draft by hand in a sandbox that nobody else sees."""

import json
import re
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from engine.errors import Conflict
from engine.runtime import deployments
from engine.storage.tables import Event, Job, ProcessInstance, UserTask
from engine.studio.sandboxes import Sandbox, find
from handlers.scenarios import world
from tests.engine.diagram import bpmn
from tests.web.conftest import Site
from tests.web.sandbox_run import KEY, archiving, tried
from tests.web.studio_pages import open_editor


def test_the_draft_is_played_to_its_end(shop: Site) -> None:
    """Given a draft, when its owner fills in forms, answers, sends the message and does what is called, then the page follows to the end."""
    open_editor(shop, "owner", KEY).change("询问件数", "问要几件")
    assert "试运行" in open_editor(shop, "owner", KEY).page()
    run = tried(shop)
    assert 'data-start="repairs"' in run.page()

    run.start()
    assert "问要几件" in run.words()
    assert "2026-03-05 周四 10:00" in run.words()
    assert run.complete(wanted=3).status_code == 200
    assert "归档" in run.words()
    run.answer("done", **{"result.archive_no": "A-77"})
    assert "A-77" in run.page()
    run.post("messages", message="part.came", key=re.findall(r'name="key" value="([^"]*)"', run.page())[0])
    assert "看一看" in run.words()
    assert run.complete().status_code == 200

    assert "办完了" in run.words()
    assert "归档 → 等备件 → 检查" in run.words()


def test_nothing_real_is_touched(shop: Site) -> None:
    """Given a run in a sandbox, then the real database knows nothing of it."""
    archiving(shop)

    with shop.engine.database.session() as session:
        for table in (ProcessInstance, UserTask, Job, Event):
            assert session.scalar(select(func.count()).select_from(table)) == 0
    assert "询问件数" not in shop.as_("parts1").text("/inbox?tab=all")


def test_the_real_form_refuses(shop: Site) -> None:
    """Given an open task, when a mandatory field is empty, then the field says so and the task stays open."""
    run = tried(shop)
    assert run.client.send_json(f"{run.address}/start", {}).status_code == 422
    run.start()

    answer = run.complete()

    assert answer.status_code == 422
    assert "wanted" in answer.get_json()["fields"]
    assert "询问件数" in run.words()


def test_a_handler_reports_a_business_error(shop: Site) -> None:
    """Given a handler that waits, when the owner lets it report an error that the diagram catches, then the run goes that way."""
    run = archiving(shop)
    assert 'value="FULL"' in run.page()

    run.answer("error", code="FULL")

    assert "告诉客户" in run.words()


def test_a_handler_that_fails_may_be_answered_after_all(shop: Site) -> None:
    """Given a failure, then the page says what went wrong, and another answer lets the run go on."""
    run = archiving(shop)

    run.answer("failure", failure="档案室停电")
    assert "档案室停电" in run.words()
    run.answer("work")

    assert "A-1" in run.page()
    assert "等备件" in run.words()


def test_the_handler_itself_may_work_and_fail_in_words(shop: Site) -> None:
    """Given a fault that the handler cannot archive, then the page foretells the failure, and says it when it has happened."""
    run = archiving(shop, "打不开")
    assert "它会办不成" in run.words()

    run.answer("work")

    assert "the archive is closed" in run.words()


def test_an_error_that_nobody_catches_is_told(shop: Site) -> None:
    """Given an error code without a boundary event, when it is reported, then the page says so and nothing breaks."""
    run = archiving(shop)

    run.answer("error", code="STRANGE")

    assert "STRANGE" in run.words()
    assert re.search(r'data-job="[\w-]+"', run.page())


def test_time_passes_only_when_told(shop: Site) -> None:
    """Given a timer, when it is let pass, then what it leads to is there and the clock stands at its moment; a stand-in does it."""
    run = tried(shop)
    run.start()
    assert "两小时没问" in run.words()

    run.pass_timer()

    assert "催一催" in run.words()
    assert "2026-03-05 周四 12:00" in run.words()
    assert run.complete(1).status_code == 200
    run.post("time", amount="3", unit="days")
    assert "2026-03-08 周日 12:00" in run.words()


def test_steps_are_undone_one_by_one(shop: Site) -> None:
    """Given three steps, when two are undone, then it is as after the first; begun anew it is as before all."""
    run = archiving(shop)
    run.answer("done", **{"result.archive_no": "A-77"})

    run.post("undo")
    assert "A-77" not in run.page().split("sandbox-shown")[1]
    run.post("undo")
    assert "询问件数" in run.words()
    run.post("restart")

    assert 'data-start="repairs"' in run.page()


def test_one_goes_back_further_than_the_office_is_kept(shop: Site) -> None:
    """Given many steps, when all are undone, then the clock stands where it stood."""
    run = tried(shop)
    run.start()
    for _ in range(7):
        run.post("time", amount="1", unit="minutes")
    assert "2026-03-05 周四 10:07" in run.words()

    for _ in range(7):
        run.post("undo")

    assert "2026-03-05 周四 10:00" in run.words()
    assert "询问件数" in run.words()


def test_the_same_steps_are_done_on_a_newer_draft(shop: Site) -> None:
    """Given a run whose draft is changed, then the page says so, and does the steps again on the new draft, as far as they go."""
    run = archiving(shop)
    assert "data-repeat" not in run.page()
    open_editor(shop, "owner", KEY).change("归档", "放进档案柜")
    assert "data-repeat" in run.page()

    run.address = run.client.send(f"{run.address}/repeat").headers["Location"]

    assert "放进档案柜" in run.words()
    assert "data-repeat" not in run.page()


def test_repeating_a_run_costs_no_other_run(shop: Site) -> None:
    """Given as many runs as are kept, when the oldest is done again on a newer draft, then the others are still there."""
    oldest, *others = [tried(shop) for _ in range(3)]
    open_editor(shop, "owner", KEY).change("归档", "放进档案柜")

    again = oldest.client.send(f"{oldest.address}/repeat").headers["Location"]

    assert [run.client.get(run.address).status_code for run in (oldest, *others)] == [404, 200, 200]
    assert oldest.client.get(again).status_code == 200


def test_a_button_pressed_twice_does_one_step(shop: Site) -> None:
    """Given two requests that saw the same run, when both do a step, then the second is told that another was done, and one is done."""
    run = tried(shop)
    folder = find(shop.engine.settings, run.address.rpartition("/")[2], "owner")
    first, second = (Sandbox(folder, replace(world(), handlers=shop.engine.handlers)) for _ in range(2))
    step = {"start": "repairs", "by": "parts1", "with": {"fault": "开不了机"}}

    first.play(step)

    with pytest.raises(Conflict):
        second.play(step)
    assert len(first.record.steps) == len(second.record.steps) == 1
    assert run.page().count("data-task=") == 1


@pytest.mark.parametrize("until", ["soon", "2026-03-06", "2026-03-06T10:00:00"])
def test_a_moment_that_is_none_is_refused(shop: Site, until: str) -> None:
    """Given something else than an instant, when time shall pass to it, then that is said and nothing happens."""
    run = tried(shop)

    answer = run.client.send(f"{run.address}/time", {"until": until})

    assert answer.status_code == 400
    assert f"“{until}”不是时刻" in answer.get_data(as_text=True)
    assert "2026-03-05 周四 10:00" in run.words()


def test_a_live_file_whose_name_leads_elsewhere_is_written_nowhere(shop: Site) -> None:
    """Given a deployment with a file name that leads out of any folder, when a draft is tried, then the page names it and nothing is written."""
    deployments.deploy(shop.engine, {"../outside/outside.bpmn": bpmn("start end", "outside")}, name="strange")
    client = shop.as_("owner")

    for answer in (client.send(f"/studio/try/{KEY}"), client.send(f"/studio/trials/bpmn/{KEY}")):
        assert answer.status_code == 400
        assert "../outside/outside.bpmn" in answer.get_data(as_text=True)
    assert not list(shop.engine.settings.files_dir.rglob("outside.bpmn"))


def test_a_run_begins_like_a_scenario(shop: Site) -> None:
    """Given a scenario, when the run begins before its first step, then the start form holds what the scenario enters."""
    assert "像场景“开不了机”那样开始" in shop.as_("owner").text(f"/studio/try/{KEY}")

    run = tried(shop, like="begun|repairs")

    props = json.loads(run.page().split('id="start-form">')[1].split("</script>")[0])
    assert props["data"] == {"fault": "开不了机"}


@pytest.mark.parametrize(("like", "told"), [("gone|repairs", "没有场景“gone”"), ("begun|gone", "场景“begun”里没有步骤“gone”")])
def test_a_run_does_not_begin_like_what_is_not_there(shop: Site, like: str, told: str) -> None:
    """Given a page that was open while a scenario or its step went, when the run begins like that, then the page says what is not there."""
    answer = shop.as_("owner").send(f"/studio/try/{KEY}", {"like": like})

    assert answer.status_code == 400
    assert told in answer.get_data(as_text=True)


def test_a_sandbox_is_its_owners_own(shop: Site) -> None:
    """Given a sandbox, nobody else opens it, and staff find no such page."""
    run = tried(shop)

    assert shop.as_("admin").get(run.address).status_code == 403
    assert shop.as_("parts1").get(run.address).status_code == 404
    assert shop.as_("parts1").get(f"/studio/try/{KEY}").status_code == 404
    assert shop.as_("owner").get("/studio/sandboxes/" + "0" * 32).status_code == 404


def test_a_draft_with_errors_is_refused_with_its_findings(shop: Site) -> None:
    """Given a draft with a flow to nowhere, when its owner tries it, then the page names the finding instead of beginning."""
    open_editor(shop, "owner", KEY).change('targetRef="ask"', 'targetRef="nowhere"')

    page = shop.as_("owner").text(f"/studio/try/{KEY}")

    assert "草稿有错误，还不能试运行" in page
    assert "data-begin" not in page
    assert shop.as_("owner").send(f"/studio/try/{KEY}").status_code == 400


def test_broken_drafts_that_it_does_not_use_are_left_out(shop: Site) -> None:
    """Given a broken draft of the called procedure, it is refused; of a procedure that it does not use, it is left out and named."""
    open_editor(shop, "owner", KEY).change('targetRef="ask"', 'targetRef="nowhere"')

    run = tried(shop, key="checks/checks.bpmn")

    assert "没有带进来：repairs/repairs.bpmn" in run.words()


def test_a_form_is_tried_in_a_procedure_that_uses_it(shop: Site) -> None:
    """Given a form, when its owner tries it, then the procedures that use it are offered."""
    assert f"/studio/try/{KEY}" in shop.as_("owner").text("/studio/try/repairs/f_ask.form")


def test_a_procedure_that_was_never_published_is_tried(shop: Site) -> None:
    """Given a new procedure made from a pattern, when its owner tries it, then it runs although nothing of it is live."""
    shop.as_("owner").send("/studio/new", {"pattern": "approval", "id": "leave_request", "name": "请假"})

    run = tried(shop, key="leave_request/leave_request.bpmn")

    assert 'data-start="leave_request"' in run.page()
    assert "用 3 个草稿" in run.words()


def test_ending_a_run_throws_it_away_and_a_person_has_three_at_most(shop: Site) -> None:
    """Given more runs than are kept, the oldest is gone; one that is ended is gone at once."""
    runs = [tried(shop) for _ in range(4)]

    assert runs[0].client.get(runs[0].address).status_code == 404
    assert runs[1].client.get(runs[1].address).status_code == 200
    runs[1].client.send(f"{runs[1].address}/end")
    assert runs[1].client.get(runs[1].address).status_code == 404
