"""The pages of operations on cases: choose, see what it would do in words, give a reason, confirm."""

import html
import re
from typing import Any

from sqlalchemy import select

from engine.runtime import deployments, executor
from engine.storage.tables import MigrationBatch, ProcessInstance, UserTask
from tests.web.conftest import PROCEDURES, Client, Site
from tests.web.test_cases import root_of, visited


def confirm(client: Client, page: str, path: str, reason: str = "照片不清楚") -> Any:
    """Confirm the preview of a page."""
    hidden = {name: html.unescape(value) for name, value in re.findall(r'name="(operation|revision)" value="([^"]*)"', page)}
    return client.send(path, hidden | {"reason": reason})


def test_a_task_is_sent_back_with_a_preview_in_words(site_on_each: Site) -> None:
    """Given a visit claimed by an engineer, when the owner moves the case back, then the preview names what closes, what opens and whom it affects."""
    site = site_on_each
    site.start()
    site.record()
    task = site.task("上门检查")
    site.as_("engineer1").send(f"/tasks/{task.id}/claim")
    path = f"/cases/{task.root_id}/operations/modify"
    owner = site.as_("owner")
    assert "上门检查" in owner.text(path)

    page = owner.send(f"{path}/plan", {"cancel": task.id, "element0": "record", "where0": "before"}).get_data(as_text=True)

    for words in ("任务“上门检查”", "赵建国 正在办理", "计时“两小时未到”", "任务“登记需求”", "可认领：热线工程师", "影响到：赵建国"):
        assert words in page, words
    assert site.task("上门检查").id == task.id  # nothing has happened yet
    assert confirm(owner, page, path).status_code == 302
    told = owner.text(f"/cases/{task.root_id}")
    for words in ("移动节点：上门检查 → 登记需求", "原因：照片不清楚", "沈怀瑾"):
        assert words in told, words
    assert site.task("登记需求").root_id == task.root_id


def test_what_cannot_be_done_is_said_where_it_was_asked(site: Site) -> None:
    """Given nothing or nonsense, the form stays filled in and says why; without a reason nothing is done."""
    site.start()
    case, owner = root_of(site, "登记需求"), site.as_("owner")
    path = f"/cases/{case}/operations/modify"

    empty = owner.send(f"{path}/plan", {})
    assert (empty.status_code, "没有要做的改动" in empty.get_data(as_text=True)) == (400, True)
    wrong = owner.send(f"{path}/plan", {"element0": "needs_part", "where0": "after"})
    assert wrong.status_code == 400
    assert "有 2 条出线" in wrong.get_data(as_text=True)
    page = owner.send(f"{path}/plan", {"element0": "visit"}).get_data(as_text=True)
    assert confirm(owner, page, path, reason=" ").status_code == 400
    assert owner.send(path, {"operation": "nonsense", "reason": "x"}).status_code == 400


def test_a_preview_that_is_out_of_date_is_shown_anew(site: Site) -> None:
    """Given a preview, when a colleague works on meanwhile, then confirming does nothing and says so."""
    site.start()
    case, owner = root_of(site, "登记需求"), site.as_("owner")
    page = owner.text(f"/cases/{case}/operations/cancel")
    site.record()

    answer = confirm(owner, page, f"/cases/{case}/operations/cancel")

    assert answer.status_code == 409
    assert "在您预览之后有了变动" in answer.get_data(as_text=True)
    assert "任务“上门检查”" in answer.get_data(as_text=True)
    assert site.task("上门检查").state == "open"


def test_suspending_cancelling_and_beginning_again(site_on_each: Site) -> None:
    """Each shows what it does first; a cancelled case begins again as a new one that is linked both ways."""
    site = site_on_each
    site.start()
    case, owner = root_of(site, "登记需求"), site.as_("owner")
    for kind, words in (("suspend", "暂停"), ("resume", "继续"), ("cancel", "案例随之结束")):
        page = owner.text(f"/cases/{case}/operations/{kind}")
        assert words in page
        assert confirm(owner, page, f"/cases/{case}/operations/{kind}", kind).status_code == 302
        assert f"原因：{kind}" in owner.text(f"/cases/{case}")
    assert owner.get(f"/cases/{case}/operations").location.endswith("/restart")

    path = f"/cases/{case}/operations/restart"
    page = owner.send(f"{path}/plan", {"variables": "last", "element0": "visit"}).get_data(as_text=True)
    assert "任务“上门检查”" in page
    new = confirm(owner, page, path).location.rpartition("/")[2]
    assert new != case
    assert f'href="/cases/{case}"' in owner.text(f"/cases/{new}")
    assert f'href="/cases/{new}"' in owner.text(f"/cases/{case}")
    assert site.task("上门检查").instance_id == new


def test_data_are_corrected_with_before_and_after(site: Site) -> None:
    """JSON is JSON, everything else is text; a change of type is pointed out, a removed variable named."""
    site.start()
    case, owner = root_of(site, "登记需求"), site.as_("owner")
    path = f"/cases/{case}/operations/variables"
    asked = {"name0": "customer_name", "value0": "12", "name1": "phone", "remove1": "1", "name2": "note", "value2": "急"}

    page = html.unescape(owner.send(f"{path}/plan", asked).get_data(as_text=True))

    for words in ('"华东仪表厂" → 12（类型改变）', '删除，原为 "13800001111"', '新增："急"'):
        assert words in page, words
    assert confirm(owner, owner.send(f"{path}/plan", asked).get_data(as_text=True), path).status_code == 302
    assert "customer_name" in owner.text(f"/cases/{case}?everything=1")


def test_called_processes_have_operations_of_their_own(site: Site) -> None:
    """A called process is cancelled with the activity that called it; it is suspended only with its case."""
    visited(site, part=True)
    owner = site.as_("owner")
    with site.engine.database.session() as session:
        child = session.scalars(select(ProcessInstance).where(ProcessInstance.parent_id.is_not(None))).one()
    page = owner.text(f"/cases/{child.id}/operations/modify")
    assert "/operations/suspend" not in page
    assert "子流程“备件领用”" in owner.text(f"/cases/{child.id}/operations/cancel")


def test_only_owners_and_administrators_operate(site: Site) -> None:
    """Others who see the case are refused, those who do not see it find nothing; unknown operations are not found."""
    site.start()
    case = root_of(site, "登记需求")
    for user, status in (("hotline1", 403), ("auditor", 403), ("stranger", 404)):
        client = site.as_(user)
        for kind in ("modify", "cancel", "variables"):
            assert client.get(f"/cases/{case}/operations/{kind}").status_code == 404, (user, kind)
            assert client.send(f"/cases/{case}/operations/{kind}", {"reason": "x"}).status_code == status, (user, kind)
        assert client.get("/migrations").status_code == 404
    assert site.as_("owner").get(f"/cases/{case}/operations/destroy").status_code == 404
    assert f"/cases/{case}/operations" not in site.as_("hotline1").text(f"/cases/{case}")


def _second_version(site: Site) -> None:
    """Deploy the procedure with 上门检查 under another id and name."""
    folder = PROCEDURES / "site_visit"
    files = {f"site_visit/{path.name}": path.read_bytes() for path in folder.iterdir() if path.is_file()}
    name = "site_visit/site_visit.bpmn"
    files[name] = re.sub(rb'"visit"', b'"inspect"', files[name]).replace("上门检查".encode(), "上门诊断".encode())
    files[name] = files[name].replace(b"<bpmn:flowNodeRef>visit<", b"<bpmn:flowNodeRef>inspect<")
    deployments.deploy(site.engine, files, name="second")


def test_many_cases_are_migrated_with_a_mapping(site_on_each: Site) -> None:
    """Given a renamed task, the page says which cases cannot go; mapped by hand they can, in the background, and the batch says what became of each."""
    site = site_on_each
    for _ in range(2):
        site.start()
        site.record()
    site.start()
    _second_version(site)
    owner = site.as_("owner")
    assert "版本 1（3 个进行中）" in owner.text("/migrations?process=site_visit")
    address = "/migrations/new?source=site_visit:1&target=site_visit:2"

    page = owner.text(address)
    assert page.count("新版本没有与它对应的节点") == 2
    assert page.count('name="case"') == 3
    form = {"source": "site_visit:1", "target": "site_visit:2", "to:visit": "inspect"}
    looked = owner.send("/migrations/new", form).get_data(as_text=True)
    assert "新版本没有与它对应的节点" not in looked
    cases = re.findall(r'name="case" value="([^"]+)"', looked)
    assert owner.send("/migrations", form | {"case": cases, "reason": " "}).status_code == 400
    batch = owner.send("/migrations", form | {"case": cases, "reason": "新规定"}).location
    assert "0 / 3" in owner.text(batch)
    executor.run_until_idle(site.engine)

    assert "3 / 3" in owner.text(f"{batch}/progress")
    task = site.task("上门诊断")
    assert task.process_definition_id == "site_visit:2"
    told = owner.text(f"/cases/{task.root_id}")
    assert "从版本 1 迁移到版本 2" in told
    assert "“上门检查”等待办理" in told  # the past keeps the words of its version
    assert "3 / 3 已迁移" in owner.text("/migrations")


def test_a_migration_is_stopped(site: Site) -> None:
    """What waits stays in its version."""
    site.start()
    _second_version(site)
    owner = site.as_("owner")
    with site.engine.database.session() as session:
        case = session.scalars(select(UserTask.instance_id)).one()
    form = {"source": "site_visit:1", "target": "site_visit:2", "case": case, "reason": "新规定"}
    batch = owner.send("/migrations", form).location
    assert owner.send(f"{batch}/cancel").status_code == 302
    assert owner.send(f"{batch}/cancel").status_code == 409
    site.run()
    assert "已停止" in owner.text(batch)
    assert site.task("登记需求").process_definition_id == "site_visit:1"
    with site.engine.database.session() as session:
        assert session.scalars(select(MigrationBatch)).one().cancelled_at is not None
    assert owner.get("/migrations/nothing").status_code == 404
    assert owner.get("/migrations/new?source=site_visit:1&target=site_visit:1").status_code == 400
