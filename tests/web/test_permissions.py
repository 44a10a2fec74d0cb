"""Nobody sees or does what is not theirs: every route of the pages, as every role, with ids of others."""

import re
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import func, select

from engine.storage.tables import Event, ProcessInstance, UserTask
from tests.web.conftest import PEOPLE, Site
from web.rest.tree import PREFIXES

#: Routes without an id of somebody else's thing: open to all who are signed in, or their own.
OPEN = {"/", "/inbox", "/inbox/list", "/start", "/cases", "/account", "/login", "/healthz", "/readyz", "/metrics", "/language/<code>"}
OPEN |= {"/account/tokens", "/console/", "/console/repository", "/.well-known/camunda-automation-platform/webapps"}
#: The manuals are open to all; who may change a parameter is tested with its page.
OPEN |= {"/manuals", "/manuals/<manual_id>", "/processes/<key>", "/processes/<key>/diagram.bpmn", "/processes/<key>/elements/<element_id>"}
OPEN |= {"/parameters", "/parameters/<name>", "/parameters/<name>/restore"}
OPEN |= {"/data"}  # the kinds that a person may see: tested with the kinds
READERS = {"admin", "owner", "auditor"}


def png() -> BytesIO:
    """A small picture."""
    out = BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "PNG")
    out.seek(0)
    return out


@pytest.fixture
def ids(site: Site) -> dict[str, str]:
    """Ids of a case that belongs to hotline1 and engineer1, with a task, a file and an incident."""
    site.start()
    site.record()
    engineer, task_id = site.as_("engineer1"), site.task("上门检查").id
    engineer.send(f"/tasks/{task_id}/claim")
    kept = engineer.post(
        f"/tasks/{task_id}/attachments",
        data={"file": (png(), "现场.png"), "kind": "photo", "csrf_token": engineer.csrf()},
        headers={"Accept": "application/json"},
    )
    assert kept.status_code == 201, kept.get_data(as_text=True)
    with site.engine.database.session() as session:
        instance_id = session.scalars(select(UserTask.instance_id).where(UserTask.id == task_id)).one()
    return {
        "task_id": task_id,
        "instance_id": instance_id,
        "attachment_id": kept.get_json()["id"],
        "incident_id": "0" * 32,
        "batch_id": "0" * 32,
        "revision_id": "0" * 32,
        "publication_id": "0" * 32,
        "trial_id": "0" * 32,
        "sandbox_id": "0" * 32,
        "job_id": "0" * 32,
        "run_id": "0" * 32,
        "resource_id": "0" * 32,
        "ref": "live",
        "kind": "cancel",
        "clause_id": "T-2",
        "deployment_id": "0" * 32,
        "token_id": "0" * 32,
        "user_id": "hotline1",
        "key": "site_visit",
        "element_id": "visit",
        "number": "1",
        "kind_name": "nothing",  # who may see which kind is tested with the kinds
        "column": "name",
        "form": "csv",
        "import_id": "0" * 32,
        "search_id": "0" * 32,
        "sample_id": "0" * 32,
        "format_name": "csv",
        "definition_id": "visit:1",
        "manual_id": "T",
        "code": "en",
        "kpi_id": "resolve_rate",
        "month": "2026-03",
        "filename": "pages.css",
        "name": "manifest.json",
    }


def test_every_route_with_ids_of_others_answers_not_found(site: Site, ids: dict[str, str]) -> None:
    """Given every address of the application, whoever has nothing to do with the case gets 404, for reading and for changing."""
    for user in ("stranger", "callback1", "parts1"):
        client = site.as_(user)
        token = client.csrf()
        for rule in site.app.url_map.iter_rules():
            if rule.rule in OPEN or rule.rule.startswith(("/static/", *PREFIXES)):
                continue
            path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: ids[found.group(1)], rule.rule)
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                if path in ("/logout", "/account/password", "/inbox/claim", "/notices", "/notices/read"):
                    continue  # their own session, password and notices, and a list of which nothing is theirs (tested below)
                answer = client.open(
                    path,
                    method=method,
                    headers={"X-CSRFToken": token, "Accept": "text/html"},
                    json={"data": {}} if method != "GET" else None,
                )
                assert answer.status_code == 404, (user, method, path, answer.status_code)


def test_nothing_changed_after_all_those_attempts(site: Site, ids: dict[str, str]) -> None:
    """Given a stranger tried every route, the case has not one event more."""
    with site.engine.database.session() as session:
        before = session.scalar(select(func.count()).select_from(Event))
    test_every_route_with_ids_of_others_answers_not_found(site, ids)
    with site.engine.database.session() as session:
        assert session.scalar(select(func.count()).select_from(Event)) == before
        assert session.scalar(select(func.count()).select_from(ProcessInstance)) == 1


def test_no_route_breaks_for_any_role(site: Site, ids: dict[str, str]) -> None:
    """Given every GET route as every person, the answer is a page, a redirect or a refusal, never a server error."""
    for user, _, _ in PEOPLE:
        client = site.as_(user)
        for rule in site.app.url_map.iter_rules():
            if "GET" not in (rule.methods or set()) or rule.rule.startswith(PREFIXES):
                continue
            path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: ids[found.group(1)], rule.rule)
            with client.get(path) as answer:
                assert answer.status_code in (200, 302, 304, 404), (user, path, answer.status_code)


def test_those_who_see_everything_see_the_case_but_not_all_may_change_it(site: Site, ids: dict[str, str]) -> None:
    """Given admin, owner and auditor, all read task, case and file; the auditor changes nothing, the owner steers, only the admin handles people."""
    for user in sorted(READERS):
        client = site.as_(user)
        for path in (f"/tasks/{ids['task_id']}", f"/cases/{ids['instance_id']}", f"/attachments/{ids['attachment_id']}", "/incidents"):
            assert client.get(path).status_code == 200, (user, path)
        assert client.get("/people").status_code == (200 if user == "admin" else 404)

    auditor = site.as_("auditor")
    assert auditor.send(f"/tasks/{ids['task_id']}/claim").status_code == 409
    assert auditor.send_json(f"/tasks/{ids['task_id']}/complete", {}).status_code == 409
    assert auditor.send(f"/cases/{ids['instance_id']}/operations/cancel", {"reason": "weil"}).status_code == 403
    assert auditor.send_json("/start/site_visit", {"customer_name": "x"}).status_code == 404
    assert site.as_("owner").send(f"/cases/{ids['instance_id']}/operations/suspend", {"reason": "客户要求"}).status_code == 302


def test_an_auditor_does_not_work(site: Site) -> None:
    """Given a free task, the auditor sees it and may not claim, remark or attach."""
    task_id = site.start()
    auditor = site.as_("auditor")

    assert "登记需求" in auditor.text("/inbox?tab=all")
    assert auditor.send(f"/tasks/{task_id}/claim").status_code == 403
    assert auditor.send(f"/tasks/{task_id}/comments", {"text": "我看过"}).status_code == 403


def test_claiming_a_list_of_tasks_of_others_claims_nothing(site: Site) -> None:
    """Given ids of a task that is not for the person, the list claim says they are gone and nothing is claimed."""
    task_id = site.start()
    page = site.as_("callback1").send("/inbox/claim", {"task": task_id}, follow_redirects=True).get_data(as_text=True)

    assert "1 个任务已被他人认领或已结束" in page
    assert site.task("登记需求").assignee is None


def test_the_case_stays_visible_to_those_who_worked_on_it(site: Site, ids: dict[str, str]) -> None:
    """Given the hotline engineer's part is over, they still see the case; a colleague who never touched it does not."""
    assert site.as_("hotline1").get(f"/cases/{ids['instance_id']}").status_code == 200
    assert site.as_("hotline2").get(f"/cases/{ids['instance_id']}").status_code == 404
    assert site.as_("engineer2").get(f"/cases/{ids['instance_id']}").status_code == 200  # the task's group
    assert "上门服务" in site.as_("hotline1").text("/cases")
    assert "没有符合条件的案例" in site.as_("hotline2").text("/cases")


def test_a_process_may_be_started_only_by_its_groups(site: Site) -> None:
    """Given a process for the hotline, others neither see its start form nor may start it."""
    assert "上门服务" in site.as_("hotline1").text("/start")
    assert "没有您可以发起的流程" in site.as_("engineer1").text("/start")
    assert site.as_("engineer1").send_json("/start/site_visit", {"customer_name": "x"}).status_code == 404
    assert site.as_("hotline1").get("/start/part_request").status_code == 404  # called only, never started
