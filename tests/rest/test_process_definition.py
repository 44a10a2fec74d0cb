"""Process definitions: finding, reading and starting them as Camunda's clients do."""

from tests.rest.conftest import program
from tests.web.conftest import Site


def test_a_definition_has_every_field_of_camunda(site: Site) -> None:
    """Given a deployed process, when it is asked for by key, then every field is there: clients fail on missing ones."""
    found = program(site, "stranger").get("/process-definition/key/site_visit")

    assert found["id"] == "site_visit:1"
    assert (found["key"], found["version"], found["name"]) == ("site_visit", 1, "上门服务")
    assert found["resource"] == "site_visit/site_visit.bpmn"
    assert (found["suspended"], found["startableInTasklist"], found["tenantId"]) == (False, True, None)


ASKED: tuple[tuple[dict[str, object], list[str]], ...] = (
    ({"key": "site_visit"}, ["site_visit"]),
    ({"keysIn": "site_visit,part_request"}, ["part_request", "site_visit"]),
    ({"keyLike": "%request"}, ["part_request"]),
    ({"nameLike": "上门%"}, ["site_visit"]),
    ({"startableInTasklist": "True"}, ["site_visit"]),
    ({"startableBy": "hotline1"}, ["site_visit"]),
    ({"startableBy": "engineer1"}, []),
    ({"latestVersion": "true", "sortBy": "key", "sortOrder": "desc"}, ["site_visit", "part_request"]),
    ({"firstResult": 1, "maxResults": 5}, ["site_visit"]),
    ({"suspended": "true"}, []),
    ({"version": 2}, []),
    ({"tenantIdIn": "a"}, []),
)


def test_definitions_are_found(site_on_each: Site) -> None:
    """Given two processes, when definitions are asked for, then those that fulfil all conditions are listed and counted."""
    caller = program(site_on_each, "hotline1")
    for asked, keys in ASKED:
        assert [found["key"] for found in caller.get("/process-definition", **asked)] == keys, asked
        if "maxResults" not in asked:
            conditions = {name: value for name, value in asked.items() if name not in ("sortBy", "sortOrder")}
            assert caller.get("/process-definition/count", **conditions) == {"count": len(keys)}, asked


def test_the_xml_is_the_file_that_was_deployed(site: Site) -> None:
    """Given a deployed process, when its XML is asked for, then it is the diagram as drawn."""
    found = program(site, "hotline1").get("/process-definition/site_visit:1/xml")

    assert found["id"] == "site_visit:1"
    assert 'id="site_visit" name="上门服务"' in found["bpmn20Xml"]


def test_unknown_definitions_answer_404(site: Site) -> None:
    """Given no such process, then 404 with Camunda's words."""
    caller = program(site, "admin")

    assert caller.post("/process-definition/key/nothing/start", {}, status=404) == {
        "type": "RestException",
        "message": "没有流程“nothing”。",
        "code": None,
    }
    assert caller.get("/process-definition/nothing:1", status=404)["type"] == "InvalidRequestException"
    assert caller.post("/process-definition/key/site_visit/tenant-id/t/start", {}, status=404)


def test_staff_start_with_the_values_of_the_start_form(site_on_each: Site) -> None:
    """Given a member of a starter group, when they start with the form's variables, then the instance runs and is answered with a link."""
    caller = program(site_on_each, "hotline1")

    started = caller.post(
        "/process-definition/key/site_visit/start",
        {
            "businessKey": "GD-1",
            "variables": {"customer_name": {"value": "华东仪表厂", "type": "String"}, "phone": {"value": "13800001111"}},
            "withVariablesInReturn": True,
        },
    )

    assert started["links"] == [{"method": "GET", "href": f"http://localhost/engine-rest/process-instance/{started['id']}", "rel": "self"}]
    assert (started["definitionId"], started["businessKey"], started["ended"]) == ("site_visit:1", "GD-1", False)
    assert started["variables"]["customer_name"] == {"type": "String", "value": "华东仪表厂", "valueInfo": {}}
    assert caller.get(f"/process-instance/{started['id']}")["businessKey"] == "GD-1"


def test_staff_cannot_set_what_the_form_does_not_declare(site: Site) -> None:
    """Given a member of a starter group, when they send another variable, then 403 names it and nothing starts."""
    caller = program(site, "hotline1")

    refused = caller.post(
        "/process-definition/key/site_visit/start",
        {"variables": {"customer_name": {"value": "A"}, "phone": {"value": "13800001111"}, "approved": {"value": True}}},
        status=403,
    )

    assert refused["type"] == "AuthorizationException"
    assert "approved" in refused["message"]
    assert caller.get("/process-instance/count") == {"count": 0}


def test_the_forms_rules_hold(site: Site) -> None:
    """Given a required field without a value, when the form is submitted, then 400 says which one."""
    refused = program(site, "hotline1").post("/process-definition/key/site_visit/submit-form", {"variables": {}}, status=400)

    assert "customer_name" in refused["fields"]


def test_others_may_not_start(site: Site) -> None:
    """Given somebody outside of the starter groups, or a process that no page starts, then 403 with the missing permission."""
    refused = program(site, "engineer1").post("/process-definition/key/site_visit/start", {}, status=403)

    assert refused["missingAuthorizations"][0]["permissionName"] == "CREATE_INSTANCE"
    assert refused["userId"] == "engineer1"
    program(site, "hotline1").post("/process-definition/key/part_request/start", {}, status=403)


def test_owners_start_anything_with_any_variables(site: Site) -> None:
    """Given a process owner, when they start a process that only others call, with typed variables, then it runs with them."""
    caller = program(site, "owner")

    started = caller.post(
        "/process-definition/part_request:1/start",
        {"variables": {"n": {"value": 3, "type": "Integer"}, "when": {"value": "2026-03-02T09:15:30.123+0800", "type": "Date"}}},
    )

    assert "variables" not in started
    assert caller.get(f"/process-instance/{started['id']}/variables") == {
        "n": {"type": "Integer", "value": 3, "valueInfo": {}},
        "when": {"type": "Date", "value": "2026-03-02T09:15:30.123+0800", "valueInfo": {}},
    }


def test_a_suspended_definition_starts_nothing(site: Site) -> None:
    """Given a suspended process, when it is started, then 400, until it is active again."""
    owner, caller = program(site, "owner"), program(site, "hotline1")
    values = {"variables": {"customer_name": {"value": "A"}, "phone": {"value": "13800001111"}}}
    owner.put("/process-definition/key/site_visit/suspended", {"suspended": True})

    caller.post("/process-definition/key/site_visit/start", values, status=400)
    assert caller.get("/process-definition", suspended="true")[0]["key"] == "site_visit"

    owner.put("/process-definition/site_visit:1/suspended", {"suspended": False})
    assert caller.post("/process-definition/key/site_visit/start", values)["ended"] is False
    program(site, "hotline1").send("PUT", "/process-definition/site_visit:1/suspended", {"suspended": True}, status=403)


def test_statistics_count_what_is_alive(site: Site) -> None:
    """Given a running case, when statistics are asked for, then they count its open step, with Camunda's class names."""
    site.start()
    caller = program(site, "owner")

    assert caller.get("/process-definition/site_visit:1/statistics", incidents="true") == [
        {
            "id": "record",
            "instances": 1,
            "failedJobs": 0,
            "incidents": [],
            "@class": "org.camunda.bpm.engine.rest.dto.repository.ActivityStatisticsResultDto",
        }
    ]
    by_definition = {found["id"]: found["instances"] for found in caller.get("/process-definition/statistics")}
    assert by_definition == {"part_request:1": 0, "site_visit:1": 1}
    assert program(site, "stranger").get("/process-definition/key/site_visit/statistics") == []


def test_the_start_form_is_told(site: Site) -> None:
    """Given a process with a start form, when clients ask for it, then reference, schema and first values are answered."""
    caller = program(site, "hotline1")

    assert caller.get("/process-definition/key/site_visit/startForm")["camundaFormRef"] == {
        "key": "f_call",
        "binding": "latest",
        "version": None,
    }
    assert caller.get("/process-definition/site_visit:1/deployed-start-form")["id"] == "f_call"
    assert set(caller.get("/process-definition/key/site_visit/form-variables")) >= set()
    assert caller.get("/process-definition/part_request:1/startForm") == {"key": None, "camundaFormRef": None, "contextPath": None}
