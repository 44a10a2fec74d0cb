"""Moving tokens, migrating and restarting cases over the REST interface."""

from engine.runtime import deployments, instances
from engine.storage.tables import Event, ProcessInstance, UserTask
from tests.engine.diagram import bpmn
from tests.rest.conftest import program
from tests.web.conftest import Site

_TWO = "start a b end"


def _deploy(site: Site, body: str) -> None:
    deployments.deploy(site.engine, {"p.bpmn": bpmn(body)}, name="p")


def _open(site: Site) -> list[str]:
    with site.engine.database.session() as session:
        return sorted(task.element_id for task in session.query(UserTask).filter_by(state="open"))


def _events(site: Site, case: str, kind: str) -> list[Event]:
    with site.engine.database.session() as session:
        return session.query(Event).filter_by(instance_id=case, type=kind).all()


def test_tokens_are_moved_with_variables_and_the_reason_is_kept(site_on_each: Site) -> None:
    """Cancel and start before, in one transaction; the event has the instructions."""
    site = site_on_each
    _deploy(site, _TWO)
    case = instances.start(site.engine, "p")
    moves = [
        {"type": "cancel", "activityId": "a", "cancelCurrentActiveActivityInstances": True},
        {"type": "startBeforeActivity", "activityId": "b", "variables": {"skipped": {"value": True, "type": "Boolean", "local": False}}},
    ]
    path = f"/process-instance/{case}/modification"
    assert program(site, "hotline1").post(path, {"instructions": moves}, status=404)
    program(site, "admin").post(path, {"instructions": moves, "annotation": "客户自行检查"}, status=204)
    assert _open(site) == ["b"]
    assert instances.variables(site.engine, case) == {"skipped": True}
    [event] = _events(site, case, "CaseModified")
    assert (event.actor, event.data["reason"]) == ("admin", "客户自行检查")
    tree = program(site, "admin").get(f"/process-instance/{case}/activity-instances")
    assert [child["activityId"] for child in tree["childActivityInstances"]] == ["b"]


def test_one_run_is_cancelled_by_its_id_and_a_flow_is_taken(site_on_each: Site) -> None:
    """By activityInstanceId as the tree names it; startTransition goes along a flow."""
    site = site_on_each
    _deploy(site, _TWO)
    case = instances.start(site.engine, "p")
    operator = program(site, "admin")
    [run] = operator.get(f"/process-instance/{case}/activity-instances")["childActivityInstances"]
    [flow] = [flow.id for flow in site.engine.cache.processes["p:1"].spec.process.flows.values() if flow.target == "b"]
    moves = [{"type": "startTransition", "transitionId": flow}, {"type": "cancel", "activityInstanceId": run["id"]}]
    operator.post(f"/process-instance/{case}/modification", {"instructions": moves}, status=204)
    assert _open(site) == ["b"]


def test_moves_that_cannot_be_are_refused_and_nothing_moves(site: Site) -> None:
    """All or nothing, with a word on what is wrong."""
    _deploy(site, _TWO)
    case = instances.start(site.engine, "p")
    operator = program(site, "admin")
    for moves in (
        [],
        [{"type": "cancel"}],
        [{"type": "startBeforeActivity"}],
        [{"type": "fly", "activityId": "a"}],
        [{"type": "cancel", "activityId": "a"}, {"type": "startBeforeActivity", "activityId": "nothing"}],
    ):
        answer = operator.post(f"/process-instance/{case}/modification", {"instructions": moves}, status=400)
        assert answer["message"]
    assert _open(site) == ["a"]


def test_a_case_is_migrated_by_a_generated_plan(site_on_each: Site) -> None:
    """Generate, validate, execute; the open task goes on in the new version."""
    site = site_on_each
    _deploy(site, _TWO)
    case = instances.start(site.engine, "p")
    _deploy(site, "start a c b end")
    operator = program(site, "admin")
    versions = {"sourceProcessDefinitionId": "p:1", "targetProcessDefinitionId": "p:2"}
    plan = operator.post("/migration/generate", versions)
    assert [item["sourceActivityIds"] for item in plan["instructions"]] == [["a"], ["b"]]
    assert operator.post("/migration/validate", plan) == {"instructionReports": [], "variableReports": {}}
    operator.post("/migration/execute", {"migrationPlan": plan, "processInstanceIds": [case]}, status=204)
    with site.engine.database.session() as session:
        assert session.get_one(ProcessInstance, case).process_definition_id == "p:2"
    [task] = operator.get("/task", processInstanceId=case)
    assert (task["taskDefinitionKey"], task["processDefinitionId"]) == ("a", "p:2")
    operations = operator.get("/history/user-operation", operationType="Migrate")
    assert [(row["orgValue"], row["newValue"]) for row in operations] == [("p:1", "p:2")]


def test_the_cases_that_a_query_finds_are_migrated_with_variables(site_on_each: Site) -> None:
    """Given a query and variables in the plan, then what it finds and what is named is migrated once each, and has the variables; nothing found is refused."""
    site = site_on_each
    _deploy(site, _TWO)
    cases = [instances.start(site.engine, "p", {"n": n}, f"K{n}") for n in range(3)]
    _deploy(site, "start a c b end")
    operator = program(site, "admin")
    versions = {"sourceProcessDefinitionId": "p:1", "targetProcessDefinitionId": "p:2", "variables": {"checked": {"value": True}}}
    plan = operator.post("/migration/generate", versions)
    assert plan["variables"] == {"checked": {"type": "Boolean", "value": True, "valueInfo": {}}}
    query = {"processDefinitionId": "p:1", "variables": [{"name": "n", "operator": "gteq", "value": 1}]}
    body = {"migrationPlan": plan, "processInstanceIds": [cases[2]], "processInstanceQuery": query}
    operator.post("/migration/execute", body, status=204)
    assert [row["businessKey"] for row in operator.get("/process-instance", processDefinitionId="p:2")] == ["K1", "K2"]
    assert instances.variables(site.engine, cases[1]) == {"n": 1, "checked": True}
    assert instances.variables(site.engine, cases[0]) == {"n": 0}
    none = {"migrationPlan": plan, "processInstanceQuery": {"processDefinitionKey": "nothing"}}
    assert operator.post("/migration/execute", none, status=400)["type"] == "InvalidRequestException"


def test_a_plan_that_does_not_fit_is_reported_not_carried_out(site: Site) -> None:
    """In words, at the instruction; the case stays what it was."""
    _deploy(site, _TWO)
    case = instances.start(site.engine, "p")
    _deploy(site, 'start b end \n <serviceTask id="x" topic="test.archive" in:fault="y"/> start x end_x')
    operator = program(site, "admin")
    wrong = {
        "sourceProcessDefinitionId": "p:1",
        "targetProcessDefinitionId": "p:2",
        "instructions": [{"sourceActivityIds": ["a"], "targetActivityIds": ["x"], "updateEventTrigger": False}],
    }
    [report] = operator.post("/migration/validate", wrong)["instructionReports"]
    assert report["instruction"]["sourceActivityIds"] == ["a"] and report["failures"]
    refused = operator.post("/migration/execute", {"migrationPlan": wrong, "processInstanceIds": [case]}, status=400)
    assert refused["type"] == "MigrationPlanValidationException"
    assert refused["validationReport"]["instructionReports"]
    unmapped = {**wrong, "instructions": []}
    refused = operator.post("/migration/execute", {"migrationPlan": unmapped, "processInstanceIds": [case]}, status=400)
    assert (refused["type"], refused["validationReport"]["processInstanceId"]) == ("MigratingProcessInstanceValidationException", case)
    assert _open(site) == ["a"]


def test_an_ended_case_is_restarted_as_a_linked_new_one(site_on_each: Site) -> None:
    """With its first variables, before a chosen element; history links both."""
    site = site_on_each
    _deploy(site, _TWO)
    case = instances.start(site.engine, "p", {"n": 1}, business_key="K")
    operator = program(site, "admin")
    body = {"processInstanceIds": [case], "initialVariables": True, "instructions": [{"type": "startBeforeActivity", "activityId": "b"}]}
    assert operator.post("/process-definition/p:1/restart", body, status=400)["type"] == "RestException"
    instances.set_variables(site.engine, case, {"n": 2}, "admin", "x")
    instances.cancel(site.engine, case, "admin", "x")
    operator.post("/process-definition/p:1/restart", body, status=204)
    [again] = operator.get("/history/process-instance", unfinished="true")
    assert (again["restartedProcessInstanceId"], again["businessKey"]) == (case, "K")
    assert instances.variables(site.engine, again["id"])["n"] == 1
    assert _open(site) == ["b"]


def test_the_ended_cases_that_a_query_finds_are_restarted(site_on_each: Site) -> None:
    """Given a query over ended cases, when they are restarted, then those that it finds are, and no others."""
    site = site_on_each
    _deploy(site, _TWO)
    for number in range(3):
        instances.cancel(site.engine, instances.start(site.engine, "p", {}, f"K{number}"), "admin", "x")
    query = {"finished": True, "processInstanceBusinessKeyIn": ["K0", "K2"]}
    program(site, "admin").post("/process-definition/p:1/restart", {"historicProcessInstanceQuery": query}, status=204)
    assert {row["businessKey"] for row in program(site, "admin").get("/process-instance")} == {"K0", "K2"}
