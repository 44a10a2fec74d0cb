"""The list of cases and the page of one."""

import json
from datetime import timedelta

from sqlalchemy import select, update

from engine.runtime import deployments, instances, user_tasks
from engine.storage.tables import ProcessInstance, UserTask
from tests.engine.diagram import bpmn
from tests.web.conftest import Site


def root_of(site: Site, task_name: str) -> str:
    """Id of the case of a task."""
    return site.task(task_name).root_id


def visited(site: Site, *, part: bool) -> str:
    """A case whose visit is done; returns its id."""
    site.start()
    site.record()
    engineer, task = site.as_("engineer1"), site.task("上门检查")
    engineer.send(f"/tasks/{task.id}/claim")
    engineer.send(f"/tasks/{task.id}/clauses/T-2", {"done": "on"})
    done = engineer.send_json(f"/tasks/{task.id}/complete", {"findings": "电源坏", "part_needed": part, "part_name": "电源"})
    assert done.status_code == 200, done.get_data(as_text=True)
    site.run()
    return task.root_id


def diagram_of(page: str) -> dict[str, object]:
    """What the page gives the diagram."""
    found: dict[str, object] = json.loads(page.split('id="diagram-props">')[1].split("</script>", maxsplit=1)[0])
    return found


def test_the_page_tells_where_the_case_stands_and_how_it_got_there(site_on_each: Site) -> None:
    """Given a finished visit, the diagram has the path and the position, and the timeline tells it in words."""
    case = visited(site_on_each, part=False)

    page = site_on_each.as_("auditor").text(f"/cases/{case}")

    diagram = diagram_of(page)
    assert diagram["active"] == [{"elementId": "callback", "count": 1}]
    assert {"record", "visit", "archive"} <= set(diagram["completed"])  # type: ignore[call-overload]
    assert {"f1", "f2", "f3", "f5", "f7", "f9"} == set(diagram["flowsTaken"])  # type: ignore[call-overload]
    for words in ("案例开始", "完成“登记需求”", "认领“上门检查”", "完成“上门检查”", "“电话回访”等待办理", "勾选必做项 T-2"):
        assert words in page, words
    assert "林晓雯" in page
    assert "检查结果" in page
    assert "archive_no" in page


def test_called_processes_are_one_click_away_and_lead_back(site: Site) -> None:
    """Given a running called process, the diagram links to it, and its page leads back to the case."""
    case = visited(site, part=True)
    head = site.as_("owner")
    page = head.text(f"/cases/{case}")
    link = diagram_of(page)["links"]["get_part"]  # type: ignore[index]
    assert link["title"] == "备件领用"

    child = head.text(link["href"])

    assert diagram_of(child)["active"] == [{"elementId": "issue", "count": 1}]
    assert f'href="/cases/{case}"' in child
    assert "进入子流程“领用备件”" in child


def test_deadlines_carry_their_explanation(site: Site) -> None:
    """Given a timer, the case page shows when it is due and how that was computed, and later that it fired."""
    site.start()
    site.record()
    page = site.as_("hotline1").text(f"/cases/{root_of(site, '上门检查')}")
    assert "两小时未到" in page
    assert "+ 2 小时 =" in page

    site.clock.advance(timedelta(hours=3))
    site.run()

    page = site.as_("hotline1").text(f"/cases/{root_of(site, '上门检查')}")
    assert "已触发" in page
    assert "时间到：“两小时未到”" in page
    assert "“处理超时”等待办理" in page


def test_details_are_shown_on_demand(site: Site) -> None:
    """Given the condition that sent the engineer, it is told only among all details, with the values it saw."""
    site.start()
    site.record()
    case, hotline = root_of(site, "上门检查"), site.as_("hotline1")

    assert "选择“上门”" not in hotline.text(f"/cases/{case}")
    detail = hotline.text(f"/cases/{case}?everything=1")
    assert "选择“上门”" in detail
    assert "on_site = true" in detail


def test_the_timeline_refreshes_only_when_something_happened(site: Site) -> None:
    """Given the timeline's ETag, asking again answers 304 until the next event."""
    site.start()
    case, hotline = root_of(site, "登记需求"), site.as_("hotline1")
    etag = hotline.get(f"/cases/{case}/timeline").headers["ETag"]
    assert hotline.get(f"/cases/{case}/timeline", headers={"If-None-Match": etag}).status_code == 304

    hotline.send(f"/tasks/{site.task('登记需求').id}/claim")

    assert hotline.get(f"/cases/{case}/timeline", headers={"If-None-Match": etag}).status_code == 200


def test_the_diagram_is_the_one_of_the_version_that_runs(site: Site) -> None:
    """Given a case, its diagram is served as XML that a browser does not run."""
    site.start()
    answer = site.as_("hotline1").get(f"/cases/{root_of(site, '登记需求')}/diagram.bpmn")

    assert answer.mimetype == "application/xml"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert b'<bpmn:process id="site_visit"' in answer.get_data()


def test_the_list_is_filtered_by_text_state_process_and_date(site_on_each: Site) -> None:
    """Given two cases, each filter keeps what fits; a broken date is ignored."""
    site_on_each.start()
    with site_on_each.engine.database.transaction() as session:
        session.execute(update(ProcessInstance).values(business_key="SO-0001"))
        session.execute(update(UserTask).values(business_key="SO-0001"))
    site_on_each.clock.advance(timedelta(days=2))
    site_on_each.start()
    owner = site_on_each.as_("owner")

    assert owner.text("/cases").count("data-row>") == 2
    assert owner.text("/cases?q=SO-0001").count("data-row>") == 1
    assert owner.text("/cases?q=%5F").count("data-row>") == 0
    assert owner.text("/cases?state=completed").count("data-row>") == 0
    assert owner.text("/cases?process=site_visit&state=active").count("data-row>") == 2
    assert owner.text("/cases?until=2026-03-05").count("data-row>") == 1
    assert owner.text("/cases?since=2026-03-06").count("data-row>") == 1
    assert owner.text("/cases?since=gestern").count("data-row>") == 2


def test_cases_of_one_number_lead_to_each_other(site: Site) -> None:
    """Given two cases with the same number, each page links to the other for those who may see it."""
    first, second = site.start(), site.start()
    with site.engine.database.transaction() as session:
        session.execute(update(ProcessInstance).values(business_key="SO-0001"))
        cases = {task: session.scalars(select(UserTask.root_id).where(UserTask.id == task)).one() for task in (first, second)}

    assert f'href="/cases/{cases[second]}"' in site.as_("owner").text(f"/cases/{cases[first]}")


def test_a_remark_is_added_from_the_case_page_while_a_task_is_open(site: Site) -> None:
    """Given an open task of theirs, people remark on the case; those whose part is over are told why they cannot."""
    site.start()
    site.record()
    case = root_of(site, "上门检查")

    site.as_("engineer1").send(f"/cases/{case}/comments", {"text": "下午三点到"})

    assert "下午三点到" in site.as_("hotline1").text(f"/cases/{case}")
    assert site.as_("hotline1").send(f"/cases/{case}/comments", {"text": "好"}).status_code == 409
    assert site.as_("engineer1").send(f"/cases/{case}/comments", {"text": "  "}).status_code == 400
    assert site.as_("auditor").send(f"/cases/{case}/comments", {"text": "看过"}).status_code == 403


def test_what_is_undone_is_marked_and_told(site: Site) -> None:
    """Given thrown compensation, the diagram marks what is being undone and then what was, and the timeline tells it."""
    body = """start a undo b end <userTask id="a" name="预订酒店"/><boundaryEvent id="on_a" on="a" by="undo_a"/>
        <userTask id="undo_a" name="退订酒店" isForCompensation="true"/><intermediateThrowEvent id="undo" name="撤销预订" compensate=""/>"""
    deployments.deploy(site.engine, {"p.bpmn": bpmn(body)}, name="p")
    case = instances.start(site.engine, "p")
    user_tasks.complete(site.engine, site.task("预订酒店").id, {}, "admin")
    site.run()
    page = site.as_("admin").text(f"/cases/{case}")
    assert {"elementId": "a", "text": "已开始撤销", "tone": "warn", "place": "top"} in diagram_of(page)["overlays"]  # type: ignore[operator]

    user_tasks.complete(site.engine, site.task("退订酒店").id, {}, "admin")
    site.run()

    page = site.as_("admin").text(f"/cases/{case}")
    assert {"elementId": "a", "text": "已撤销", "tone": "warn", "place": "top"} in diagram_of(page)["overlays"]  # type: ignore[operator]
    for words in ("“撤销预订”要求撤销已完成的工作", "撤销“预订酒店”", "完成“退订酒店”", "已撤销“预订酒店”"):
        assert words in page, words
