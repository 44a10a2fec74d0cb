"""External tasks: programs outside fetch service tasks, work, and report."""

import threading
from datetime import timedelta
from typing import Any

import pytest

from engine.errors import DeploymentRefused
from engine.runtime import deployments, incidents, instances
from engine.runtime.executor import run_until_idle
from engine.storage.tables import Incident, ProcessInstance, UserTask
from tests.engine.diagram import bpmn
from tests.rest.conftest import Program, basic, program
from tests.web.conftest import Site

_SMS = """start send check end
  caught lost end_lost
  <serviceTask id="send" name="发短信" camunda:type="external" camunda:topic="sms" camunda:taskPriority="=level">
   <extensionElements><camunda:properties><camunda:property name="channel" value="mobile"/></camunda:properties></extensionElements></serviceTask>
  <boundaryEvent id="caught" on="send" error="NO_NUMBER"/>
  <userTask id="check" camunda:candidateGroups="hotline"/><userTask id="lost" camunda:candidateGroups="hotline"/>"""
_FETCH = {"workerId": "w1", "maxTasks": 10, "topics": [{"topicName": "sms", "lockDuration": 60_000}]}


def _deploy(site: Site, body: str = _SMS, key: str = "p") -> None:
    files = {f"{key}.bpmn": bpmn(body, key)}
    deployments.deploy(site.engine, files, name=key, external_workers=True)


def _start(site: Site, **variables: Any) -> str:
    return instances.start(site.engine, "p", {"level": 0, **variables}, business_key="GD-1", actor="hotline1")


def _open(site: Site) -> list[str]:
    with site.engine.database.session() as session:
        return sorted(task.element_id for task in session.query(UserTask).filter_by(state="open"))


@pytest.fixture
def worker(site_on_each: Site) -> Program:
    """An administrator's program; the small diagram is deployed."""
    _deploy(site_on_each)
    return program(site_on_each, "admin")


def test_a_worker_fetches_completes_and_the_case_goes_on(site_on_each: Site, worker: Program) -> None:
    """The locked task says all that a client reads; completing it writes its variables and moves the case."""
    case = _start(site_on_each, phone="13800000000", note=None)
    [task] = worker.post("/external-task/fetchAndLock", _FETCH)
    assert task["activityId"] == "send"
    assert task["topicName"] == "sms"
    assert task["processInstanceId"] == task["executionId"] == case
    assert task["processDefinitionKey"] == "p"
    assert task["businessKey"] == "GD-1"
    assert task["workerId"] == "w1"
    assert task["retries"] is None
    assert task["errorMessage"] is task["errorDetails"] is task["tenantId"] is None
    assert task["variables"]["phone"] == {"type": "String", "value": "13800000000", "valueInfo": {}}
    assert task["variables"]["note"]["type"] == "Null"
    assert task["extensionProperties"] == {}
    answer = worker.call("POST", f"/external-task/{task['id']}/complete", {"workerId": "w1", "variables": {"sent": {"value": True}}})
    assert (answer.status_code, answer.data) == (204, b"")
    assert instances.variables(site_on_each.engine, case)["sent"] is True
    assert _open(site_on_each) == ["check"]
    assert worker.post("/external-task/fetchAndLock", _FETCH) == []


def test_a_locked_task_is_given_to_nobody_else_until_the_lock_ends(site_on_each: Site, worker: Program) -> None:
    """After the lock's end another worker gets it, and the first is refused in Camunda's words."""
    _start(site_on_each)
    [task] = worker.post("/external-task/fetchAndLock", _FETCH)
    other = {**_FETCH, "workerId": "w2"}
    assert worker.post("/external-task/fetchAndLock", other) == []
    site_on_each.clock.advance(timedelta(seconds=61))
    [again] = worker.post("/external-task/fetchAndLock", other)
    assert again["id"] == task["id"]
    refused = worker.post(f"/external-task/{task['id']}/complete", {"workerId": "w1"}, status=400)
    assert refused["type"] == "RestException"
    assert "“w2”" in refused["message"]
    worker.post(f"/external-task/{task['id']}/complete", {"workerId": "w2"}, status=204)
    gone = worker.post(f"/external-task/{task['id']}/complete", {"workerId": "w2"}, status=404)
    assert task["id"] in gone["message"]


def test_a_failure_with_attempts_left_waits_and_one_without_opens_an_incident(site_on_each: Site, worker: Program) -> None:
    """The incident stays until the work is done, also when somebody gives the task new attempts."""
    case = _start(site_on_each)
    [task] = worker.post("/external-task/fetchAndLock", _FETCH)
    path = f"/external-task/{task['id']}"
    failed = {"workerId": "w1", "errorMessage": "timeout", "errorDetails": "line 1\nline 2", "retries": 1, "retryTimeout": 30_000}
    worker.post(f"{path}/failure", failed, status=204)
    assert worker.post("/external-task/fetchAndLock", _FETCH) == []
    site_on_each.clock.advance(timedelta(seconds=30))
    [again] = worker.post("/external-task/fetchAndLock", _FETCH)
    assert (again["retries"], again["errorMessage"], again["errorDetails"]) == (1, "timeout", "line 1\nline 2")
    worker.post(f"{path}/failure", {**failed, "retries": 0}, status=204)
    assert worker.post("/external-task/fetchAndLock", _FETCH) == []
    assert worker.call("GET", f"{path}/errorDetails").get_data(as_text=True) == "line 1\nline 2"
    with site_on_each.engine.database.session() as session:
        incident = session.query(Incident).filter_by(instance_id=case).one()
    assert (incident.state, incident.message) == ("open", "timeout")
    worker.put(f"{path}/retries", {"retries": 2})
    worker.post("/external-task/fetchAndLock", _FETCH)
    worker.post(f"{path}/complete", {"workerId": "w1"}, status=204)
    with site_on_each.engine.database.session() as session:
        assert session.get_one(Incident, incident.id).state == "resolved"


def test_an_incident_of_a_worker_is_retried_from_the_operators_page_too(site: Site) -> None:
    """“Try again” makes the task available; nothing turns green before it is done."""
    _deploy(site)
    worker = program(site, "admin")
    _start(site)
    [task] = worker.post("/external-task/fetchAndLock", _FETCH)
    worker.post(f"/external-task/{task['id']}/failure", {"workerId": "w1", "retries": 0}, status=204)
    with site.engine.database.session() as session:
        incident = session.query(Incident).one()
    incidents.resolve(site.engine, incident.id, "admin")
    [again] = worker.post("/external-task/fetchAndLock", _FETCH)
    assert again["id"] == task["id"]


def test_negative_retries_and_missing_workers_are_refused(worker: Program, site_on_each: Site) -> None:
    """What cannot be meant is said, and nothing happens."""
    _start(site_on_each)
    [task] = worker.post("/external-task/fetchAndLock", _FETCH)
    path = f"/external-task/{task['id']}"
    assert worker.post(f"{path}/failure", {"workerId": "w1", "retries": -1}, status=400)["type"] == "InvalidRequestException"
    assert worker.post(f"{path}/complete", {}, status=400)["type"] == "InvalidRequestException"
    assert worker.post("/external-task/fetchAndLock", {**_FETCH, "asyncResponseTimeout": 1_800_001}, status=400)
    worker.post(f"{path}/complete", {"workerId": "w1"}, status=204)


def test_a_bpmn_error_goes_to_its_boundary_event_with_its_variables(site_on_each: Site, worker: Program) -> None:
    """The diagram catches what the worker reports."""
    case = _start(site_on_each)
    [task] = worker.post("/external-task/fetchAndLock", _FETCH)
    body = {"workerId": "w1", "errorCode": "NO_NUMBER", "errorMessage": "缺号码", "variables": {"why": {"value": "空号", "type": "String"}}}
    worker.post(f"/external-task/{task['id']}/bpmnError", body, status=204)
    assert _open(site_on_each) == ["lost"]
    assert instances.variables(site_on_each.engine, case)["why"] == "空号"


def test_a_bpmn_error_nobody_catches_is_an_incident_not_a_lost_path(site_on_each: Site, worker: Program) -> None:
    """Camunda 7 would end the path without a word; here a person is asked."""
    case = _start(site_on_each)
    [task] = worker.post("/external-task/fetchAndLock", _FETCH)
    worker.post(f"/external-task/{task['id']}/bpmnError", {"workerId": "w1", "errorCode": "OTHER"}, status=204)
    with site_on_each.engine.database.session() as session:
        assert session.get_one(ProcessInstance, case).state == "active"
        assert "OTHER" in session.query(Incident).filter_by(instance_id=case).one().message


def test_locks_are_extended_given_back_and_taken(site_on_each: Site, worker: Program) -> None:
    """extendLock counts from now; unlock comes without a body; lock takes one certain task."""
    _start(site_on_each)
    [task] = worker.post("/external-task/fetchAndLock", _FETCH)
    path = f"/external-task/{task['id']}"
    worker.post(f"{path}/extendLock", {"workerId": "w1", "newDuration": 120_000}, status=204)
    assert worker.post(f"{path}/extendLock", {"workerId": "w2", "newDuration": 120_000}, status=400)["type"] == "RestException"
    site_on_each.clock.advance(timedelta(seconds=100))
    assert worker.post("/external-task/fetchAndLock", {**_FETCH, "workerId": "w2"}) == []
    assert worker.post(f"{path}/lock", {"workerId": "w2", "lockDuration": 1000}, status=400)
    answer = worker.client.post(f"/engine-rest{path}/unlock", headers=worker.headers)
    assert answer.status_code == 204
    worker.post(f"{path}/lock", {"workerId": "w2", "lockDuration": 1000}, status=204)
    assert worker.get(path)["workerId"] == "w2"


def test_priorities_topics_and_filters_choose_the_tasks(site_on_each: Site, worker: Program) -> None:
    """usePriority gives the most urgent first; business key, process and variables narrow down."""
    for level in (1, 9, 5):
        _start(site_on_each, level=level, city="杭州" if level == 5 else "上海")
    one = {**_FETCH, "maxTasks": 1}
    [urgent] = worker.post("/external-task/fetchAndLock", {**one, "usePriority": True})
    assert urgent["priority"] == 9

    def fetched(**narrower: Any) -> list[Any]:
        return worker.post("/external-task/fetchAndLock", {**_FETCH, "topics": [{**_FETCH["topics"][0], **narrower}]})  # type: ignore[index]

    assert fetched(businessKey="GD-2") == []
    assert fetched(processDefinitionKey="q") == []
    assert fetched(processDefinitionVersionTag="x") == []
    [in_hangzhou] = fetched(processVariables={"city": "杭州"}, variables=["city"], includeExtensionProperties=True)
    assert in_hangzhou["variables"].keys() == {"city"}
    assert in_hangzhou["extensionProperties"] == {"channel": "mobile"}
    [rest] = fetched(variables=[])
    assert rest["variables"] == {}


def test_lists_counts_and_topic_names(site_on_each: Site, worker: Program) -> None:
    """What waits, what is locked, and of which topics."""
    _start(site_on_each)
    _start(site_on_each)
    [task] = worker.post("/external-task/fetchAndLock", {**_FETCH, "maxTasks": 1})
    assert worker.get("/external-task/count") == {"count": 2}
    assert [row["id"] for row in worker.get("/external-task", topicName="sms", locked="true")] == [task["id"]]
    assert worker.get("/external-task/count", notLocked="true", workerId="w1") == {"count": 0}
    assert worker.get("/external-task/topic-names") == ["sms"]
    assert worker.get("/external-task/topic-names", withUnlockedTasks="true") == ["sms"]
    worker.put(f"/external-task/{task['id']}/priority", {"priority": 7})
    assert [row["priority"] for row in worker.get("/external-task", sortBy="taskPriority", sortOrder="desc")] == [7, 0]
    worker.put("/external-task/retries", {"retries": 0, "externalTaskIds": [task["id"]]})
    assert worker.get("/external-task/count", noRetriesLeft="true") == {"count": 1}


_EMBEDDED = 'start s end <serviceTask id="s" camunda:type="external" camunda:topic="test.archive" in:fault="x"/>'
_FETCH_EMBEDDED = {**_FETCH, "topics": [{"topicName": "test.archive", "lockDuration": 1000}]}


def test_topics_of_embedded_handlers_are_not_given_away(site: Site) -> None:
    """The answer is empty and says which topic it passed over."""
    _deploy(site, _EMBEDDED)
    instances.start(site.engine, "p")
    answer = program(site, "admin").call("POST", "/external-task/fetchAndLock", _FETCH_EMBEDDED)
    assert (answer.get_json(), answer.headers["X-Ignored-Topics"]) == ([], "test.archive")


def test_a_setting_leaves_a_topic_to_external_workers(new_site: Any) -> None:
    """The embedded handler keeps its hands off."""
    site = new_site(external_topics="test.archive")
    _deploy(site, _EMBEDDED)
    instances.start(site.engine, "p")
    run_until_idle(site.engine)
    [task] = program(site, "admin").post("/external-task/fetchAndLock", _FETCH_EMBEDDED)
    assert task["variables"]["fault"]["value"] == "x"


def test_only_workers_get_tasks(site: Site) -> None:
    """Staff may not fetch; a suspended case gives nothing out."""
    _deploy(site)
    case = _start(site)
    assert program(site, "hotline1").post("/external-task/fetchAndLock", _FETCH, status=403)["type"] == "AuthorizationException"
    assert program(site, "stranger").get("/external-task") == []
    instances.suspend(site.engine, case)
    assert program(site, "admin").post("/external-task/fetchAndLock", _FETCH) == []


def test_a_worker_that_waits_gets_the_task_as_soon_as_it_is_there(site_on_each: Site) -> None:
    """Long polling: the request is held, and answered by the commit that makes the task."""
    _deploy(site_on_each)
    worker = Program(site_on_each.app.test_client(use_cookies=False), basic("admin"))
    answers: list[Any] = []
    waiting = threading.Thread(
        target=lambda: answers.append(worker.post("/external-task/fetchAndLock", {**_FETCH, "asyncResponseTimeout": 30_000}))
    )
    waiting.start()
    waiting.join(0.5)
    assert waiting.is_alive()
    case = _start(site_on_each)
    waiting.join(20)
    assert [task["processInstanceId"] for task in answers[0]] == [case]


def test_a_wait_that_brings_nothing_ends_with_an_empty_list(site: Site) -> None:
    """And so does one that finds the room full: at once."""
    worker = program(site, "admin")
    assert worker.post("/external-task/fetchAndLock", {**_FETCH, "asyncResponseTimeout": 50}) == []


def test_unknown_topics_are_refused_from_folders_and_named_at_once_if_misspelt(site: Site) -> None:
    """Over the interface an unknown topic is for a worker; one that looks like a slip of the pen is an error everywhere."""
    with pytest.raises(DeploymentRefused) as refused:
        deployments.deploy(site.engine, {"p.bpmn": bpmn(_SMS)}, name="p", source="folder")
    assert "OPSBOOK_EXTERNAL_TOPICS" in refused.value.en
    with pytest.raises(DeploymentRefused) as misspelt:
        _deploy(site, _SMS.replace('"sms"', '"test.archve"'))
    assert "test.archive" in misspelt.value.en
    _deploy(site)
