"""History over the REST interface: who did what, when, with which values."""

from datetime import timedelta
from typing import Any

import pytest

from engine.runtime import instances
from tests.rest.conftest import Program, program
from tests.web.conftest import Site


@pytest.fixture
def case(site_on_each: Site) -> str:
    """A case of the site visit, recorded after half an hour; the visit is open."""
    site = site_on_each
    task = site.start()
    site.clock.advance(timedelta(minutes=30))
    site.record()
    return task.rpartition("-")[0]


@pytest.fixture
def auditor(site_on_each: Site, case: str) -> Program:
    """A program of somebody who sees every case."""
    return program(site_on_each, "auditor")


def test_instances_running_and_ended(site_on_each: Site, auditor: Program, case: str) -> None:
    """Begin, end, who, where, why."""
    [found] = auditor.get("/history/process-instance", processInstanceId=case)
    assert (found["state"], found["startUserId"], found["startActivityId"]) == ("ACTIVE", "hotline1", "called")
    assert (found["processDefinitionKey"], found["processDefinitionVersion"], found["endTime"]) == ("site_visit", 1, None)
    site_on_each.clock.advance(timedelta(minutes=30))
    instances.cancel(site_on_each.engine, case, "admin", "重复登记")
    ended = auditor.get(f"/history/process-instance/{case}")
    assert (ended["state"], ended["deleteReason"], ended["durationInMillis"]) == ("EXTERNALLY_TERMINATED", "重复登记", 3_600_000)
    assert auditor.get("/history/process-instance/count", finished="true") == {"count": 1}
    assert auditor.get("/history/process-instance", unfinished="true") == []
    assert len(auditor.post("/history/process-instance", {"executedActivityIdIn": ["record"], "variables": _NAMED})) == 1
    assert auditor.get("/history/process-instance/nothing", status=404)["type"] == "InvalidRequestException"


_NAMED = [{"name": "customer_name", "operator": "like", "value": "华东%"}]


def test_runs_of_elements(auditor: Program, case: str) -> None:
    """Every element that was entered, with its times and its person."""
    runs = auditor.get("/history/activity-instance", processInstanceId=case, sortBy="startTime", sortOrder="asc")
    assert [(run["activityId"], run["activityType"]) for run in runs][:4] == [
        ("called", "startEvent"),
        ("record", "userTask"),
        ("needs_visit", "exclusiveGateway"),
        ("visit", "userTask"),
    ]
    record = runs[1]
    assert (record["assignee"], record["durationInMillis"], record["canceled"]) == ("hotline1", 1_800_000, False)
    assert record["taskId"] == record["id"]
    assert [run["activityId"] for run in auditor.get("/history/activity-instance", unfinished="true")] == ["visit"]
    assert auditor.get(f"/history/activity-instance/{record['id']}") == record


def test_tasks_open_and_done(auditor: Program, case: str) -> None:
    """With who had them and how they ended."""
    [done] = auditor.get("/history/task", finished="true")
    assert (done["taskDefinitionKey"], done["assignee"], done["deleteReason"], done["taskState"]) == (
        "record",
        "hotline1",
        "completed",
        "COMPLETED",
    )
    assert done["duration"] == 1_800_000
    [still] = auditor.post("/history/task", {"unfinished": True, "processInstanceId": case})
    assert (still["taskDefinitionKey"], still["endTime"], still["taskState"]) == ("visit", None, "CREATED")
    assert auditor.get("/history/task/count", taskAssignee="nobody") == {"count": 0}


def test_variables_and_every_change_of_them(site_on_each: Site, auditor: Program, case: str) -> None:
    """As they were last; and each change, in order, with what was there before by its revision."""
    instances.set_variables(site_on_each.engine, case, {"fault": "漏水"}, "admin", "客户更正")
    last = {row["name"]: row["value"] for row in auditor.get("/history/variable-instance", processInstanceId=case)}
    assert last["fault"] == "漏水"
    assert last["customer_name"] == "华东仪表厂"
    assert [row["value"] for row in auditor.get("/variable-instance", variableName="fault")] == ["漏水"]
    asked = {"processInstanceId": case, "variableUpdates": "true", "sortBy": "time", "sortOrder": "asc"}
    changes = [row for row in auditor.get("/history/detail", **asked) if row["variableName"] == "fault"]
    assert [(row["value"], row["initial"], row["revision"]) for row in changes] == [("不开机", True, 0), ("漏水", False, 1)]
    assert auditor.get(f"/history/detail/{changes[1]['id']}") == changes[1]
    [fault] = auditor.get("/variable-instance", variableName="fault")
    assert auditor.get(f"/variable-instance/{fault['id']}") == fault
    assert auditor.get(f"/history/variable-instance/{fault['id']}")["value"] == "漏水"
    for path in ("/variable-instance/x:y", "/history/variable-instance/x:y", "/history/detail/x-1-y"):
        assert auditor.get(path, status=404)["type"] == "InvalidRequestException"
    fields = {row["fieldId"]: row["fieldValue"] for row in auditor.get("/history/detail", processInstanceId=case, formFields="true")}
    assert fields["fault"] == "不开机"
    assert auditor.get("/history/detail/count", processInstanceId=case, variableNameLike="%fault%") == {"count": 2}


def test_what_people_did(site_on_each: Site, auditor: Program, case: str) -> None:
    """In Camunda's words, with the reason as annotation."""
    instances.suspend(site_on_each.engine, case, "admin", "等配件")
    instances.resume(site_on_each.engine, case, "admin", "到货")
    instances.set_variables(site_on_each.engine, case, {"fault": "漏水"}, "admin", "更正")
    entries = auditor.get("/history/user-operation", processInstanceId=case)
    assert [(row["operationType"], row["userId"]) for row in entries] == [
        ("Create", "hotline1"),
        ("Claim", "hotline1"),
        ("Complete", "hotline1"),
        ("Suspend", "admin"),
        ("Activate", "admin"),
        ("SetVariable", "admin"),
    ]
    change = entries[-1]
    assert (change["property"], change["orgValue"], change["newValue"], change["annotation"]) == ("fault", "不开机", "漏水", "更正")
    assert auditor.get("/history/user-operation/count", operationType="Claim", userId="hotline1") == {"count": 1}


def test_statistics_and_a_report_of_durations(site_on_each: Site, auditor: Program, case: str) -> None:
    """How often each element ran; how long cases took by month."""
    path = "/history/process-definition/site_visit:1/statistics"
    found = {row["id"]: row for row in auditor.get(path, finished="true", canceled="true")}
    assert (found["record"]["finished"], found["visit"]["instances"]) == (1, 1)
    instances.cancel(site_on_each.engine, case, "admin", "x")
    [month] = auditor.get("/history/process-instance/report", reportType="duration", periodUnit="month")
    assert (month["period"], month["periodUnit"], month["average"]) == (3, "MONTH", 1_800_000)


def test_a_person_sees_the_history_of_their_own_cases_only(site_on_each: Site, case: str) -> None:
    """A stranger finds nothing, not even by id."""
    stranger = program(site_on_each, "stranger")
    for path in ("process-instance", "activity-instance", "task", "variable-instance", "detail", "user-operation", "incident"):
        assert stranger.get(f"/history/{path}") == []
        assert stranger.get(f"/history/{path}/count") == {"count": 0}
    stranger.get(f"/history/process-instance/{case}", status=404)


def test_every_list_is_sorted_paged_and_counted_alike(auditor: Program) -> None:
    """Sorting needs both parts; POST has the same names; nothing is there beyond the end."""
    lists: dict[str, str] = {
        "/history/process-instance": "startTime",
        "/history/activity-instance": "endTime",
        "/history/task": "dueDate",
        "/history/variable-instance": "variableName",
        "/history/detail": "variableName",
        "/history/user-operation": "timestamp",
        "/history/incident": "createTime",
        "/incident": "incidentTimestamp",
        "/job": "jobDueDate",
        "/variable-instance": "variableName",
        "/event-subscription": "created",
        "/decision-definition": "key",
        "/execution": "instanceId",
    }
    for path, column in lists.items():
        everything: list[Any] = auditor.get(path, sortBy=column, sortOrder="asc")
        assert len(auditor.post(path, {"sorting": [{"sortBy": column, "sortOrder": "desc"}]})) == len(everything), path
        assert auditor.get(f"{path}/count") == {"count": len(everything)}, path
        assert auditor.get(path, firstResult=len(everything)) == [], path
        auditor.get(path, sortBy=column, status=400)
        auditor.get(path, sortBy="nothing", sortOrder="asc", status=400)
