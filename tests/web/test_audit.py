"""Finding cases: by what they are about and by what happened in them; why each was found; who may, and the record of it."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from engine.runtime import assignment, deployments, instances, operations, user_tasks
from engine.runtime.operations import Instruction, Modify
from engine.storage.tables import HistoryReading, ProcessInstance, UserTask
from handlers.customers.tables import Customer, Device
from tests.engine.diagram import bpmn
from tests.web.conftest import Site
from tests.web.test_cases import visited
from tests.web.test_exports import ORDER, ordered

_ROW = re.compile(r'data-row>.*?href="/cases/(\w+)/replay"', re.DOTALL)


def found(site: Site, query: str, who: str = "auditor") -> list[str]:
    """Ids of the cases on the page of a search, in its order."""
    return _ROW.findall(site.as_(who).text(f"/audit?{query}"))


def chips(site: Site, query: str) -> list[tuple[str, str]]:
    """Address and words of each reason on the page of a search."""
    page = site.as_("auditor").text(f"/audit?{query}")
    links = re.findall(r'<a class="tag audit-chip[^"]*" href="([^"]*)">([^<]*)</a>', page)
    plain = re.findall(r'<span class="tag tone-\w+">([^<]*)</span>', page)
    return [(unescape(href), unescape(words)) for href, words in links] + [("", unescape(words)) for words in plain]


def test_cases_are_found_by_what_they_are_about(site_on_each: Site) -> None:
    """Given a case about a customer's device and another one, each of customer, device, number, process and version finds what it should."""
    site = site_on_each
    case = ordered(site)
    site.start()
    with site.engine.database.session() as session:
        device, customer = session.execute(
            select(Device, Customer).join(Customer, Customer.id == Device.customer_id).order_by(Device.serial)
        ).first()  # type: ignore[misc]

    assert len(found(site, "")) == 2
    for query in (f"customer={customer.unit_name[:3]}", f"device={device.serial}", f"text={ORDER[3:]}", f"text={customer.unit_name}"):
        assert found(site, query) == [case], query
    assert ("", f"客户 {customer.unit_name}") in chips(site, f"customer={customer.unit_name}")
    assert any(device.serial in words for _, words in chips(site, f"device={device.serial}"))
    assert len(found(site, "process=site_visit")) == 2
    assert len(found(site, "process=site_visit&version=1")) == 2
    assert found(site, "process=site_visit&version=2") == []
    assert found(site, "customer=%25") == []


def test_a_called_process_finds_the_case_that_called_it(site: Site) -> None:
    """Given a case that called another process, that process finds it, and the reason leads to the call."""
    case = visited(site, part=True)
    visited(site, part=False)
    with site.engine.database.session() as session:
        child = session.scalars(select(ProcessInstance.id).where(ProcessInstance.parent_id == case)).one()

    assert found(site, "process=part_request") == [case]
    assert (f"/cases/{child}", "调用的流程") in chips(site, "process=part_request")


def test_cases_are_found_by_who_worked_on_them_and_when(site_on_each: Site) -> None:
    """Given one finished visit and one new case two days later, person, period and state tell them apart, all together."""
    site = site_on_each
    case = visited(site, part=False)
    first = site.clock.now().date()
    site.clock.advance(timedelta(days=2))
    site.start()

    assert found(site, "person=engineer1") == [case]
    assert found(site, "person=建国") == [case]
    assert ("", "赵建国 1 个任务") in chips(site, "person=建国")
    assert found(site, f"until={first}") == [case]
    assert case not in found(site, f"since={first + timedelta(days=1)}")
    assert found(site, "state=completed") == []
    site.as_("callback1").send(f"/tasks/{site.task('电话回访').id}/claim")
    site.as_("callback1").send_json(f"/tasks/{site.task('电话回访').id}/complete", {"satisfied": True})
    assert found(site, "state=completed") == [case]
    assert found(site, f"ended_since={first + timedelta(days=1)}&person=engineer1&process=site_visit") == [case]
    assert found(site, f"ended_until={first}") == []


def test_a_missed_deadline_is_found_while_open_and_afterwards(site_on_each: Site) -> None:
    """Given a task open past its deadline, then the timer beside a task, then a task done late, the case is found and the reason leads to the event."""
    site = site_on_each
    site.start()
    assert found(site, "late=1") == []
    site.clock.advance(timedelta(minutes=31))
    (case,) = found(site, "late=1")
    assert any("登记需求" in words and f"/cases/{case}/replay?event=" in href for href, words in chips(site, "late=1"))

    site.record()
    site.clock.advance(timedelta(hours=3))
    site.run()
    reasons = chips(site, "late=1")
    assert [words for _, words in reasons if "两小时未到" in words]
    assert [words for _, words in reasons if "登记需求" in words]
    event = next(href for href, words in reasons if "登记需求" in words)
    story = site.as_("auditor").get(f"/cases/{case}/replay.json").get_json()["events"]
    assert story[int(event.rpartition("=")[2]) - 1]["type"] == "UserTaskCompleted"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("sent_back", "退回重做 · 登记需求"),
        ("skipped", "跳过节点"),
        ("moved", "移动过节点"),
        ("edited", "手工改过资料"),
        ("handed_over", "转办或代办 · 登记需求"),
        ("incident", "出过异常 · 归档"),
        ("migrated", "迁移过版本"),
    ],
)
def test_each_deviation_is_found(site_on_each: Site, kind: str, words: str) -> None:
    """Given a case that deviates in one way and a straight one, the kind finds only the first and says where."""
    site = site_on_each
    visited(site, part=False)
    case = deviating(site, kind)

    assert found(site, f"deviations={kind}") == [case]
    assert any(told.startswith(words) and f"/cases/{case}/replay?event=" in href for href, told in chips(site, f"deviations={kind}"))


def deviating(site: Site, kind: str) -> str:
    """A case that deviates; returns its id."""
    engine = site.engine
    if kind == "incident":
        site.start()
        site.record(fault="打不开")
        task = site.task("上门检查")
        site.as_("engineer1").send(f"/tasks/{task.id}/claim")
        site.as_("engineer1").send(f"/tasks/{task.id}/clauses/T-2", {"done": "on"})
        site.as_("engineer1").send_json(f"/tasks/{task.id}/complete", {"findings": "x", "part_needed": False})
        for _ in range(5):
            site.run()
            site.clock.advance(timedelta(hours=1))
        return task.root_id
    site.start()
    if kind == "handed_over":
        task = site.task("登记需求")
        site.as_("hotline1").send(f"/tasks/{task.id}/claim")
        assignment.assign(engine, task.id, "hotline2", actor="owner", reason="休假")
        return task.root_id
    site.record()
    case = site.task("上门检查").root_id
    if kind in ("sent_back", "skipped", "moved"):
        instructions = {
            "sent_back": (Instruction("start_before", "record"), Instruction("cancel", "visit")),
            "skipped": (Instruction("start_before", "callback"), Instruction("cancel", "visit")),
            "moved": (Instruction("start_before", "callback"),),
        }[kind]
        operations.apply(engine, Modify(case, instructions), actor="owner", reason="改道")
    elif kind == "edited":
        instances.set_variables(engine, case, {"fault": "主板"}, actor="owner", reason="误填")
    else:
        migrated(site, case)
    return case


def migrated(site: Site, case: str) -> None:
    """The case goes on in a second version of its process."""
    folder = site.engine.settings.processes_dir / "site_visit"
    diagram = (folder / "site_visit.bpmn").read_bytes().replace("电话已解决".encode(), "电话里已解决".encode())
    (folder / "site_visit.bpmn").write_bytes(diagram)
    deployments.deploy_directory(site.engine, site.engine.settings.processes_dir)
    plan = operations.migration.generate(site.engine, "site_visit:1", "site_visit:2")
    operations.apply(site.engine, operations.migration.Migrate(case, plan), actor="owner", reason="新版")


def test_rounds_of_a_multi_instance_task_are_no_sending_back(site: Site) -> None:
    """Given a task done once for each of three items, nothing was sent back."""
    body = 'start a end <userTask id="a" name="逐项检查" times="3" sequential="true"/>'
    deployments.deploy(site.engine, {"p.bpmn": bpmn(body)}, name="p")
    instances.start(site.engine, "p")
    for _ in range(3):
        user_tasks.complete(site.engine, site.task("逐项检查").id, {}, "admin")

    assert found(site, "deviations=sent_back") == []


def test_cases_are_found_by_the_path_they_took(site_on_each: Site) -> None:
    """Given one visit with a part and one without, elements and flows taken or not taken tell them apart, and the reason counts."""
    site = site_on_each
    plain, with_part = visited(site, part=False), visited(site, part=True)

    assert found(site, "process=site_visit&through=callback") == [plain]
    assert found(site, "process=site_visit&through=f6") == [with_part]
    assert found(site, "process=site_visit&through=visit&through=f7") == [plain]
    assert found(site, "process=site_visit&through=visit&without=get_part") == [plain]
    assert set(found(site, "process=site_visit&through=visit")) == {plain, with_part}
    assert any(words == "要备件吗？ → 领用备件 (需要备件)" for _, words in chips(site, "process=site_visit&through=f6"))


def test_texts_are_found_in_remarks_and_on_demand_in_what_was_entered(site_on_each: Site) -> None:
    """Given a remark and a value, each is found and shown with its neighbourhood, the value only when asked for."""
    site = site_on_each
    case = visited(site, part=False)
    site.as_("callback1").send(f"/cases/{case}/comments", {"text": "客户要求下周一再来"})

    assert found(site, "text=下周一") == [case]
    assert ("", "备注：客户要求下周一再来") in chips(site, "text=下周一")
    assert found(site, "text=电源坏") == []
    assert found(site, "text=电源坏&in_values=1") == [case]
    assert any(words == "填写：电源坏" and "/replay?event=" in href for href, words in chips(site, "text=电源坏&in_values=1"))


def test_results_are_counted_sorted_and_paged(site: Site) -> None:
    """Given thirty cases, the page says so, shows twenty-five, then five; the orders turn them round; a page too far is the last."""
    for _ in range(30):
        instances.start(site.engine, "site_visit", {"customer_name": "x", "phone": "1"}, None, "hotline1")
        site.clock.advance(timedelta(minutes=1))

    assert "找到 30 个案例" in site.as_("owner").text("/audit")
    newest, rest = found(site, ""), found(site, "page=2")
    assert (len(newest), len(rest)) == (25, 5)
    assert found(site, "order=oldest") == [*reversed(rest), *reversed(newest)][:25]
    assert found(site, "order=longest") == found(site, "order=oldest")
    assert found(site, "page=99") == rest
    assert len(found(site, "order=ended")) == len(found(site, "order=events")) == 25


def test_only_those_from_whom_nothing_is_hidden_find_and_it_is_recorded(site: Site) -> None:
    """Given a search, readers get it and it is in the record with what they asked for; others get nothing, and owners no export."""
    case = visited(site, part=False)
    for who in ("auditor", "owner", "admin"):
        assert found(site, "person=engineer1", who) == [case]
    for who in ("hotline1", "engineer1", "stranger"):
        site.as_(who).text("/audit", status=404)
        assert 'href="/audit"' not in site.as_(who).text("/inbox")
    site.as_("owner").text("/audit/export?form=csv", status=404)

    with site.engine.database.session() as session:
        readings = session.scalars(select(HistoryReading).order_by(HistoryReading.read_at)).all()
    assert [(reading.user_id, reading.way, reading.cases, reading.selection) for reading in readings] == [
        (who, "search", 1, {"search": {"person": "engineer1"}}) for who in ("auditor", "owner", "admin")
    ]
    assert 'href="/audit?person=engineer1"' in site.as_("auditor").text("/exports/readings")


def test_what_was_found_is_exported_like_every_history(site: Site) -> None:
    """Given a search that finds one of two cases, its file has that case only, and the record says what was asked for."""
    case = visited(site, part=False)
    site.start()
    auditor = site.as_("auditor")

    assert '<input type="hidden" name="through" value="visit">' in auditor.text("/audit?process=site_visit&through=visit")
    lines = auditor.text("/audit/export?form=csv&process=site_visit&through=visit").splitlines()

    assert {line.split(",")[0] for line in lines[1:]} == {case}
    with site.engine.database.session() as session:
        taken = session.scalars(select(HistoryReading).where(HistoryReading.way == "csv")).one()
    assert taken.selection == {"search": {"process": "site_visit", "through": ["visit"]}, "pseudonymised": False}


def test_nonsense_in_an_address_is_not_asked_for(site: Site) -> None:
    """Given numbers, days and kinds that are none, the page shows all cases."""
    site.start()
    assert len(found(site, "version=x&since=gestern&deviations=none&order=up&page=-3&through=visit")) == 1
    with site.engine.database.session() as session:
        assert session.scalars(select(UserTask.state)).all() == ["open"]
