"""The whole story in real browsers: from the call to the archived case with its callback, by the people who do it."""

from typing import Any

import pytest
from sqlalchemy import select

from handlers.billing.tables import CashHandover
from handlers.deadlines.tables import Breach
from handlers.documents.tables import Archive
from handlers.feedback.tables import Callback
from handlers.orders.tables import ServiceOrder
from handlers.parts.tables import Loan
from tests.processes.visit import UNIT
from tests.web.stage import Stage
from tests.web.story import Story, be_late_for_first_contact, call_back, lend_part, settle, take_call, work_on_site


class BrowserVisit(Story):
    """The same visit as in the scenario tests, its signatures drawn on the screen."""

    def sign(self, element_id: str) -> Any:
        """What the signature pad of the task's form takes."""
        return f"{element_id}: a line drawn by finger"


@pytest.mark.timeout(900)
def test_from_the_call_to_the_archived_case(stage: Stage) -> None:
    """Given a call about a broken device, when six people do their part, late and paid as it turns out, then it is archived and called back."""
    visit = BrowserVisit(stage)
    ring(visit)
    take_call(visit)
    be_late_for_first_contact(visit)
    lend_part(visit)
    work_on_site(visit)
    settle(visit)
    call_back(visit)

    with stage.engine.database.session() as session:
        order = session.scalars(select(ServiceOrder).order_by(ServiceOrder.id).limit(1)).one()  # maintenance makes orders of its own
        assert order.status == "closed"
        assert session.scalars(select(Archive)).one().order_id == order.id
        assert session.scalars(select(Callback)).one().state == "closed"
        assert [row.activity for row in session.scalars(select(Breach))] == ["首次联系"]
        assert session.scalars(select(Loan)).one().returned_at is not None
        assert session.scalars(select(CashHandover)).one() is not None
    began_by_itself = {"preventive_maintenance"}  # its own calendar: nobody in this story visits those customers
    open_cases = {row.process_key for row in stage.instances() if row.state != "completed"}
    assert open_cases <= began_by_itself
    look_back(visit)


def ring(visit: Story) -> None:
    """The telephone rings: the hotline engineer starts the case."""
    stage = visit.case
    page = stage.window("hotline1")
    page.goto("/start/hotline_service")
    stage.form(page).fill({"caller": UNIT, "rings": 2, "greeting_given": True})
    stage.picture("start", page)
    page.get_by_role("button", name="发起").click()
    page.wait_for_url("**/tasks/*")
    page.goto("/inbox")
    stage.picture("inbox", page)


def look_back(visit: Story) -> None:
    """The auditor opens the case: the path taken, the late contact with its arithmetic, the signed papers."""
    stage = visit.case
    page = stage.window("auditor")
    page.goto(f"/cases/{visit.instance}")
    page.locator(".djs-container .djs-element").first.wait_for()
    stage.picture("case", page)
    said = page.inner_text("main")
    assert "首次联系" in said
    assert "售后服务单" in said
    assert visit.order_id in said
