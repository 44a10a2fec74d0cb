"""Two days on site from a phone: signed in, worked, photographed, reported, signed out; and the next day again."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from engine.runtime import remarks, user_tasks
from handlers.documents.tables import Document
from handlers.projects.tables import DailyReport, SiteCheckIn
from tests.handlers.desk import Desk
from tests.web.stage import PHONE, Stage

ENGINEER = "engineer1"
SITE = "武汉市硚口区古田二路 66 号"
NOTHING_ELSE: dict[str, Any] = dict.fromkeys(("fault_found", "commissioning", "talk_needed", "product_problem", "work_finished"), False)


@pytest.mark.timeout(600)
def test_two_days_on_site_from_a_phone(stage: Stage) -> None:
    """Given a project whose work is permitted, when its engineer works two days by phone, then both have two sign-ins, a report and a photo."""
    order_id = begin_project(stage)
    phone = stage.window(ENGINEER, PHONE)

    work_a_day(stage, step="断电验电、拆旧", progress="一半", problem="螺栓锈蚀")
    assert stage.open_elements() == []
    go_to_next_morning(stage)
    work_a_day(stage, step="装新、上电", progress="完成")

    with stage.engine.database.session() as session:
        signed = session.scalars(select(SiteCheckIn).where(SiteCheckIn.order_id == order_id).order_by(SiteCheckIn.at, SiteCheckIn.id))
        assert sorted((f"{row.on_day}", row.moment, row.distance_from_site_m) for row in signed) == [
            ("2026-03-05", "end", 0),
            ("2026-03-05", "start", 0),
            ("2026-03-06", "end", 0),
            ("2026-03-06", "start", 0),
        ]
        reports = session.scalars(select(DailyReport).order_by(DailyReport.on_day)).all()
        assert [(row.progress, len(row.problems)) for row in reports] == [("一半", 1), ("完成", 0)]
        photos = session.scalars(select(Document).where(Document.order_id == order_id, Document.kind == "photo")).all()
        assert [row.note for row in photos] == ["断电验电、拆旧"]  # the same picture is filed once
    assert stage.incidents() == []
    fits_the_screen(phone)


def begin_project(stage: Stage) -> str:
    """Everything before the first day on site, done at desks; the order's number."""
    desk = Desk(stage.engine)
    needed = {
        "need_content": "更换机柜电源",
        "device_model": "启明 QT-520 台式机",
        "contact_person": "王伟",
        "contact_phone": "19901010001",
    }
    order_id = str(desk.do("orders.create", customer_id="KH0002", address=SITE, **needed)["order_id"])
    stage.message("project.order", order_id, order_id=order_id, account_manager="梁艺")
    now = stage.clock.now().isoformat()
    at_desk(stage, "confirm_order", order_understood=True)
    at_desk(
        stage, "confirm_conditions", site_place=SITE, site_content="更换机柜电源", required_arrival=now, difficulty="1",
        our_preparation="电源与工具", customer_preparation="停电两小时", conditions_ready=True,
    )  # fmt: skip
    at_desk(stage, "arrange_team", "service1", team=[ENGINEER], complex=False)
    step = {"step": "一", "operation": "断电验电", "method": "双人确认", "goal": "无电"}
    at_desk(stage, "write_plan", plan_rows=[step], environment="机房", requirements="不停业务")
    task = stage.task("write_instructions")
    paper = remarks.attach(stage.engine, task.id, "作业工艺.txt", "断电、验电、更换".encode(), "file", ENGINEER)
    at_desk(
        stage, "write_instructions", work_instruction=[paper], flow_card=[paper], check_list=[{"item": "接线紧固", "standard": "无松动"}]
    )
    ready = dict.fromkeys(("materials", "travel", "technical_documents", "spare_parts", "tools", "papers", "belongings"), "ready")
    at_desk(stage, "prepare_site", parts_wanted=False, **{f"ready_{name}": state for name, state in ready.items()})
    at_desk(stage, "travel", can_arrive=True, arrived_at=now)
    calls = dict.fromkeys(("manager_called_at", "contact_called_at", "liaison_called_at"), now)
    at_desk(stage, "report_arrival", contact_by="phone", liaison="周工", **calls)
    told = ("disclosed_content", "disclosed_scope", "risk_points", "service_goals", "company_commitment", "control_requirements")
    rows = {"equipment_rows": [{"equipment": "机柜电源"}], "interface_rows": [{"person": "王伟", "duty": "现场负责"}]}
    at_desk(stage, "disclose", **dict.fromkeys((*told, "schedule", "cooperation_items"), "已说明"), **rows)
    at_desk(stage, "get_permission", customer_permission=True, live_high_voltage=False, protective_clothing=True, helmet=True)
    return order_id


def at_desk(stage: Stage, element_id: str, actor: str = ENGINEER, **values: Any) -> None:
    """Complete a task without a browser."""
    task = stage.task(element_id)
    user_tasks.complete(stage.engine, task.id, values, task.assignee or actor)
    stage.run()


def work_a_day(stage: Stage, *, step: str, progress: str, problem: str | None = None) -> None:
    """Sign in, work with a photo, report, sign out: each on the phone."""
    stage.complete("sign_in", checkin_place=SITE)
    see_the_plan(stage)
    reading = {"data_name": "母线电压", "data_value": 0, "data_unit": "V"}
    stage.complete("do_work", step_done=step, process_data=[reading], work_photos=["photo"], **NOTHING_ELSE)
    problems = [{"problem_text": problem, "help_needed": True}] if problem else []
    stage.complete("write_daily", daily_content=step, daily_progress=progress, daily_problems=problems)
    stage.complete("sign_out", checkin_place=SITE)


def see_the_plan(stage: Stage) -> None:
    """The work is done by the plan, so its steps stand in the form."""
    page = stage.window(ENGINEER)
    page.goto(f"/tasks/{stage.task('do_work').id}")
    stage.form(page)
    assert "断电验电" in page.locator(".fjs-form input").evaluate_all("fields => fields.map(field => field.value)")


def go_to_next_morning(stage: Stage) -> None:
    """The night passes; the next day on site begins at nine."""
    stage.clock.set(datetime(2026, 3, 6, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai")))
    stage.run()


def fits_the_screen(page: Page) -> None:
    """Nothing hangs over the edge of the phone."""
    page.goto("/inbox")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
