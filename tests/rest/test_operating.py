"""What operators do over the REST interface: incidents, jobs and timers, signals, decisions, who waits for what."""

from datetime import timedelta

from engine.runtime import deployments, instances
from engine.runtime.executor import run_until_idle
from engine.storage.tables import ProcessInstance, UserTask
from tests.engine.diagram import bpmn
from tests.rest.conftest import program
from tests.web.conftest import Site

_TABLE = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="fees" name="fees" namespace="test">
 <decision id="fee" name="Fee"><decisionTable hitPolicy="FIRST">
  <input id="i" label="distance"><inputExpression typeRef="number"><text>distance</text></inputExpression></input>
  <output id="o" name="amount" typeRef="number"/>
  <rule id="r1"><inputEntry id="e1"><text>&gt; 80</text></inputEntry><outputEntry id="x1"><text>200</text></outputEntry></rule>
  <rule id="r2"><inputEntry id="e2"><text>-</text></inputEntry><outputEntry id="x2"><text>0</text></outputEntry></rule>
 </decisionTable></decision></definitions>"""


def _deploy(site: Site, body: str) -> None:
    deployments.deploy(site.engine, {"p.bpmn": bpmn(body), "fees.dmn": _TABLE}, name="p", external_workers=True)


def _open(site: Site) -> list[str]:
    with site.engine.database.session() as session:
        return sorted(task.element_id for task in session.query(UserTask).filter_by(state="open"))


def test_an_incident_is_found_and_retried(site_on_each: Site) -> None:
    """It is resolved when the work succeeds, not before."""
    site = site_on_each
    _deploy(site, 'start s end <serviceTask id="s" camunda:type="external" camunda:topic="test.archive" in:fault="打不开"/>')
    case = instances.start(site.engine, "p")
    for _ in range(4):
        run_until_idle(site.engine)
        site.clock.advance(timedelta(hours=1))
    operator = program(site, "admin")
    [incident] = operator.get("/incident", processInstanceId=case)
    assert (incident["activityId"], incident["incidentType"]) == ("s", "failedExternalTask")
    assert incident["incidentMessage"]
    program(site, "hotline1").call("DELETE", f"/incident/{incident['id']}")
    assert operator.get(f"/incident/{incident['id']}")["id"] == incident["id"]
    operator.delete(f"/incident/{incident['id']}")
    run_until_idle(site.engine)
    assert operator.get("/incident/count") == {"count": 1}
    [past] = operator.get("/history/incident", processInstanceId=case)
    assert (past["open"], past["resolved"]) == (True, False)


def test_a_timer_is_a_job_that_can_be_let_go_at_once(site_on_each: Site) -> None:
    """Its due date is there; executing it fires it before its time, and history says who did."""
    site = site_on_each
    _deploy(site, 'start t a end <intermediateCatchEvent id="t" duration="PT5H"/><userTask id="a"/>')
    case = instances.start(site.engine, "p")
    operator = program(site, "admin")
    [job] = operator.get("/job", processInstanceId=case, timers="true")
    assert (job["retries"], job["suspended"], job["exceptionMessage"]) == (3, False, None)
    assert job["dueDate"].startswith("2026-")
    assert operator.get("/job/count", executable="true") == {"count": 0}
    assert operator.post(f"/job/{job['id']}/execute", status=204) is None
    assert _open(site) == ["a"]
    operator.get(f"/job/{job['id']}", status=404)


def test_a_step_in_the_background_is_a_job_that_needs_no_new_attempts_before_it_fails(site_on_each: Site) -> None:
    """Retries are for what has failed; until then the request is refused and the step runs on."""
    site = site_on_each
    _deploy(site, 'start x end <scriptTask id="x" camunda:asyncBefore="true" scriptFormat="feel" camunda:resultVariable="n"><script>1/count(later)</script></scriptTask>')  # fmt: skip
    case = instances.start(site.engine, "p")
    operator = program(site, "admin")
    [job] = operator.get("/job", processInstanceId=case)
    assert operator.put(f"/job/{job['id']}/retries", {"retries": 1}, status=400)["type"] == "RestException"
    run_until_idle(site.engine)
    with site.engine.database.session() as session:
        assert session.get_one(ProcessInstance, case).state == "completed"


def test_a_signal_reaches_everybody_who_waits_for_it(site_on_each: Site) -> None:
    """The subscriptions are listed before; the variables arrive."""
    site = site_on_each
    _deploy(site, 'start c a end <intermediateCatchEvent id="c" signal="stop_all"/><userTask id="a"/>')
    case = instances.start(site.engine, "p")
    operator = program(site, "admin")
    [waits] = operator.get("/event-subscription", eventName="stop_all")
    assert (waits["eventType"], waits["processInstanceId"], waits["activityId"]) == ("signal", case, "c")
    assert program(site, "hotline1").post("/signal", {"name": "stop_all"}, status=403)["type"] == "AuthorizationException"
    operator.post("/signal", {"name": "stop_all", "variables": {"why": {"value": "台风", "type": "String"}}}, status=204)
    run_until_idle(site.engine)
    assert _open(site) == ["a"]
    assert instances.variables(site.engine, case)["why"] == "台风"
    assert operator.post("/signal", {}, status=400)["type"] == "InvalidRequestException"


def test_a_signal_is_for_one_execution_when_it_is_named(site_on_each: Site) -> None:
    """The others wait on; one that does not wait for it answers 500, as Camunda does."""
    site = site_on_each
    _deploy(site, 'start c a end <intermediateCatchEvent id="c" signal="stop_all"/><userTask id="a"/>')
    case, other = instances.start(site.engine, "p"), instances.start(site.engine, "p")
    operator = program(site, "admin")
    operator.post("/signal", {"name": "stop_all", "executionId": case}, status=204)
    run_until_idle(site.engine)
    assert [row["processInstanceId"] for row in operator.get("/event-subscription", eventName="stop_all")] == [other]
    assert operator.post("/signal", {"name": "stop_all", "executionId": case}, status=500)["type"] == "RestException"


def test_a_join_that_never_completes_has_a_type_of_its_own(site_on_each: Site) -> None:
    """Nothing failed that could be tried again, so no client takes it for a failed job; lists, counts and statistics agree."""
    site = site_on_each
    _deploy(site, "start fork a join end\nfork choose_way / b join\nchoose_way [=true] end_skipped")
    case = instances.start(site.engine, "p")
    operator = program(site, "admin")
    [task] = operator.get("/task", processInstanceId=case)
    operator.post(f"/task/{task['id']}/claim", {}, status=204)
    operator.post(f"/task/{task['id']}/complete", {}, status=204)
    [incident] = operator.get("/incident", processInstanceId=case)
    assert (incident["incidentType"], incident["configuration"], incident["jobDefinitionId"]) == ("blockedJoin", None, None)
    assert operator.get("/incident/count", incidentType="failedJob") == {"count": 0}
    assert operator.get("/process-definition/count", incidentType="blockedJoin") == {"count": 1}
    [standing] = operator.get("/process-definition/p:1/statistics", incidents="true")
    assert standing["incidents"] == [{"incidentType": "blockedJoin", "incidentCount": 1}]
    assert operator.get("/execution", incidentType="blockedJoin")[0]["id"] == case


def test_jobs_are_found_by_their_dates_and_definitions(site_on_each: Site) -> None:
    """Several conditions on one date hold together, in an address and in a body."""
    site = site_on_each
    _deploy(site, 'start t end <intermediateCatchEvent id="t" duration="PT5H"/>')
    instances.start(site.engine, "p")
    operator = program(site, "admin")
    [job] = operator.get("/job", dueDates="gt_2026-03-05T14:59:00.000+0800,lt_2026-03-05T15:01:00.000+0800", jobDefinitionId="p:1:t")
    assert job["dueDate"] == "2026-03-05T15:00:00.000+0800"
    assert operator.post("/job/count", {"dueDates": [{"operator": "lt", "value": job["dueDate"]}]}) == {"count": 0}
    assert operator.get("/job/count", createTimes="lt_2026-03-06T00:00:00.000+0800", acquired="false") == {"count": 1}
    operator.get("/job", dueDates="about_2026-03-05T14:59:00.000+0800", status=400)


def test_a_decision_is_evaluated_without_a_case(site_on_each: Site) -> None:
    """One map of outputs for each matching rule, under the output's name."""
    site = site_on_each
    _deploy(site, "start a end")
    caller = program(site, "hotline1")
    body = {"variables": {"distance": {"value": 90, "type": "Integer"}}}
    assert caller.post("/decision-definition/key/fee/evaluate", body) == [{"amount": {"type": "Integer", "value": 200, "valueInfo": {}}}]
    [found] = caller.get("/decision-definition", key="fee", latestVersion="true")
    assert caller.post(f"/decision-definition/{found['id']}/evaluate", {})[0]["amount"]["value"] == 0
    assert "decisionTable" in caller.get("/decision-definition/key/fee/xml")["dmnXml"]
    assert caller.post("/decision-definition/key/nothing/evaluate", {}, status=404)["type"] == "InvalidRequestException"
