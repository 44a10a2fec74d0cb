"""Field projects: the team, signing in and out, daily reports, proofs, papers, what customers say in passing."""

import pytest
from sqlalchemy import select

from engine.errors import NotFound
from engine.runtime.handlers import BpmnError
from handlers.customers.tables import CustomerLead
from handlers.dispatch.tables import Assignment
from handlers.notify.tables import Notification
from handlers.orders.tables import ServiceOrder
from handlers.projects.tables import DailyReport, FieldProject, SiteHandover, WitnessRecord

SITE = "武汉市东西湖区金银湖路 18 号"


@pytest.fixture
def project(desk):
    """A desk with the project of an order of 楚云物流."""
    desk.order()
    desk.do("projects.open", contract_no="HT-1", account_manager="梁艺")
    return desk


def test_an_order_becomes_a_project_once(project):
    """Opened twice it is one project; the order is served as a project and says who and where."""
    opened = project.do("projects.open", account_manager="梁艺")

    (row,) = project.rows(select(FieldProject))
    (order,) = project.rows(select(ServiceOrder))
    assert (opened["customer_unit"], opened["customer_level"], opened["address"]) == ("楚云物流有限公司", "key", SITE)
    assert (row.order_id, row.address, row.team, order.service_mode) == (order.id, SITE, [], "project")


def test_the_team_counts_as_busy_until_the_project_ends(project):
    """Each member has one more job; who is taken off the team or whose project ends has one less; the absent cannot be sent."""
    load = {item["engineer_id"]: item["load"] for item in project.do("dispatch.rank_engineers")["ranked"]}
    assigned = project.do("projects.assign_team", team=["engineer1", "engineer4"], pm_id="engineer1")
    project.do("projects.assign_team", team=["engineer1"])
    during = {item["engineer_id"]: item["load"] for item in project.do("dispatch.rank_engineers")["ranked"]}
    closed = project.do("projects.close", outcome="completed")

    assert assigned["team_text"] == "赵建国、黄涛"
    assert assigned["trip_id"] == "engineer1-20260305"
    assert (during["engineer1"], during["engineer4"]) == (load["engineer1"] + 1, load["engineer4"])
    assert closed["released_count"] == 1
    assert project.do("projects.close", outcome="cancelled")["released_count"] == 0
    assert project.rows(select(FieldProject))[0].outcome == "completed"
    assert [row.released_at is None for row in project.rows(select(Assignment))] == [False, False]
    with pytest.raises(BpmnError, match="engineer99"):
        project.do("projects.assign_team", team=["engineer99"])


def test_signing_in_says_how_far_from_the_site(project):
    """By district, by the phone's coordinates, or not at all; twice a day at the start is refused, a repeated job is not."""
    near = project.do("projects.check_in", "job-a", user_id="engineer1", moment="start", place=SITE)
    again = project.do("projects.check_in", "job-a", user_id="engineer1", moment="start", place=SITE)
    far = project.do("projects.check_in", user_id="engineer4", moment="start", place="武汉市洪山区")
    exact = project.do("projects.check_in", user_id="engineer1", moment="end", place="工地", latitude=30.6, longitude=114.2)
    lost = project.do("projects.check_in", user_id="engineer4", moment="end", place="月球基地")

    assert near == again
    assert near["distance_from_site_m"] == 0
    assert 20_000 < far["distance_from_site_m"] < 40_000
    assert exact["distance_from_site_m"] > 0
    assert (lost["distance_from_site_m"], lost["distance_text"]) == (None, "地点不在地图上")
    with pytest.raises(BpmnError) as refused:
        project.do("projects.check_in", user_id="engineer1", moment="start", place=SITE)
    assert refused.value.code == "DUPLICATE_CHECKIN"


def test_a_day_has_one_report_and_the_service_department_reads_it(project):
    """Sent in twice, the later one counts; a problem that needs help is told as a warning."""
    project.do("projects.submit_daily_report", content="拆旧", progress="一半")
    sent = project.do(
        "projects.submit_daily_report", content="拆旧、装新", progress="大半", problems=[{"text": "缺螺栓", "help_needed": True}]
    )

    (report,) = project.rows(select(DailyReport))
    told = project.rows(select(Notification).where(Notification.user_id == "service1").order_by(Notification.severity))
    assert (sent["report_count"], report.content) == (1, "拆旧、装新")
    assert [row.severity for row in told] == ["info", "warning"]


def test_proofs_are_kept_once(project):
    """A witnessed event is known by its title; a handover is the project's only one."""
    event = {"event": "milestone", "title": "上电", "witnesses": [{"name": "王伟", "side": "customer"}], "photos": ["p-1"]}
    project.do("projects.record_witness", **event)
    second = project.do("projects.record_witness", **event, important=True, confirmation="s-1")
    project.do("projects.record_handover", lines=[{"item": "旧电源", "qty": 4, "state": "已拆"}], customer_sig="s-2")
    handed = project.do("projects.record_handover", lines=[{"item": "旧电源", "qty": 3, "state": "已拆"}], customer_sig="s-2")

    assert second["witness_count"] == 1
    assert project.rows(select(WitnessRecord))[0].confirmation == "s-1"
    assert handed["line_count"] == 1
    assert project.rows(select(SiteHandover))[0].lines[0]["qty"] == 3


def test_the_background_names_contract_devices_and_former_services(project):
    """What is known before the plan is written, in both languages."""
    found = project.do("projects.collect_background")

    assert "楚云物流有限公司" in found["dossier_text"]
    assert "设备：" in found["dossier_text"]
    assert "Device: " in found["dossier_text_en"]


@pytest.mark.parametrize(
    ("template", "values", "kind"),
    [
        ("site_plan", {"plan_rows": [{"step": "一", "operation": "断电", "method": "双人", "goal": "无电"}]}, "F-SITEPLAN"),
        ("disclosure", {"disclosed_content": "更换电源", "disagreements": [{"disagreement": "颜色"}]}, "F-DISCLOSURE"),
        ("daily_report", {"daily_date": "2026-03-05", "daily_content": "拆旧"}, "F-DAILY"),
        ("witness", {"witness_event": "milestone", "witnesses": [{"name": "王伟", "side": "customer"}]}, "F-WITNESS"),
        ("site_handover", {"handover_lines": [{"item": "旧电源", "qty": 4, "state": "已拆"}]}, "F-HANDOVER"),
        ("field_close", {"work_done": "已更换", "open_items": [{"text": "标识", "due": "2026-03-20"}]}, "F-CLOSE"),
    ],
)
def test_every_paper_of_a_project_is_printed(project, template, values, kind):
    """Each is a document of the order, of its own kind."""
    printed = project.do("documents.render", template=template, values=values)

    assert kind.removeprefix("F-") in printed["document_no"]


def test_what_a_customer_says_is_written_down_once(project):
    """Opinions go to the service department, leads to whom they are for; the same words twice are one entry."""
    said = {"opinions": "希望夜间也能联系", "leads": [{"text": "明年扩容", "lead_for": "sales"}]}

    assert project.do("customers.record_leads", **said)["lead_count"] == 2
    assert project.do("customers.record_leads", **said)["lead_count"] == 0
    assert {(row.kind, row.lead_for) for row in project.rows(select(CustomerLead))} == {
        ("opinion", "service_department"),
        ("lead", "sales"),
    }


def test_an_order_without_a_project_says_so(desk):
    """Given an order, when its daily report is sent in, then there is no project to report on."""
    desk.order()
    with pytest.raises(NotFound):
        desk.do("projects.submit_daily_report", content="—", progress="—")
