"""Incidents as the operator sees them."""

from sqlalchemy import select, update

from engine.storage.tables import Incident, Job
from tests.web.conftest import Site


def broken_case(site: Site) -> str:
    """A case whose archiving failed three times; returns the incident's id."""
    site.start()
    site.record(fault="打不开")
    engineer, task_id = site.as_("engineer1"), site.task("上门检查").id
    engineer.send(f"/tasks/{task_id}/claim")
    engineer.send(f"/tasks/{task_id}/clauses/T-2", {"done": "on"})
    engineer.send_json(f"/tasks/{task_id}/complete", {"findings": "坏"})
    for _ in range(4):
        with site.engine.database.transaction() as session:
            session.execute(update(Job).where(Job.state == "ready").values(available_at=site.clock.now()))
        site.run()
    with site.engine.database.session() as session:
        return session.scalars(select(Incident.id)).one()


def test_the_list_and_the_page_say_what_went_wrong_and_where(site: Site) -> None:
    """Given a failed handler, list and page name the task, the handler, the cause and the input."""
    incident = broken_case(site)
    admin = site.as_("admin")

    assert "归档" in admin.text("/incidents")
    page = admin.text(f"/incidents/{incident}")
    assert "the archive is closed" in page
    assert "test.archive" in page
    assert "打不开" in page


def test_a_retry_stays_red_while_the_cause_is_there(site: Site) -> None:
    """Given the cause is not mended, a retry says so and the incident stays open; auditors and staff cannot retry."""
    incident = broken_case(site)

    assert site.as_("auditor").send(f"/incidents/{incident}/retry").status_code == 404
    page = site.as_("admin").send(f"/incidents/{incident}/retry", follow_redirects=True).get_data(as_text=True)

    assert "还没有成功" in page
    assert "the archive is closed" in page


def test_a_retry_turns_green_when_the_work_succeeded(site: Site) -> None:
    """Given a running executor and a mended cause, the retry resolves the incident and the case goes on."""
    from engine.workers import Executor

    incident = broken_case(site)
    with site.engine.database.transaction() as session:
        session.execute(update(Job).values(input={"fault": "修好了"}))
    executor = Executor(site.engine, 1)
    executor.start()
    try:
        page = site.as_("admin").send("/incidents/retry", {"incident": incident}, follow_redirects=True).get_data(as_text=True)
    finally:
        executor.stop()

    assert "1 个异常已解决" in page
    assert site.task("电话回访").state == "open"
    assert "系统管理员" in site.as_("admin").text("/incidents?state=resolved")
