"""Histories as files: XES, OCEL 2.0, CSV and JSON lines; who may have them, and the record of it."""

import csv
import json
from collections import Counter
from datetime import datetime, timedelta
from io import StringIO
from itertools import pairwise
from typing import Any

import pytest
from lxml import etree
from sqlalchemy import func, select, update

from engine.history.export import reading
from engine.history.export.transitions import LIFECYCLE
from engine.runtime import assignment, instances, operations
from engine.runtime.operations import Instruction, Modify
from engine.storage.database import count_statements
from engine.storage.tables import ElementInstance, Event, HistoryReading, ProcessInstance, User, UserTask
from handlers.customers.tables import Device
from handlers.demo.master_data import load
from handlers.orders.tables import Matter, ServiceOrder
from handlers.parts.tables import Loan, Part
from tests.web.conftest import Site
from tests.web.test_cases import visited

#: Every lifecycle transition of IEEE 1849-2016, clause on the lifecycle extension.
STANDARD = {
    "assign", "ate_abort", "autoskip", "complete", "manualskip", "pi_abort", "reassign", "resume", "schedule", "start", "suspend",
    "unknown", "withdraw",
}  # fmt: skip
ORDER = "SO-4711"


def taken(site: Site, address: str, who: str = "auditor") -> str:
    """A download."""
    answer = site.as_(who).get(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)[:400]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return answer.get_data().decode()


def count(site: Site, *conditions: Any) -> int:
    """Rows of the database."""
    with site.engine.database.session() as session:
        return session.scalar(select(func.count()).where(*conditions)) or 0


def traces(site: Site, address: str) -> list[list[dict[str, str]]]:
    """The events of an XES log by trace, each with its attributes."""
    log = etree.fromstring(taken(site, address).encode())
    name = "{http://www.xes-standard.org/}"
    return [
        [{item.attrib["key"]: item.attrib["value"] for item in event} for event in trace.iter(f"{name}event")]
        for trace in log.iter(f"{name}trace")
    ]


def ordered(site: Site) -> str:
    """A case about the device of a customer, for which a part was taken along; returns its id."""
    engine, now = site.engine, site.clock.now()
    load(engine)
    with engine.database.transaction() as session:
        device = session.scalars(select(Device).order_by(Device.serial).limit(1)).one()
        session.add(Matter(id="M-1", customer_id=device.customer_id, opened_at=now, contact_count=1))
        session.flush()
        session.add(
            ServiceOrder(
                id=ORDER, matter_id="M-1", customer_id=device.customer_id, request_key="r", kind="general_fault", channel="phone",
                first_request_at=now, received_at=now, device_serial=device.serial, urgency="normal", confirmed_with_customer=True,
                late_answer=False, status="open", version=1,
            )
        )  # fmt: skip
        session.flush()
        part = session.scalars(select(Part.no).order_by(Part.no).limit(1)).one()
        session.add(
            Loan(
                id="L-1", request_key="l", card_no="C-1", order_id=ORDER, engineer_id="engineer1", trip_id="T-1", part_no=part,
                barcode=part, qty=1, issued_at=now, due_at=now,
            )
        )  # fmt: skip
    case = instances.start(engine, "site_visit", {"customer_name": "华东仪表厂", "phone": "13800001111"}, ORDER, "hotline1")
    site.run()
    site.record()
    return case


def test_xes_tells_every_run_with_the_lifecycle_of_the_standard(site_on_each: Site) -> None:
    """Given a finished visit, its trace has one completion per completed run, in order, and a claimed task is scheduled, started, completed by its person."""
    site = site_on_each
    case = visited(site, part=True)

    (events,) = traces(site, f"/exports/cases/{case}?form=xes")

    assert set(LIFECYCLE) <= STANDARD
    assert {event["lifecycle:transition"] for event in events} <= set(LIFECYCLE)
    done = count(site, ElementInstance.state == "completed")
    assert Counter(event["lifecycle:transition"] for event in events)["complete"] == done
    instants = [datetime.fromisoformat(event["time:timestamp"]) for event in events]
    assert all(before <= after for before, after in pairwise(instants))
    visit = [(event["lifecycle:transition"], event.get("org:resource")) for event in events if event["bpm:id"] == "visit"]
    assert visit == [("schedule", None), ("start", "engineer1"), ("complete", "engineer1")]
    assert {event["concept:name"] for event in events if event["bpm:id"] == "visit"} == {"上门检查"}
    assert {event["org:group"] for event in events if event["bpm:id"] == "visit" and "org:group" in event} == {"onsite"}
    assert [event["lifecycle:transition"] for event in events if event["bpm:id"] == "issue"] == ["schedule"], (
        "the called process belongs to it"
    )


def test_xes_has_its_head_in_the_order_of_the_standard(site: Site) -> None:
    """Given a log, extensions, globals, classifiers, attributes and traces come in the order of the schema, and each prefix is declared."""
    visited(site, part=False)

    log = etree.fromstring(taken(site, "/exports/cases?form=xes").encode())

    kinds = [etree.QName(child).localname for child in log]
    order = ("extension", "global", "classifier", "string", "trace")
    assert kinds == sorted(kinds, key=order.index)
    assert log.attrib["xes.version"] == "1849-2016"
    assert {"xes.features"} <= set(log.attrib)
    prefixes = {child.attrib["prefix"] for child in log if etree.QName(child).localname == "extension"}
    used = {item.attrib["key"].partition(":")[0] for item in log.iter() if "key" in item.attrib}
    assert used <= prefixes
    for item in log.iter("{*}date", "{*}int", "{*}boolean", "{*}string"):
        assert set(item.attrib) == {"key", "value"}


def test_cases_about_one_order_are_traces_of_their_own(site: Site) -> None:
    """Given two cases with one business key, their traces have different names, by which readers tell them apart, and the key as an attribute."""
    for _ in range(2):
        instances.start(site.engine, "site_visit", {"customer_name": "华东仪表厂"}, ORDER, "hotline1")

    log = etree.fromstring(taken(site, "/exports/cases?form=xes").encode())

    found = [{item.attrib["key"]: item.attrib.get("value") for item in trace if "value" in item.attrib} for trace in log.iter("{*}trace")]
    assert len({trace["concept:name"] for trace in found}) == 2
    assert {trace["bpm:businessKey"] for trace in found} == {ORDER}


def test_what_cut_an_activity_short_is_told_apart(site: Site) -> None:
    """Given tasks handed over, suspended, skipped by hand and cancelled with their case, each has the transition of the standard for it."""
    site.start()
    task = site.task("登记需求")
    site.as_("hotline1").send(f"/tasks/{task.id}/claim")
    assignment.assign(site.engine, task.id, "hotline2", "owner", "请假")
    instances.suspend(site.engine, task.root_id, "owner", "等客户")
    instances.resume(site.engine, task.root_id, "owner", "客户回电")
    site.clock.advance(timedelta(minutes=1))
    move = Modify(task.root_id, (Instruction("start_before", element_id="visit"), Instruction("cancel", element_id="record")))
    operations.apply(site.engine, move, actor="owner", reason="误登记")
    site.clock.advance(timedelta(minutes=1))
    instances.cancel(site.engine, task.root_id, "owner", "重复")

    (events,) = traces(site, f"/exports/cases/{task.root_id}?form=xes")

    told = {name: [event["lifecycle:transition"] for event in events if event["bpm:id"] == name] for name in ("record", "visit")}
    assert told["record"] == ["schedule", "start", "reassign", "suspend", "resume", "manualskip"]
    assert told["visit"] == ["schedule", "pi_abort"]
    assert [event.get("bpm:reason") for event in events if event["lifecycle:transition"] == "reassign"] == ["请假"]


def test_csv_has_one_row_per_run(site_on_each: Site) -> None:
    """Given a finished visit, the table has as many rows as the database has runs, begins with a byte order mark, and has start, end and person."""
    site = site_on_each
    case = visited(site, part=True)

    text = taken(site, "/exports/cases?form=csv")

    assert text.startswith("\ufeffcase_id,activity,start,end,resource,")
    rows = list(csv.DictReader(StringIO(text.removeprefix("\ufeff"))))
    assert len(rows) == count(site, ElementInstance.id.is_not(None))
    assert {row["case_id"] for row in rows} == {case}
    visit = next(row for row in rows if row["element"] == "visit")
    assert (visit["activity"], visit["resource"], visit["state"], visit["round"]) == ("上门检查", "engineer1", "completed", "1")
    assert datetime.fromisoformat(visit["start"]) <= datetime.fromisoformat(visit["end"])


def test_csv_holds_no_formula(site: Site) -> None:
    """Given a business key that a spreadsheet would calculate, it stays a text."""
    case = visited(site, part=False)
    with site.engine.database.transaction() as session:
        session.execute(update(ProcessInstance).where(ProcessInstance.id == case).values(business_key="=cmd|' /C calc'!A0"))

    rows = list(csv.DictReader(StringIO(taken(site, f"/exports/cases/{case}?form=csv").removeprefix("\ufeff"))))

    assert {row["business_key"] for row in rows} == {"'=cmd|' /C calc'!A0"}


def test_json_lines_have_every_event(site_on_each: Site) -> None:
    """Given a finished visit, there is a line for each event of the case, in each instance without a gap, with its data."""
    site = site_on_each
    visited(site, part=True)

    lines = [json.loads(line) for line in taken(site, "/exports/cases?form=jsonl").splitlines()]

    assert len(lines) == count(site, Event.sequence > 0)
    for instance in {line["instance"] for line in lines}:
        numbers = [line["sequence"] for line in lines if line["instance"] == instance]
        assert numbers == list(range(1, len(numbers) + 1))
    done = next(line for line in lines if line["type"] == "UserTaskCompleted" and line["element"] == "visit")
    assert done["actor"] == "engineer1"
    assert done["data"]["values"]["findings"] == "电源坏"


def test_ocel_is_consistent_and_has_the_objects_of_the_business(site_on_each: Site) -> None:
    """Given a case about a customer's device, all types, attributes and relations are declared, and orders, devices, customers and parts are objects."""
    site = site_on_each
    case = ordered(site)

    log = json.loads(taken(site, f"/exports/cases/{case}?form=ocel"))

    check_ocel(log)
    kinds = Counter(item["type"] for item in log["objects"])
    assert kinds["case"] == 1
    assert kinds["work_item"] == count(site, UserTask.root_id == case)
    assert {"order", "customer", "device", "part", "person", "group", "definition_version"} <= set(kinds)
    order = next(item for item in log["objects"] if item["id"] == f"order:{ORDER}")
    assert sorted(found["qualifier"] for found in order["relationships"]) == ["about", "for", "uses"]
    done = next(event for event in log["events"] if event["type"] == "登记需求")
    assert {(found["objectId"].partition(":")[0], found["qualifier"]) for found in done["relationships"]} >= {
        ("case", "in case"), ("person", "done by"), ("work_item", "about"), ("order", "about"), ("customer", "about"), ("device", "about"),
        ("part", "uses"),
    }  # fmt: skip
    finished = [event for event in log["events"] if {"name": "lifecycle", "value": "complete"} in event["attributes"]]
    assert len(finished) == count(site, ElementInstance.state == "completed")
    values = next(item for item in log["objects"] if item["type"] == "case")["attributes"]
    assert [item["value"] for item in values if item["name"] == "variable fault"] == ["不开机"]


def check_ocel(log: dict[str, Any]) -> None:
    """What OCEL 2.0 demands of a JSON log."""
    assert set(log) == {"events", "objects", "eventTypes", "objectTypes"}
    objects = [item["id"] for item in log["objects"]]
    assert len(objects) == len(set(objects))
    assert len(log["events"]) == len({event["id"] for event in log["events"]})
    for items, types in (("events", "eventTypes"), ("objects", "objectTypes")):
        declared = {kind["name"]: {attribute["name"]: attribute["type"] for attribute in kind["attributes"]} for kind in log[types]}
        assert set(declared) == {item["type"] for item in log[items]}
        assert {name for kinds in declared.values() for name in kinds.values()} <= {"string", "time", "integer", "float", "boolean"}
        for item in log[items]:
            assert {attribute["name"] for attribute in item["attributes"]} <= set(declared[item["type"]])
            assert {found["objectId"] for found in item["relationships"]} <= set(objects)
    for instant in [
        *(event["time"] for event in log["events"]),
        *(value["time"] for item in log["objects"] for value in item["attributes"]),
    ]:
        assert datetime.fromisoformat(instant).tzinfo is not None


@pytest.mark.parametrize("form", ["xes", "ocel", "csv", "jsonl"])
def test_pseudonyms_hide_who_and_whom(site: Site, form: str) -> None:
    """Given a case about a customer, no name, id, order, device or free text of it is left, and one person has one pseudonym."""
    case = ordered(site)
    with site.engine.database.session() as session:
        order = session.get(ServiceOrder, ORDER)
        assert order is not None
        hidden = {ORDER, order.customer_id, str(order.device_serial), "华东仪表厂", "13800001111", "不开机"}
        hidden |= {name for row in session.execute(select(User.id, User.name)) for name in row}

    text = taken(site, f"/exports/cases/{case}?form={form}&pseudonymise=1")

    assert "登记需求" in text or form == "jsonl"
    assert not {
        word for word in hidden if f'"{word}"' in text or f",{word}," in text or f":{word}" in text or (len(word) > 3 and word in text)
    }
    people = {found for found in text.replace('"', " ").replace(",", " ").replace(":", " ").split() if found.startswith("person-")}
    assert len(people) == 1


def test_pseudonyms_differ_between_exports(site: Site) -> None:
    """Given two exports of a case, nobody can join them by pseudonyms."""
    case = ordered(site)
    address = f"/exports/cases/{case}?form=csv&pseudonymise=1"

    first, second = ({word for word in taken(site, address).split(",") if word.startswith("person-")} for _ in range(2))

    assert first
    assert not first & second


@pytest.mark.parametrize("form", ["xes", "ocel", "csv", "jsonl"])
def test_an_export_reads_many_cases_at_a_time_and_few_rows(site_on_each: Site, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given more cases than are read at a time, all are there, what is asked grows with the pieces and not with the cases, and it comes in parts."""
    site, cases = site_on_each, 12
    for _ in range(cases):
        site.start()
    monkeypatch.setattr(reading, "CASES_AT_A_TIME", 4)
    monkeypatch.setattr(reading, "ROWS_AT_A_TIME", 10)
    with count_statements(site.engine.database) as asked:
        text = taken(site, f"/exports/cases?form={form}")

    with site.engine.database.session() as session:
        assert all(case in text for case in session.scalars(select(ProcessInstance.id)))
    assert len(asked.statements) < 60
    answer = site.as_("auditor").get(f"/exports/cases?form={form}", buffered=False)
    assert answer.is_streamed


def test_the_list_is_exported_as_filtered(site: Site) -> None:
    """Given the filter of the list of cases, only what it finds is exported."""
    site.start()
    site.start()
    one = site.task("登记需求").root_id
    instances.cancel(site.engine, one, "owner", "重复")

    assert len(traces(site, "/exports/cases?form=xes&state=cancelled")) == 1
    assert len(traces(site, "/exports/cases?form=xes&process=site_visit")) == 2
    assert traces(site, "/exports/cases?form=xes&since=2030-01-01") == []


def test_only_auditors_export(site: Site) -> None:
    """Given somebody who sees the case but is no auditor, the export is not there, and neither is its button."""
    case = visited(site, part=False)
    for who in ("hotline1", "owner"):
        for path in (f"/exports/cases/{case}?form=csv", "/exports/cases?form=csv", "/exports/readings"):
            site.as_(who).text(path, status=404)
        assert "/exports/" not in site.as_(who).text(f"/cases/{case}")
    assert f'action="/exports/cases/{case}"' in site.as_("auditor").text(f"/cases/{case}")
    assert 'action="/exports/cases"' in site.as_("auditor").text("/cases?state=active")
    site.as_("auditor").text(f"/exports/cases/{case}?form=pdf", status=404)


def test_who_reads_history_is_recorded(site_on_each: Site) -> None:
    """Given a case that was played and exported, the record says who, what and when, and auditors read it."""
    site = site_on_each
    case = visited(site, part=False)
    for part in ("replay.json", "replay/verdict"):
        site.as_("owner").text(f"/cases/{case}/{part}")
    taken(site, f"/exports/cases/{case}?form=xes&pseudonymise=1")
    taken(site, "/exports/cases?form=csv&q=仪表")

    with site.engine.database.session() as session:
        found = session.scalars(select(HistoryReading).order_by(HistoryReading.id)).all()
    assert [(line.user_id, line.way, line.root_id) for line in found] == [
        ("owner", "replay", case), ("owner", "verification", case), ("auditor", "xes", case), ("auditor", "csv", None),
    ]  # fmt: skip
    assert found[2].selection == {"pseudonymised": True}
    assert found[3].selection == {"pseudonymised": False, "text": "仪表"}
    assert found[0].read_at == site.clock.now()
    page = site.as_("auditor").text("/exports/readings")
    for words in ("沈怀瑾", "方静仪", "回放", "XES", "已隐去", "仪表"):
        assert words in page, words
    assert "沈怀瑾" not in site.as_("auditor").text("/exports/readings?who=auditor")
