"""Deploying as the desktop Modeler and scripts do."""

from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.rest.conftest import Program, program, stranger
from tests.rest.diagrams import faulty, one_task
from tests.web.conftest import Site


def deploy(caller: Program, files: dict[str, bytes], **fields: str) -> TestResponse:
    """What the Modeler sends: one part per file, the part's name is the file's."""
    parts: dict[str, Any] = {name.replace("_", "-"): value for name, value in fields.items()}
    parts |= {name: (BytesIO(content), name, "text/xml") for name, content in files.items()}
    return caller.call("POST", "/deployment/create", data=parts, content_type="multipart/form-data")


def deployed(caller: Program, content: bytes | None = None, **fields: str) -> Any:
    """The answer to a deployment that succeeds."""
    answer = deploy(caller, {"after_sales.bpmn": content or one_task()}, deployment_name="售后上门", **fields)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()


def test_a_deployment_answers_what_it_made(site_on_each: Site) -> None:
    """Given a diagram, when a process owner deploys it, then it is live and the answer names the definition with every field."""
    caller = program(site_on_each, "owner")

    made = deployed(caller, deployment_source="Camunda Modeler")

    definition = made["deployedProcessDefinitions"]["after_sales:1"]
    assert (made["name"], made["source"]) == ("售后上门", "Camunda Modeler")
    assert made["links"][0]["href"].endswith(f"/engine-rest/deployment/{made['id']}")
    assert (definition["versionTag"], definition["historyTimeToLive"], definition["resource"]) == ("2026.1", 180, "after_sales.bpmn")
    assert {"deployedCaseDefinitions", "deployedDecisionDefinitions", "deployedDecisionRequirementsDefinitions"} < set(made)
    assert caller.post("/process-definition/key/after_sales/start", {})["definitionId"] == "after_sales:1"
    assert caller.get("/deployment", name="售后上门")[0]["id"] == made["id"]


def test_the_modelers_duplicate_is_the_same_deployment(site: Site) -> None:
    """Given enable-duplicate-filtering, when the same file comes again, then the same deployment without definitions is answered."""
    caller = program(site, "owner")
    first = deployed(caller, enable_duplicate_filtering="true")

    again = deployed(caller, enable_duplicate_filtering="True")

    assert (again["id"], again["deployedProcessDefinitions"]) == (first["id"], None)
    changed = deployed(caller, one_task(name="售后"), enable_duplicate_filtering="true")
    assert list(changed["deployedProcessDefinitions"]) == ["after_sales:2"]


def test_without_filtering_every_deployment_makes_a_version(site: Site) -> None:
    """Given no filtering, when the same file is deployed twice, then there are two versions."""
    caller = program(site, "owner")
    deployed(caller)
    deployed(caller)

    assert [found["version"] for found in caller.get("/process-definition", key="after_sales")] == [1, 2]


def test_changed_only_makes_versions_of_what_changed(site: Site) -> None:
    """Given two files, when one changes, then with deploy-changed-only only that one gets a version."""
    caller = program(site, "owner")
    deploy(caller, {"first.bpmn": one_task("first"), "second.bpmn": one_task("second")}, deployment_name="x")
    changed = {"first.bpmn": one_task("first"), "second.bpmn": one_task("second", "新")}

    made = deploy(caller, changed, deployment_name="x", deploy_changed_only="true").get_json()

    assert list(made["deployedProcessDefinitions"]) == ["second:2"]


def test_a_faulty_diagram_answers_what_the_modeler_shows(site: Site) -> None:
    """Given a mistake, when it is deployed, then 400 begins with Camunda's prefix, and details name file, line and element in both spellings."""
    answer = deploy(program(site, "owner"), {"after_sales.bpmn": faulty()}, deployment_name="x")

    body = answer.get_json()
    problem = body["details"]["after_sales.bpmn"]["errors"][0]
    assert answer.status_code == 400
    assert body["type"] == "ParseException"
    assert body["message"].startswith("ENGINE-09005 Could not parse BPMN process.")
    assert "| resource after_sales.bpmn | line" in body["message"]
    assert problem["mainElementId"] == "order_part"
    assert problem["elementIds"] == problem["\u0435lementIds"] == ["order_part"]
    assert problem["line"] > 0
    assert program(site, "owner").get("/process-definition/count", key="after_sales") == {"count": 0}


@pytest.mark.parametrize("content", [b"no xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", b""])
def test_what_is_no_diagram_is_refused_in_the_same_form(site: Site, content: bytes) -> None:
    """Given anything but BPMN in a .bpmn file, then it is a parse error, not a server error."""
    answer = deploy(program(site, "owner"), {"a.bpmn": content}, deployment_name="x")

    assert (answer.status_code, answer.get_json()["type"]) == (400, "ParseException")


def test_staff_propose_and_owners_publish(site_on_each: Site) -> None:
    """Given somebody who may not publish, when they deploy, then it is a candidate: listed for them, started by nobody, and in nobody's way."""
    staff, owner = program(site_on_each, "engineer1"), program(site_on_each, "owner")
    deployed(owner)

    proposal = deployed(staff, one_task(name="更好的上门"))

    assert list(proposal["deployedProcessDefinitions"]) == ["after_sales:2"]
    assert owner.post("/process-definition/after_sales:2/start", {}, status=400)["type"] == "InvalidRequestException"
    assert owner.post("/process-definition/key/after_sales/start", {})["definitionId"] == "after_sales:1"
    assert staff.get("/deployment", name="售后上门", sortBy="id", sortOrder="desc", maxResults=1)[0]["id"] == proposal["id"]
    assert [found["id"] for found in program(site_on_each, "parts1").get("/deployment", id=proposal["id"])] == []
    assert owner.get("/process-definition/key/after_sales")["version"] == 1


def test_four_eyes_hold_for_the_desktop_modeler_too(site: Site) -> None:
    """Given the rule of four eyes, when an owner deploys, then it waits as a candidate; the same owner cannot publish it, a second one can."""
    site.engine.settings = replace(site.engine.settings, four_eyes=True)
    proposal = deployed(program(site, "owner"))
    address = f"/console/repository/{proposal['id']}/publish"

    own = site.as_("owner").send(address)

    assert own.status_code == 403
    assert program(site, "owner").get("/process-definition/key/after_sales", status=404)
    assert site.as_("admin").send(address).status_code == 302
    assert program(site, "owner").post("/process-definition/key/after_sales/start", {})["definitionId"] == "after_sales:1"


def test_an_auditor_deploys_nothing(site: Site) -> None:
    """Given an auditor, who only reads, then a deployment answers 403."""
    assert deploy(program(site, "auditor"), {"after_sales.bpmn": one_task()}).status_code == 403


def test_parts_without_a_file_are_refused_in_camundas_words(site: Site) -> None:
    """Given an upload without files, or a part without file name, then 400 says so."""
    caller = program(site, "owner")

    assert "没有收到" in deploy(caller, {}, deployment_name="x").get_json()["message"]
    assert "“diagram”" in deploy(caller, {}, diagram="<xml/>").get_json()["message"]


def test_a_diagram_without_suffix_is_recognised(site: Site) -> None:
    """Given a client that names its file `resource-0`, when it is deployed, then its content says that it is a diagram."""
    made = deploy(program(site, "owner"), {"resource-0": one_task()}, deployment_name="x").get_json()

    assert list(made["deployedProcessDefinitions"]) == ["after_sales:1"]


def test_other_files_are_kept_beside(site: Site) -> None:
    """Given a diagram with a text file, when both are deployed, then both can be fetched as they were."""
    caller = program(site, "owner")
    made = deploy(caller, {"after_sales.bpmn": one_task(), "说明.txt": "先打电话".encode()}, deployment_name="x").get_json()

    files = {found["name"]: found["id"] for found in caller.get(f"/deployment/{made['id']}/resources")}
    assert set(files) == {"after_sales.bpmn", "说明.txt"}
    content = caller.call("GET", f"/deployment/{made['id']}/resources/{files['说明.txt']}/data")
    assert content.data.decode() == "先打电话"
    assert content.headers["Content-Disposition"].startswith("attachment")
    assert caller.get(f"/deployment/{made['id']}/resources/{files['after_sales.bpmn']}")["name"] == "after_sales.bpmn"


def test_a_live_deployment_is_never_deleted_and_a_candidate_may_be_withdrawn(site: Site) -> None:
    """Given history that stands on it, when a live deployment is deleted, then 400 says why; a candidate is withdrawn by whoever proposed it."""
    owner, staff = program(site, "owner"), program(site, "engineer1")
    live, proposal = deployed(owner), deployed(staff, one_task(name="x"))

    assert "不能删除" in owner.delete(f"/deployment/{live['id']}", status=400)["message"]
    staff.delete(f"/deployment/{proposal['id']}")
    assert staff.delete("/deployment/unknown", status=404)


def test_the_modelers_probe_gets_401_and_then_an_empty_list(site: Site) -> None:
    """Given the Modeler's probe `?maxResults=0`, without a password it is asked for one, with one it gets an empty list."""
    assert stranger(site).call("GET", "/deployment", query_string={"maxResults": 0}).status_code == 401
    assert program(site, "hotline1").get("/deployment", maxResults=0) == []
